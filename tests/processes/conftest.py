"""An office in which all six SOPs are deployed and every position has a holder whose login is its id."""

from pathlib import Path

import pytest
from argon2 import PasswordHasher
from flask import Flask

from service.config import Config
from service.operations import deployments, identity
from service.store.database import Database
from service.store.models import Person
from service.web import create_app

ROOT = Path(__file__).parent.parent.parent
PASSWORD = "demo"


def furnish(database: Database) -> None:
    """Deploys bpmn/ and forms/, and adds the people; their one hash is cheap to check."""
    found = [path for folder in ("bpmn", "forms") for path in (ROOT / folder).rglob("*")]
    files = {
        str(path.relative_to(ROOT)): path.read_bytes() for path in found if path.suffix in (".bpmn", ".form")
    }
    hash_ = PasswordHasher(time_cost=1, memory_cost=8, parallelism=1).hash(PASSWORD)
    with database.transaction() as session:
        deployments.deploy(session, "SOP", files)
        session.add(Person(id="admin", name="Pengelola", password_hash=hash_, admin=True))
        for position in identity.positions(session):
            session.add(Person(id=position.id, name=f"{position.name} (contoh)", password_hash=hash_))
            session.flush()
            identity.hold(session, position.id, position.id)


@pytest.fixture
def office(database: Database, tmp_path: Path) -> Flask:
    """The application of the office, on each kind of database."""
    furnish(database)
    return create_app(Config(data=tmp_path, secret_key="test"), database)
