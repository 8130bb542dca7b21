"""Messages, signals, timers, calls and forms follow what is in force."""

import json
from datetime import timedelta
from time import sleep

import pytest

from service.errors import InvalidInput
from service.operations import (
    deployments,
    incidents,
    jobs,
    messages,
    revisions,
    throwing,
)
from service.operations.deployments import deploy
from service.operations.identity import SYSTEM, Actor
from service.store.database import Database
from service.store.models import ProcessDefinition, now
from tests.engine.drawing import DECLARED, xml
from tests.operations.clock import DAY, pass_time
from tests.operations.moves import Deploy, People, begin, complete, task_xml
from tests.operations.revised import SOON, add, begun, planned, timed, withdraw, work
from tests.operations.throwers import start_with


@pytest.fixture
def root(people: People) -> Actor:
    return people("root", admin=True)


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
