"""What the tests of the pages share: the application, an office with its people, and cases on their way."""

from collections.abc import Callable
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path

import pytest
from flask import Flask

from service.config import Config
from service.operations import deployments, documents, instances, tasks
from service.operations.identity import Actor
from service.store.database import Database
from service.store.documents import Directory
from service.web import create_app
from tests.web.reader import As, Reader

FILES = Path(__file__).parent / "diagrams"
PDF = b"%PDF-1.4\n1 0 obj<<>>endobj\ntrailer<<>>\n%%EOF\n"


@pytest.fixture
def config(tmp_path: Path) -> Config:
    return Config(data=tmp_path, secret_key="test")


@pytest.fixture
def app(database: Database, config: Config) -> Flask:
    """The application over a database in which nobody is yet."""
    return create_app(config, database)


@pytest.fixture
def as_(app: Flask) -> As:
    """`as_("siti")` reads in that name; `as_(None)` is nobody."""
    return lambda login: Reader(app, login)


@dataclass(frozen=True)
class Office:
    """An office with one SOP; Siti and Lina sit at the Loket, Budi is the Kepala, Eko works elsewhere."""

    database: Database
    config: Config
    definition: str
    siti: Actor
    lina: Actor
    budi: Actor
    eko: Actor
    admin: Actor

    def start(self, perihal: str = "rapat", by: Actor | None = None, lampiran: bytes | None = None) -> str:
        """A new case, and what its id is."""
        actor = by or self.siti
        with self.database.transaction() as session:
            definition = deployments.definition(session, self.definition)
            typed: dict[str, object] = {"perihal": perihal}
            if lampiran is None:
                return instances.begin(session, definition, actor, typed).id
            store = Directory(self.config.data / "documents")
            owner = f"start:{definition.key}"
            sent = documents.keep(session, store, actor, owner, "lampiran", "surat.pdf", BytesIO(lampiran))
            case = instances.begin(session, definition, actor, typed)
            documents.attach(session, [sent.id], case.id, actor)
            return case.id

    def task(self, case: str) -> str:
        """The id of the one task that the case waits for."""
        with self.database.reading() as session:
            (task,) = tasks.find(session, instance_id=case)
            return task.id

    def write(self, case: str, isi: str = "Dengan hormat") -> None:
        """Siti writes the note."""
        self.do(self.siti, case, isi=isi)

    def decide(self, case: str, keputusan: str, **more: object) -> None:
        """Budi decides."""
        self.do(self.budi, case, keputusan=keputusan, **more)

    def do(self, actor: Actor, case: str, **typed: object) -> None:
        """Somebody completes the task that the case waits for."""
        id_ = self.task(case)
        with self.database.transaction() as session:
            tasks.claim(session, id_, actor)
            tasks.complete(session, id_, actor, typed)


@pytest.fixture
def office(database: Database, config: Config, people: Callable[..., Actor]) -> Office:
    """The office with its SOP deployed."""
    files = {path.name: path.read_bytes() for path in FILES.iterdir()}
    with database.transaction() as session:
        (definition,) = deployments.deploy(session, "uji", files).definitions
    return Office(
        database,
        config,
        definition.id,
        siti=people("siti", "uji.Loket"),
        lina=people("lina", "uji.Loket"),
        budi=people("budi", "uji.Kepala"),
        eko=people("eko", "lain.Staf"),
        admin=people("admin", admin=True),
    )


@pytest.fixture
def returned(office: Office) -> str:
    """A case that Budi sent back to the Loket, with a document."""
    case = office.start(lampiran=PDF)
    office.write(case)
    office.decide(case, "tidak", catatan="Tanggalnya keliru.")
    return case


@pytest.fixture
def waiting(office: Office) -> str:
    """A case that waits for a message."""
    case = office.start("undangan")
    office.write(case)
    office.decide(case, "setuju")
    return case
