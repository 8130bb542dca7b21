"""The token game tells a wrong engine from a right one: the stock engine fails it, and ours made wrong."""

from typing import Any

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from service.engine.gateways import InclusiveGateway, ParallelGateway
from tests.engine.blocks import CONDITIONS
from tests.engine.drawing import xml
from tests.engine.match import Match
from tests.engine.pen import Pen
from tests.engine.stock import Stock

REVIEW = xml(
    "start -> x1 -> p1; p1 -> a -> p2; p1 -> b -> p2; p2 -> c -> x2; x2 -> x1 [kembali]; x2 -> end [default]"
)
AMOUNT = xml("start -> p1; p1 -> a -> p2; p1 -> b -> p2; p2 -> c -> end")
SOMETIMES = settings(
    max_examples=120, deadline=None, derandomize=True, database=None, phases=[Phase.generate],
    suppress_health_check=list(HealthCheck),
)  # fmt: skip
TASKS = st.recursive(
    st.just(("work", "userTask", None)),
    lambda inner: st.one_of(
        st.tuples(st.just("seq"), st.lists(inner, min_size=2, max_size=3)),
        st.tuples(st.just("par"), st.lists(inner, min_size=2, max_size=3)),
        st.tuples(st.just("exclusive"), st.lists(st.tuples(CONDITIONS, inner), min_size=2, max_size=3)),
        st.tuples(st.just("loop"), inner),
    ),
    max_leaves=6,
)
"""What the stock engine reads without a complaint."""


def play(player: Any, data: st.DataObject) -> None:
    """Does the open tasks in any order; each says whether its loop goes round again, and writes a number."""
    for step in range(12):
        if not player.game.open:
            return
        element = data.draw(st.sampled_from(player.game.open)).element
        player.do(element, {f"again_{element}": step < 6 and data.draw(st.booleans()), "v0": step % 3})


def play_at_random(player: Any) -> None:
    """A hundred random diagrams, always the same."""

    @SOMETIMES
    @given(block=TASKS, data=st.data())
    def played(block: Any, data: st.DataObject) -> None:
        pen = Pen()
        pen.whole(block, "start", "end")
        play(player(xml(pen.text, pen.drawn), {"v0": 0, "v1": 1, "b0": True}), data)

    played()


def test_the_stock_engine_hears_one_reviewer_only_in_the_second_round() -> None:
    stock = Stock(REVIEW, {})
    stock.do("a").do("b").do("c", {"kembali": True})
    with pytest.raises(AssertionError):
        stock.do("b")


def test_the_stock_engine_loses_what_a_branch_wrote_at_the_join() -> None:
    stock = Stock(AMOUNT, {"jumlah": 100})
    stock.do("a", {"jumlah": 90}).do("b")
    with pytest.raises(AssertionError):
        stock.do("c")


def test_the_stock_engine_fails_the_token_game() -> None:
    with pytest.raises(AssertionError):
        play_at_random(Stock)


def test_ours_passes_where_the_stock_engine_fails() -> None:
    Match(REVIEW).do("a").do("b").do("c", {"kembali": True}).do("b").do("a").do("c", {"kembali": False})
    assert Match(AMOUNT, {"jumlah": 100}).do("a", {"jumlah": 90}).do("b").do("c").over
    play_at_random(Match)


def test_a_join_that_counts_tokens_instead_of_flows_is_found_out(monkeypatch: pytest.MonkeyPatch) -> None:
    def meet(self: ParallelGateway, token: Any) -> None:
        waiting = [task for task in token.workflow.tasks.values() if task.task_spec is self]
        if len(waiting) >= len(self.element.incoming):
            self.join(waiting)

    monkeypatch.setattr(ParallelGateway, "meet", meet)
    crossing = "start -> p1; p1 -> x1; p1 -> x1; p1 -> b -> p2; x1 -> a -> p2; p2 -> c -> end"
    with pytest.raises(AssertionError):
        Match(xml(crossing)).do("a").do("a")


def test_an_inclusive_join_that_never_waits_is_found_out(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(InclusiveGateway, "_awaits_more", lambda *_: False)
    both = "start -> o1; o1 -> a; o1 -> b; a -> o2; b -> o2; o2 -> c -> end"
    with pytest.raises(AssertionError):
        Match(xml(both)).do("a")
