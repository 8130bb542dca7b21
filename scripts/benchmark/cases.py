"""The cases that the benchmark works on: one diagram of a draft and its review, and who does both."""

from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from scripts.benchmark.client import Client
from service.operations import deployments, identity
from service.store.database import Database

FOLDER = Path(__file__).parent
DIAGRAM = FOLDER / "review.bpmn"
FILES = (DIAGRAM, FOLDER / "draft.form", FOLDER / "decision.form")
PROCESS = "review"
LOGIN, PASSWORD = "clerk", "clerk of the benchmark"
POSITIONS = ("benchmark.staff", "benchmark.head")
DRAFT = "draft"


@dataclass(frozen=True)
class Work:
    """An open user task."""

    id: str
    instance: str
    element: str


def fill(url: str) -> None:
    """Makes the tables, deploys the diagram with its forms, and adds who holds both positions."""
    database = Database(url)
    database.migrate()
    with database.transaction() as session:
        deployments.deploy(session, "benchmark", {path.name: path.read_bytes() for path in FILES})
        identity.add_person(session, LOGIN, "Clerk", PASSWORD)
        for position in POSITIONS:
            identity.hold(session, LOGIN, position)
    database.dispose()


def start(client: Client, count: int) -> list[str]:
    """New cases; their ids."""
    path = f"/process-definition/key/{PROCESS}/start"
    return [client.post(path, {}).json["id"] for _ in range(count)]


def open_work(client: Client, instances: Iterable[str]) -> list[Work]:
    """The open tasks of these cases."""
    asked = set(instances)
    query = f"?processInstanceId={next(iter(asked))}" if len(asked) == 1 else ""
    rows = client.get(f"/task{query}").json
    works = (Work(row["id"], row["processInstanceId"], row["taskDefinitionKey"]) for row in rows)
    return [work for work in works if work.instance in asked]


def answer(work: Work, *, good: bool = False) -> dict[str, object]:
    """The body that completes a task: a draft, or a review that sends it back unless it is good."""
    if work.element == DRAFT:
        values = {"perihal": "Undangan rapat", "isi": "Dengan hormat, kami mengundang Saudara. " * 10}
    elif good:
        values = {"keputusan": "setuju"}
    else:
        values = {"keputusan": "tidak", "catatan": "Tanggal dan tempat rapat belum disebut."}
    return {"variables": {name: {"value": value} for name, value in values.items()}}
