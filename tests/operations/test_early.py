"""A message may come before anybody waits for it: it is kept, and reaches one case, once."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from threading import Barrier
from typing import Any

import pytest
from sqlalchemy import func, select, update

from service import worker
from service.errors import Conflict, InvalidInput
from service.operations import deployments, early, gate, instances, jobs, messages, tasks
from service.operations.identity import SYSTEM
from service.store.database import Database
from service.store.models import EarlyMessage, now
from tests.engine.drawing import xml
from tests.operations.moves import CATCH, Deploy, begin, complete, open_task, task_xml

DAY = timedelta(days=1)
LETTER = '<bpmn:message id="m" name="kartu"/>'


def send(database: Database, business_key: str | None = None, **more: Any) -> list[tuple[str, bool]]:
    """Sends the message `kartu`, to be kept for a day; where it went."""
    with database.transaction() as session:
        found = messages.correlate(
            session, SYSTEM, "kartu", business_key=business_key, **{"life": DAY, **more}
        )
        return [(one.instance.id, one.started) for one in found]


def work(database: Database) -> None:
    """Everything that is due, and what comes of it."""
    while worker.work(database, "w"):
        pass


def number(database: Database, case: str) -> str:
    with database.reading() as session:
        return instances.get(session, case, SYSTEM).business_key


def values(database: Database, case: str) -> dict[str, Any]:
    with database.reading() as session:
        return gate.variables(session, case)


def at(database: Database, case: str) -> list[str]:
    """The steps that are open."""
    with database.reading() as session:
        return [task.element_id for task in tasks.find(session, instance_id=case)]


def test_a_message_that_comes_early_waits_for_its_case(database: Database, waiting: str) -> None:
    case, other = begin(database, waiting, nip="1"), begin(database, waiting, nip="2")
    assert send(database, number(database, case), values={"nomor": 7}) == []
    complete(database, other)
    complete(database, case)
    work(database)
    assert (at(database, other), at(database, case)) == ([], ["b"])
    assert values(database, case) == {"nip": "1", "nomor": 7}


def test_it_waits_for_the_case_that_has_its_correlation_keys(database: Database, waiting: str) -> None:
    one, two = begin(database, waiting, nip="1"), begin(database, waiting, nip="2")
    send(database, keys={"nip": "2"})
    complete(database, one)
    complete(database, two)
    work(database)
    assert (at(database, one), at(database, two)) == ([], ["b"])


def test_without_a_life_it_is_refused_and_nothing_is_kept(database: Database, waiting: str) -> None:
    case = begin(database, waiting)
    for more in ({"life": None}, {"life": timedelta(0)}, {"instance_id": case}):
        with pytest.raises(InvalidInput):
            send(database, **more)
    with database.reading() as session:
        assert session.scalar(select(func.count()).select_from(EarlyMessage)) == 0


@pytest.mark.parametrize("text", ["P1M", "-P1D", "besok", "P4000D", ""])
def test_a_life_is_a_time_in_days_and_hours(text: str) -> None:
    with pytest.raises(InvalidInput):
        early.life(text)
    assert early.life("P1DT2H") == timedelta(days=1, hours=2)


def test_whoever_begins_to_wait_too_late_does_not_get_it(database: Database, waiting: str) -> None:
    case = begin(database, waiting)
    send(database, message_id="s-1")
    with database.transaction() as session:
        session.execute(update(EarlyMessage).values(expires_at=now()))
    complete(database, case)
    work(database)
    assert at(database, case) == []
    assert send(database, message_id="s-1") == [(case, False)]


def test_what_is_past_its_time_is_thrown_away(database: Database, waiting: str) -> None:
    for _ in range(3):
        send(database)
    with database.transaction() as session:
        oldest = select(func.min(EarlyMessage.id)).scalar_subquery()
        session.execute(update(EarlyMessage).where(EarlyMessage.id == oldest).values(expires_at=now()))
    with database.transaction() as session:
        jobs.sweep(session)
    with database.reading() as session:
        assert session.scalar(select(func.count()).select_from(EarlyMessage)) == 2


def test_an_id_comes_once_and_is_told_again_where_it_went(database: Database, waiting: str) -> None:
    one, two = begin(database, waiting), begin(database, waiting)
    complete(database, one)
    assert send(database, message_id="s-1", values={"nomor": 1}) == [(one, False)]
    complete(database, two)
    assert send(database, message_id="s-1", values={"nomor": 2}) == [(one, False)]
    assert (at(database, one), at(database, two)) == (["b"], [])
    assert send(database, message_id="s-2") == [(two, False)]


def test_an_id_that_was_refused_may_come_again(database: Database, waiting: str) -> None:
    case = begin(database, waiting)
    with pytest.raises(InvalidInput):
        send(database, message_id="s-1", life=None)
    complete(database, case)
    assert send(database, message_id="s-1", life=None) == [(case, False)]
    with pytest.raises(InvalidInput):
        send(database, message_id="s" * 201)


def test_a_kept_message_comes_once_under_its_id_too(database: Database, waiting: str) -> None:
    case = begin(database, waiting)
    assert send(database, message_id="s-1") == send(database, message_id="s-1") == []
    complete(database, case)
    work(database)
    assert send(database, message_id="s-1") == [(case, False)]
    again = begin(database, waiting)
    complete(database, again)
    work(database)
    assert (at(database, case), at(database, again)) == (["b"], [])


def test_an_id_that_comes_from_many_at_once_arrives_once(database: Database, waiting: str) -> None:
    cases = [begin(database, waiting) for _ in range(4)]
    for case in cases:
        complete(database, case)
    together = Barrier(4)

    def go(_: int) -> list[tuple[str, bool]]:
        together.wait()
        return send(database, number(database, cases[0]), message_id="s-1")

    with ThreadPoolExecutor(4) as pool:
        assert list(pool.map(go, range(4))) == [[(cases[0], False)]] * 4
    assert [at(database, case) for case in cases] == [["b"], [], [], []]


def test_a_message_that_comes_as_its_case_begins_to_wait_is_neither_lost_nor_doubled(
    database: Database, waiting: str
) -> None:
    for _ in range(15):
        case = begin(database, waiting)
        key, together = number(database, case), Barrier(2)

        def arrive(together: Barrier = together, key: str = key) -> None:
            together.wait()
            send(database, key, values={"nomor": 1})

        def listen(together: Barrier = together, case: str = case) -> None:
            together.wait()
            complete(database, case)

        with ThreadPoolExecutor(2) as pool:
            for done in [pool.submit(arrive), pool.submit(listen)]:
                done.result()
        work(database)
        assert at(database, case) == ["b"]
        with database.reading() as session:
            assert jobs.find(session) == []
            kept = select(func.count()).where(EarlyMessage.delivered_to.is_(None))
            assert session.scalar(kept) == 0


def test_one_message_reaches_one_of_two_that_begin_to_wait_at_once(database: Database, waiting: str) -> None:
    for _ in range(8):
        cases, together = [begin(database, waiting) for _ in range(2)], Barrier(2)
        send(database)

        def listen(case: str, together: Barrier = together) -> None:
            together.wait()
            complete(database, case)

        with ThreadPoolExecutor(2) as pool:
            list(pool.map(listen, cases))
        work(database)
        assert sorted(at(database, case) for case in cases) == [[], ["b"]]
        send(database)  # for the other one


def test_an_event_that_goes_on_waiting_gets_all_that_were_kept_in_their_order(
    database: Database, deployed: Deploy
) -> None:
    event = (
        '<bpmn:boundaryEvent id="batas" attachedToRef="b" cancelActivity="false">'
        '<bpmn:messageEventDefinition messageRef="m"/></bpmn:boundaryEvent>'
    )
    drawn = {"a": task_xml("a"), "b": task_xml("b"), "c": task_xml("c"), "batas": event}
    deployed(**{"t.bpmn": xml("start -> a -> b -> end; batas -> c -> end", drawn, LETTER, "tamu")})
    case = begin(database, "tamu")
    for turn in range(3):
        send(database, values={f"ke{turn}": True})
    complete(database, case)
    work(database)
    assert sorted(at(database, case)) == ["b", "c", "c", "c"]
    assert list(values(database, case)) == ["ke0", "ke1", "ke2"]


def test_a_message_whose_case_has_gone_on_finds_another(database: Database, deployed: Deploy) -> None:
    drawn = {"a": task_xml("a"), "b": task_xml("b"), "c": task_xml("c"), "tunggu": CATCH}
    race = "start -> a -> p1; p1 -> tunggu -> b -> end; p1 -> c -> end9"
    stop = '<bpmn:endEvent id="end9"><bpmn:terminateEventDefinition/></bpmn:endEvent>'
    deployed(**{"t.bpmn": xml(race, {**drawn, "end9": stop}, LETTER, "balap")})
    with database.transaction() as session:
        first, second = [_numbered(session, "balap") for _ in range(2)]
    send(database, values={"nomor": 1})
    complete(database, first)  # the message is on its way to this one
    with database.transaction() as session:
        tasks.complete(session, open_task(database, first, "c").id, SYSTEM, {})
    complete(database, second)
    work(database)
    assert sorted(at(database, second)) == ["b", "c"]
    assert values(database, second) == {"nomor": 1}


def _numbered(session: Any, key: str) -> str:
    latest = deployments.latest(session, key)
    return instances.start(session, latest, SYSTEM, {}, business_key="sama").id


def test_a_token_that_has_variables_of_its_own_is_found_by_them(database: Database, deployed: Deploy) -> None:
    each = (
        '<bpmn:receiveTask id="tunggu" messageRef="m"><bpmn:multiInstanceLoopCharacteristics '
        'camunda:collection="=pegawai" camunda:elementVariable="nip"/></bpmn:receiveTask>'
    )
    deployed(**{"t.bpmn": xml("start -> tunggu -> b -> end", {"tunggu": each}, LETTER, "tiap")})
    case = begin(database, "tiap", pegawai=["1", "2", "3"])
    with pytest.raises(Conflict):
        send(database)
    for nip in ("2", "1", "3"):
        assert send(database, own={"nip": nip}) == [(case, False)]
    assert at(database, case) == ["b"]
