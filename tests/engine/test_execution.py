"""The engine runs each construct as BPMN says, frozen and thawed before every step."""

import pytest

from service.engine.execution import Budget, Execution
from service.errors import Conflict, ExecutionFailed
from tests.engine.drawing import boundary, draw, sub, timer, xml
from tests.engine.match import Match
from tests.engine.walking import NOW, Walk

MESSAGES = '<bpmn:message id="m1" name="kabar"/>'


def catch(element: str, kind: str = "message", ref: str = "m1") -> str:
    return (
        f'<bpmn:intermediateCatchEvent id="{element}"><bpmn:{kind}EventDefinition {kind}Ref="{ref}"/>'
        "</bpmn:intermediateCatchEvent>"
    )


MESSAGE = '<bpmn:messageEventDefinition messageRef="m1"/>'


def test_a_sequence_runs_from_start_to_end() -> None:
    walk = Walk(draw("start -> a -> b -> end"))
    assert walk.open == ["a"]
    assert walk.do("a").open == ["b"]
    assert walk.do("b").ended
    assert walk.end == "end"


def test_ids_that_the_kernel_keeps_for_itself_are_an_analysts_to_use() -> None:
    walk = Walk(
        draw(
            "Start -> Root -> End",
            {"Start": '<bpmn:startEvent id="Start"/>', "End": '<bpmn:endEvent id="End"/>'},
        )
    )
    assert walk.open == ["Root"]
    assert walk.do("Root").end == "End"


@pytest.mark.parametrize(("value", "open_"), [(5, ["b"]), (1, ["c"])])
def test_an_exclusive_gateway_takes_the_first_condition_that_holds(value: int, open_: list[str]) -> None:
    walk = Walk(draw("start -> a -> x1; x1 -> b [=n > 3]; x1 -> c [=n > 0]; b -> end; c -> end"))
    assert walk.do("a", {"n": value}).open == open_


def test_an_exclusive_gateway_takes_the_default_flow_when_no_condition_holds() -> None:
    walk = Walk(draw("start -> a -> x1; x1 -> b [=n > 3]; x1 -> c [default]; b -> end; c -> end"))
    assert walk.do("a", {"n": 1}).open == ["c"]


def test_a_condition_that_gives_null_stops_the_instance_by_name() -> None:
    walk = Walk(draw("start -> a -> x1; x1 -> b [=setuju]; x1 -> c [default]; b -> end; c -> end"))
    before = walk.state
    with pytest.raises(ExecutionFailed) as failed:
        walk.do("a")
    assert failed.value.element == "x1"
    assert walk.state == before


def test_no_condition_and_no_default_stops_the_instance_by_name() -> None:
    walk = Walk(draw("start -> a -> x1; x1 -> b [=n > 3]; x1 -> c [=n > 9]; b -> end; c -> end"))
    with pytest.raises(ExecutionFailed, match="no_path"):
        walk.do("a", {"n": 0})


def test_a_parallel_join_waits_for_all_branches() -> None:
    walk = Walk(draw("start -> p1; p1 -> a -> p2; p1 -> b -> p2; p2 -> c -> end"))
    assert walk.open == ["a", "b"]
    assert walk.do("b").open == ["a"]
    assert walk.do("a").open == ["c"]
    assert walk.do("c").ended


@pytest.mark.parametrize("first", ["ab", "ba"])
@pytest.mark.parametrize("second", ["ab", "ba"])
def test_two_reviewers_in_a_rework_loop_are_both_heard_in_every_round(first: str, second: str) -> None:
    walk = Walk(
        draw(
            "start -> x1 -> p1; p1 -> a -> p2; p1 -> b -> p2; p2 -> c -> x2;"
            "x2 -> x1 [=kembali]; x2 -> end [default]"
        )
    )
    for order, back in ((first, True), (second, False)):
        walk.do(order[0])
        assert walk.open == [order[1]]
        walk.do(order[1])
        assert walk.open == ["c"]
        walk.do("c", {"kembali": back})
    assert walk.ended


def test_a_branch_that_changed_nothing_undoes_nothing() -> None:
    walk = Walk(draw("start -> p1; p1 -> a -> p2; p1 -> b -> p2; p2 -> c -> end"), {"jumlah": 100})
    walk.do("a", {"jumlah": 90}).do("b")
    assert walk.variables == {"jumlah": 90}


