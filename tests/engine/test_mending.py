"""What an operator does to a case: tokens are put somewhere, taken away, and the case stays sound."""

from collections.abc import Callable
from typing import Any

import pytest

from service.engine.execution import Execution
from service.errors import Conflict
from tests.engine.drawing import DECLARED, boundary, draw, event, event_sub, several, start, sub
from tests.engine.walking import Walk

SUB = {"s": sub("s", "start2 -> b -> c -> end2")}


def mend(walk: Walk, *steps: Callable[[Execution], Any]) -> Walk:
    execution = walk.restored()
    for step in steps:
        step(execution)
    walk.keep(execution)
    return walk


def token(walk: Walk, element: str, nth: int = 0) -> str:
    return [one.id for one in walk.restored().tokens() if one.element.id == element][nth]


def test_a_token_is_moved_back_to_a_step() -> None:
    walk = Walk(draw("start -> a -> b -> end")).do("a")
    mend(walk, lambda e: e.remove_all("b"), lambda e: e.place("a"))
    assert walk.open == ["a"]
    assert walk.do("a").do("b").ended


def test_a_token_is_put_behind_a_step_and_on_a_flow() -> None:
    walk = Walk(draw("start -> a -> x1; x1 -> b [=ya]; x1 -> c [default]; b -> end; c -> end"))
    mend(walk, lambda e: e.along("f2"), lambda e: e.remove_all("a"))
    assert walk.open == ["b"]
    mend(walk, lambda e: e.after("b"), lambda e: e.remove_all("b"))
    assert walk.ended
    assert walk.end == "end"


def test_a_token_behind_a_step_goes_on_by_itself() -> None:
    walk = Walk(draw("start -> a -> b -> end"))
    mend(walk, lambda e: e.after("a"))
    assert walk.open == ["a", "b"]


def test_a_sub_process_is_opened_around_a_step_inside_it() -> None:
    late = boundary("t", "s", event("timer", "duration P1D"))
    walk = Walk(draw("start -> a -> s -> end; t -> d -> end", {**SUB, "t": late}))
    mend(walk, lambda e: e.place("c"), lambda e: e.remove_all("a"))
    assert walk.open == ["c", "t"]
    assert [(one.element.id, bool(one.parent)) for one in walk.restored().tokens()] == [
        ("s", False),
        ("c", True),
    ]
    assert walk.do("c").ended


def test_a_sub_process_that_is_open_is_used() -> None:
    walk = Walk(draw("start -> s -> end", SUB))
    mend(walk, lambda e: e.place("c"))
    assert walk.open == ["b", "c"]
    walk.do("c")
    assert not walk.do("b").ended
    assert walk.do("c").ended


def test_a_sub_process_whose_last_token_is_taken_away_is_taken_away_too() -> None:
    walk = Walk(draw("start -> s -> end", SUB))
    mend(walk, lambda e: e.remove_all("b"), lambda e: e.place("s"))
    assert walk.open == ["b"]
    assert len([1 for one in walk.restored().tokens() if one.element.id == "s"]) == 1


def test_the_last_token_of_a_case_is_not_taken_away() -> None:
    walk = Walk(draw("start -> a -> end"))
    with pytest.raises(Conflict, match="nothing_left"):
        mend(walk, lambda e: e.remove_all("a"))
    assert walk.do("a").ended


def test_one_of_several_is_taken_away_and_the_others_go_on() -> None:
    definition = draw(
        "start -> a -> end", {"a": f'<bpmn:userTask id="a">{several("=[1,2,3]", "p")}</bpmn:userTask>'}
    )
    walk = Walk(definition)
    mend(walk, lambda e: e.remove(token(walk, "a", 2)))
    assert walk.open == ["a", "a"]
    assert walk.do("a").do("a").ended


def test_a_token_put_at_a_join_does_not_wait_for_the_others() -> None:
    walk = Walk(draw("start -> p1; p1 -> a; p1 -> b; a -> p2; b -> p2; p2 -> c -> end"))
    mend(walk, lambda e: e.place("p2"), lambda e: e.remove_all("a"), lambda e: e.remove_all("b"))
    assert walk.open == ["c"]


@pytest.mark.parametrize("element", ["t", "start3", "entah"])
def test_where_no_token_can_stand_none_is_put(element: str) -> None:
    drawn = {
        "t": boundary("t", "a", event("timer", "duration P1D")),
        "h": event_sub("h", "start3 -> d -> end3", {"start3": start("start3", event("message", "m1"))}),
    }
    walk = Walk(draw("start -> a -> end; t -> end", drawn, DECLARED))
    with pytest.raises(Conflict):
        mend(walk, lambda e: e.place(element))


def test_an_event_sub_process_alone_keeps_a_case_and_ends_it() -> None:
    drawn = {
        "h": event_sub("h", "start3 -> d -> end3", {"start3": start("start3", event("message", "m1"), False)})
    }
    walk = Walk(draw("start -> a -> end", drawn, DECLARED))
    walk.do("start3").do("start3")
    assert walk.open == ["a", "d", "d", "start3"]
    assert not walk.do("a").ended
    assert walk.open == ["d", "d", "start3"]
    assert walk.do("d").do("d").ended
    assert walk.open == []


def test_tokens_tell_what_stands_in_what() -> None:
    walk = Walk(draw("start -> p1; p1 -> a; p1 -> s; a -> end; s -> end", SUB))
    told = {one.element.id: one for one in walk.restored().tokens()}
    assert set(told) == {"a", "s", "b"}
    assert told["b"].parent == told["s"].id
    assert told["a"].parent is None
