"""Many cases that go over one after the other: each once, whatever happens to the worker."""

from typing import Any

import pytest
from sqlalchemy import select, update

from service import worker
from service.operations import (
    batches,
    gate,
    history,
)
from service.operations.identity import SYSTEM
from service.store.database import Database
from service.store.models import (
    Job,
)
from tests.operations.moves import begin, complete
from tests.operations.revising import Revise, step


def test_a_batch_takes_each_case_once_and_says_which_stayed(database: Database, revise: Revise) -> None:
    revise("start -> a -> b -> end", {"a": step("a"), "b": step("b")})
    cases = [begin(database, "proses") for _ in range(6)]
    for case in cases[:3]:
        complete(database, case)
    plan = revise("start -> b -> end", {"b": step("b")})
    with database.transaction() as session:
        one = batches.batch(session, plan, None, SYSTEM, "x").id
        two = batches.batch(session, plan, cases[:2], SYSTEM).id
    complete(database, cases[2])
    while worker.work(database, "w"):
        pass
    with database.reading() as session:
        both = [batches.progress(session, id_) for id_ in (one, two)]
        assert [(it.waiting, it.done + it.refused) for it in both] == [(0, 6), (0, 2)]
        assert sum(it.done for it in both) == 2
        why = [batches.why(it).key for id_ in (one, two) for it in batches.refused(session, id_)]
        assert sorted(why) == ["case.not_active", *["migration.elsewhere"] * 2, *["migration.unmapped"] * 3]
        for case in cases:
            told = [event.kind for event in history.timeline(session, case)]
            assert told.count("instance_migrated") == (case in cases[:2])
            assert history.verify(session, case) is None


def test_a_worker_that_dies_in_between_leaves_the_case_for_the_next(
    database: Database, revise: Revise, monkeypatch: pytest.MonkeyPatch
) -> None:
    revise("start -> a -> end", {"a": step("a")})
    case = begin(database, "proses")
    plan = revise("start -> a -> end", {"a": step("a")})
    with database.transaction() as session:
        batch = batches.batch(session, plan, None, SYSTEM).id
        job = session.scalars(select(Job.id)).one()

    class Killed(BaseException):
        pass

    def dies(*_: Any, **__: Any) -> None:
        raise Killed

    monkeypatch.setattr(gate, "save", dies)
    with pytest.raises(Killed):
        worker.work(database, "first")
    monkeypatch.undo()
    with database.transaction() as session:
        session.execute(update(Job).where(Job.id == job).values(lock_until=None))
    assert worker.work(database, "second") == 1
    with database.reading() as session:
        assert batches.progress(session, batch).done == 1
        told = [event.kind for event in history.timeline(session, case)]
        assert told.count("instance_migrated") == 1


def test_a_mistake_of_ours_is_told_in_the_batch_after_its_tries(
    database: Database, revise: Revise, monkeypatch: pytest.MonkeyPatch
) -> None:
    revise("start -> a -> end", {"a": step("a")})
    begin(database, "proses")
    plan = revise("start -> a -> end", {"a": step("a")})
    with database.transaction() as session:
        batch = batches.batch(session, plan, None, SYSTEM).id

    def breaks(*_: Any, **__: Any) -> None:
        raise RuntimeError("broken on purpose")

    monkeypatch.setattr(gate, "save", breaks)
    for _ in range(3):
        with database.transaction() as session:
            session.execute(update(Job).values(lock_until=None))
        assert worker.work(database, "w") == 1
    with database.reading() as session:
        assert batches.progress(session, batch).refused == 1
        assert session.scalars(select(Job)).all() == []
