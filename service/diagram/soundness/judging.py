"""Reads the flaws of a scope off what was played, each with the way of a token that shows it."""

from collections import deque
from collections.abc import Iterator
from itertools import islice

from service.diagram.graph import reached
from service.diagram.soundness.chart import Chart
from service.diagram.soundness.flaws import Flaw
from service.diagram.soundness.net import Join, Net
from service.diagram.soundness.space import Space

Way = tuple[str, "Way | None"]
"""An element that a token came through, and its way before."""
WORKS = ("Task", "task", "callActivity", "subProcess", "intermediateThrowEvent", "intermediateCatchEvent")
"""How the types end in which something is done that should not be done twice unawares."""

MOST_FLAWS, MOST_KNOTS = 30, 200
"""So many flaws of a kind are told, and so many sets of gateways that are stuck together looked into."""


def judge(chart: Chart, scope: str, space: Space) -> tuple[Flaw, ...]:
    """The flaws of one scope; what only follows from another flaw is left out."""
    judging = _Judging(chart, scope, space)
    grave = [
        *islice(judging.deadlocks(), MOST_FLAWS),
        *islice(judging.growing(), MOST_FLAWS),
        *judging.livelocks(),
    ]
    told = {element for flaw in grave for element in flaw.path}
    found = [*grave, *(flaw for flaw in judging.crowds() if flaw.element not in told)]
    if space.full:
        return (*found, Flaw("unexplored", scope))
    return (*found, *([] if grave else islice(judging.dead(), MOST_FLAWS)))


