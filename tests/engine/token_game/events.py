"""Events of the game: what is thrown, who catches it, and what becomes of those around."""

from collections.abc import Iterator
from itertools import permutations

from tests.engine.token_game.expressions import evaluate
from tests.engine.token_game.failed import Failed
from tests.engine.token_game.marking import ROOT, Marking, Token
from tests.engine.token_game.net import Node

MOST_ORDERS = 24
LISTENS = ("waiting", "listening")


class Events(Marking):
    """What tokens on events do."""

    def listen(self, node: Node, around: int, state: str) -> None:
        """Begins to wait for an event; a condition that is true already is one that came true."""
        number = self.put(node.id, around, state)
        if node.kind == "timer":
            self.remember(number, left=times(node))
        elif node.kind == "conditional":
            self.remember(number, held=False)
            self.look(number)

    def look(self, number: int) -> None:
        """Lets a conditional event come if its condition has become true; null is not yet true."""
        node, token = self.node(number), self.tokens[number]
        holds = evaluate(node.event.text, self.sees(number)) or False
        if not isinstance(holds, bool):
            raise Failed("a condition that is neither true nor false")
        due = holds and not token.memory["held"]
        self.remember(number, held=holds, due=token.memory.get("due") or due)

    def look_around(self) -> None:
        """Looks at every conditional event, if variables were written."""
        if not self.wrote:
            return
        self.wrote = False
        for number, token in list(self.tokens.items()):
            if token.state in LISTENS and self.node(number).kind == "conditional":
                self.look(number)

    def trigger(self, number: int) -> None:
        """The event that a token waits for has come."""
        node, token = self.node(number), self.tokens[number]
        if node.kind == "conditional":
            self.remember(number, due=False)
        if node.host:
            self._on_border(number, node, token)
        elif node.type == "startEvent":
            self._event_sub_process(number, node, token)
        elif self.tokens[token.around].state == "choosing":
            for flow in self.open_flows(number):
                self.arrive(flow.target, self.tokens[token.around].around, flow.id)
            scope = self.tokens[token.around].around
            self.withdraw(token.around)
            self.close(scope)
        else:
            self.complete(number)

    def _on_border(self, number: int, node: Node, token: Token) -> None:
        scope = self.tokens[token.around].around
        for flow in self.open_flows(number):
            self.arrive(flow.target, scope, flow.id)
        if node.interrupting:
            self.withdraw(token.around)
            self.close(scope)
        else:
            self._again(number)

    def _event_sub_process(self, number: int, start: Node, token: Token) -> None:
        node, scope = self.net.nodes[start.scope], token.around
        if start.interrupting or start.kind == "error":
            for inner, other in self.inside(scope):
                if not self.net.nodes[other.node].host:
                    self.withdraw(inner)
        else:
            self._again(number)
        opened = self.put(node.id, scope, "moving")
        self.remember(opened, start=start.id)

    def _again(self, number: int) -> None:
        left = (self.tokens[number].memory or {}).get("left")
        if left == 1:
            self.withdraw(number)
        elif left:
            self.remember(number, left=left - 1)

    def catchers(self, thrower: int, kind: str, code: str | None) -> Iterator[int]:
        """Who catches an error or escalation, nearest first; one with its code before one for any."""
        number, came_by = thrower, ""
        while True:
            found = [
                listener
                for listener, token in self.inside(number)
                if token.state == "listening"
                and (node := self.net.nodes[token.node]).kind == kind
                and node.event.code in (code, None)
                and (not came_by or node.scope != came_by)
            ]
            inner = [n for n in found if not self.node(n).host]
            border = [n for n in found if self.node(n).host]
            for group in (inner, border):
                yield from sorted(group, key=lambda n: self.node(n).event.code is None)
            if number == ROOT:
                return
            came_by, number = self.tokens[number].node, self.tokens[number].around

    def error(self, thrower: int, code: str | None) -> None:
        """The nearest catcher takes an error; an instance in which nobody does has failed."""
        catcher = next(self.catchers(thrower, "error", code), None)
        if catcher is None:
            raise Failed(f"nobody catches the error {code}")
        self.trigger(catcher)

    def escalate(self, thrower: int, code: str | None) -> bool:
        """The nearest catcher takes an escalation; where nobody does, nothing happens."""
        catcher = next(self.catchers(thrower, "escalation", code), None)
        if catcher is not None:
            self.trigger(catcher)
        return catcher is not None

    def signalled(self, name: str | None) -> Iterator["Events"]:
        """The markings that a signal may leave behind: it reaches all that wait for it now, in any order."""
        waiting = [
            number
            for number, token in self.tokens.items()
            if token.state in LISTENS
            and (event := self.node(number).event)
            and (event.kind, event.name) == ("signal", name)
        ]
        for order, _ in zip(permutations(waiting), range(MOST_ORDERS), strict=False):
            after = self.copy()
            for number in order:
                if number in after.tokens:
                    after.trigger(number)
            yield after


def times(node: Node) -> int | None:
    """How often a timer comes: once, as often as a cycle says, or (None) without end."""
    text = node.event.text or ""
    if not text.startswith("R"):
        return 1
    number = text[1:].partition("/")[0]
    return int(number) if number else None
