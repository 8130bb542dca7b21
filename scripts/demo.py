"""Serves a demonstration: our SOPs deployed, an administrator, and somebody for every position.

Its people, all with the same password, are made here and only here, and only in an empty database.
"""

import argparse
import errno
import socket
import sys
from dataclasses import replace
from pathlib import Path

from sqlalchemy.orm import Session

from service.cli import files, running
from service.cli.telling import finding, said
from service.config import from_environment
from service.errors import AlurError, Refused
from service.operations import deployments, identity
from service.store.database import Database
from service.store.models import Person

ROOT = Path(__file__).resolve().parent.parent
PASSWORD = "demo"
SOURCE = "scripts/run"
"""Marks the deployment that says: whoever is in this database was made here."""


def main() -> None:
    """Brings the data directory to what is in bpmn/ and forms/, and serves it."""
    asked = _arguments()
    _refuse_a_taken_port(asked.host, asked.port)
    try:
        settings = replace(from_environment(asked.data, demo=True), database_url="")
        database = Database(settings.database)
        database.migrate()
        with database.transaction() as session:
            fill(session)
        running.serve(settings, database, asked.host, asked.port)
    except AlurError as error:
        findings = error.findings if isinstance(error, Refused) else ()
        sys.exit("\n".join([*map(finding, findings), said(error.message.key, **error.message.params)]))
    except (OSError, ValueError) as error:
        sys.exit(str(error))


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="scripts/run", description=__doc__)
    parser.add_argument("--port", type=int, default=8080, help="8080 if not given")
    parser.add_argument(
        "--host", default="127.0.0.1", help="the address to listen on; this machine only if not given"
    )
    parser.add_argument(
        "--data", type=Path, default=Path("data"), help="the folder of database and documents"
    )
    return parser.parse_args()


def _refuse_a_taken_port(host: str, port: int) -> None:
    """Say so before anything is made; later it would be a traceback."""
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError as error:
            taken = error.errno == errno.EADDRINUSE
            why = (
                f"is taken; choose another: scripts/run --port {port + 1}"
                if taken
                else f"cannot be used: {error}"
            )
            sys.exit(f"Port {port} on {host} {why}")


def fill(session: Session) -> None:
    """Deploy what has changed since the last time, and add whoever is missing.

    SystemExit where people are that were not made by this script: that is an office, not a show.
    """
    people = {person.id for person in identity.people(session)}
    if people and not any(earlier.source == SOURCE for earlier in deployments.find(session)):
        sys.exit("This folder holds people who are no demonstration; choose another one with --data.")
    sent = {name: path.read_bytes() for name, path in files.gathered([ROOT / "bpmn", ROOT / "forms"])}
    deployments.deploy(session, "bpmn, forms", sent, source=SOURCE, duplicates="filter")
    if "admin" not in people:
        identity.add_person(session, "admin", "Administrator (demo)", PASSWORD, admin=True)
    shared = session.get_one(Person, "admin").password_hash  # made once: hashing is slow on purpose
    for position in identity.positions(session):
        if position.id not in people:
            session.add(Person(id=position.id, name=f"{position.name} (demo)", password_hash=shared))
            session.flush()
            identity.hold(session, position.id, position.id)


if __name__ == "__main__":
    main()
