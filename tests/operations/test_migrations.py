"""A running case goes over to another revision with everything that is open in it, or stays as it was."""

from collections.abc import Callable
from datetime import timedelta
from threading import Barrier, Thread
from typing import Any

import pytest
from sqlalchemy import select, update

from service import worker
from service.errors import AlurError, Conflict
from service.operations import (
    documents,
    gate,
    history,
    incidents,
    mending,
    messages,
    migrations,
    tasks,
)
from service.operations.identity import SYSTEM
from service.operations.migrations import Instruction, Plan
from service.store.database import Database
from service.store.models import (
    TRIES,
    ActivityInstance,
    Document,
    Job,
    ProcessInstance,
    Subscription,
)
from tests.engine import drawing
from tests.engine.drawing import xml
from tests.operations.moves import CATCH, Deploy, People, begin, complete, open_task
from tests.operations.revising import Revise, migrate, step


def test_a_task_goes_over_under_its_new_name_to_whom_it_is_now_for(
    database: Database, revise: Revise, people: People
) -> None:
    people("siti", "x.ptsp")
    revise("start -> a -> b -> end", {"a": step("a", "Lama"), "b": step("b")})
    case = begin(database, "proses")
    before = open_task(database, case)
    plan = revise("start -> a2 -> b -> end", {"a2": step("a2", "Baru", "korpel"), "b": step("b")}, a="a2")
    migrate(database, plan, case, reason="Revisi")

    task = open_task(database, case)
    assert (task.id, task.created_at, task.turn) == (before.id, before.created_at, 1)
    assert (task.element_id, task.name) == ("a2", "Baru")
    assert [(one.kind, one.name) for one in task.candidates] == [("group", "korpel")]
    with database.reading() as session:
        visit = session.get_one(ActivityInstance, task.id)
        assert (visit.element_id, visit.name, visit.ended_at) == ("a2", "Baru", None)
        told = history.timeline(session, case)[-1]
        assert told.kind == "instance_migrated"
        assert told.details["steps"] == [{"from": "a", "to": "a2", "old": "Lama", "new": "Baru"}]
        assert (told.details["source"]["version"], told.details["target"]["version"]) == (1, 2)
        assert told.details["reason"] == "Revisi"
        instance = session.get_one(ProcessInstance, case)
        assert instance.definition_id == plan.target_id
    complete(database, case)
    complete(database, case)
    with database.reading() as session:
        assert session.get_one(ProcessInstance, case).status == "completed"
        assert history.verify(session, case) is None


def test_who_has_claimed_a_task_keeps_it_and_what_was_sent_with_it(
    database: Database, revise: Revise, people: People
) -> None:
    siti = people("siti", "x.ptsp")
    revise("start -> a -> end", {"a": step("a", group="x.ptsp")})
    case = begin(database, "proses")
    task = open_task(database, case)
    with database.transaction() as session:
        claimed = tasks.claim(session, task.id, siti).claimed_at
        sent = {"sha256": "0", "media_type": "application/pdf", "size": 1, "sent_by": "siti"}
        session.add(Document(name="surat.pdf", task_id=task.id, field="surat", **sent))
    plan = revise("start -> a -> end", {"a": step("a", group="x.korpel")})
    migrate(database, plan, case)
    after = open_task(database, case)
    assert (after.assignee, after.claimed_at) == ("siti", claimed)
    assert [one.name for one in after.candidates] == ["x.korpel"]
    with database.transaction() as session:
        assert [one.name for one in documents.pending(session, siti, task.id)] == ["surat.pdf"]
        assert tasks.complete(session, task.id, siti, {}).status == "completed"


def test_a_step_that_comes_again_after_it_was_renamed_is_its_next_turn(
    database: Database, revise: Revise
) -> None:
    text = "start -> x1 -> {0} -> periksa -> x2; x2 -> x1 [=not(setuju)]; x2 -> end [default]"
    revise(text.format("konsep"), {"konsep": step("konsep"), "periksa": step("periksa")})
    case = begin(database, "proses")
    complete(database, case)
    plan = revise(text.format("draf"), {"draf": step("draf"), "periksa": step("periksa")}, konsep="draf")
    migrate(database, plan, case)
    complete(database, case, setuju=False)
    task = open_task(database, case)
    assert (task.element_id, task.turn, task.returned) == ("draf", 2, True)


