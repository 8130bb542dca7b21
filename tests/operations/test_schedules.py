"""Cycles come in their rhythm, and processes that begin by themselves do so when it is time."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlalchemy import update

from service import config, worker
from service.diagram.model import Element, EventDefinition
from service.engine import timers
from service.errors import ExecutionFailed, InvalidInput
from service.operations import instances, jobs
from service.operations.identity import SYSTEM
from service.store.database import Database
from service.store.models import TRIES, Job, ProcessInstance, now
from tests.engine.drawing import xml
from tests.operations.moves import Deploy, task_xml

NOW = datetime(2026, 1, 15, 3, 0, tzinfo=UTC)
moments = st.integers(0, 3 * 10**9).map(lambda seconds: datetime.fromtimestamp(seconds, UTC))
lengths = st.one_of(
    st.integers(1, 400_000).map(lambda seconds: f"PT{seconds}S"),
    st.integers(1, 40).map(lambda days: f"P{days}D"),
    st.integers(1, 30).map(lambda months: f"P{months}M"),
)
pauses = st.timedeltas(timedelta(0), timedelta(days=900))


def start(kind: str, text: str) -> Element:
    event = EventDefinition("timer", timer=kind, expression=text)
    return Element("mulai", "startEvent", "Tiap bulan", "p", "p", events=(event,))


def local(*parts: int) -> datetime:
    return datetime(*parts, tzinfo=config.zone())  # type: ignore[misc,arg-type]


def rounds(text: str, now: datetime, late: timedelta = timedelta(0), most: int = 20) -> list[datetime]:
    """When a cycle comes, if each time is noticed this much late."""
    element = start("cycle", text)
    due: timers.Due | None = timers.scheduled(element, now)
    came: list[datetime] = []
    while due and len(came) < most:
        came.append(due.at)
        due = timers.following(element, due, due.at + late)
    return came


@given(moments, lengths, st.integers(1, 12))
def test_a_cycle_comes_as_often_as_it_says_and_never_before_its_time(
    now: datetime, length: str, times: int
) -> None:
    came = rounds(f"R{times}/{length}", now)
    assert len(came) == times
    assert came == sorted(set(came))
    assert now < came[0]


@given(moments, st.timedeltas(timedelta(seconds=1), timedelta(days=50)), pauses)
def test_the_next_time_is_the_first_of_the_rhythm_that_is_still_to_come(
    now: datetime, length: timedelta, pause: timedelta
) -> None:
    length = timedelta(seconds=length // timedelta(seconds=1))
    element = start("cycle", f"R/PT{length // timedelta(seconds=1)}S")
    due = timers.scheduled(element, now)
    noticed = due.at + pause
    following = timers.following(element, due, noticed)
    assert following is not None
    assert timedelta(0) < following.at - noticed <= length
    assert (following.at - now) % length == timedelta(0)


@settings(deadline=None)
@given(moments, st.integers(1, 30), pauses)
def test_months_keep_their_day_however_late_they_are_noticed(
    now: datetime, months: int, pause: timedelta
) -> None:
    element = start("cycle", f"R/P{months}M")
    due: timers.Due | None = timers.scheduled(element, now)
    assert due is not None
    noticed = due.at + pause
    late = timers.following(element, due, noticed)
    while due and due.at <= noticed:
        due = timers.following(element, due, due.at)
    assert late == due


def test_what_was_missed_counts_as_having_been() -> None:
    assert rounds("R4/PT1H", NOW, late=timedelta(minutes=150)) == [
        NOW + timedelta(hours=1),
        NOW + timedelta(hours=4),
    ]


def test_the_end_of_january_is_followed_by_the_ends_of_february_and_march() -> None:
    came = rounds("R4/2026-01-31/P1M", local(2026, 1, 20))
    assert came == [local(2026, 1, 31), local(2026, 2, 28), local(2026, 3, 31), local(2026, 4, 30)]


def test_the_first_of_each_month_is_the_office_s() -> None:
    came = rounds("R/2026-06-01T00:00:00+07:00/P1M", local(2026, 6, 20), most=3)
    assert came == [local(2026, 7, 1), local(2026, 8, 1), local(2026, 9, 1)]


def test_a_cycle_that_is_over_has_its_last_moment() -> None:
    assert rounds("R2/2025-01-01/P1M", NOW) == [local(2025, 2, 1)]


@pytest.mark.parametrize("text", ["R0/P1D", "R/P0D", "R/PT0S", "R/besok/P1D", "=null", "=1 +", "R/x"])
def test_a_cycle_that_is_none_is_told_by_its_element(text: str) -> None:
    with pytest.raises(ExecutionFailed) as failed:
        timers.scheduled(start("cycle", text), NOW)
    assert failed.value.element == "mulai"


def test_a_start_event_s_moment_may_be_an_expression() -> None:
    assert timers.scheduled(start("duration", '=duration("PT2H")'), NOW).at == NOW + timedelta(hours=2)
    assert timers.scheduled(start("date", "2026-02-01"), NOW).at == local(2026, 2, 1)


def begins(kind: str, text: str, flow: str = "mulai -> b -> end") -> bytes:
    """A process that begins by itself."""
    event = (
        f'<bpmn:startEvent id="mulai" name="Tiap bulan"><bpmn:timerEventDefinition><bpmn:{kind}>{text}'
        f"</bpmn:{kind}></bpmn:timerEventDefinition></bpmn:startEvent>"
    )
    return xml(flow, {"mulai": event, "b": task_xml("b")}, key="laporan")


def begun(database: Database) -> list[ProcessInstance]:
    with database.reading() as session:
        return list(instances.find(session, SYSTEM, definition_key="laporan"))


def planned(database: Database) -> list[Job]:
    with database.reading() as session:
        return list(jobs.find(session))


def pass_time(database: Database, past: timedelta = timedelta(seconds=1)) -> None:
    """What is planned is due since then."""
    with database.transaction() as session:
        session.execute(update(Job).values(due_at=now() - past, lock_until=None))


def test_a_process_begins_by_itself_when_it_is_time_and_again(database: Database, deployed: Deploy) -> None:
    deployed(**{"l.bpmn": begins("timeCycle", "R/PT1H")})
    [job] = planned(database)
    assert (job.kind, job.element_id, job.instance_id) == ("start", "mulai", None)
    assert timedelta(minutes=59) < job.due_at - now() <= timedelta(hours=1)
    assert worker.work(database, "w") == 0
    for times in (1, 2):
        pass_time(database, timedelta(hours=5))
        assert worker.work(database, "w") == 1
        assert worker.work(database, "w") == 0
        assert len(begun(database)) == times
    [again] = planned(database)
    assert now() < again.due_at < now() + timedelta(hours=1)
    assert (again.retries, again.lock_owner) == (TRIES, None)


def test_a_cycle_begins_as_many_cases_as_it_says(database: Database, deployed: Deploy) -> None:
    deployed(**{"l.bpmn": begins("timeCycle", "R2/PT1H")})
    for _ in range(3):
        pass_time(database)
        worker.work(database, "w")
    assert len(begun(database)) == 2
    assert planned(database) == []


def test_a_moment_or_a_while_begins_one_case(database: Database, deployed: Deploy) -> None:
    for kind, text in (("timeDuration", "PT1H"), ("timeDate", "2999-01-01")):
        deployed(**{"l.bpmn": begins(kind, text)})
        assert len(planned(database)) == 1
        pass_time(database)
        assert worker.work(database, "w") == 1
        assert planned(database) == []
    assert len(begun(database)) == 2


def test_a_day_that_is_past_begins_nothing(database: Database, deployed: Deploy) -> None:
    deployed(**{"l.bpmn": begins("timeDate", "2026-01-02")})
    assert planned(database) == []


def test_only_the_latest_version_begins_by_itself(database: Database, deployed: Deploy) -> None:
    deployed(**{"l.bpmn": begins("timeCycle", "R/PT1H")})
    second = deployed(**{"l.bpmn": begins("timeCycle", "R/PT2H")}).definitions[0]
    assert [job.definition_id for job in planned(database)] == [second.id]
    deployed(**{"l.bpmn": xml("start -> b -> end", key="laporan")})
    assert planned(database) == []


def test_other_processes_keep_their_times(database: Database, deployed: Deploy) -> None:
    deployed(**{"l.bpmn": begins("timeCycle", "R/PT1H")})
    deployed(**{"lain.bpmn": begins("timeCycle", "R/PT1H").replace(b"laporan", b"lain")})
    assert len(planned(database)) == 2


def test_a_time_that_cannot_be_worked_out_is_refused_with_its_event(
    database: Database, deployed: Deploy
) -> None:
    with pytest.raises(InvalidInput) as refused:
        deployed(**{"l.bpmn": begins("timeCycle", '=duration("PT1H")')})
    assert refused.value.message.params["name"] == "Tiap bulan"
    assert planned(database) == []


def test_a_process_that_cannot_begin_is_tried_again_and_then_shown(
    database: Database, deployed: Deploy
) -> None:
    gateway = "mulai -> x1; x1 -> b [=siap]; x1 -> end [=not(siap)]; b -> end"
    deployed(**{"l.bpmn": begins("timeCycle", "R/PT1H", gateway)})
    for tries in (2, 1, 0):
        pass_time(database)
        assert worker.work(database, "w") == 1
        assert [job.retries for job in planned(database)] == [tries]
    pass_time(database)
    assert worker.work(database, "w") == 0
    with database.reading() as session:
        [stuck] = jobs.stuck(session)
        assert (stuck.element_id, stuck.error) == ("mulai", "engine.condition")
        assert "x1" in (stuck.error_details or "")
    assert begun(database) == []


def test_a_case_that_is_begun_by_hand_before_its_time_does_not_begin_again_then(
    database: Database, deployed: Deploy
) -> None:
    deployed(**{"l.bpmn": begins("timeCycle", "R/PT1H")})
    [job] = planned(database)
    with database.transaction() as session:
        jobs.execute(session, job.id)
    assert len(begun(database)) == 1
    [following] = planned(database)
    assert following.due_at == job.due_at + timedelta(hours=1)
