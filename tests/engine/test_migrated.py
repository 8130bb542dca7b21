"""A case that goes over to another diagram plays on as if it had stayed, ends there, or is told why not.

Each run draws the same few hundred; `ALUR_EXAMPLES` draws as many others as it says.
"""

import os
from typing import Any

from hypothesis import HealthCheck, given, note, reject, settings
from hypothesis import strategies as st

from service.diagram.read import read
from service.diagram.soundness import explore
from service.engine import ahead
from service.errors import ExecutionFailed, Refused
from service.language import LANGUAGES, say
from tests.engine.blocks import BEGINNINGS, BLOCKS, LISTENED, VALUES
from tests.engine.carried import PREFIX, Carried, carry, compiled, fitting, hindrances, renamed
from tests.engine.drawing import DECLARED, xml
from tests.engine.mutating import WAYS, mutated
from tests.engine.pen import Pen
from tests.engine.token_game import Endless
from tests.engine.walking import Walk

EXAMPLES = os.environ.get("ALUR_EXAMPLES", "")
MOST_STEPS = 10
ROUNDS = 3
LISTS = {"rows": [{"n": 1}, {"n": 2}], "numbers": [3, 4]}
DRAWN = settings(
    max_examples=int(EXAMPLES or 60),
    derandomize=not EXAMPLES,
    deadline=None,
    suppress_health_check=list(HealthCheck),
)
HANDLERS = st.lists(st.tuples(LISTENED, BLOCKS), max_size=2)


def drawn(block: Any, handlers: Any) -> bytes:
    pen = Pen()
    pen.whole(block, "start", "end")
    for (event, interrupting), inner in handlers:
        pen.handler(event, interrupting, inner)
    note(f"xml({pen.text!r}, {pen.drawn!r})")
    return xml(pen.text, pen.drawn, DECLARED)


@DRAWN
@given(block=BLOCKS, handlers=HANDLERS, variables=BEGINNINGS, data=st.data())
def test_on_the_same_diagram_a_case_plays_on_as_if_it_had_stayed(
    block: Any, handlers: Any, variables: Any, data: st.DataObject
) -> None:
    content = drawn(block, handlers)
    try:
        play(Carried(content, variables | LISTS), data, lambda match: match.carry(content))
    except Endless:
        reject()


@DRAWN
@given(block=BLOCKS, handlers=HANDLERS, variables=BEGINNINGS, data=st.data())
def test_a_mapping_leads_it_over_where_everything_has_another_id(
    block: Any, handlers: Any, variables: Any, data: st.DataObject
) -> None:
    content = drawn(block, handlers)
    here = iter([True])
    try:
        play(
            Carried(content, variables | LISTS),
            data,
            lambda match: match.carry(renamed(content), PREFIX) if next(here, False) else None,
        )
    except Endless:
        reject()


@DRAWN
@given(
    block=BLOCKS,
    handlers=HANDLERS,
    variables=BEGINNINGS,
    changes=st.lists(st.tuples(st.sampled_from(WAYS), st.integers(0, 9)), min_size=1, max_size=2),
    data=st.data(),
)
def test_over_to_a_changed_diagram_it_goes_and_ends_or_it_is_said_why_not(
    block: Any, handlers: Any, variables: Any, changes: Any, data: st.DataObject
) -> None:
    content = drawn(block, handlers)
    changed = content
    for way, place in changes:
        changed = mutated(changed, way, place)
    note(changed.decode())
    if not (sound(content) and sound(changed)):
        return
    try:
        walk, there = Walk(compiled(content), variables | LISTS), compiled(changed)
    except (ExecutionFailed, Refused):
        return
    wander(walk, data, data.draw(st.integers(0, 4)))
    if walk.ended:
        return
    passage = fitting(walk.definition, there)
    note(f"at {walk.open}")
    if found := hindrances(passage, walk.state):
        assert all(say(one.message, language) for one in found for language in LANGUAGES)
        return
    state = walk.state
    try:
        carry(walk, passage)
    except ExecutionFailed as failed:
        assert failed.message.key != "engine.dead_end"
        assert walk.state == state
        return
    wander(walk, data, 15)


def wander(walk: Walk, data: st.DataObject, most: int) -> None:
    """Does so many things in any order; what the diagram refuses is left, but nothing waits for nothing."""
    for _ in range(most):
        waits = [wait for wait in walk.waits if wait.kind != "conditional"]
        if walk.ended or not waits:
            return
        wait = data.draw(st.sampled_from(waits))
        values = data.draw(VALUES) | {f"again_{wait.element.id}": False}
        note(f".do({wait.element.id!r}, {values})")
        try:
            walk.act(wait, values)
        except ExecutionFailed as failed:
            assert failed.message.key != "engine.dead_end"


def sound(content: bytes) -> bool:
    """Whether the check lets it be deployed: every case can end, whatever order things happen in."""
    process = next(iter(read(content).processes.values()))
    return not any(flaw.kind in (*ahead.GRAVE, "unexplored") for flaw in explore(process, limit=500))


def play(match: Carried, data: st.DataObject, carry: Any) -> None:
    """Does what is open in any order, and takes the case over now and then."""
    again: dict[str, int] = {}
    for _ in range(MOST_STEPS):
        if not match.waits:
            return
        if not match.failed and data.draw(st.sampled_from([False, False, True])):
            note("carry")
            carry(match)
        wait = match.waits[data.draw(st.integers(0, len(match.waits) - 1))]
        element = wait.element.id.removeprefix(PREFIX)
        values = data.draw(VALUES)
        if element.startswith("c") and element[1:].isdecimal():
            again[element] = again.get(element, 0) + 1
            values[f"again_{element}"] = again[element] < ROUNDS and data.draw(st.booleans())
        note(f".do({element!r}, {values})")
        match.do(wait, values)
