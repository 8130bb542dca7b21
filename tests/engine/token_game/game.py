"""The game as a whole: every marking that an instance may be in, played step by step beside the engine."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Any, NamedTuple

from tests.engine.token_game.events import LISTENS
from tests.engine.token_game.failed import Failed
from tests.engine.token_game.marking import ROOT, text
from tests.engine.token_game.net import Net, Node
from tests.engine.token_game.playing import Playing, returned

MOST_MARKINGS = 1000
MOST_TOKENS = 60
FROM_OUTSIDE = ("message", "signal", "timer", "conditional")
"""The kinds of events that are open to what comes from outside."""


class Endless(Exception):
    """More markings, or tokens, than the game has patience for."""


class Open(NamedTuple):
    """Something that waits: its element, its kind, and as text the variables that only it sees."""

    element: str
    kind: str
    local: str = "{}"


class TokenGame:
    """The markings that are possible after what was done so far.

    After each step `agree` or `agree_failed` must be told what the other player has come to; a step
    that failed leaves the markings as they were.
    """

    def __init__(self, xml: bytes, variables: Mapping[str, Any], start: str = "") -> None:
        self.net = Net(xml)
        self.markings: list[Playing] = []
        marking = Playing(self.net, dict(variables))
        marking.begin_scope(ROOT, start or next(node.id for node in self.net.root.starts if not node.event))
        self._settle([marking])

    @property
    def open(self) -> list[Open]:
        """What waits for something from outside; the same in all markings that both have agreed on."""
        return sorted(found for _, found in opened(self.markings[0]))

    def complete(self, what: Open, values: Mapping[str, Any]) -> None:
        """The work is done, or the event has come, and brings these values."""

        def move(marking: Playing, number: int) -> None:
            node = marking.node(number)
            if node.type == "callActivity":
                marking.write(number, returned(node, values), outside=True)
            else:
                marking.write(number, values)
            if node.kind in FROM_OUTSIDE and "topic" not in node.event.camunda:
                marking.trigger(number)
            else:
                marking.complete(number)

        self._do(what, move)

    def raise_(self, what: Open, kind: str, code: str) -> None:
        """What is done outside reports an error or an escalation."""

        def move(marking: Playing, number: int) -> None:
            if kind == "error":
                marking.error(number, code)
            else:
                marking.escalate(number, code)

        self._do(what, move)

    def write(self, values: Mapping[str, Any]) -> None:
        """Somebody sets variables of the case."""
        begun = [marking.copy() for marking in self.markings]
        for marking in begun:
            marking.write(ROOT, values)
        self._settle(begun)

    def _do(self, what: Open, move: Callable[[Playing, int], None]) -> None:
        begun, failed = [], False
        for marking in self.markings:
            for number in [number for number, found in opened(marking) if found == what]:
                after = marking.copy()
                try:
                    move(after, number)
                    begun.append(after)
                except Failed:
                    failed = True
        self._settle(begun, failed)

    def _settle(self, begun: list[Playing], failed: bool = False) -> None:
        """Plays on, in every order that matters, until all wait for something from outside."""
        self.resting: list[Playing] = []
        self.failed, self.circles = failed, False
        seen: set[str] = set()
        while begun:
            marking = begun.pop()
            try:
                marking.look_around()
            except Failed:
                self.failed = True
                continue
            if (key := marking.key()) in seen:
                self.circles = True
                continue
            seen.add(key)
            if len(seen) > MOST_MARKINGS or len(marking.tokens) > MOST_TOKENS:
                raise Endless
            begun += self._after(marking)

    def _after(self, marking: Playing) -> Iterator[Playing]:
        moves = [] if marking.ended else marking.moves()
        if not moves:
            stuck = not marking.ended and not any(True for _ in opened(marking))
            self.failed = self.failed or stuck
            self.resting += [] if stuck else [marking]
        for move in moves if self.net.order_matters else moves[:1]:
            try:
                yield from list(move(marking.copy()))
            except Failed:
                self.failed = True

    def agree(
        self, opens: Iterable[Open], variables: Mapping[str, Any], end: str | None, ended: bool
    ) -> None:
        """Keeps the markings that look like this; AssertionError where none does."""
        seen = (sorted(opens), text(variables), end if ended else None, ended)
        looks = [(self._look(marking), marking) for marking in self.resting]
        assert seen in [look for look, _ in looks], (seen, [look for look, _ in looks], self.failed)
        self.markings = [marking for look, marking in looks if look == seen]

    def agree_failed(self, tired: bool = False) -> None:
        """AssertionError where no order of the steps fails; one that is `tired` may go in circles as well."""
        assert self.failed or (tired and self.circles), [self._look(marking) for marking in self.resting]

    def _look(self, marking: Playing) -> tuple[list[Open], str, str | None, bool]:
        opens = sorted(found for _, found in opened(marking))
        return opens, text(marking.variables), marking.end if marking.ended else None, marking.ended


def opened(marking: Playing) -> Iterator[tuple[int, Open]]:
    """What waits for something from outside."""
    for number, token in marking.tokens.items():
        if token.state in LISTENS and (kind := kind_of(marking.net.nodes[token.node])):
            yield number, Open(token.node, kind, text(marking.local(number)))


def kind_of(node: Node) -> str:
    """What is waited for at a node; empty where nothing outside can bring it."""
    if node.camunda.get("topic") or (node.event and node.event.camunda.get("topic")):
        return "external"
    if node.event:
        return node.kind if node.kind in FROM_OUTSIDE else ""
    return "call" if node.type == "callActivity" else "user_task"
