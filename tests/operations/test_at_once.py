"""Several who deploy, approve and withdraw at once do it one after the other."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest
from sqlalchemy import select, update

from service.errors import AlurError, Conflict, NotFound
from service.operations import inforce, jobs, revisions
from service.operations.deployments import deploy
from service.operations.identity import Actor
from service.store.database import Database
from service.store.models import Deployment, Job, now
from tests.engine.drawing import xml
from tests.operations.clock import DAY, pass_time
from tests.operations.moves import People, task_xml
from tests.operations.revised import SOON, add, planned, timed

CHILD = xml("start -> b -> end", {"b": task_xml("b")}, key="anak")


def together(*verbs: Callable[[], object]) -> list[object]:
    """What each of these gives, or how it is refused, when all of them begin at once."""
    barrier = Barrier(len(verbs))

    def one(verb: Callable[[], object]) -> object:
        barrier.wait()
        try:
            return verb()
        except AlurError as error:
            return type(error)

    with ThreadPoolExecutor(len(verbs)) as pool:
        return list(pool.map(one, verbs))


def test_several_who_deploy_one_process_at_once_get_a_version_each(database: Database) -> None:
    given = together(*[lambda: add(database, timed("R/PT1H")).version] * 4)
    assert sorted(given) == [1, 2, 3, 4]  # type: ignore[type-var]
    assert planned(database) == [("start", 4)]
    with database.reading() as session:
        assert inforce.get(session, "laporan").version == 4


def test_twins_who_deploy_the_same_files_at_once_deploy_them_once(database: Database) -> None:
    def once() -> bool:
        with database.transaction() as session:
            return deploy(session, "test", {"a.bpmn": CHILD}, duplicates="filter").unchanged

    assert sorted(together(once, once, once)) == [False, True, True]  # type: ignore[type-var]
    with database.reading() as session:
        assert len(session.scalars(select(Deployment)).all()) == 1


def test_of_two_who_approve_at_once_one_is_told_that_it_is_done(database: Database, people: People) -> None:
    draft = add(database, timed("R/PT1H"), approvers=("uji.kepala",))
    heads = [people(name, "uji.kepala") for name in ("ani", "budi")]

    def approve(who: Actor) -> str:
        with database.transaction() as session:
            return revisions.approve(session, draft.id, who).status

    given = together(lambda: approve(heads[0]), lambda: approve(heads[1]))
    assert Conflict in given
    assert "approved" in given
    assert planned(database) == [("start", 1)]
    with database.reading() as session:
        kinds = [event.kind for event in revisions.history(session, draft.id)]
    assert kinds == ["deployed", "approved", "took_effect"]


@pytest.mark.parametrize("_round", range(3))
def test_approving_and_withdrawing_at_once_end_as_one_after_the_other(
    database: Database, people: People, _round: int
) -> None:
    first = add(database, timed("R/PT1H"))
    draft = add(database, timed("R/PT2H"), approvers=("uji.kepala",))
    ani, budi = people("ani", "uji.kepala"), people("budi", "uji.kepala")

    def approve() -> str:
        with database.transaction() as session:
            return revisions.approve(session, draft.id, ani).status

    def take_back() -> str:
        with database.transaction() as session:
            return revisions.withdraw(session, draft.id, budi, "keliru").status

    assert together(approve, take_back) in ([Conflict, "withdrawn"], ["approved", "withdrawn"])
    with database.reading() as session:
        assert inforce.get(session, "laporan").id == first.id
    assert planned(database) == [("start", 1)]


def test_two_workers_bring_a_revision_into_effect_once(database: Database) -> None:
    add(database, timed("R/PT1H"))
    awaited = add(database, timed("R/PT2H"), effective_at=now() + SOON)
    pass_time(database)
    with database.transaction() as session:
        session.execute(update(Job).where(Job.kind == "start").values(due_at=now() + DAY))
        [job] = [job for job in jobs.find(session) if job.kind == "effect"]

    def fire() -> bool:
        with database.transaction() as session:
            jobs.execute(session, job.id)
            return True

    assert sorted(together(fire, fire), key=str) == [NotFound, True]
    assert planned(database) == [("start", 2)]
    with database.reading() as session:
        kinds = [event.kind for event in revisions.history(session, awaited.id)]
    assert kinds == ["deployed", "took_effect"]