def test_an_inclusive_gateway_waits_for_the_branches_that_were_taken() -> None:
    walk = Walk(
        draw(
            "start -> o1; o1 -> a [=n > 0]; o1 -> b [=n > 1]; o1 -> c [=n > 2];"
            "a -> o2; b -> o2; c -> o2; o2 -> d -> end"
        ),
        {"n": 2},
    )
    assert walk.open == ["a", "b"]
    assert walk.do("a").open == ["b"]
    assert walk.do("b").open == ["d"]


def test_an_inclusive_join_does_not_wait_for_a_branch_that_can_no_longer_come() -> None:
    walk = Walk(
        draw(
            "start -> o1; o1 -> a [=true]; o1 -> b [=true]; a -> x1; x1 -> o2 [=lanjut];"
            "x1 -> end2 [default]; b -> o2; o2 -> d -> end"
        )
    )
    walk.do("b")
    assert walk.open == ["a"]
    assert walk.do("a", {"lanjut": False}).open == ["d"]


def test_an_inclusive_join_does_not_wait_for_what_may_come_by_the_way_that_it_has_already() -> None:
    match = Match(
        xml(
            "start -> p1; p1 -> a -> x1; p1 -> b -> x1; x1 -> c; c -> o2 [n > 0]; c -> d [default]; d -> o2;"
            "o2 -> f -> end"
        )
    )
    assert match.do("a").open == ["b", "c"]
    assert match.do("c", {"n": 1}).open == ["b", "f"]


def test_an_inclusive_join_inside_a_loop_waits_in_each_round() -> None:
    walk = Walk(
        draw(
            "start -> x1 -> o1; o1 -> a [=true]; o1 -> b [=true]; a -> o2; b -> o2;"
            "o2 -> c -> x2; x2 -> x1 [=kembali]; x2 -> end [default]"
        )
    )
    for back in (True, True, False):
        assert walk.do("a").open == ["b"]
        assert walk.do("b").open == ["c"]
        walk.do("c", {"kembali": back})
    assert walk.ended


def test_a_task_with_several_flows_out_starts_them_all() -> None:
    walk = Walk(draw("start -> a; a -> b; a -> c; b -> end; c -> end"))
    assert walk.do("a").open == ["b", "c"]
    assert not walk.do("b").ended
    assert walk.do("c").ended


def test_a_message_opens_the_way_and_brings_its_values() -> None:
    walk = Walk(draw("start -> tunggu -> a -> end", {"tunggu": catch("tunggu")}, MESSAGES))
    assert [(wait.kind, wait.name) for wait in walk.waits] == [("message", "kabar")]
    walk.do("tunggu", {"nomor": 7})
    assert walk.open == ["a"]
    assert walk.variables == {"nomor": 7}


def test_an_event_gateway_takes_the_first_event_and_forgets_the_others() -> None:
    drawn = {"tunggu": catch("tunggu"), "lewat": timer("lewat", "duration", "P3D")}
    walk = Walk(draw("start -> e1; e1 -> tunggu -> a -> end; e1 -> lewat -> b -> end", drawn, MESSAGES))
    assert walk.open == ["lewat", "tunggu"]
    assert walk.do("lewat").open == ["b"]
    assert walk.do("b").ended


def test_an_interrupting_boundary_event_takes_the_work_away() -> None:
    walk = Walk(draw("start -> a -> end; b1 -> b -> end", {"b1": boundary("b1", "a", MESSAGE)}, MESSAGES))
    assert walk.open == ["a", "b1"]
    assert walk.do("b1").open == ["b"]
    assert [(s.element, s.kind) for s in walk.steps if s.element == "a"] == [("a", "cancelled")]
    assert walk.do("b").ended


def test_a_non_interrupting_boundary_event_is_heard_again_and_again() -> None:
    walk = Walk(
        draw("start -> a -> end; b1 -> b -> end", {"b1": boundary("b1", "a", MESSAGE, False)}, MESSAGES)
    )
    walk.do("b1").do("b1")
    assert walk.open == ["a", "b", "b", "b1"]
    walk.do("a")
    assert walk.open == ["b", "b"]
    assert walk.do("b").do("b").ended


