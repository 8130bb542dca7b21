"""What the tests of the REST interface share: the application, its people, and a client that signs in."""

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from argon2 import PasswordHasher
from flask import Flask

from service.config import Config
from service.operations import identity
from service.store.database import Database
from service.store.models import Person
from service.web import create_app
from tests.rest.client import PASSWORD, SURAT, As, Client, files, values
from tests.rest.printing import DRAWN

PEOPLE = {
    "admin": (),
    "petugas": ("petugas",),
    "petugas2": ("petugas",),
    "kepala": ("kepala",),
    "orang": (),
}
"""Everybody's positions, in the office `uji`."""


@pytest.fixture(scope="session")
def password_hash() -> str:
    """A cheap hash: what argon2 costs is not tested here."""
    return PasswordHasher(time_cost=1, memory_cost=8, parallelism=1).hash(PASSWORD)


@pytest.fixture
def app(database: Database, password_hash: str, tmp_path: Path) -> Iterator[Flask]:
    """The application over a database in which only people are."""
    with database.transaction() as session:
        for login, positions in PEOPLE.items():
            session.add(
                Person(id=login, name=login.title(), password_hash=password_hash, admin=login == "admin")
            )
            session.flush()
            for position in positions:
                identity.hold(session, login, identity.ensure_position(session, "uji", position).id)
    made = create_app(Config(data=tmp_path, secret_key="test"), database)
    yield made
    made.extensions["alur.waiters"].dismiss()  # whoever still waits would fetch the next test's tasks


@pytest.fixture
def as_(app: Flask) -> As:
    """`as_("kepala")` calls in that name."""
    return lambda login, password=PASSWORD: Client(app, login, password)


@pytest.fixture
def surat(as_: As) -> dict[str, Any]:
    """The deployed process of these tests, as the interface describes it."""
    deployed = as_("admin").deploy(files(*SURAT))
    return next(iter(deployed["deployedProcessDefinitions"].values()))


@pytest.fixture
def case(as_: As, surat: dict[str, Any]) -> dict[str, Any]:
    """A case whose first task waits for the petugas."""
    body = {"businessKey": "S-1", "variables": {"perihal": {"value": "Undangan", "type": "String"}}}
    return as_("petugas")("POST", "/process-definition/key/surat/start", body)


@pytest.fixture
def kartu(as_: As) -> Callable[..., str]:
    """Starts a case in which a program prints; its id."""
    as_("admin").deploy({"kartu.bpmn": DRAWN})

    def start(**plain: Any) -> str:
        body = {"businessKey": "K-1", **values(**plain)}
        started: str = as_("admin")("POST", "/process-definition/key/kartu/start", body)["id"]
        return started

    return start
