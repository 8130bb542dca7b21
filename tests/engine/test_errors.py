"""Errors and escalations: who catches them, and what becomes of the rest; for both players."""

import pytest

from tests.engine.drawing import DECLARED, boundary, call, end, event, external, several, sub, throw, xml
from tests.engine.match import Match

BAD = end("bad", event("error", "e1"))
UP = throw("up", event("escalation", "x1"))


def inside(text: str, loop: str = "", element: str = "s", **drawn: str) -> str:
    return sub(element, text, loop, drawn)


def test_an_error_ends_the_sub_process_and_goes_on_at_its_border() -> None:
    drawn = {"s": inside("i -> p3; p3 -> a -> bad; p3 -> c -> e", i='<bpmn:startEvent id="i"/>', bad=BAD)}
    drawn["b1"] = boundary("b1", "s", event("error", "e1"))
    match = Match(xml("start -> s -> end; b1 -> d -> end", drawn, DECLARED))
    assert match.open == ["a", "c"]
    assert match.do("a").open == ["d"]


@pytest.mark.parametrize(
    ("events", "taken"), [(["e2", "e1"], "b1"), (["", "e1"], "b1"), (["e1", ""], "b0"), (["e2", ""], "b1")]
)
def test_an_error_goes_to_the_event_with_its_code_before_the_one_for_any(
    events: list[str], taken: str
) -> None:
    drawn = {"s": inside("start2 -> a -> bad", bad=BAD)}
    drawn |= {f"b{n}": boundary(f"b{n}", "s", event("error", ref)) for n, ref in enumerate(events)}
    match = Match(xml("start -> s -> end; b0 -> t0 -> end; b1 -> t1 -> end", drawn, DECLARED))
    assert match.do("a").open == [taken.replace("b", "t")]


def test_an_error_goes_to_the_nearest_that_catches_it() -> None:
    inner = inside("start3 -> a -> bad", element="r", bad=BAD)
    between = boundary("b2", "r", event("error", ""))
    drawn = {"s": inside("start2 -> r -> end2; b2 -> c -> end2", r=inner, b2=between)}
    drawn["b1"] = boundary("b1", "s", event("error", "e1"))
    match = Match(xml("start -> s -> end; b1 -> d -> end", drawn, DECLARED))
    assert match.do("a").open == ["c"]


def test_an_error_that_nobody_catches_stops_the_case_where_it_was() -> None:
    drawn = {"s": inside("start2 -> a -> bad", bad=BAD), "b1": boundary("b1", "s", event("error", "e2"))}
    match = Match(xml("start -> s -> end; b1 -> d -> end", drawn, DECLARED))
    assert match.do("a").failed
    assert match.open == ["a"]


def test_an_error_in_one_of_several_instances_ends_them_all() -> None:
    drawn = {"s": inside("start2 -> a -> bad", several(number="3"), bad=BAD)}
    drawn["b1"] = boundary("b1", "s", event("error", "e1"))
    match = Match(xml("start -> s -> end; b1 -> d -> end", drawn, DECLARED))
    assert match.open == ["a", "a", "a"]
    assert match.do("a").open == ["d"]


@pytest.mark.parametrize("activity", [external("j"), call("j")])
def test_an_error_from_outside_is_caught_at_the_border_of_what_was_done_there(activity: str) -> None:
    drawn = {"j": activity, "b1": boundary("b1", "j", event("error", "e1"))}
    match = Match(xml("start -> j -> end; b1 -> d -> end", drawn, DECLARED))
    assert match.raise_("j", "error", "E2").failed
    assert match.open == ["j"]
    assert match.raise_("j", "error", "E1").open == ["d"]


def test_an_error_from_outside_may_be_caught_further_out() -> None:
    drawn = {"s": inside("start2 -> j -> end2", j=external("j"))}
    drawn["b1"] = boundary("b1", "s", event("error", "e1"))
    match = Match(xml("start -> s -> end; b1 -> d -> end", drawn, DECLARED))
    assert match.raise_("j", "error", "E1").open == ["d"]


def test_an_escalation_that_nobody_catches_is_passed_by() -> None:
    assert Match(xml("start -> up -> a -> end", {"up": UP}, DECLARED)).open == ["a"]


def test_an_escalation_starts_a_way_beside_the_sub_process_each_time() -> None:
    drawn = {"s": inside("start2 -> x3 -> a -> up -> x3; up -> end2", up=UP)}
    drawn["b1"] = boundary("b1", "s", event("escalation", "x1"), False)
    match = Match(xml("start -> s -> end; b1 -> d -> end", drawn, DECLARED))
    assert match.do("a").open == ["a", "d"]
    assert match.do("a").open == ["a", "d", "d"]


def test_an_escalation_that_interrupts_ends_the_sub_process_that_threw_it() -> None:
    drawn = {"s": inside("start2 -> up -> a -> end2", up=UP)}
    drawn["b1"] = boundary("b1", "s", event("escalation", "x1"))
    assert Match(xml("start -> s -> end; b1 -> d -> end", drawn, DECLARED)).open == ["d"]


def test_an_escalation_at_an_end_is_caught_before_the_sub_process_is_over() -> None:
    drawn = {"s": inside("start2 -> a -> up", up=end("up", event("escalation", "x1")))}
    drawn["b1"] = boundary("b1", "s", event("escalation", "x1"), False)
    match = Match(xml("start -> s -> c -> end; b1 -> d -> end", drawn, DECLARED))
    assert match.do("a").open == ["c", "d"]


def test_an_escalation_out_of_a_call_leaves_the_call_open() -> None:
    drawn = {"j": call("j"), "b1": boundary("b1", "j", event("escalation", "x1"), False)}
    match = Match(xml("start -> j -> end; b1 -> d -> end", drawn, DECLARED))
    assert match.raise_("j", "escalation", "X1").open == ["d", "j"]
    assert match.raise_("j", "escalation", "X2").open == ["d", "j"]
    assert match.do("j").do("d").over
