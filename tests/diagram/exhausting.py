"""Plays the token game to exhaustion: every choice, in every order, without data, on small diagrams."""

from collections.abc import Callable, Iterator
from functools import partial
from itertools import combinations
from typing import Any

from tests.engine.token_game.failed import Failed
from tests.engine.token_game.game import FROM_OUTSIDE, kind_of
from tests.engine.token_game.marking import ROOT
from tests.engine.token_game.net import Flow, Net, Node
from tests.engine.token_game.playing import Playing, waits

CODED = ("error", "escalation")
MOST_STATES = 500
MOST_TOGETHER = 2
"""Markings with more tokens than this at one element are not played on."""
CROWDED = ("moving", "waiting", "several", "open")
"""The states of tokens that stand at an element, not before it."""


class TooMany(Exception):
    """More markings than there is patience for."""


class Free(Playing):
    """A marking in which every choice is possible; which ones are taken is in `script`, the rest is open."""

    script: list[int]
    open: list[int]
    asked: int
    visited: set[str]

    def ready(self, script: list[int]) -> "Free":
        """A copy that will choose as the script says."""
        other = self.copy()
        other.script, other.open, other.asked = script, [], 0
        return other

    def open_flows(self, number: int) -> list[Flow]:
        ways = list(_ways(self.node(number)))
        if len(ways) == 1:
            return ways[0]
        if self.asked == len(self.script):
            self.script = [*self.script, 0]
        self.open.append(len(ways))
        self.asked += 1
        return ways[self.script[self.asked - 1]]

    def trigger(self, number: int) -> None:
        self.visited.add(self.tokens[number].node)
        super().trigger(number)

    def write(self, number: int, values: Any, outside: bool = False) -> None:
        """Nothing depends on variables."""

    def look(self, number: int) -> None:
        """A condition may come true at any time."""

    def signalled(self, name: str | None) -> Iterator[Any]:
        """Whoever hears a signal may hear it at any time, from whomever."""
        yield self

    def _again(self, number: int) -> None:
        """One of what is listened for from outside comes once; what is thrown, as often as it is thrown."""
        own = self.node(number)
        if own.kind in CODED:
            return
        for other, token in self.inside(self.tokens[number].around):
            node = self.net.nodes[token.node]
            if token.state == "listening" and not node.interrupting and node.host == own.host:
                self.withdraw(other)

    def fail(self, number: int, kind: str, code: str | None) -> None:
        """An error or an escalation comes out of what is done outside, once."""
        self.remember(number, failed=True)
        (self.error if kind == "error" else self.escalate)(number, code)


