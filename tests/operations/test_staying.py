"""A case that cannot or may not go over to another revision stays exactly as it was, and it is said why."""

from typing import Any

import pytest
from sqlalchemy import select

from service.errors import Conflict, ExecutionFailed, InvalidInput, NotAllowed
from service.operations import (
    carrying,
    gate,
    mending,
    migrations,
    previews,
    tasks,
)
from service.operations.identity import SYSTEM
from service.store.database import Database
from service.store.models import (
    Base,
    ProcessDefinition,
    ProcessInstance,
)
from tests.engine import drawing
from tests.operations.moves import People, begin, complete, open_task
from tests.operations.revising import Revise, migrate, step


def rows(database: Database) -> dict[str, list[Any]]:
    """Everything that is in the database."""
    with database.reading() as session:
        return {
            table.name: sorted(map(repr, session.execute(select(table)).all()))
            for table in Base.metadata.sorted_tables
        }


def test_what_cannot_go_stays_and_is_told(database: Database, revise: Revise) -> None:
    revise("start -> p1; p1 -> a -> p2; p1 -> b -> p2; p2 -> end", {"a": step("a"), "b": step("b")})
    case = begin(database, "proses")
    with database.transaction() as session:
        tasks.complete(session, open_task(database, case, "a").id, SYSTEM, {})
    new = {"a": step("a", "A"), "b": step("b"), "c": step("c")}
    plan = revise("start -> p1; p1 -> a -> p2; p1 -> b -> p2; p1 -> c -> p2; p2 -> end", new)
    before = rows(database)
    with pytest.raises(Conflict) as refused:
        migrate(database, plan, case)
    assert refused.value.message.key == "migration.deadlock"
    assert rows(database) == before
    with database.reading() as session:
        preview = previews.preview(session, plan)
    assert (preview.cases, preview.going) == (1, ())
    assert [(one.reason.key, one.ids) for one in preview.refused] == [("migration.deadlock", (case,))]


@pytest.mark.parametrize("place", ["offered", "follow", "_tasks", "_jobs", "save"])
def test_a_mistake_in_the_middle_leaves_every_row_as_it_was(
    database: Database, revise: Revise, monkeypatch: pytest.MonkeyPatch, place: str
) -> None:
    revise("start -> a -> end", {"a": step("a")})
    case = begin(database, "proses")
    plan = revise("start -> a2 -> end", {"a2": step("a2", "Baru", "korpel")}, a="a2")
    before = rows(database)
    room: Any = gate if place == "save" else carrying
    whole = getattr(room, place)

    def breaks(*args: Any, **kwargs: Any) -> None:
        whole(*args, **kwargs)
        raise RuntimeError("broken on purpose")

    monkeypatch.setattr(room, place, breaks)
    with pytest.raises(RuntimeError):
        migrate(database, plan, case)
    assert rows(database) == before
    monkeypatch.undo()
    migrate(database, plan, case)
    assert open_task(database, case).element_id == "a2"


def test_of_several_in_one_transaction_only_the_one_that_cannot_stays(
    database: Database, revise: Revise
) -> None:
    revise("start -> a -> b -> end", {"a": step("a"), "b": step("b")})
    stays, goes = begin(database, "proses"), begin(database, "proses")
    complete(database, goes)
    plan = revise("start -> b -> end", {"b": step("b")})
    with database.transaction() as session:
        with pytest.raises(Conflict):
            migrations.migrate(session, plan, stays, SYSTEM)
        migrations.migrate(session, plan, goes, SYSTEM)
    with database.reading() as session:
        found = {case: session.get_one(ProcessInstance, case).definition_id for case in (stays, goes)}
    assert found == {stays: plan.source_id, goes: plan.target_id}


def test_who_may_not_is_refused_and_a_revision_that_is_not_approved_is_no_target(
    database: Database, revise: Revise, people: People
) -> None:
    siti, budi = people("siti", "x.ptsp"), people("budi", "x.kepala")
    revise("start -> a -> end", {"a": step("a")})
    case = begin(database, "proses")
    plan = revise("start -> a -> end", {"a": step("a")})
    with database.transaction() as session:
        session.get_one(ProcessDefinition, plan.target_id).approvers = ["x.kepala"]
    with pytest.raises(NotAllowed):
        migrate(database, plan, case, siti)
    with database.transaction() as session:
        session.get_one(ProcessDefinition, plan.target_id).status = "draft"
    with pytest.raises(InvalidInput) as refused:
        migrate(database, plan, case, budi)
    assert refused.value.message.key == "migration.not_approved"
    with database.transaction() as session:
        session.get_one(ProcessDefinition, plan.target_id).status = "approved"
    migrate(database, plan, case, budi)


def test_a_suspended_case_that_would_have_to_go_on_stays(database: Database, revise: Revise) -> None:
    drawn = {one: step(one) for one in "abd"}
    revise("start -> p1; p1 -> a -> p2; p1 -> b -> p2; p2 -> d -> end", drawn)
    case = begin(database, "proses")
    with database.transaction() as session:
        tasks.complete(session, open_task(database, case, "a").id, SYSTEM, {})
        mending.suspend(session, case, SYSTEM)
    plan = revise("start -> p1; p1 -> a -> p2; p2 -> d -> end; p1 -> b -> end2", drawn)
    with pytest.raises(Conflict) as refused:
        migrate(database, plan, case)
    assert refused.value.message.key == "migration.must_go_on"
    with database.transaction() as session:
        assert [one.reason for one in previews.preview(session, plan).refused] == [refused.value.message]
        mending.activate(session, case, SYSTEM)
    migrate(database, plan, case)
    with database.reading() as session:
        open_ = {task.element_id for task in tasks.find(session, instance_id=case)}
    assert open_ == {"b", "d"}


def test_what_the_new_diagram_cannot_say_of_a_case_is_told_before(database: Database, revise: Revise) -> None:
    revise("start -> a -> end", {"a": step("a")})
    good, bad = begin(database, "proses", batas="P1D"), begin(database, "proses")
    guard = drawing.boundary("on1", "a", drawing.event("timer", "duration =batas"), cancel=False)
    plan = revise("start -> a -> end; on1 -> end1", {"a": step("a"), "on1": guard})
    with database.reading() as session:
        preview = previews.preview(session, plan)
    assert preview.going == (good,)
    assert [(one.reason.key, one.ids) for one in preview.refused] == [("engine.timer", (bad,))]
    before = rows(database)
    with pytest.raises(ExecutionFailed):
        migrate(database, plan, bad)
    assert rows(database) == before
