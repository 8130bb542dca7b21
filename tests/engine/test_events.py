"""Signals, conditions, links and ends; every sentence holds for both players."""

import pytest

from service.errors import ExecutionFailed
from tests.engine.drawing import DECLARED, boundary, catch, draw, end, event, script, sub, task, throw, xml
from tests.engine.match import Match
from tests.engine.walking import Walk

SIGNAL = event("signal", "s1")


def test_a_signal_reaches_all_that_wait_for_it_in_the_case() -> None:
    drawn = {
        "t": throw("t", SIGNAL),
        "w": catch("w", SIGNAL),
        "b1": boundary("b1", "c", SIGNAL, False),
        "b2": boundary("b2", "d", SIGNAL),
        "other": catch("other", event("signal", "s2")),
    }
    flow = (
        "start -> p1; p1 -> a -> t -> end; p1 -> w -> f -> end; p1 -> c -> end; b1 -> g -> end;"
        "p1 -> d -> end; b2 -> h -> end; p1 -> other -> end"
    )
    match = Match(xml(flow, drawn, DECLARED))
    assert match.do("a").open == ["b1", "c", "f", "g", "h", "other"]


def test_a_signal_is_not_heard_by_what_begins_to_wait_after_it() -> None:
    drawn = {"t": throw("t", SIGNAL), "w": catch("w", SIGNAL)}
    assert Match(xml("start -> t -> w -> end", drawn, DECLARED)).open == ["w"]


def test_a_signal_at_the_end_of_a_sub_process_is_heard_at_its_border() -> None:
    drawn = {
        "s": sub("s", "start2 -> a -> t", drawn={"t": end("t", SIGNAL)}),
        "b1": boundary("b1", "s", SIGNAL),
    }
    match = Match(xml("start -> s -> c -> end; b1 -> d -> end", drawn, DECLARED))
    assert match.do("a").open == ["d"]


def test_a_signal_decides_between_the_events_behind_a_gateway() -> None:
    drawn = {"t": throw("t", SIGNAL), "w": catch("w", SIGNAL), "m": catch("m", event("message", "m1"))}
    flow = "start -> p1; p1 -> a -> t -> end; p1 -> e1; e1 -> w -> c -> end; e1 -> m -> d -> end"
    assert Match(xml(flow, drawn, DECLARED)).do("a").open == ["c"]


def test_a_condition_is_passed_when_it_holds_already() -> None:
    drawn = {"w": catch("w", event("conditional", "n > 1"))}
    assert Match(xml("start -> w -> a -> end", drawn), {"n": 2}).open == ["a"]


@pytest.mark.parametrize("before", [{}, {"n": 0}])
def test_a_condition_is_waited_for_while_it_does_not_hold_or_is_null(before: dict[str, int]) -> None:
    drawn = {"w": catch("w", event("conditional", "n > 1"))}
    match = Match(xml("start -> w -> a -> end", drawn), before)
    assert match.open == ["w"]
    assert match.write({"n": 1}).open == ["w"]
    assert match.write({"n": 2}).open == ["a"]


def test_a_condition_that_is_no_truth_value_stops_the_case() -> None:
    match = Match(xml("start -> w -> a -> end", {"w": catch("w", event("conditional", "n + 1"))}))
    assert match.write({"n": 1}).failed


def test_a_condition_on_a_border_is_looked_at_after_each_step_that_wrote() -> None:
    drawn = {"b1": boundary("b1", "a", event("conditional", "n > 1"))}
    match = Match(xml("start -> p1; p1 -> a -> end; b1 -> c -> end; p1 -> b -> end", drawn))
    assert match.do("b", {"n": 2}).open == ["c"]


def test_a_condition_on_a_border_comes_again_when_it_was_false_between() -> None:
    drawn = {"b1": boundary("b1", "a", event("conditional", "n > 1"), False)}
    match = Match(xml("start -> a -> end; b1 -> c -> end", drawn))
    match.write({"n": 2}).write({"n": 3}).write({"n": 1}).write({"n": 2})
    assert match.open == ["a", "b1", "c", "c"]


