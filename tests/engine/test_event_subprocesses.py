"""Event sub-processes: beside what is under way, or instead of it; every sentence holds for both players."""

import pytest

from tests.engine.drawing import DECLARED, boundary, end, event, event_sub, script, start, sub, throw, xml
from tests.engine.match import Match

COMES = {
    "message": event("message", "m1"),
    "signal": event("signal", "s1"),
    "timer": event("timer", "duration P1D"),
}


def handler(body: str, interrupting: bool = True, text: str = "s9 -> h -> e9", **drawn: str) -> str:
    """An event sub-process with one task."""
    drawn = {"s9": start("s9", body, interrupting), "e9": end("e9")} | drawn
    return event_sub("hh", text, drawn)


@pytest.mark.parametrize("kind", COMES)
def test_an_interrupting_one_takes_the_place_of_what_is_under_way(kind: str) -> None:
    match = Match(xml("start -> p1; p1 -> a -> end; p1 -> b -> end", {"hh": handler(COMES[kind])}, DECLARED))
    assert match.open == ["a", "b", "s9"]
    assert match.do("s9").open == ["h"]
    assert match.do("h").over
    assert match.walk.end == "e9"


@pytest.mark.parametrize("kind", ["message", "signal"])
def test_a_non_interrupting_one_runs_beside_it_again_and_again(kind: str) -> None:
    match = Match(xml("start -> a -> end", {"hh": handler(COMES[kind], False)}, DECLARED))
    assert match.do("s9").do("s9").open == ["a", "h", "h", "s9"]
    assert match.do("a").open == ["h", "h", "s9"]
    assert match.do("h").do("h").over


def test_a_timer_that_does_not_interrupt_comes_once_and_a_cycle_as_often_as_it_says() -> None:
    once = Match(xml("start -> a -> end", {"hh": handler(COMES["timer"], False)}))
    assert once.do("s9").open == ["a", "h"]
    body = event("timer", "cycle R2/PT1H")
    twice = Match(xml("start -> a -> end", {"hh": handler(body, False)}))
    assert twice.do("s9").open == ["a", "h", "s9"]
    assert twice.do("s9").open == ["a", "h", "h"]


def test_what_listens_does_not_keep_the_case_open() -> None:
    match = Match(xml("start -> a -> end", {"hh": handler(COMES["message"])}, DECLARED))
    assert match.do("a").over


def test_an_interrupted_case_no_longer_listens_to_the_other_event_sub_processes() -> None:
    other = event_sub("gg", "s8 -> g -> e8", {"s8": start("s8", COMES["signal"], False), "e8": end("e8")})
    match = Match(xml("start -> a -> end", {"hh": handler(COMES["message"]), "gg": other}, DECLARED))
    assert match.do("s8").open == ["a", "g", "s8", "s9"]
    assert match.do("s9").open == ["h"]


def test_in_a_sub_process_it_takes_the_place_of_that_only() -> None:
    inner = sub("s", "start2 -> a -> end2", drawn={"hh": handler(COMES["message"])})
    drawn = {"s": inner, "b1": boundary("b1", "s", event("timer", "duration P1D"))}
    match = Match(xml("start -> p1; p1 -> s -> c -> end; p1 -> b -> end; b1 -> d -> end", drawn, DECLARED))
    assert match.do("s9").open == ["b", "b1", "h"]
    assert match.do("h").open == ["b", "c"]


def test_the_border_of_a_sub_process_is_heard_while_its_event_sub_process_runs() -> None:
    inner = sub("s", "start2 -> a -> end2", drawn={"hh": handler(COMES["message"])})
    drawn = {"s": inner, "b1": boundary("b1", "s", event("timer", "duration P1D"))}
    match = Match(xml("start -> s -> c -> end; b1 -> d -> end", drawn, DECLARED))
    assert match.do("s9").do("b1").open == ["d"]


