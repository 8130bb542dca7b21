"""What is in force, and whose timers stand, is what a plain list of revisions says, whatever is done."""

from dataclasses import dataclass
from datetime import timedelta
from itertools import count
from typing import Any

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import select

from service import worker
from service.errors import Conflict
from service.operations import inforce, revisions
from service.operations.deployments import deploy
from service.operations.identity import Actor
from service.store.database import Database
from service.store.models import Job, now
from tests.engine.drawing import xml
from tests.operations.clock import pass_time
from tests.operations.moves import task_xml

ROOT = Actor("root", "Root", admin=True)
START = (
    '<bpmn:startEvent id="mulai"><bpmn:timerEventDefinition><bpmn:timeCycle>R/P9000D</bpmn:timeCycle>'
    "</bpmn:timerEventDefinition></bpmn:startEvent>"
)
KEYS = count()


@dataclass
class Kept:
    """A revision in the list: whether it asks for approval; from which hour it counts, and how many
    things had been done by then."""

    id: str
    asks: bool
    status: str
    since: tuple[int, int] | None


class Office:
    """An office that revises one SOP, in the database and in a plain list; its clock counts hours."""

    def __init__(self, database: Database) -> None:
        self.database = database
        self.key = f"surat{next(KEYS)}"
        self.kept: list[Kept] = []
        self.hour = self.done = 0

    def deploy(self, _: int, hours: int, draft: bool) -> None:
        content = xml("mulai -> b -> end", {"mulai": START, "b": task_xml("b")}, key=self.key)
        at = now() + timedelta(hours=hours) if hours else None
        approvers = ("admin",) if draft else ()
        with self.database.transaction() as session:
            made = deploy(session, "x", {"a.bpmn": content}, approvers=approvers, effective_at=at)
        since = None if draft and not hours else (self.hour + hours, self.done)
        self.kept.append(Kept(made.definitions[0].id, draft, "draft" if draft else "approved", since))

    def approve(self, number: int, *_: Any) -> None:
        one, here = self.one(number), (self.hour, self.done)
        if one and one.asks and self.tried(revisions.approve, one, one.status == "draft"):
            one.status, one.since = "approved", max(one.since or here, here)

    def withdraw(self, number: int, *_: Any) -> None:
        one = self.one(number)
        if one and self.tried(revisions.withdraw, one, one.status != "withdrawn", "keliru"):
            one.status = "withdrawn"

    def restore(self, number: int, *_: Any) -> None:
        one = self.one(number)
        if one and self.tried(revisions.restore, one, one.status != "draft" and one is not self.best(), "x"):
            one.status, one.since = "approved", (self.hour, self.done)

    def wait(self, _: int, hours: int, *__: Any) -> None:
        pass_time(self.database, timedelta(hours=hours))
        self.hour += hours

    def one(self, number: int) -> Kept | None:
        return self.kept[number % len(self.kept)] if self.kept else None

    def tried(self, verb: Any, one: Kept, allowed: bool, *more: str) -> bool:
        """Does it; a refusal must be one that the list expects."""
        try:
            with self.database.transaction() as session:
                verb(session, one.id, ROOT, *more)
        except Conflict:
            assert not allowed
            return False
        assert allowed
        return True

    def best(self) -> Kept | None:
        come = [
            one for one in self.kept if one.status == "approved" and one.since and one.since[0] <= self.hour
        ]
        return max(come, key=lambda one: one.since or (0, 0), default=None)

    def agrees(self) -> None:
        best = self.best()
        with self.database.reading() as session:
            found = inforce.find(session, self.key)
            assert (found and found.id) == (best and best.id)
            assert [one.id for one in inforce.all_(session) if one.key == self.key] == (
                [best.id] if best else []
            )
        while worker.work(self.database, "w"):
            pass
        with self.database.reading() as session:
            ids = [one.id for one in self.kept]
            planned = select(Job.definition_id).where(Job.kind == "start", Job.definition_id.in_(ids))
            assert list(session.scalars(planned)) == ([best.id] if best else [])


steps = st.tuples(
    st.sampled_from(["deploy", "deploy", "approve", "withdraw", "restore", "wait"]),
    st.integers(0, 5),
    st.sampled_from([0, 5, 20]),
    st.booleans(),
)


@settings(max_examples=25, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(steps, max_size=10))
def test_the_rows_say_what_the_list_says(sqlite: Database, done: list[tuple[str, int, int, bool]]) -> None:
    office = Office(sqlite)
    for verb, number, hours, draft in done:
        getattr(office, verb)(number, hours, draft)
        office.done += 1
        office.agrees()
