"""Loops of the game: an activity for each of several items, at once or in turn, or while something holds."""

from typing import Any

from tests.engine.token_game.expressions import evaluate
from tests.engine.token_game.failed import Failed
from tests.engine.token_game.marking import Marking


class Several(Marking):
    """What a token on a looping activity does."""

    def begin(self, number: int) -> None:
        """Settles how many rounds there are and opens the first, or all of them."""
        node, loop = self.node(number), self.node(number).loop
        assert loop
        self.change(number, state="several")
        if loop.kind == "standard":
            self.remember(number, begun=0, done=0)
            if loop.before and not self._goes_on(number):
                self.complete(number)
            else:
                self._round(number)
            return
        items = evaluate(loop.collection or loop.cardinality, self.sees(number))
        if isinstance(items, int) and not isinstance(items, bool) and not loop.collection:
            items = list(range(items))
        if not isinstance(items, list):
            raise Failed(f"{node.id} has no list")
        if node.id in self.sees(number):
            self.write(number, {node.id: []})
        self.remember(number, items=items, begun=0, done=0)
        for _ in items[:1] if loop.kind == "sequential" else items:
            self._round(number)
        if not items:
            self.complete(number)

    def _round(self, number: int) -> None:
        token, node = self.tokens[number], self.node(number)
        place = token.memory["begun"]
        own = {"loopCounter": place}
        if node.loop.variable and "items" in token.memory:
            own[node.loop.variable] = token.memory["items"][place]
        self.remember(number, begun=place + 1)
        memory = {"place": place} if node.loop.kind == "standard" else {"place": place, "written": ()}
        self.enter(node, number, own=own, memory=memory, part=True)

    def round_done(self, number: int) -> None:
        """One round is over: keeps what it gave, and ends the loop or goes on with it."""
        around = self.tokens[number].around
        loop, memory = self.node(number).loop, self.tokens[around].memory
        done = memory["done"] + 1
        self.remember(around, done=done)
        if loop.kind == "standard":
            self.withdraw(number)
            if self._goes_on(around):
                self._round(around)
            else:
                self.complete(around)
            return
        total = len(memory["items"])
        counts = {
            "nrOfInstances": total,
            "nrOfCompletedInstances": done,
            "nrOfActiveInstances": memory["begun"] - done,
        }
        enough = loop.enough and evaluate(loop.enough, {**self.sees(number), **counts})
        if loop.enough and not isinstance(enough, bool):
            raise Failed("a completion condition that is neither true nor false")
        self._collect(number, around)
        self.withdraw(number)
        if enough or done == total:
            self.complete(around)
        elif loop.kind == "sequential":
            self._round(around)

    def _goes_on(self, number: int) -> bool:
        loop, done = self.node(number).loop, self.tokens[number].memory["done"]
        if loop.most and done >= evaluate(loop.most, self.sees(number)):
            return False
        if loop.go_on is None:
            return True
        value = evaluate(loop.go_on, {**self.sees(number), "loopCounter": done})
        if not isinstance(value, bool):
            raise Failed("a loop condition that is neither true nor false")
        return value

    def _result(self, number: int) -> dict[str, Any]:
        token = self.tokens[number]
        return {name: token.own[name] for name in token.memory["written"]}

    def _collect(self, number: int, around: int) -> None:
        """What a round wrote joins its row in the list, or a list under the element's id."""
        place, loop, node = self.tokens[number].memory["place"], self.node(number).loop, self.node(number)
        result = self._result(number)
        rows = self.sees(around).get(loop.collection or "")
        if result and isinstance(rows, list) and place < len(rows):
            item = result.pop(loop.variable or "", rows[place])
            if isinstance(item, dict) and isinstance(rows[place], dict):
                item, result = {**rows[place], **item, **result}, {}
            self.write(around, {loop.collection: [*rows[:place], item, *rows[place + 1 :]]})
        if result:
            before = self.sees(around).get(node.id)
            collected = before if isinstance(before, list) else []
            self.write(around, {node.id: [*collected, {**result, "loopCounter": place}]})