def test_a_condition_decides_between_the_events_behind_a_gateway() -> None:
    drawn = {"w": catch("w", event("conditional", "n > 1")), "m": catch("m", event("message", "m1"))}
    match = Match(xml("start -> e1; e1 -> w -> c -> end; e1 -> m -> d -> end", drawn, DECLARED))
    assert match.open == ["m", "w"]
    assert match.write({"n": 2}).open == ["c"]


def test_a_condition_comes_before_an_inclusive_join_is_settled() -> None:
    drawn = {"t": script("t", "n", "2"), "w": catch("w", event("conditional", "n > 1"))}
    flow = "start -> o1; o1 -> a -> t -> o2; o1 -> w -> b -> o2; o2 -> c -> end"
    match = Match(xml(flow, drawn))
    assert match.do("a").open == ["b"]
    assert match.do("b").open == ["c"]


def test_conditions_that_lead_to_each_other_without_a_wait_end_at_the_budget() -> None:
    drawn = {name: catch(name, event("conditional", "n > 1")) for name in ("v", "w")}
    with pytest.raises(ExecutionFailed, match="budget"):
        Walk(draw("start -> v -> w -> v; w -> end", drawn), {"n": 2})


def test_a_link_goes_on_where_its_catch_is() -> None:
    drawn = {name: throw(name, event("link", "L")) for name in ("to1", "to2")}
    drawn["from"] = catch("from", event("link", "L"))
    match = Match(xml("start -> p1; p1 -> a -> to1; p1 -> b -> to2; from -> c -> end", drawn))
    assert match.do("a").open == ["b", "c"]
    assert match.do("b").open == ["c", "c"]


def test_links_of_one_name_in_two_scopes_are_two_links() -> None:
    link = {"to2": throw("to2", event("link", "L")), "from2": catch("from2", event("link", "L"))}
    drawn = {"s": sub("s", "start2 -> a -> to2; from2 -> b -> end2", drawn=link)}
    drawn |= {"to": throw("to", event("link", "L")), "from": catch("from", event("link", "L"))}
    match = Match(xml("start -> s -> to; from -> c -> end", drawn))
    assert match.do("a").open == ["b"]
    assert match.do("b").open == ["c"]


def test_an_inclusive_join_waits_for_what_can_come_over_a_link() -> None:
    drawn = {"to": throw("to", event("link", "L")), "from": catch("from", event("link", "L"))}
    flow = "start -> o1; o1 -> a -> o2; o1 -> b -> to; from -> o2; o2 -> c -> end"
    match = Match(xml(flow, drawn))
    assert match.do("a").open == ["b"]
    assert match.do("b").open == ["c"]


def test_a_terminate_end_leaves_no_event_sub_process_listening() -> None:
    stop = end("stop", event("terminate"))
    inner = sub("s", "start2 -> p3; p3 -> a -> stop; p3 -> b -> end2", drawn={"stop": stop})
    match = Match(xml("start -> p1; p1 -> s -> c -> end; p1 -> d -> end", {"s": inner}))
    assert match.do("a").open == ["c", "d"]


def test_a_message_event_with_a_topic_waits_for_the_program_that_sends_it() -> None:
    topic = 'camunda:type="external" camunda:topic="kirim"'
    drawn = {
        "t": throw("t", event("message", "m1", topic)),
        "done": end("done", event("message", "m1", topic)),
    }
    match = Match(xml("start -> t -> done", drawn, DECLARED))
    assert [(wait.kind, wait.name) for wait in match.waits] == [("external", "kirim")]
    assert match.do("t").open == ["done"]
    assert match.do("done").over
    assert match.walk.end == "done"


def test_a_send_task_with_a_message_does_not_wait() -> None:
    drawn = {"t": task("t", "sendTask", 'messageRef="m1"')}
    assert Match(xml("start -> t -> a -> end", drawn, DECLARED)).open == ["a"]


def test_the_case_begins_at_the_start_event_that_came() -> None:
    drawn = {"pesan": f'<bpmn:startEvent id="pesan">{event("message", "m1")}</bpmn:startEvent>'}
    text = xml("start -> a -> end; pesan -> b -> end", drawn, DECLARED)
    assert Match(text).open == ["a"]
    assert Match(text, start="pesan").open == ["b"]