class _Judging:
    """What was played in a scope."""

    def __init__(self, chart: Chart, scope: str, space: Space) -> None:
        self.chart = chart
        self.scope = scope
        self.space = space
        self.net: Net = space.net
        self.joins = {join.element: join for join in self.net.joins}
        self._behind: dict[str, set[str]] = {}

    def deadlocks(self) -> Iterator[Flaw]:
        """Of the gateways that wait in vain those that do not only wait for another one of them."""
        told: set[str] = set()
        known: set[frozenset[str]] = set()
        for state in self.space.stuck():
            marking = self.space.markings[state]
            waiting = {self.net.elements[p]: p for p in reversed(marking) if self.net.flows[p]}
            if (stuck := frozenset(waiting)) in known:
                continue
            known.add(stuck)
            if len(known) > MOST_KNOTS:
                return
            for key in self._first(list(waiting)):
                if key not in told:
                    told.add(key)
                    join = self.joins[key]
                    path = (*self._path(state, waiting[key]), key)
                    yield Flaw("deadlock", key, path, self._lacking(join, marking))

    def growing(self) -> Iterator[Flaw]:
        """Where tokens pile up: each element once."""
        told: set[str] = set()
        for state, place in self.space.growing.items():
            element = self.net.elements[place]
            if element not in told:
                told.add(element)
                path = self._path(state, place)
                yield Flaw("multiplying", element, path if path[-1:] == (element,) else (*path, element))

    def livelocks(self) -> Iterator[Flaw]:
        """The circles that are never left, unless an event ends the scope from outside."""
        free = self.space.full or self.scope in self.chart.ended
        for circle in () if free else self.space.traps():
            yield self._livelock(min(circle), set(circle))
            return

    def _livelock(self, state: int, circle: set[int]) -> Flaw:
        """Where a circle is entered: the element of its first state that moves in it."""
        marking, moving = self.space.markings[state], set()
        for one in circle:
            before = self.space.markings[one]
            for other in self.space.after[one]:
                moving |= {self.net.elements[p] for p in before if self._left(p, before, other)}
        place = next((p for p in marking if self.net.elements[p] in moving), marking[0])
        return Flaw("livelock", self.net.elements[place], self._path(state, place))

    def _left(self, place: int, before: tuple[int, ...], after: int) -> bool:
        return self.space.markings[after].count(place) < before.count(place)

    def crowds(self) -> Iterator[Flaw]:
        """Where tokens first come together that no gateway joins, if there is work to do behind."""
        told: set[str] = set()
        crowded = ((key, s) for key, s in self.space.crowded.items() if self._is_work(key))
        for element, state in islice(crowded, MOST_FLAWS):
            places = [p for p in self.space.markings[state] if self.net.elements[p] == element]
            ways = [way for place in dict.fromkeys(places) for way in self._ways(state)[place]]
            if len(ways) > 1 and (flaw := self._meeting(ways[0], ways[1])).element not in told:
                told.add(flaw.element)
                yield flaw

    def _meeting(self, one: Way, other: Way) -> Flaw:
        """The element from which on two tokens came the same way."""
        left: Way | None = one
        right: Way | None = other
        element = one[0]
        while left and right and left[0] == right[0]:
            if left[1] is right[1]:
                break
            element, left, right = left[0], left[1], right[1]
        path = _spelled(one)
        return Flaw("unsynchronised", element, path[: len(path) - path[::-1].index(element)])

    def dead(self) -> Iterator[Flaw]:
        """What the graph reaches and no token does; of those that follow each other the first."""
        seen = self.space.seen
        starts = [start.id for start in self.chart.starts(self.scope) if start.id in seen]
        paper = reached(self.chart.graph, starts)
        for key in self.net.within:
            lost = key in paper and key not in seen
            before = next((k for k in seen if key in self.chart.graph[k]), None) if lost else None
            if before is not None:
                state = seen[before]
                way = next((w for some in self._ways(state).values() for w in some if w[0] == before), None)
                yield Flaw("dead", key, (*(_spelled(way) if way else (before,)), key))

    def _first(self, waiting: list[str]) -> list[str]:
        """Those that no other one of them leads to; of those that lead to each other the foremost."""
        first = [key for key in waiting if not any(key in self._reach(k) for k in waiting if k != key)]
        return first or waiting[-1:]

    def _reach(self, key: str) -> set[str]:
        if key not in self._behind:
            self._behind[key] = reached(self.chart.graph, self.chart.graph[key])
        return self._behind[key]

    def _lacking(self, join: Join, marking: tuple[int, ...]) -> tuple[str, ...]:
        return tuple(self.net.flows[place] for place in join.flows if place not in marking)

    def _path(self, state: int, place: int) -> tuple[str, ...]:
        return _spelled(self._ways(state)[place][0])

    def _ways(self, state: int) -> dict[int, deque[Way]]:
        """For each place the ways of its tokens, the oldest first."""
        ways: dict[int, deque[Way]] = {}
        for place in self.space.markings[self.space.beginning(state)]:
            self._put(ways, place, None)
        for move in self.space.run(state):
            taken = [ways[place].popleft() for place in move.takes]
            if move.leaving:
                return {DONE_PLACE: deque(taken[:1])}
            way: Way | None = taken[0]
            for element in move.also:
                way = element, way
            for place in move.gives:
                self._put(ways, place, way)
        return ways

    def _put(self, ways: dict[int, deque[Way]], place: int, before: Way | None) -> None:
        element = self.net.elements[place]
        stays = before is not None and before[0] == element
        if self.net.flows[place]:
            source = self.chart.process.flows[self.net.flows[place]].source
            way: Way = before if before is not None else (source, None)
        else:
            way = before if before is not None and stays else (element, before)
        ways.setdefault(place, deque()).append(way)

    def _is_work(self, key: str) -> bool:
        element = self.chart.process.elements[key]
        jumps = any(event.kind == "link" for event in element.events)
        return element.type.endswith(WORKS) and not jumps


DONE_PLACE = -1
"""Where the way is kept of a token that ended all others."""


def _spelled(way: Way | None) -> tuple[str, ...]:
    path: list[str] = []
    while way is not None:
        path.append(way[0])
        way = way[1]
    return tuple(reversed(path))
