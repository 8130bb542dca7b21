"""External tasks are given to one worker at a time, and to those who asked for them."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from threading import Barrier
from typing import Any

import pytest

from service import worker
from service.errors import Conflict, InvalidInput
from service.operations import external, instances, mending
from service.operations.external import Order, Topic
from service.operations.identity import Actor
from service.store.database import Database
from service.store.models import now
from tests.engine.drawing import xml
from tests.operations.moves import Deploy, begin
from tests.operations.printing import (
    MINUTE,
    complete,
    fetch,
    let_locks_run_out,
    work_of,
)


def test_what_is_due_elsewhere_is_not_the_job_executors(database: Database, kartu: str) -> None:
    begin(database, kartu)
    assert worker.work(database, "w") == 0
    assert len(fetch(database)) == 1


def test_two_workers_never_get_the_same_task(database: Database, kartu: str) -> None:
    cases = {begin(database, kartu) for _ in range(24)}
    ready = Barrier(4)

    def take(number: int) -> list[str | None]:
        ready.wait()
        return [job.instance_id for _ in range(24) for job in fetch(database, f"w{number}")]

    with ThreadPoolExecutor(4) as pool:
        taken = [case for got in pool.map(take, range(4)) for case in got]
    assert sorted(map(str, taken)) == sorted(cases)


def test_nobody_gets_what_a_suspended_case_waits_for(database: Database, kartu: str, admin: Actor) -> None:
    case = begin(database, kartu)
    [job] = fetch(database)
    with database.transaction() as session:
        mending.suspend(session, case, admin)
    let_locks_run_out(database)
    assert fetch(database) == []
    with pytest.raises(Conflict):
        complete(database, job, admin)
    with database.transaction() as session:
        mending.activate(session, case, admin)
    assert len(fetch(database)) == 1


def test_the_more_important_and_then_the_older_come_first(database: Database, deployed: Deploy) -> None:
    low, high = work_of("cetak"), work_of("cetak", more='camunda:taskPriority="=mendesak"')
    deployed(**{"a.bpmn": xml("start -> cetak -> end", {"cetak": low}, key="biasa")})
    deployed(**{"b.bpmn": xml("start -> cetak -> end", {"cetak": high}, key="penting")})
    first, second, third = (
        begin(database, "biasa"),
        begin(database, "penting", mendesak=5),
        begin(database, "penting", mendesak=50),
    )

    def order(**asked: bool) -> list[str | None]:
        found = [job.instance_id for job in fetch(database, most=9, order=Order(**asked))]
        let_locks_run_out(database)
        return found

    assert order() == [first, second, third]
    assert order(newest_first=True) == [third, second, first]
    assert order(by_priority=True) == [third, second, first]
    with database.transaction() as session:
        job = external.find(session, [("instance_id", first)])[0]
        external.set_priority(session, job.id, 99)
    assert order(by_priority=True) == [first, third, second]


def test_a_worker_may_ask_for_some_cases_only(database: Database, kartu: str) -> None:
    one, other = begin(database, kartu, kantor="A", n=1), begin(database, kartu, kantor="B", n=True)

    def found(**narrower: Any) -> set[str | None]:
        jobs = fetch(database, most=9, **narrower)
        let_locks_run_out(database)
        return {job.instance_id for job in jobs}

    with database.reading() as session:
        case = instances.get(session, one, Actor("x", "X", admin=True))
        key, definition = case.business_key, case.definition_id
    assert found() == {one, other}
    assert found(business_key=key) == {one}
    assert found(definition_ids=[definition], definition_keys=["kartu"]) == {one, other}
    assert found(definition_ids=[]) == found(definition_keys=["lain"]) == set()
    assert found(values={"kantor": "B"}) == {other}
    assert found(values={"kantor": "B", "n": 1}) == set()
    assert found(values={"n": 1}) == {one}
    assert found(values={"n": None}) == set()


def test_topics_of_one_name_are_told_apart_by_the_values(database: Database, kartu: str) -> None:
    one, other = begin(database, kartu, kantor="A"), begin(database, kartu, kantor="B")
    topics = [Topic("cetak", MINUTE, values={"kantor": kantor}) for kantor in "BA"]
    with database.transaction() as session:
        got = external.fetch_and_lock(session, "w", topics, 9)
    assert {(job.instance_id, place) for job, place in got} == {(one, 1), (other, 0)}


def test_values_are_looked_for_beyond_the_first_page(
    database: Database, kartu: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(external, "PAGE", 2)
    for n in range(5):
        begin(database, kartu, n=n % 2)
    assert [external.values(job)["n"] for job in fetch(database, most=9, values={"n": 1})] == [1, 1]
    assert len(fetch(database, most=9, values={"n": 0})) == 3


def test_a_lock_is_extended_and_given_back(database: Database, kartu: str) -> None:
    begin(database, kartu)
    [job] = fetch(database, "w1")
    with database.transaction() as session:
        external.extend(session, job.id, "w1", timedelta(hours=1))
    assert job.lock_until is not None
    with database.reading() as session:
        kept = external.get(session, job.id).lock_until
        assert kept is not None and kept > job.lock_until + timedelta(minutes=30)
    with database.transaction() as session, pytest.raises(InvalidInput):
        external.extend(session, job.id, "w2", MINUTE)
    with database.transaction() as session, pytest.raises(InvalidInput):
        external.lock(session, job.id, "w2", MINUTE)
    with database.transaction() as session:
        external.unlock(session, job.id)
    with database.transaction() as session:
        external.lock(session, job.id, "w2", MINUTE)
    assert fetch(database, "w1") == []
    let_locks_run_out(database)
    with database.transaction() as session, pytest.raises(InvalidInput):
        external.extend(session, job.id, "w2", MINUTE)


def test_tasks_are_found_by_what_they_are(database: Database, kartu: str) -> None:
    case = begin(database, kartu)
    begin(database, kartu)
    [job] = fetch(database, "w1")

    def number(*filters: tuple[str, Any]) -> int:
        with database.reading() as session:
            assert len(external.find(session, filters)) == external.count(session, filters)
            return external.count(session, filters)

    assert number() == 2
    assert number(("locked", True)) == number(("locked", False)) == 1
    assert number(("locked", True), ("locked", False)) == 0
    assert number(("lock_owner", "w1"), ("tries_left", True), ("instance_id", case)) == 1
    assert number(("tries_left", False)) == number(("priority_from", 1)) == 0
    assert number(("id", [job.id, "lain"]), ("status", "active"), ("definition_key", "kartu")) == 1
    assert number(("locked_after", now()), ("locked_before", now() + 2 * MINUTE)) == 1
