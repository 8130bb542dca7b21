"""An operator moves a case to another step, and what was typed at a stopped one stays."""

import pytest

from service.errors import Conflict, ExecutionFailed, InvalidInput, NotAllowed
from service.operations import gate, history, incidents, instances, mending, moving, tasks
from service.operations.identity import SYSTEM
from service.operations.moving import Move
from service.store.database import Database
from tests.engine.drawing import sub, xml
from tests.operations.moves import Deploy, People, begin, complete, open_task, task_xml

FLOW = "start -> a -> x1; x1 -> b [=siap]; x1 -> c [default]; b -> end; c -> end"
DRAWN = {element: task_xml(element) for element in "abc"}


@pytest.fixture
def case(database: Database, deployed: Deploy) -> str:
    """A case that waits at its first step, before a gateway."""
    deployed(**{"d.bpmn": xml(FLOW, DRAWN, key="putusan")})
    return begin(database, "putusan")


def move(database: Database, case: str, *moves: Move, **more: object) -> None:
    with database.transaction() as session:
        moving.move(session, case, SYSTEM, moves, **more)  # type: ignore[arg-type]


def elements(database: Database, case: str) -> list[str]:
    """The steps that the case waits at; its history is whole, and every open task is a token."""
    with database.reading() as session:
        assert history.verify(session, case) is None
        found = tasks.find(session, instance_id=case)
        standing = {token.id for token in moving.standing(session, instances.get(session, case, SYSTEM))}
        assert {task.id for task in found} <= standing
        return sorted(task.element_id for task in found)


def test_a_case_is_moved_to_another_step(database: Database, case: str) -> None:
    token = open_task(database, case).id
    move(database, case, Move("before", "b"), Move("remove", token=token), reason="salah alamat")
    assert elements(database, case) == ["b"]
    with database.reading() as session:
        [event] = [one for one in history.timeline(session, case) if one.kind == "instance_modified"]
    assert (event.details["from"], event.details["to"]) == (["Langkah a"], ["Langkah b"])
    assert event.details["reason"] == "salah alamat"
    assert complete(database, case) == "completed"


def test_the_work_of_a_stopped_step_is_written_when_its_case_is_moved(
    database: Database, case: str, people: People
) -> None:
    budi = people("budi", "ptsp", admin=True)
    assert complete(database, case, budi, catatan="baik") == "parked"
    with database.reading() as session:
        (incident,) = incidents.find(session, instance_id=case)
    move(database, case, Move("before", "c"), Move("remove", token=str(incident.task_id)))
    assert elements(database, case) == ["c"]
    with database.reading() as session:
        assert gate.variables(session, case) == {"catatan": "baik"}
        assert incidents.find(session, instance_id=case) == []
        [event] = [one for one in history.timeline(session, case) if one.kind == "instance_modified"]
    assert event.details["kept"] == [{"by": "budi", "values": {"catatan": "baik"}}]
    assert event.details["dropped"] == []


def test_dropped_work_is_told(database: Database, case: str) -> None:
    complete(database, case, catatan="baik")
    move(database, case, Move("before", "a"), Move("remove", "a"), drop=True)
    assert elements(database, case) == ["a"]
    with database.reading() as session:
        assert gate.variables(session, case) == {}
        [event] = [one for one in history.timeline(session, case) if one.kind == "instance_modified"]
    assert event.details["dropped"] == [{"by": "", "values": {"catatan": "baik"}}]


def test_a_step_is_skipped(database: Database, case: str) -> None:
    token = open_task(database, case).id
    with pytest.raises(ExecutionFailed), database.transaction() as session:
        moving.skip(session, case, SYSTEM, token)
    assert elements(database, case) == ["a"]
    with database.transaction() as session:
        mending.set_variables(session, case, SYSTEM, {"siap": True})
        moving.skip(session, case, SYSTEM, token, reason="sudah dikerjakan di luar")
    assert elements(database, case) == ["b"]
    with pytest.raises(InvalidInput), database.transaction() as session:
        moving.skip(session, case, SYSTEM, token)


def test_a_token_is_put_on_a_flow_with_values(database: Database, case: str) -> None:
    move(database, case, Move("along", "f1", values={"siap": True}), Move("remove", "a"))
    assert elements(database, case) == ["b"]
    with database.reading() as session:
        assert gate.variables(session, case) == {"siap": True}


def test_a_step_inside_a_sub_process_is_reached_and_left(database: Database, deployed: Deploy) -> None:
    drawn = {"a": task_xml("a"), "s": sub("s", "start1 -> d -> end1", drawn={"d": task_xml("d")})}
    deployed(**{"s.bpmn": xml("start -> a -> s -> c -> end", drawn, key="dalam")})
    case = begin(database, "dalam")
    move(database, case, Move("before", "d"), Move("remove", "a"))
    assert elements(database, case) == ["d"]
    with database.reading() as session:
        outer, inner = moving.standing(session, instances.get(session, case, SYSTEM))
    assert (outer.element.id, inner.element.id, inner.parent) == ("s", "d", outer.id)
    move(database, case, Move("before", "c"), Move("remove", "s"), Move("remove", "d"))
    assert elements(database, case) == ["c"]


def test_what_cannot_be_done_changes_nothing(database: Database, case: str) -> None:
    for moves in (
        [Move("before", "z")],
        [Move("along", "b")],
        [Move("before", "b"), Move("remove", "c")],
        [Move("before", "b"), Move("remove", token="x")],
        [Move("remove", "a")],
    ):
        with pytest.raises(InvalidInput):
            move(database, case, *moves)
    assert elements(database, case) == ["a"]


def test_only_an_administrator_moves_and_only_what_goes_on(
    database: Database, case: str, people: People
) -> None:
    siti = people("siti", "ptsp")
    with pytest.raises(NotAllowed), database.transaction() as session:
        moving.move(session, case, siti, [Move("before", "b")])
    with database.transaction() as session:
        mending.suspend(session, case, SYSTEM)
    with pytest.raises(Conflict, match="suspended"):
        move(database, case, Move("before", "b"))
    with database.transaction() as session:
        instances.cancel(session, case, SYSTEM, "selesai")
    with pytest.raises(Conflict, match="not_active"):
        move(database, case, Move("before", "b"))
