"""Messages, signals, timers and calls follow what is in force, also when several change it at once."""

import json
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from threading import Barrier
from time import sleep

import pytest
from sqlalchemy import select, update

from service import worker
from service.errors import AlurError, Conflict, InvalidInput, NotFound
from service.operations import (
    deployments,
    incidents,
    inforce,
    jobs,
    messages,
    revisions,
    throwing,
)
from service.operations.deployments import deploy
from service.operations.identity import SYSTEM, Actor
from service.store.database import Database
from service.store.models import Deployment, Job, ProcessDefinition, ProcessInstance, now
from tests.engine.drawing import DECLARED, xml
from tests.operations.clock import DAY, pass_time
from tests.operations.moves import Deploy, People, begin, complete, task_xml
from tests.operations.throwers import start_with

SOON = timedelta(hours=12)


@pytest.fixture
def root(people: People) -> Actor:
    return people("root", admin=True)


def timed(cycle: str, key: str = "laporan") -> bytes:
    """A process that begins by itself."""
    start = (
        '<bpmn:startEvent id="mulai"><bpmn:timerEventDefinition><bpmn:timeCycle>'
        f"{cycle}</bpmn:timeCycle></bpmn:timerEventDefinition></bpmn:startEvent>"
    )
    return xml("mulai -> b -> end", {"mulai": start, "b": task_xml("b")}, key=key)


def add(database: Database, content: bytes, **more: object) -> ProcessDefinition:
    with database.transaction() as session:
        return deploy(session, "test", {"a.bpmn": content}, **more).definitions[0]  # type: ignore[arg-type]


def work(database: Database) -> None:
    while worker.work(database, "w"):
        pass


def begun(database: Database, key: str = "laporan") -> list[int]:
    """The versions on which cases have begun, in that order."""
    with database.reading() as session:
        cases = session.scalars(select(ProcessInstance).where(ProcessInstance.definition_key == key))
        return [case.definition.version for case in sorted(cases, key=lambda case: case.started_at)]


def planned(database: Database) -> list[tuple[str, int]]:
    """The jobs, each with the version that it is for, soonest first."""
    with database.reading() as session:
        found = session.execute(
            select(Job.kind, ProcessDefinition.version)
            .join(ProcessDefinition, Job.definition_id == ProcessDefinition.id)
            .order_by(Job.due_at, Job.kind)
        )
        return [(row.kind, row.version) for row in found]


def withdraw(database: Database, id_: str, actor: Actor) -> None:
    with database.transaction() as session:
        revisions.withdraw(session, id_, actor, "keliru")


def test_timers_follow_the_day_of_a_revision(database: Database) -> None:
    add(database, timed("R/PT10H"))
    add(database, timed("R/PT20H"), effective_at=now() + SOON)
    assert planned(database) == [("start", 1), ("effect", 2)]
    pass_time(database, SOON - timedelta(hours=1))
    work(database)
    assert begun(database) == [1]
    assert planned(database) == [("effect", 2), ("start", 1)]
    pass_time(database, timedelta(hours=2))
    work(database)
    assert (begun(database), planned(database)) == ([1], [("start", 2)])
    pass_time(database, timedelta(hours=20))
    work(database)
    assert (begun(database), planned(database)) == ([1, 2], [("start", 2)])


def test_what_was_due_before_the_day_begins_on_the_old_one_however_late(database: Database) -> None:
    add(database, timed("R/PT10H"))
    add(database, timed("R/PT20H"), effective_at=now() + SOON)
    pass_time(database, timedelta(hours=13))
    work(database)
    assert (begun(database), planned(database)) == ([1], [("start", 2)])


def test_what_begins_late_after_the_day_has_no_next_time(database: Database) -> None:
    add(database, timed("R/PT10H"))
    add(database, timed("R/PT20H"), effective_at=now() + SOON)
    pass_time(database, timedelta(hours=13))
    with database.transaction() as session:
        late, effect = jobs.find(session)
        assert (late.kind, effect.kind) == ("start", "effect")
        jobs.execute(session, effect.id)
    assert planned(database) == [("start", 1), ("start", 2)]
    with database.transaction() as session:
        jobs.execute(session, late.id)
    assert (begun(database), planned(database)) == ([1], [("start", 2)])


def test_a_round_at_the_very_moment_of_the_day_is_the_new_one_s_and_comes_once(database: Database) -> None:
    at = now() + timedelta(seconds=1)
    cycle = f"R/{at.isoformat()}/P1D"
    add(database, timed(cycle))
    add(database, timed(cycle), effective_at=at)
    assert planned(database) == [("effect", 2), ("start", 1)]
    sleep(max(0.0, (at - now()).total_seconds()))
    work(database)
    assert (begun(database), planned(database)) == ([2], [("start", 2)])


def test_withdrawing_gives_the_one_before_its_timers_again_and_restoring_takes_them(
    database: Database, root: Actor
) -> None:
    first, second = add(database, timed("R/PT1H")), add(database, timed("R/PT2H"))
    assert planned(database) == [("start", 2)]
    withdraw(database, second.id, root)
    assert planned(database) == [("start", 1)]
    with database.transaction() as session:
        revisions.restore(session, second.id, root, "kembali")
    assert planned(database) == [("start", 2)]
    withdraw(database, second.id, root)
    withdraw(database, first.id, root)
    assert planned(database) == []


def test_withdrawing_what_is_awaited_leaves_the_present_timers_as_they_are(
    database: Database, root: Actor
) -> None:
    add(database, timed("R/PT1H"))
    awaited = add(database, timed("R/PT2H"), effective_at=now() + SOON)
    with database.reading() as session:
        before = [(job.id, job.due_at) for job in jobs.find(session) if job.kind == "start"]
    withdraw(database, awaited.id, root)
    with database.reading() as session:
        assert [(job.id, job.due_at) for job in jobs.find(session) if job.kind == "start"] == before


