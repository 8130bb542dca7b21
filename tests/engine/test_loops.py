"""Standard loops, and ways that part and meet without a gateway; for both players."""

import pytest

from tests.engine.drawing import again, boundary, event, script, several, sub, task, xml
from tests.engine.match import Match


def looping(loop: str) -> Match:
    return Match(xml("start -> a -> b -> end", {"a": task("a", inner=loop)}), {"n": 0})


def test_a_loop_goes_on_while_its_condition_holds() -> None:
    match = looping(again("n < 2"))
    assert match.do("a", {"n": 1}).open == ["a"]
    assert match.do("a", {"n": 2}).open == ["b"]


def test_a_loop_that_asks_afterwards_runs_once_at_least() -> None:
    assert looping(again("false")).do("a").open == ["b"]


def test_a_loop_that_asks_before_may_not_run_at_all() -> None:
    assert looping(again("false", before=True)).open == ["b"]
    assert looping(again("n < 1", before=True)).do("a", {"n": 1}).open == ["b"]


@pytest.mark.parametrize("condition", ["true", ""])
def test_a_loop_does_not_go_beyond_its_most_rounds(condition: str) -> None:
    match = looping(again(condition, most="2"))
    assert [wait.locals for wait in match.waits] == [{"loopCounter": 0}]
    assert match.do("a").open == ["a"]
    assert [wait.locals for wait in match.waits] == [{"loopCounter": 1}]
    assert match.do("a").open == ["b"]


def test_a_loop_whose_condition_is_null_stops_the_case() -> None:
    match = looping(again("lagi"))
    assert match.do("a").failed
    assert match.do("a", {"lagi": False}).open == ["b"]


def test_what_a_round_writes_is_the_cases() -> None:
    assert looping(again("n < 2")).do("a", {"n": 1}).variables == {"n": 1}


def test_a_sub_process_goes_round_whole() -> None:
    inner = sub("s", "start2 -> a -> c -> end2", again("lagi"))
    match = Match(xml("start -> s -> b -> end", {"s": inner}))
    assert match.do("a").do("c", {"lagi": True}).open == ["a"]
    assert match.do("a").do("c", {"lagi": False}).open == ["b"]


def test_a_script_loops_without_a_wait() -> None:
    drawn = {"t": script("t", "n", "n + 1", again("n < 100"))}
    assert Match(xml("start -> t -> b -> end", drawn), {"n": 0}).variables == {"n": 100}


@pytest.mark.parametrize("loop", [again("true"), several(number="3"), several(number="3", sequential=True)])
def test_a_border_belongs_to_all_rounds_together(loop: str) -> None:
    drawn = {
        "a": task("a", inner=loop),
        "b1": boundary("b1", "a", event("timer", "duration P1D")),
        "b2": boundary("b2", "a", event("timer", "duration P1D"), False),
    }
    match = Match(xml("start -> a -> end; b1 -> c -> end; b2 -> d -> end", drawn))
    assert match.open.count("b1") == 1
    match.do("b2").do("a")
    assert match.open.count("b2") == 0
    assert match.do("b1").open == ["c", "d"]


def test_flows_with_conditions_out_of_a_task_are_taken_if_they_hold() -> None:
    flow = "start -> a; a -> b [n > 1]; a -> c [n > 0]; a -> d [default]; b -> end; c -> end; d -> end"
    for n, open_ in ((2, ["b", "c"]), (1, ["c"]), (0, ["d"])):
        assert Match(xml(flow)).do("a", {"n": n}).open == open_


def test_a_flow_without_a_condition_is_taken_beside_the_default() -> None:
    flow = "start -> a; a -> b [n > 1]; a -> c; a -> d [default]; b -> end; c -> end; d -> end"
    assert Match(xml(flow)).do("a", {"n": 2}).open == ["b", "c"]
    assert Match(xml(flow)).do("a", {"n": 0}).open == ["c", "d"]


def test_no_flow_that_is_open_stops_the_case() -> None:
    match = Match(xml("start -> a; a -> b [n > 1]; a -> c [n > 2]; b -> end; c -> end"))
    assert match.do("a", {"n": 0}).failed
    assert match.do("a", {"n": 3}).open == ["b", "c"]


def test_where_ways_meet_without_a_gateway_each_goes_on_alone() -> None:
    match = Match(xml("start -> p1; p1 -> a -> c; p1 -> b -> c; c -> end"))
    assert match.do("a").open == ["b", "c"]
    assert match.do("b").open == ["c", "c"]
