"""Large diagrams and long loops: the engine holds what is open, however much there was before."""

import gc

from service.engine.execution import Budget, Execution
from tests.engine.drawing import draw, event, event_sub, script, start
from tests.engine.walking import NOW, Walk


def blocks(number: int, branches: str, tasks: bool = True) -> str:
    """Parallel blocks in a row, each with a task in each of its branches."""
    flows = [
        f"p{n}0 -> {branch}{n} -> p{n}1" if tasks else f"p{n}0 -> x{n}{place} -> p{n}1"
        for n in range(number)
        for place, branch in enumerate(branches)
    ]
    flows += [f"p{n}1 -> p{n + 1}0" for n in range(number - 1)]
    return "; ".join([*flows, "start -> p00", f"p{number - 1}1 -> end"])


def test_eight_blocks_of_three_branches_hold_the_tokens_of_one() -> None:
    walk = Walk(draw(blocks(8, "abc")))
    sizes = set()
    for n in range(8):
        assert walk.open == [f"a{n}", f"b{n}", f"c{n}"]
        sizes.add(len(walk.state))
        for branch in "cab":
            walk.do(f"{branch}{n}")
    assert walk.ended
    assert max(sizes) - min(sizes) <= 2 * len("via")


def test_eight_blocks_without_a_wait_take_a_step_for_each_node() -> None:
    walk = Walk(draw(blocks(8, "abc", tasks=False)))
    assert walk.ended
    entered = [step for step in walk.steps if step.kind == "entered"]
    assert len(entered) == len({step.element for step in entered}) == 8 * 5 + 2


def test_a_diagram_of_two_thousand_elements_runs() -> None:
    ways = [f"o1 -> {' -> '.join(f't{n}w{m}' for m in range(105))} -> o2" for n in range(19)]
    walk = Walk(draw("; ".join(["start -> o1", *ways, "o2 -> last -> end"])))
    assert len(walk.definition.process.elements) == 2000
    for m in range(105):
        assert len(walk.waits) == 19
        for n in range(19):
            walk.do(f"t{n}w{m}")
    assert walk.open == ["last"]
    assert walk.do("last").ended


def test_a_chain_of_six_hundred_tasks_is_walked_to_its_end_in_a_state_of_one_size() -> None:
    names = [f"t{n:03}" for n in range(600)]
    walk = Walk(draw(" -> ".join(["start", *names, "end"])))
    sizes = set()
    for name in names:
        sizes.add(len(walk.state))
        walk.do(name)
    assert walk.ended
    assert max(sizes) - min(sizes) <= len("0000")


def test_a_loop_of_five_thousand_rounds_leaves_a_state_as_small_as_before_the_first() -> None:
    flow = "start -> x1 -> p1; p1 -> a -> p2; p1 -> b -> p2; p2 -> x2; x2 -> x1 [lagi]; x2 -> end [default]"
    walk = Walk(draw(flow))
    before, alive = len(walk.state), 0
    for number in range(5000):
        walk.do("a").do("b", {"lagi": True})
        if number == 100:
            alive = len(gc.get_objects())
    gc.collect()
    assert len(walk.state) == before
    assert len(gc.get_objects()) < alive + 1000
    assert walk.do("b").do("a", {"lagi": False}).ended


def test_a_loop_without_a_wait_runs_as_many_rounds_as_its_budget_has_steps_for() -> None:
    flow = "start -> x1 -> t -> x2; x2 -> x1 [n < 5000]; x2 -> end [default]"
    execution = Execution.start(draw(flow, {"t": script("t", "n", "n + 1")}), {"n": 0}, NOW)
    execution.advance(Budget(steps=3 * 5000 + 10, seconds=600))
    assert execution.ended
    assert execution.variables == {"n": 5000}


def test_what_listens_again_and_again_leaves_nothing_behind() -> None:
    body = {"s9": start("s9", event("signal", "s1"), False)}
    hh = event_sub("hh", "s9 -> h -> e9", body | {"e9": '<bpmn:endEvent id="e9"/>'})
    walk = Walk(draw("start -> a -> end", {"hh": hh}, '<bpmn:signal id="s1" name="S1"/>'))
    before = len(walk.state)
    for _ in range(300):
        assert len(walk.do("s9").do("h").state) == before