@pytest.mark.parametrize("renew", [False, True])
def test_a_timer_keeps_its_time_unless_it_is_to_be_counted_anew(
    database: Database, revise: Revise, renew: bool
) -> None:
    revise("start -> t -> end", {"t": drawing.timer("t", "duration", "P1D")})
    case = begin(database, "proses")
    with database.reading() as session:
        before = session.scalars(select(Job)).one()
    plan = revise("start -> t2 -> end", {"t2": drawing.timer("t2", "duration", "P9D")})
    plan = Plan(plan.source_id, plan.target_id, (Instruction("t", "t2", renew),))
    migrate(database, plan, case)
    with database.reading() as session:
        job = session.scalars(select(Job)).one()
    assert (job.id, job.element_id) == (before.id, "t2")
    assert (job.due_at - before.due_at).days == (8 if renew else 0)
    with database.transaction() as session:
        session.execute(update(Job).values(due_at=before.created_at))
    with database.transaction() as session:
        frozen = session.get_one(ProcessInstance, case)
        frozen.state = frozen.state.replace(job.due_at.isoformat(), before.created_at.isoformat())
    assert worker.work(database, "w") == 1
    with database.reading() as session:
        assert session.get_one(ProcessInstance, case).status == "completed"


def test_events_on_the_border_come_and_go(database: Database, revise: Revise) -> None:
    def guarded(*days: int) -> dict[str, str]:
        drawn = {"a": step("a")}
        for day in days:
            drawn[f"on{day}"] = drawing.boundary(
                f"on{day}", "a", drawing.event("timer", f"duration P{day}D"), cancel=False
            )
        return drawn

    ends = "start -> a -> end; on1 -> end1"
    revise(f"{ends}; on2 -> end2", guarded(1, 2))
    case = begin(database, "proses")
    with database.reading() as session:
        before = {job.element_id: (job.id, job.due_at) for job in session.scalars(select(Job))}
    migrate(database, revise(f"{ends}; on3 -> end3", guarded(1, 3)), case)
    with database.reading() as session:
        after = {job.element_id: (job.id, job.due_at) for job in session.scalars(select(Job))}
    assert after.keys() == {"on1", "on3"}
    assert after["on1"] == before["on1"]


def test_a_reminder_that_has_come_does_not_come_again(database: Database, revise: Revise) -> None:
    reminder = drawing.boundary("on1", "a", drawing.event("timer", "duration P1D"), cancel=False)
    text, drawn = "start -> a -> end; on1 -> end1", {"a": step("a"), "on1": reminder}
    revise(text, drawn)
    case = begin(database, "proses")
    with database.transaction() as session:
        job = session.scalars(select(Job)).one()
        with gate.advancing(session, gate.locked(session, case), SYSTEM, "timer_fired") as execution:
            execution.fire(job.id)
    migrate(database, revise(text, drawn), case)
    with database.reading() as session:
        assert session.scalars(select(Job)).all() == []


def test_who_waits_for_a_message_gets_one_of_the_new_name_that_came_early(
    database: Database, revise: Revise
) -> None:
    def declared(name: str) -> str:
        return f'<bpmn:message id="m" name="{name}"/>'

    revise("start -> tunggu -> end", {"tunggu": CATCH}, declared("kartu"))
    case = begin(database, "proses")
    with database.transaction() as session:
        messages.correlate(session, SYSTEM, "kartu baru", life=timedelta(days=1))
    migrate(database, revise("start -> tunggu -> end", {"tunggu": CATCH}, declared("kartu baru")), case)
    with database.reading() as session:
        assert session.scalars(select(Subscription.name)).all() == ["kartu baru"]
    assert worker.work(database, "w") == 1
    with database.reading() as session:
        assert session.get_one(ProcessInstance, case).status == "completed"


def test_a_message_that_stopped_the_case_looks_for_another_receiver_when_it_waits_for_another(
    database: Database, revise: Revise
) -> None:
    def waits_for(name: str) -> tuple[str, dict[str, str], str]:
        text = "start -> tunggu -> x1; x1 -> b [=siap]; x1 -> end [default]; b -> end"
        return text, {"tunggu": CATCH, "b": step("b")}, f'<bpmn:message id="m" name="{name}"/>'

    revise(*waits_for("kartu"))
    case = begin(database, "proses")
    with database.transaction() as session:
        messages.correlate(session, SYSTEM, "kartu")
        assert incidents.count(session, instance_id=case) == 1
    migrate(database, revise(*waits_for("lain")), case)
    with database.reading() as session:
        assert incidents.count(session, instance_id=case) == 0
        job = session.scalars(select(Job)).one()
        assert (job.kind, job.instance_id, job.retries) == ("message", None, TRIES)
        assert history.verify(session, case) is None