def test_a_sub_process_goes_on_when_its_last_token_is_gone() -> None:
    walk = Walk(
        draw("start -> s -> b -> end", {"s": sub("s", "start2 -> p3; p3 -> a -> end2; p3 -> c -> end3")})
    )
    assert walk.open == ["a", "c"]
    assert walk.do("c").open == ["a"]
    assert walk.do("a").open == ["b"]


def test_a_boundary_event_takes_a_sub_process_away_whole() -> None:
    drawn = {
        "s": sub("s", "start2 -> p3; p3 -> a -> end2; p3 -> c -> end3"),
        "b1": boundary("b1", "s", MESSAGE),
    }
    walk = Walk(draw("start -> s -> end; b1 -> b -> end", drawn, MESSAGES))
    assert walk.do("b1").open == ["b"]
    assert {s.element for s in walk.steps if s.kind == "cancelled"} == {"a", "c", "s"}


def test_a_terminate_end_takes_the_other_tokens_of_its_scope_only() -> None:
    stop = '<bpmn:endEvent id="end2"><bpmn:terminateEventDefinition/></bpmn:endEvent>'
    inner = sub("s", "start2 -> p3; p3 -> a -> end2; p3 -> c -> end3", "", {"end2": stop})
    walk = Walk(
        draw(
            "start -> p1; p1 -> s -> d -> end; p1 -> e9 -> end",
            {"s": inner, "e9": '<bpmn:userTask id="e9"/>'},
        )
    )
    assert walk.do("a").open == ["d", "e9"]


def test_a_script_writes_the_value_of_its_expression() -> None:
    script = (
        '<bpmn:scriptTask id="s" scriptFormat="feel" camunda:resultVariable="dua">'
        "<bpmn:script>=satu + 1</bpmn:script></bpmn:scriptTask>"
    )
    walk = Walk(draw("start -> s -> a -> end", {"s": script}), {"satu": 1})
    assert walk.variables == {"satu": 1, "dua": 2}


@pytest.mark.parametrize("expression", ["function(x) x", '"\\u0000"', '@"9999-12-31T23:59:59Z"'])
def test_a_script_whose_value_cannot_be_kept_stops_the_instance_by_name(expression: str) -> None:
    script = (
        '<bpmn:scriptTask id="s" scriptFormat="feel" camunda:resultVariable="dua">'
        f"<bpmn:script>={expression}</bpmn:script></bpmn:scriptTask>"
    )
    with pytest.raises(ExecutionFailed) as failed:
        Walk(draw("start -> s -> end", {"s": script}))
    assert (failed.value.element, failed.value.message.key) == ("s", "engine.expression")


def test_a_loop_without_a_wait_ends_at_the_budget() -> None:
    definition = draw("start -> x1 -> x2; x2 -> x1 [=true]; x2 -> end [default]")
    with pytest.raises(ExecutionFailed, match="budget"):
        Execution.start(definition, {}, NOW).advance(Budget(steps=500))


def test_tokens_that_nothing_can_move_are_an_error_not_a_silence() -> None:
    walk = Walk(draw("start -> x1; x1 -> a [=true]; x1 -> b [default]; a -> p2; b -> p2; p2 -> end"))
    with pytest.raises(ExecutionFailed, match="dead_end") as failed:
        walk.do("a")
    assert failed.value.element == "p2"


def test_what_is_done_cannot_be_done_again() -> None:
    walk = Walk(draw("start -> a -> b -> end"))
    first = walk.waits[0].id
    walk.do("a")
    with pytest.raises(Conflict):
        walk.restored().complete(first, {})


def test_the_state_does_not_grow_with_the_rounds_of_a_loop() -> None:
    walk = Walk(draw("start -> x1 -> a -> x2; x2 -> x1 [=kembali]; x2 -> end [default]"))
    sizes = {len(walk.do("a", {"kembali": True}).state) for _ in range(300)}
    assert len(sizes) == 1


def test_eight_blocks_of_three_branches_cost_no_more_than_they_have_tokens() -> None:
    blocks = (
        "; ".join(f"p{n}0 -> {b}{n} -> p{n}1" for n in range(8) for b in ("a", "b", "c"))
        + "; start -> p00; p71 -> end; "
        + "; ".join(f"p{n}1 -> p{n + 1}0" for n in range(7))
    )
    walk = Walk(draw(blocks))
    assert len(walk.waits) == 3
    for n in range(8):
        for branch in "abc":
            walk.do(f"{branch}{n}")
    assert walk.ended
