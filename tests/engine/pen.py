"""Draws blocks as a diagram; each gives where it is entered and where it is left."""

from itertools import pairwise
from typing import Any

from tests.engine import drawing
from tests.engine.brush import Brush, Ends, Mapped, looped

Listening = list[tuple[tuple[tuple[str, str], bool], Any]]
ASKS = ("x", "o", "t", "j", "s")
"""The first letters of elements that may ask a condition: gateways and activities."""


class Pen(Brush):
    """Draws blocks of blocks."""

    def block(self, block: Any) -> Ends:
        """Any block."""
        return getattr(self, block[0])(*block[1:])

    def whole(self, block: Any, start: str, end: str) -> None:
        """A block from a start event to an end event."""
        entered, left = self.block(block)
        self.join(start, entered)
        self.join(left, end)

    def seq(self, blocks: list[Any]) -> Ends:
        ends = [self.block(block) for block in blocks]
        for (_, left), (entered, _) in pairwise(ends):
            self.join(left, entered)
        return ends[0][0], ends[-1][1]

    def branches(self, fork: str, meet: str, blocks: list[Any], marks: list[str | None]) -> Ends:
        for block, mark in zip(blocks, marks, strict=True):
            entered, left = self.block(block)
            self.join(fork, entered, mark)
            self.join(left, meet)
        return fork, meet

    def par(self, blocks: list[Any]) -> Ends:
        return self.branches(self.name("p"), self.name("p"), blocks, [None] * len(blocks))

    def inclusive(self, branches: list[tuple[str, Any]]) -> Ends:
        marks = [*(mark for mark, _ in branches[1:]), "default"]
        return self.branches(self.name("o"), self.name("o"), [block for _, block in branches], marks)

    def exclusive(self, branches: list[tuple[str, Any]]) -> Ends:
        marks = [*(mark for mark, _ in branches[1:]), "default"]
        return self.branches(self.name("x"), self.name("x"), [block for _, block in branches], marks)

    def split(self, branches: list[tuple[str | None, Any]]) -> Ends:
        """Conditions on the flows out of a task; they meet, without a gateway, at another."""
        marks = [mark for mark, _ in branches]
        if any(marks[:-1]):
            marks[-1] = "default"
        return self.branches(self.name("t"), self.name("t"), [block for _, block in branches], marks)

    def loop(self, inner: Any) -> Ends:
        """Goes round again for as long as somebody says so."""
        meet, ask, fork = self.name("x"), self.name("c"), self.name("x")
        out = self.name("x")
        entered, left = self.block(inner)
        for source, target in ((meet, entered), (left, ask), (ask, fork)):
            self.join(source, target)
        self.join(fork, meet, f"again_{ask}")
        self.join(fork, out, f"not(again_{ask})")
        return meet, out

    def cross(self, one: Any, other: Any) -> Ends:
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
            self.join(source, (task := self.name("t")))
            self.join(task, meet)
        return fork, meet

    def twice(self, one: Any, other: Any) -> Ends:
        """Not a block: two parallel branches come together without a join, so what follows runs twice."""
        return self.branches(self.name("p"), self.name("x"), [one, other], [None, None])

    def race(self, branches: list[tuple[tuple[str, str], Any]]) -> Ends:
        """The first of several events decides; a receive task is one of them."""
        fork, meet = self.name("e"), self.name("x")
        for event, block in branches:
            receives = event == ("message", "m2")
            caught = self.activity("receiveTask", None, None) if receives else self.catch(event)[0]
            entered, left = self.block(block)
            for source, target in ((fork, caught), (caught, entered), (left, meet)):
                self.join(source, target)
        return fork, meet

    def stop(self, mark: str, event: tuple[str, str]) -> Ends:
        """Ends here, by an event, if a condition holds."""
        fork, out, end = self.name("x"), self.name("x"), self.name("end")
        self.join(fork, end, mark)
        self.join(fork, out, "default")
        if event[0]:
            self.put(end, drawing.end(end, drawing.event(*event)))
        return fork, out

    def borders(self, host: str, listening: Listening) -> Ends:
        """Events on a border: what follows an interrupting one meets what follows the host."""
        meet = self.name("x")
        self.join(host, meet)
        for (event, interrupting), block in listening:
            element = self.name("on")
            self.put(element, drawing.boundary(element, host, drawing.event(*event), interrupting))
            entered, left = self.block(block)
            self.join(element, entered)
            self.join(left, meet if interrupting else self.name("end"))
        return host, meet

    def bordered(self, kind: str, listening: Listening, mapped: Mapped, loop: tuple[Any, ...] | None) -> Ends:
        """An activity with events on its border."""
        return self.borders(self.activity(kind, mapped, loop), listening)

    def sub(
        self,
        inner: Any,
        handlers: Listening,
        listening: Listening,
        mapped: Mapped,
        loop: tuple[Any, ...] | None,
    ) -> Ends:
        """A sub-process with event sub-processes in it and events on its border."""
        element, pen = self.name("sub"), Pen(self.numbers)
        pen.whole(inner, self.name("start"), self.name("end"))
        for (event, interrupting), block in handlers:
            pen.handler(event, interrupting, block)
        around = (drawing.mappings(*mapped) if mapped else "") + (looped(loop) if loop else "")
        self.put(element, drawing.sub(element, pen.text, around, pen.drawn))
        return self.borders(element, listening)

    def handler(self, event: tuple[str, str], interrupting: bool, block: Any) -> None:
        """An event sub-process."""
        element, start, pen = self.name("handle"), self.name("start"), Pen(self.numbers)
        pen.whole(block, start, self.name("end"))
        pen.put(start, drawing.start(start, drawing.event(*event), interrupting))
        self.put(element, drawing.event_sub(element, pen.text, pen.drawn))

    def tangle(
        self, kinds: list[str], flows: list[tuple[int, int, str]], back: list[tuple[int, int]]
    ) -> Ends:
        """A way through all nodes, flows that leap over some, and ways back over a person."""
        nodes = [self.node(kind) for kind in ("x", *kinds, "x")]
        leaps: dict[int, dict[int, str]] = {place: {} for place in range(len(nodes))}
        for one, other, mark in flows:
            source, target = sorted((one % len(nodes), other % len(nodes)))
            if target > source + 1:
                leaps[source][target] = mark
        ahead: dict[str, list[tuple[str, str]]] = {left: [] for _, left in nodes}
        for one, other in back:
            target, source = sorted((one % len(nodes), other % len(nodes)))
            person = self.name("t")
            ahead[nodes[source][1]].append((person, "v0 > 1"))
            self.join(person, nodes[target][0])
        for place, (_, left) in enumerate(nodes):
            ahead[left] += [(nodes[target][0], mark) for target, mark in leaps[place].items()]
            last = nodes[place + 1][0] if place + 1 < len(nodes) else self.name("x")
            asks = ahead[left] and left[0] in ASKS
            for target, mark in ahead[left]:
                self.join(left, target, mark if asks else None)
            self.join(left, last, "default" if asks else None)
        return nodes[0][0], last

    def node(self, kind: Any) -> Ends:
        """A gateway or a task by its letter, or a leaf."""
        if not isinstance(kind, str):
            return self.block(kind)
        element = self.name(kind)
        return element, element