def test_an_error_in_the_case_is_handled_instead_of_it() -> None:
    drawn = {"bad": end("bad", event("error", "e1")), "hh": handler(event("error", "e1"))}
    match = Match(xml("start -> p1; p1 -> a -> bad; p1 -> b -> end", drawn, DECLARED))
    assert match.do("a").open == ["h"]


def test_an_error_interrupts_even_where_the_diagram_says_that_it_does_not() -> None:
    drawn = {"bad": end("bad", event("error", "e1")), "hh": handler(event("error", "e1"), False)}
    match = Match(xml("start -> p1; p1 -> a -> bad; p1 -> b -> end", drawn, DECLARED))
    assert match.do("a").open == ["h"]


def test_an_error_in_the_handling_of_an_error_goes_to_the_one_around() -> None:
    again = handler(event("error", "e1"), True, "s9 -> h -> bad2", bad2=end("bad2", event("error", "e1")))
    inner = sub("s", "start2 -> a -> bad", drawn={"bad": end("bad", event("error", "e1")), "hh": again})
    drawn = {"s": inner, "b1": boundary("b1", "s", event("error", "e1"))}
    match = Match(xml("start -> s -> end; b1 -> d -> end", drawn, DECLARED))
    assert match.do("a").open == ["h"]
    assert match.do("h").open == ["d"]


def test_an_escalation_is_handled_beside_it() -> None:
    drawn = {"t": throw("t", event("escalation", "x1")), "hh": handler(event("escalation", "x1"), False)}
    match = Match(xml("start -> a -> t -> b -> end", drawn, DECLARED))
    assert match.do("a").open == ["b", "h"]


def test_an_escalation_out_of_its_own_handling_goes_further_out() -> None:
    further = throw("up", event("escalation", "x1"))
    own = handler(event("escalation", "x1"), False, "s9 -> h -> up -> e9", up=further)
    inner = sub(
        "s", "start2 -> t -> a -> end2", drawn={"t": throw("t", event("escalation", "x1")), "hh": own}
    )
    drawn = {"s": inner, "b1": boundary("b1", "s", event("escalation", "x1"), False)}
    match = Match(xml("start -> s -> end; b1 -> d -> end", drawn, DECLARED))
    assert match.open == ["a", "h"]
    assert match.do("h").open == ["a", "d"]


def test_an_escalation_out_of_its_own_handling_that_nobody_else_catches_does_nothing() -> None:
    further = throw("up", event("escalation", "x1"))
    own = handler(event("escalation", "x1"), False, "s9 -> up -> h -> e9", up=further)
    drawn = {"t": throw("t", event("escalation", "x1")), "hh": own}
    match = Match(xml("start -> t -> a -> end", drawn, DECLARED))
    assert match.open == ["a", "h"]


def test_a_condition_begins_it_each_time_that_it_becomes_true() -> None:
    match = Match(xml("start -> a -> end", {"hh": handler(event("conditional", "n > 1"), False)}), {"n": 0})
    assert match.open == ["a", "s9"]
    assert match.write({"n": 2}).open == ["a", "h", "s9"]
    assert match.write({"n": 3}).open == ["a", "h", "s9"]
    assert match.write({"n": 0}).write({"n": 2}).open == ["a", "h", "h", "s9"]


def test_a_condition_that_holds_from_the_beginning_begins_it_at_once() -> None:
    match = Match(xml("start -> a -> end", {"hh": handler(event("conditional", "n > 1"))}), {"n": 2})
    assert match.open == ["h"]


def test_a_script_can_make_the_condition_true() -> None:
    drawn = {"t": script("t", "n", "2"), "hh": handler(event("conditional", "n > 1"), False)}
    assert Match(xml("start -> t -> a -> end", drawn)).open == ["a", "h", "s9"]


def test_the_case_ends_where_its_event_sub_process_ended() -> None:
    match = Match(xml("start -> a -> end", {"hh": handler(COMES["message"], False)}, DECLARED))
    match.do("s9").do("a").do("h")
    assert match.over
    assert match.walk.end == "e9"
