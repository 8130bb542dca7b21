"""The cases that the benchmark works on: a draft with its review, many tasks at once; and who does them."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from scripts.benchmark.client import Program
from service.operations import deployments, identity, instances
from service.operations.identity import SYSTEM
from service.store.database import Database

FOLDER = Path(__file__).parent
DIAGRAM = FOLDER / "review.bpmn"
FILES = (DIAGRAM, FOLDER / "several.bpmn", FOLDER / "draft.form", FOLDER / "decision.form")
PROCESS, SEVERAL = "review", "several"
LOGIN, PASSWORD = "clerk", "clerk of the benchmark"
POSITIONS = ("benchmark.staff", "benchmark.head")
DRAFT, ITEM = "draft", "item"


@dataclass(frozen=True)
class Work:
    """An open user task."""

    id: str
    instance: str
    element: str


def fill(url: str) -> None:
    """Makes the tables, deploys the diagrams with their forms, and adds who holds both positions."""
    database = Database(url)
    database.migrate()
    with database.transaction() as session:
        deployments.deploy(session, "benchmark", {path.name: path.read_bytes() for path in FILES})
        identity.add_person(session, LOGIN, "Clerk", PASSWORD)
        for position in POSITIONS:
            identity.hold(session, LOGIN, position)
    database.dispose()


def begun(url: str, process: str, values: Mapping[str, Any], count: int) -> list[str]:
    """New cases that begin with these values, which no form would write; their ids."""
    database = Database(url)
    with database.transaction() as session:
        definition = deployments.latest(session, process)
        started = [instances.start(session, definition, SYSTEM, values).id for _ in range(count)]
    database.dispose()
    return started


def start(client: Program, count: int) -> list[str]:
    """New cases; their ids."""
    path = f"/process-definition/key/{PROCESS}/start"
    return [client.post(path, {}).json["id"] for _ in range(count)]


def open_work(client: Program, instances: Iterable[str]) -> list[Work]:
    """The open tasks of these cases."""
    asked = set(instances)
    query = f"?processInstanceId={next(iter(asked))}" if len(asked) == 1 else ""
    rows = client.get(f"/task{query}").json
    works = (Work(row["id"], row["processInstanceId"], row["taskDefinitionKey"]) for row in rows)
    return [work for work in works if work.instance in asked]


def answer(work: Work, *, good: bool = False) -> dict[str, object]:
    """The body that completes a task: a draft, or a review that sends it back unless it is good."""
    values: dict[str, str] = {}
    if work.element == DRAFT:
        values = {"perihal": "Undangan rapat", "isi": "Dengan hormat, kami mengundang Saudara. " * 10}
    elif work.element != ITEM:
        values = {"keputusan": "tidak", "catatan": "Tanggal dan tempat rapat belum disebut."}
        values = {"keputusan": "setuju"} if good else values
    return {"variables": {name: {"value": value} for name, value in values.items()}}
