"""User tasks in the inbox: claimed, given back, completed, by one person at a time."""

import json
from concurrent.futures import ThreadPoolExecutor

import pytest

from service.errors import (
    AlurError,
    Conflict,
    InvalidSubmission,
    NotAllowed,
    NotFound,
)
from service.operations import gate, history, tasks
from service.operations.identity import SYSTEM, Actor
from service.store.database import Database
from tests.conftest import DIAGRAMS
from tests.engine.drawing import xml
from tests.operations.moves import Deploy, People, begin, complete, open_task, task_xml


def test_a_returned_task_knows_which_turn_it_is(database: Database, review: str, people: People) -> None:
    korpel = people("korpel", "korpel")
    case = begin(database, review)
    complete(database, case)
    complete(database, case, setuju=False)
    assert open_task(database, case).turn == 2
    assert open_task(database, case).returned
    with database.reading() as session:
        assert tasks.counters(session, korpel) == {"mine": 0, "unit": 1, "returned": 1}
        assert [task.element_id for task in tasks.box(session, korpel, "returned")] == ["konsep"]


def test_the_next_review_of_a_mended_draft_is_another_turn_but_not_returned(
    database: Database, review: str
) -> None:
    case = begin(database, review)
    complete(database, case)
    complete(database, case, setuju=False)
    complete(database, case)
    again = open_task(database, case)
    assert (again.element_id, again.turn, again.returned) == ("periksa", 2, False)


def test_the_inbox_shows_each_person_their_own_part(database: Database, review: str, people: People) -> None:
    korpel, kasubbag = people("ani", "korpel"), people("budi", "kasubbag")
    case = begin(database, review)
    with database.transaction() as session:
        tasks.claim(session, open_task(database, case).id, korpel)
    with database.reading() as session:
        assert tasks.counters(session, korpel) == {"mine": 1, "unit": 0, "returned": 0}
        assert tasks.counters(session, kasubbag) == {"mine": 0, "unit": 0, "returned": 0}
        for name in tasks.BOXES:
            assert len(tasks.box(session, korpel, name)) == tasks.counters(session, korpel)[name]


def test_of_two_who_claim_at_once_one_wins_and_the_other_reads_who(
    database: Database, review: str, people: People
) -> None:
    rivals = [people(f"orang{n}", "korpel") for n in range(8)]
    task = open_task(database, begin(database, review)).id

    def claim(actor: Actor) -> str:
        try:
            with database.transaction() as session:
                return tasks.claim(session, task, actor).assignee or ""
        except Conflict as error:
            return str(error.message.params["who"])

    with ThreadPoolExecutor(8) as pool:
        told = set(pool.map(claim, rivals))
    with database.reading() as session:
        holder = tasks.get(session, task, SYSTEM).assignee
    assert holder is not None
    assert {name.lower() for name in told} == {holder}


def test_of_eight_who_complete_at_once_one_wins(database: Database, review: str) -> None:
    case = begin(database, review)
    task = open_task(database, case).id

    def finish(n: int) -> str:
        try:
            with database.transaction() as session:
                return tasks.complete(session, task, SYSTEM, {"n": n}).status
        except Conflict as error:
            return error.message.key

    with ThreadPoolExecutor(8) as pool:
        assert sorted(pool.map(finish, range(8))) == ["case.task_done"] * 7 + ["completed"]
    with database.reading() as session:
        assert history.verify(session, case) is None
        assert [task.element_id for task in tasks.find(session, instance_id=case)] == ["periksa"]


def test_only_who_holds_the_position_sees_claims_and_completes(
    database: Database, review: str, people: People
) -> None:
    stranger, kasubbag, korpel = people("lain", "loket"), people("budi", "kasubbag"), people("ani", "korpel")
    case = begin(database, review)
    task = open_task(database, case).id
    for verb in (tasks.claim, tasks.unclaim, tasks.get):
        with pytest.raises(NotFound), database.transaction() as session:
            verb(session, task, stranger)
    with pytest.raises(NotFound), database.transaction() as session:
        tasks.complete(session, task, kasubbag, {})
    with database.transaction() as session:
        tasks.claim(session, task, korpel)
    other = people("cici", "korpel")
    with pytest.raises(NotAllowed), database.transaction() as session:
        tasks.complete(session, task, other, {})
    with database.transaction() as session:
        assert tasks.complete(session, task, korpel, {}).completed_by == "ani"


def test_a_task_given_back_can_be_claimed_by_another(database: Database, review: str, people: People) -> None:
    one, other = people("ani", "korpel"), people("cici", "korpel")
    task = open_task(database, begin(database, review)).id
    with database.transaction() as session:
        tasks.claim(session, task, one)
    with pytest.raises(NotAllowed), database.transaction() as session:
        tasks.unclaim(session, task, other)
    with database.transaction() as session:
        tasks.unclaim(session, task, one)
    with database.transaction() as session:
        assert tasks.claim(session, task, other).assignee == "cici"


FORM = {
    "id": "isian",
    "type": "default",
    "components": [
        {"type": "textfield", "key": "nama", "id": "f1", "label": "Nama", "validate": {"required": True}}
    ],
}


def test_a_form_is_checked_and_writes_its_own_fields_only(database: Database, deployed: Deploy) -> None:
    drawn = xml("start -> a -> b -> end", {"a": task_xml("a", 'camunda:formRef="isian"')}, key="formulir")
    deployed(**{"a.bpmn": drawn, "isian.form": json.dumps(FORM).encode()})
    case = begin(database, "formulir")
    for wrong in ({}, {"nama": "Ani", "disetujui": True}):
        with pytest.raises(InvalidSubmission):
            complete(database, case, **wrong)
    assert open_task(database, case).element_id == "a"
    complete(database, case, nama="Ani")
    with database.reading() as session:
        assert gate.variables(session, case) == {"nama": "Ani"}


def test_the_diagram_may_name_who_does_a_task(database: Database, deployed: Deploy, people: People) -> None:
    people("ani")
    drawn = xml("start -> a -> end", {"a": task_xml("a", 'camunda:assignee="${petugas}"')}, key="tunjuk")
    deployed(**{"t.bpmn": drawn})
    case = begin(database, "tunjuk", petugas="ani")
    assert open_task(database, case).assignee == "ani"
    with pytest.raises(AlurError, match="unknown_assignee"):
        begin(database, "tunjuk", petugas="siapa")


def test_who_gives_back_what_the_diagram_gave_them_leaves_it_to_the_lane(
    database: Database, deployed: Deploy, people: People
) -> None:
    drawn = (DIAGRAMS / "lanes.bpmn").read_bytes()
    named = drawn.replace(b'<userTask id="ajukan"', b'<userTask id="ajukan" camunda:assignee="ani"')
    assert named != drawn
    deployed(**{"lanes.bpmn": named})
    ani, budi = people("ani"), people("budi", "uji.pemohon")
    task = open_task(database, begin(database, "lanes")).id
    with database.transaction() as session:
        tasks.unclaim(session, task, ani)
        assert tasks.claim(session, task, budi).assignee == "budi"