def test_work_that_stopped_stays_kept_and_goes_on_where_the_diagram_is_mended(
    database: Database, revise: Revise
) -> None:
    text = "start -> a -> x1; x1 -> b [={0}]; x1 -> end [default]; b -> end"
    drawn = {"a": step("a"), "b": step("b")}
    revise(text.format("jumlah > 1"), drawn)
    case = begin(database, "proses")
    assert complete(database, case, lain=2) == "parked"
    migrate(database, revise(text.format("lain > 1"), drawn), case)
    with database.transaction() as session:
        found = incidents.find(session, instance_id=case)
        assert [one.parked for one in found] == [{"lain": 2}]
        assert mending.resume(session, found[0].id, SYSTEM)
    assert open_task(database, case).element_id == "b"


def test_a_suspended_case_stays_suspended(database: Database, revise: Revise) -> None:
    revise("start -> a -> end", {"a": step("a")})
    case = begin(database, "proses")
    with database.transaction() as session:
        mending.suspend(session, case, SYSTEM)
    migrate(database, revise("start -> a2 -> end", {"a2": step("a2")}, a="a2"), case)
    with database.transaction() as session:
        assert session.get_one(ProcessInstance, case).status == "suspended"
        mending.activate(session, case, SYSTEM)
    complete(database, case)
    with database.reading() as session:
        assert session.get_one(ProcessInstance, case).status == "completed"


def test_a_called_case_goes_over_by_itself_and_still_returns(
    database: Database, revise: Revise, deployed: Deploy
) -> None:
    deployed(**{"anak.bpmn": xml("start -> k -> end", {"k": step("k")}, key="anak")})
    call = {"panggil": drawing.call("panggil"), "b": step("b")}
    revise("start -> panggil -> b -> end", call)
    case = begin(database, "proses")
    with database.reading() as session:
        child = session.scalars(select(ProcessInstance.id).where(ProcessInstance.parent_id == case)).one()
        old = session.get_one(ProcessInstance, child).definition_id
    new = deployed(**{"anak.bpmn": xml("start -> k2 -> end", {"k2": step("k2")}, key="anak")})
    migrate(database, Plan(old, new.definitions[0].id, (Instruction("k", "k2"),)), child)
    called = {"panggil2": drawing.call("panggil2"), "b": step("b")}
    migrate(database, revise("start -> panggil2 -> b -> end", called, panggil="panggil2"), case)
    other = {"panggil2": drawing.call("panggil2", called="lain"), "b": step("b")}
    deployed(**{"lain.bpmn": xml("start -> k -> end", {"k": step("k")}, key="lain")})
    plan = revise("start -> panggil2 -> b -> end", other)
    with pytest.raises(Conflict) as refused:
        migrate(database, plan, case)
    assert refused.value.message.key == "migration.other_call"
    complete(database, child)
    assert open_task(database, case).element_id == "b"


@pytest.mark.parametrize("first", ["complete", "migrate", "either"])
def test_completing_and_going_over_at_once_loses_no_work(
    database: Database, revise: Revise, first: str
) -> None:
    revise("start -> a -> b -> end", {"a": step("a"), "b": step("b")})
    case = begin(database, "proses")
    plan = revise("start -> a2 -> b -> end", {"a2": step("a2"), "b": step("b")}, a="a2")
    task, meet = open_task(database, case).id, Barrier(2)
    outcome: dict[str, object] = {}

    def run(name: str, act: Callable[[Any], object]) -> None:
        meet.wait()
        try:
            with database.transaction() as session:
                outcome[name] = act(session)
        except AlurError as error:
            outcome[name] = error

    acts: dict[str, Callable[[Any], object]] = {
        "complete": lambda session: tasks.complete(session, task, SYSTEM, {"isi": 1}).status,
        "migrate": lambda session: migrations.migrate(session, plan, case, SYSTEM),
    }
    if first == "either":
        threads = [Thread(target=run, args=one) for one in acts.items()]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
    else:
        meet = Barrier(1)
        for name in (first, *(acts.keys() - {first})):
            run(name, acts[name])
    assert outcome == {"complete": "completed", "migrate": None}
    with database.reading() as session:
        instance = session.get_one(ProcessInstance, case)
        assert instance.definition_id == plan.target_id
        assert gate.variables(session, case) == {"isi": 1}
        assert history.verify(session, case) is None
    assert open_task(database, case).element_id == "b"
    complete(database, case)
