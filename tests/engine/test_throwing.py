"""What an instance throws: each message once, with what its mappings say, and signals to itself at once."""

from service.engine.execution import Execution, Thrown
from tests.engine.drawing import (
    DECLARED,
    boundary,
    catch,
    draw,
    end,
    event,
    mappings,
    several,
    sub,
    task,
    throw,
)
from tests.engine.walking import Walk


def completed(walk: Walk, element: str, **values: object) -> Execution:
    execution = walk.restored()
    execution.complete(next(wait.id for wait in walk.waits if wait.element.id == element), values)
    execution.advance(walk.budget)
    return execution


def test_each_of_several_send_tasks_throws_its_own_message() -> None:
    send = task("s", "sendTask", 'messageRef="m1"', mappings({"isi": "=p"}) + several("=[1, 2]", "p"))
    walk = Walk(draw("start -> a -> s -> end", {"s": send}, DECLARED))
    assert completed(walk, "a").thrown == [
        Thrown("message", "M1", "s", {"isi": 1}),
        Thrown("message", "M1", "s", {"isi": 2}),
    ]


def test_a_message_carries_its_mappings_and_nothing_else_of_the_case() -> None:
    drawn = {"end1": end("end1", event("message", "m2"))}
    walk = Walk(draw("start -> a -> end1", drawn, DECLARED), {"rahasia": 1})
    execution = completed(walk, "a", lain=2)
    assert execution.thrown == [Thrown("message", "M2", "end1", {})]
    assert execution.ended


def test_a_signal_that_ends_what_it_was_thrown_in_goes_no_further_there() -> None:
    drawn = {
        "s": sub("s", "start2 -> b -> t -> c -> end2", drawn={"t": throw("t", event("signal", "s1"))}),
        "b1": boundary("b1", "s", event("signal", "s1")),
        "w": catch("w", event("signal", "s1")),
    }
    flow = "start -> p1; p1 -> s; p1 -> w; s -> end; b1 -> d -> end; w -> f -> end"
    walk = Walk(draw(flow, drawn, DECLARED))
    execution = completed(walk, "b")
    assert sorted(wait.element.id for wait in execution.waits()) == ["d", "f"]
    assert execution.thrown == [Thrown("signal", "S1", "t", {})]


def test_a_step_that_an_operator_passes_over_throws_nothing() -> None:
    walk = Walk(draw("start -> a -> t -> b -> end", {"t": throw("t", event("message", "m1"))}, DECLARED))
    execution = walk.restored()
    execution.after("t")
    execution.advance(walk.budget)
    assert execution.thrown == []
