"""The engine and an independent token game agree on random diagrams, in every order of what may happen.

Each run draws the same few hundred; `ALUR_EXAMPLES` draws as many others as it says.
"""

import os
from typing import Any

from hypothesis import HealthCheck, given, note, reject, settings
from hypothesis import strategies as st

from tests.engine.blocks import BEGINNINGS, BLOCKS, LISTENED, VALUES
from tests.engine.drawing import DECLARED, xml
from tests.engine.match import Match
from tests.engine.pen import Pen
from tests.engine.token_game import Endless

EXAMPLES = os.environ.get("ALUR_EXAMPLES", "")
MOST_STEPS = 12
ROUNDS = 3
"""How often a loop may be told to go round again."""
LISTS = {"rows": [{"n": 1}, {"n": 2}], "numbers": [3, 4]}


@settings(
    max_examples=int(EXAMPLES or 300),
    derandomize=not EXAMPLES,
    deadline=None,
    suppress_health_check=list(HealthCheck),
)
@given(
    block=BLOCKS,
    handlers=st.lists(st.tuples(LISTENED, BLOCKS), max_size=2),
    variables=BEGINNINGS,
    data=st.data(),
)
def test_the_engine_plays_the_token_game(block: Any, handlers: Any, variables: Any, data: Any) -> None:
    pen = Pen()
    pen.whole(block, "start", "end")
    for (event, interrupting), inner in handlers:
        pen.handler(event, interrupting, inner)
    note(f"xml({pen.text!r}, {pen.drawn!r})")
    try:
        play(Match(xml(pen.text, pen.drawn, DECLARED), variables | LISTS), data)
    except Endless:
        reject()


def play(match: Match, data: st.DataObject) -> None:
    """Does what is open in any order, and brings any values with it."""
    again: dict[str, int] = {}
    for _ in range(MOST_STEPS):
        if not match.waits:
            return
        wait = match.waits[data.draw(st.integers(0, len(match.waits) - 1))]
        element = wait.element.id
        values = data.draw(VALUES)
        if element.startswith("c") and element[1:].isdecimal():
            again[element] = again.get(element, 0) + 1
            values[f"again_{element}"] = again[element] < ROUNDS and data.draw(st.booleans())
        way = data.draw(WAYS if wait.kind in ("call", "external") else st.sampled_from(["do", "do", "write"]))
        if way == "do":
            note(f".do({element!r}, {values})")
            match.do(wait, values)
        elif way == "write":
            note(f".write({values})")
            match.write(values)
        else:
            note(f".raise_({element!r}, {way})")
            match.raise_(wait, *way)


WAYS = st.sampled_from(["do", "do", "write", ("error", "E1"), ("error", "E2"), ("escalation", "X1")])
