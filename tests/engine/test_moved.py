"""Whatever an operator moves in whatever diagram is done, or refused in words, and the case can be saved."""

from typing import Any

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from service.engine.execution import Execution
from service.errors import Conflict, ExecutionFailed
from tests.engine.blocks import BLOCKS, LISTENED
from tests.engine.drawing import DECLARED, draw
from tests.engine.pen import Pen
from tests.engine.walking import WORK, Walk

VARIABLES = {"v0": 1, "v1": 1, "b0": True, "rows": [{"n": 1}, {"n": 2}], "numbers": [3, 4]}


@settings(max_examples=150, deadline=None, derandomize=True, suppress_health_check=list(HealthCheck))
@given(block=BLOCKS, handlers=st.lists(st.tuples(LISTENED, BLOCKS), max_size=1), data=st.data())
def test_whatever_an_operator_moves_the_case_can_be_saved_and_goes_on(
    block: Any, handlers: Any, data: st.DataObject
) -> None:
    pen = Pen()
    pen.whole(block, "start", "end")
    for (event, interrupting), inner in handlers:
        pen.handler(event, interrupting, inner)
    try:
        walk = Walk(draw(pen.text, pen.drawn, DECLARED), VARIABLES)
    except ExecutionFailed:
        return
    for _ in range(6):
        execution = walk.restored()
        try:
            move(execution, data)
            execution.advance(walk.budget)
        except (Conflict, ExecutionFailed):
            continue
        state = execution.freeze()
        again = Execution.restore(walk.definition, state, execution.variables, walk.now)
        assert again.freeze() == state
        assert {wait.id for wait in again.waits()} == {wait.id for wait in execution.waits()}
        if execution.ended:
            return
        walk.state, walk.variables = state, execution.variables


def move(execution: Execution, data: st.DataObject) -> None:
    """One thing that an operator may do, or the next that would have happened by itself."""
    process = execution.definition.process
    standing = [token.id for token in execution.tokens()]
    doable = [wait for wait in execution.waits() if wait.kind != "conditional"]
    match data.draw(st.sampled_from(["do", "place", "after", "along", "remove", "remove_all"])):
        case "do" if doable:
            wait = data.draw(st.sampled_from(doable))
            (execution.complete if wait.kind in WORK else execution.fire)(wait.id, {})
        case "place":
            execution.place(data.draw(st.sampled_from(list(process.elements))))
        case "after":
            execution.after(data.draw(st.sampled_from(list(process.elements))))
        case "along":
            execution.along(data.draw(st.sampled_from(list(process.flows))))
        case "remove_all":
            execution.remove_all(data.draw(st.sampled_from(list(process.elements))))
        case "remove" if standing:
            execution.remove(data.draw(st.sampled_from(standing)))