class Exhausted:
    """All markings that can be reached, and what they show.

    `stuck` says that in some scope all tokens wait at gateways for others, `astray` that some marking
    has no way to an end; `crowded` are the elements at which two tokens stood at once, `visited` all to
    which one came, and `cut` says that there were too many tokens somewhere.
    """

    def __init__(self, xml: bytes) -> None:
        self.net = Net(xml)
        for node in self.net.nodes.values():
            node.loop, node.inputs, node.outputs = None, {}, {}
        self.looks_around = any(
            node.type == "inclusiveGateway" and len(node.incoming) > 1 for node in self.net.nodes.values()
        )
        self.codes = sorted(
            {(n.kind, n.event.code) for n in self.net.nodes.values() if n.kind in CODED}, key=str
        )
        self.crowded: set[str] = set()
        self.visited: set[str] = set()
        self.stuck = self.cut = False
        self.keys: dict[str, int] = {}
        self.after: list[set[int]] = []
        self.ends: set[int] = set()
        self._play()

    @property
    def astray(self) -> bool:
        """Whether some marking has no way to an end."""
        good, changed = set(self.ends), True
        while changed:
            fresh = {n for n, after in enumerate(self.after) if n not in good and after & good}
            good |= fresh
            changed = bool(fresh)
        return len(good) < len(self.after)

    def _play(self) -> None:
        begin = Free(self.net, {})
        begin.visited = self.visited
        begin.begin_scope(ROOT, next(node.id for node in self.net.root.starts if not node.event))
        ahead = [(self._state(begin), begin)]
        while ahead:
            number, marking = ahead.pop()
            if self._looked_at(number, marking):
                continue
            for after in self._following(marking):
                known = len(self.after)
                state = self._state(after)
                self.after[number].add(state)
                if state == known:
                    ahead.append((state, after))
            if not self.after[number]:
                self.ends.add(number)

    def _state(self, marking: Free) -> int:
        key = marking.key()
        if key not in self.keys:
            if len(self.keys) >= MOST_STATES:
                raise TooMany
            self.keys[key] = len(self.after)
            self.after.append(set())
        return self.keys[key]

    def _looked_at(self, number: int, marking: Free) -> bool:
        """Notes what a marking shows; whether it is an end."""
        here: dict[str, int] = {}
        for token in marking.tokens.values():
            if token.state in CROWDED:
                here[token.node] = here.get(token.node, 0) + 1
        self.visited.update(here)
        self.crowded |= {node for node, count in here.items() if count > 1}
        much: dict[tuple[str, str], int] = {}
        for token in marking.tokens.values():
            much[token.node, token.via] = much.get((token.node, token.via), 0) + 1
        too_many = max(much.values()) > MOST_TOGETHER
        self.cut |= too_many
        if marking.ended or too_many:
            self.ends.add(number)
            return True
        if not marking.moves() and any(self._is_stuck(marking, scope) for scope in list(marking.tokens)):
            self.stuck = True
        return False

    def _is_stuck(self, marking: Free, scope: int) -> bool:
        inside = [token for _, token in marking.inside(scope) if token.state != "listening"]
        return bool(inside) and all(token.state == "joining" for token in inside)

    def _following(self, marking: Free) -> Iterator[Free]:
        moves: list[Callable[[Free], Any]] = list(marking.moves())
        by_itself = moves and self.looks_around
        moves += self._from_outside(marking, fleeting=bool(by_itself))
        for move in moves:
            yield from self._every_choice(marking, move)

    def _heard(self, node: Node) -> str:
        """During what an event is listened for."""
        return node.host or self.net.nodes[node.scope].scope

    def _rests(self, element: str) -> bool:
        """Whether a token may stay on an element, or in it."""
        node = self.net.nodes[element]
        stays = node.type == "intermediateCatchEvent" and node.kind != "link"
        inside = (n.id for n in self.net.nodes.values() if n.scope == element and not n.by_event)
        return waits(node) or stays or any(map(self._rests, inside))

    def _every_choice(self, marking: Free, move: Callable[[Free], Any]) -> Iterator[Free]:
        scripts: list[list[int]] = [[]]
        while scripts:
            after = marking.ready(scripts.pop())
            begun = len(after.script)
            try:
                found = list(move(after) or [after])
            except Failed:
                continue
            yield from found
            for place in range(begun, len(after.open)):
                scripts += [[*after.script[:place], way] for way in range(1, after.open[place])]

    def _from_outside(self, marking: Free, fleeting: bool) -> Iterator[Callable[[Free], Any]]:
        for number, token in marking.tokens.items():
            node = self.net.nodes[token.node]
            if fleeting and (token.state != "listening" or self._rests(self._heard(node))):
                continue
            if token.state not in ("waiting", "listening") or not (kind := kind_of(node)):
                continue
            if kind in FROM_OUTSIDE:
                yield partial(Free.trigger, number=number)
                continue
            yield partial(Free.complete, number=number)
            for coded, code in () if (token.memory or {}).get("failed") else self.codes:
                yield partial(Free.fail, number=number, kind=coded, code=code)


def _ways(node: Node) -> Iterator[list[Flow]]:
    """The flows that may be taken together out of a node."""
    if node.type in ("parallelGateway", "eventBasedGateway") or not node.outgoing:
        yield node.outgoing
        return
    if node.type == "exclusiveGateway":
        yield from ([flow] for flow in node.outgoing)
        return
    asked = [flow for flow in node.outgoing if flow.test]
    always = [flow for flow in node.outgoing if not flow.test and not flow.default]
    default = [flow for flow in node.outgoing if flow.default]
    for size in range(len(asked) + 1):
        for some in combinations(asked, size):
            if taken := [*always, *some, *([] if some else default)]:
                yield taken
