"""The engine and an independent token game agree on random diagrams in every order of completion."""

from collections.abc import Callable
from dataclasses import dataclass
from itertools import count, pairwise
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from service.errors import ExecutionFailed
from tests.engine.drawing import draw
from tests.engine.token_game import TokenGame
from tests.engine.walking import Walk

BLOCKS = st.recursive(
    st.just("task"),
    lambda inner: st.one_of(
        st.tuples(st.just("seq"), st.lists(inner, min_size=1, max_size=3)),
        st.tuples(st.just("par"), st.lists(inner, min_size=2, max_size=3)),
        st.tuples(st.just("or"), st.lists(st.tuples(st.booleans(), inner), min_size=2, max_size=3)),
        st.tuples(st.just("xor"), st.lists(inner, min_size=2, max_size=3), st.integers(0, 2)),
        st.tuples(st.just("loop"), inner),
        st.tuples(st.just("cross"), inner, inner),
        st.tuples(st.just("twice"), inner, inner),
    ),
    max_leaves=8,
)
ROUNDS = 3
"""How often a loop may be told to go round again."""


@dataclass(frozen=True)
class Drawn:
    """A flow of both worlds: its FEEL mark for the engine, and the same condition for the game."""

    source: str
    target: str
    mark: str = ""
    test: Callable[[dict[str, Any]], bool] | None = None


class Pen:
    """Draws blocks one after the other; each gives where it is entered and where it is left."""

    def __init__(self) -> None:
        self.flows: list[Drawn] = []
        self.numbers = count()

    def name(self, letter: str) -> str:
        return f"{letter}{next(self.numbers)}"

    def join(self, source: str, target: str, constant: bool | None = None) -> None:
        mark = "" if constant is None else f"[={str(constant).lower()}]"
        self.flows.append(Drawn(source, target, mark, None if constant is None else lambda _: constant))

    def block(self, block: Any) -> tuple[str, str]:
        if block == "task":
            task = self.name("t")
            return task, task
        return getattr(self, block[0])(*block[1:])

    def seq(self, blocks: list[Any]) -> tuple[str, str]:
        ends = [self.block(block) for block in blocks]
        for (_, left), (entered, _) in pairwise(ends):
            self.join(left, entered)
        return ends[0][0], ends[-1][1]

    def split(self, letter: str, blocks: list[Any], open_: list[bool | None]) -> tuple[str, str]:
        fork, meet = self.name(letter), self.name(letter)
        for block, constant in zip(blocks, open_, strict=True):
            entered, left = self.block(block)
            self.join(fork, entered, constant)
            self.join(left, meet)
        return fork, meet

    def par(self, blocks: list[Any]) -> tuple[str, str]:
        return self.split("p", blocks, [None] * len(blocks))

    def xor(self, blocks: list[Any], choice: int) -> tuple[str, str]:
        return self.split("x", blocks, [number == choice % len(blocks) for number in range(len(blocks))])

    def __getattr__(self, name: str) -> Any:
        if name == "or":  # a keyword, so it cannot be a method's name
            return self.inclusive
        raise AttributeError(name)

    def inclusive(self, branches: list[tuple[bool, Any]]) -> tuple[str, str]:
        open_ = [flag for flag, _ in branches]
        return self.split("o", [block for _, block in branches], open_ if any(open_) else [True, *open_[1:]])

    def loop(self, inner: Any) -> tuple[str, str]:
        meet, ask, fork, out = self.name("x"), self.name("c"), self.name("x"), self.name("x")
        entered, left = self.block(inner)
        for source, target in ((meet, entered), (left, ask), (ask, fork)):
            self.join(source, target)
        again = f"lagi_{ask}"
        self.flows.append(Drawn(fork, meet, f"[={again}]", lambda variables: variables[again]))
        self.flows.append(Drawn(fork, out, f"[=not({again})]", lambda variables: not variables[again]))
        return meet, out

    def cross(self, one: Any, other: Any) -> tuple[str, str]:
        """Not a block: each of two parallel branches splits, and two joins take one token from each."""
        fork, meet = self.name("p"), self.name("p")
        joins = self.name("p"), self.name("p")
        for block in (one, other):
            entered, left = self.block(block)
            split = self.name("p")
            self.join(fork, entered)
            self.join(left, split)
            for target in joins:
                self.join(split, target)
        for source in joins:
            task = self.name("t")
            self.join(source, task)
            self.join(task, meet)
        return fork, meet

    def twice(self, one: Any, other: Any) -> tuple[str, str]:
        """Not a block: two parallel branches come together without a join, so what follows runs twice."""
        fork, meet = self.name("p"), self.name("x")
        for block in (one, other):
            entered, left = self.block(block)
            self.join(fork, entered)
            self.join(left, meet)
        return fork, meet


@settings(max_examples=400, deadline=None)
@given(block=BLOCKS, data=st.data())
def test_the_engine_plays_the_token_game(block: Any, data: st.DataObject) -> None:
    pen = Pen()
    entered, left = pen.block(block)
    pen.join("start", entered)
    pen.join(left, "end")
    walk = Walk(draw("; ".join(f"{flow.source} -> {flow.target} {flow.mark}" for flow in pen.flows)))
    game = TokenGame([(flow.source, flow.target, flow.test) for flow in pen.flows], {})
    again: dict[str, int] = {}
    while walk.open:
        assert walk.open == sorted(game.open.elements())
        task = data.draw(st.sampled_from(walk.open))
        values: dict[str, Any] = {}
        if task.startswith("c"):
            again[task] = again.get(task, 0) + 1
            values = {f"lagi_{task}": again[task] < ROUNDS and data.draw(st.booleans())}
        game.complete(task, values)
        if not game.open.total() and game.marking.total():
            with pytest.raises(ExecutionFailed, match="dead_end"):
                walk.do(task, values)
            return
        walk.do(task, values)
    assert walk.ended
    assert not game.open.total()
    assert walk.variables == game.variables