def test_a_timer_that_was_forgotten_begins_nothing(database: Database, root: Actor) -> None:
    first = add(database, timed("R/PT1H"))
    with database.reading() as session:
        [job] = jobs.find(session)
    withdraw(database, first.id, root)
    with database.transaction() as session:
        session.merge(job)
    pass_time(database, timedelta(hours=2))
    work(database)
    assert (begun(database), planned(database)) == ([], [])


def test_a_timer_that_names_no_moment_is_refused_in_a_draft_too(database: Database) -> None:
    for more in ({"approvers": ("admin",)}, {"effective_at": now() + DAY}):
        with pytest.raises(InvalidInput):
            add(database, timed('=duration("PT1H")'), **more)


def test_messages_and_signals_begin_what_is_in_force(database: Database, deployed: Deploy) -> None:
    for kind, ref in (("message", "m1"), ("signal", "s1")):
        drawn = {"start": start_with(kind, ref), "b": task_xml("b")}
        content = xml("start -> b -> end", drawn, DECLARED, kind)
        add(database, content)
        add(database, content, effective_at=now() + SOON)
        add(database, content, approvers=("admin",))
    for version in (1, 2):
        with database.transaction() as session:
            [reached] = messages.correlate(session, SYSTEM, "M1")
            assert (reached.started, reached.instance.definition.version) == (True, version)
            throwing.broadcast(session, "S1", {}, by="")
        work(database)
        assert begun(database, "signal")[-1] == version
        pass_time(database)
    assert begun(database, "signal") == [1, 2]


def test_a_signal_on_its_way_begins_nothing_on_what_was_withdrawn_meanwhile(
    database: Database, root: Actor
) -> None:
    content = xml("start -> b -> end", {"start": start_with("signal", "s1"), "b": task_xml("b")}, DECLARED)
    only = add(database, content)
    with database.transaction() as session:
        assert throwing.broadcast(session, "S1", {}, by="") == 1
    withdraw(database, only.id, root)
    work(database)
    assert (begun(database, "proses"), planned(database)) == ([], [])


CALL = (
    '<bpmn:callActivity id="panggil" name="Panggil" calledElement="anak" camunda:calledElementBinding="{}"'
    ' camunda:calledElementVersion="{}"/>'
)
CHILD = xml("start -> b -> end", {"b": task_xml("b")}, key="anak")


def parent(binding: str, version: int = 0) -> bytes:
    drawn = {"a": task_xml("a"), "panggil": CALL.format(binding, version)}
    return xml("start -> a -> panggil -> end", drawn, key="induk")


def test_a_call_of_the_latest_follows_what_is_in_force(database: Database, deployed: Deploy) -> None:
    add(database, parent("latest"))
    add(database, CHILD)
    add(database, CHILD, effective_at=now() + SOON)
    complete(database, begin(database, "induk"))
    pass_time(database)
    complete(database, begin(database, "induk"))
    assert begun(database, "anak") == [1, 2]


def test_a_call_of_a_version_may_name_an_earlier_one_but_no_draft(database: Database, root: Actor) -> None:
    add(database, CHILD)
    add(database, CHILD)
    add(database, CHILD, approvers=("admin",))
    add(database, parent("version", 1))
    complete(database, begin(database, "induk"))
    assert begun(database, "anak") == [1]
    draft = add(database, parent("version", 3))
    case = begin(database, "induk")
    complete(database, case)
    assert begun(database, "anak") == [1]
    with database.reading() as session:
        [incident] = incidents.find(session)
        assert incident.instance.definition_id == draft.id


def test_a_call_of_what_was_withdrawn_goes_on_once_it_is_back(database: Database, root: Actor) -> None:
    child = add(database, CHILD)
    add(database, parent("latest"))
    withdraw(database, child.id, root)
    case = begin(database, "induk")
    complete(database, case)
    with database.transaction() as session:
        revisions.restore(session, child.id, root, "kembali")
    with database.transaction() as session:
        [job] = jobs.find(session, instance_id=case)
        jobs.execute(session, job.id)
    assert begun(database, "anak") == [1]


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


def form(label: str) -> bytes:
    field = {"type": "textfield", "key": "nama", "label": label, "id": "Field_1"}
    return json.dumps({"type": "default", "id": "x", "components": [field]}).encode()


def test_a_form_of_the_latest_version_is_that_of_what_is_in_force(database: Database, root: Actor) -> None:
    latest = 'camunda:formRef="x" camunda:formRefBinding="latest" ' + 'camunda:candidateGroups="ptsp"'
    content = xml("start -> b -> end", {"b": task_xml("b", latest)}, key="surat")

    def add_with(label: str, **more: object) -> ProcessDefinition:
        with database.transaction() as session:
            files = {"a.bpmn": content, "x.form": form(label)}
            return deploy(session, "test", files, **more).definitions[0]  # type: ignore[arg-type]

    first = add_with("satu", approvers=("admin",))

    def shown() -> str:
        with database.reading() as session:
            found = deployments.form(session, first.id, "x", "latest")
            assert found is not None
            return str(found.raw["components"][0]["label"])

    assert shown() == "satu"  # there is no other
    with database.transaction() as session:
        revisions.approve(session, first.id, root)
    add_with("rancangan", approvers=("admin",))
    second = add_with("dua", effective_at=now() + SOON)
    assert shown() == "satu"
    pass_time(database)
    assert shown() == "dua"
    withdraw(database, second.id, root)
    assert shown() == "satu"
    with database.transaction() as session:
        deploy(session, "forms", {"x.form": form("sendiri")})
    assert shown() == "sendiri"
