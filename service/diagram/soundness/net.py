"""Makes a net of one scope: numbered places where tokens stand, and the moves that take and give them.

The number of a place is its turn: of several tokens the one with the lowest moves first. What lies
ahead has the higher number, so tokens that can come to the same place are seen there together. A token
that goes back in a circle that lets out others waits until those have gone as far as they can, or side
ways that end by themselves would pile up; one that ends all others is the last.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import partial
from itertools import combinations

from service.diagram.graph import reached, turned
from service.diagram.model import Element, Flow
from service.diagram.soundness.chart import Chart, Leaving

JOINS = ("parallelGateway", "inclusiveGateway")
MANY, VERY_MANY = 6, 30
"""Out of an inclusive split with more flows one, two, all but one and all are tried; or one and all."""
MOST_STEPS = 200_000
"""So many steps back are taken to tell circles that split from others; beyond it all are held to split."""
AHEAD, BACK, LAST = range(3)
FLOW, FRESH, SPENT = range(3)
Key = tuple[int, int, int, str]
"""A place before it has its number: when it comes, the rank of its element, its kind, the flow or element."""


@dataclass(frozen=True)
class Move:
    """A step of an element: tokens taken and given, by place. `also` are elements passed on the way."""

    element: str
    takes: tuple[int, ...]
    gives: tuple[int, ...] = ()
    also: tuple[str, ...] = ()
    leaving: Leaving = ""


@dataclass(frozen=True)
class Join:
    """A gateway at which tokens wait for each other on its flows; the joined one stands in `into`."""

    element: str
    inclusive: bool
    flows: tuple[int, ...]
    into: int


@dataclass(frozen=True)
class Net:
    """One scope: each place's element, flow (at a join only) and moves; where each flow and element is.

    `waiting` tells of each place whether its token waits for something from outside.
    """

    elements: tuple[str, ...]
    flows: tuple[str, ...]
    moves: tuple[tuple[Move, ...], ...]
    waiting: tuple[bool, ...]
    joins: tuple[Join, ...]
    on: Mapping[str, int]
    within: Mapping[str, int]


def net(chart: Chart, scope: str) -> Net:
    """The net of a process or sub-process."""
    return _Weaver(chart, scope).net()


class _Weaver:
    """What is known while a net is made."""

    def __init__(self, chart: Chart, scope: str) -> None:
        self.chart = chart
        self.elements = {
            element.id: element for element in chart.inside.get(scope, ()) if not element.triggered_by_event
        }
        self.rank = self._ranks([start.id for start in chart.starts(scope)])
        self.joins = {
            key: [flow.id for flow in chart.into.get(key, ())]
            for key, element in self.elements.items()
            if element.type in JOINS and len(chart.into.get(key, ())) > 1
        }
        self.bordered = {
            key for key in self.elements if any(not e.interrupting for e in chart.borders.get(key, ()))
        }
        self.back = set(self._circling())
        self.number: dict[Key, int] = {key: n for n, key in enumerate(sorted(set(self._places())))}

    def net(self) -> Net:
        """The net."""
        places = list(self.number)
        elements = tuple(self._element(key) for key in places)
        flows = [flow for key in self.elements for flow in self.chart.out.get(key, ())]
        return Net(
            elements=elements,
            flows=tuple(key[3] if key[2] == FLOW else "" for key in places),
            moves=tuple(tuple(self._moves(key, number)) for key, number in self.number.items()),
            waiting=tuple(self.chart.waits(self.elements[element]) for element in elements),
            joins=tuple(self._join(key) for key in self.joins),
            on={flow.id: self.number[self._on(flow)] for flow in flows},
            within={key: self._in(key) for key in self.elements},
        )

    def _ranks(self, starts: list[str]) -> dict[str, int]:
        """Every element after all that lead to it, as far as circles allow (without recursion)."""
        finished: list[str] = []
        seen: set[str] = set()
        for root in (*starts, *self.elements):
            path = [] if root in seen else [(root, iter(self.chart.graph[root]))]
            seen.add(root)
            while path:
                key, rest = path[-1]
                following = next((t for t in rest if t not in seen and t in self.elements), None)
                if following is None:
                    finished.append(key)
                    path.pop()
                else:
                    seen.add(following)
                    path.append((following, iter(self.chart.graph[following])))
        return {key: place for place, key in enumerate(reversed(finished))}

    def _places(self) -> Iterator[Key]:
        for key in self.elements:
            yield self._within(key)
            if key in self.bordered:
                yield AHEAD, self.rank[key], SPENT, key
            yield from (self._on(flow) for flow in self.chart.out.get(key, ()))
            yield from (self._to(key, target) for target in self.chart.links.get(key, ()))

    def _within(self, key: str, back: bool = False) -> Key:
        when = LAST if self._only_leaves(self.elements[key]) else BACK if back else AHEAD
        return when, self.rank[key], FRESH, key

    def _only_leaves(self, element: Element) -> bool:
        """Whether all that a token can do here is to end others with it."""
        terminates = any(event.kind == "terminate" for event in element.events)
        goes_on = self.chart.goes_on(element) and not terminates
        return not goes_on and not self.chart.borders.get(element.id) and any(self.chart.leavings(element))

    def _on(self, flow: Flow) -> Key:
        if flow.target in self.joins:
            return AHEAD, self.rank[flow.target], FLOW, flow.id
        return self._to(flow.source, flow.target)

    def _to(self, source: str, target: str) -> Key:
        return self._within(target, (source, target) in self.back)

    def _circling(self) -> Iterator[tuple[str, str]]:
        """The ways back of circles in which one token becomes several."""
        behind = turned(self.chart.graph)
        splits = {key for key, element in self.elements.items() if self._splits(element)}
        back = [
            (key, target)
            for key in self.elements
            for target in self.chart.graph[key]
            if target in self.rank and self.rank[key] >= self.rank[target]
        ]
        many = len(back) * len(self.elements) > MOST_STEPS
        for key, target in back if splits else ():
            if many or splits & (reached(behind, [key], without={target}) | {target}):
                yield key, target

    def _splits(self, element: Element) -> bool:
        one = element.type in ("exclusiveGateway", "eventBasedGateway")
        return element.id in self.bordered or (not one and len(self.chart.out.get(element.id, ())) > 1)

    def _in(self, key: str) -> int:
        return self.number[self._within(key)]

    def _element(self, key: Key) -> str:
        return self.chart.process.flows[key[3]].target if key[2] == FLOW else key[3]

    def _join(self, key: str) -> Join:
        flows = tuple(self.number[self._on(flow)] for flow in self.chart.into[key])
        return Join(key, self.elements[key].type == "inclusiveGateway", flows, self._in(key))

    def _moves(self, key: Key, number: int) -> Iterator[Move]:
        """What a token at a place can do; one on a flow waits for its join."""
        if key[2] == FLOW:
            return
        element = self.elements[key[3]]
        move = partial(Move, element.id, (number,))
        if self.chart.goes_on(element):
            yield from (move(gives, also) for gives, also in self._onward(element))
        for border in self.chart.borders.get(element.id, ()):
            if border.interrupting:
                yield move((self._in(border.id),))
            elif key[2] == FRESH:
                yield move((self.number[AHEAD, key[1], SPENT, element.id], self._in(border.id)))
        yield from (move(leaving=leaving) for leaving in self.chart.leavings(element))

    def _onward(self, element: Element) -> Iterator[tuple[tuple[int, ...], tuple[str, ...]]]:
        """The places that a token can go on to, all at once, with what it passes on the way."""
        if element.type == "eventBasedGateway":
            for flow in self.chart.out.get(element.id, ()):
                for gives in self._ways(self.elements[flow.target]):
                    yield gives, (flow.target,)
        elif not any(event.kind == "terminate" for event in element.events):
            yield from ((gives, ()) for gives in self._ways(element))

    def _ways(self, element: Element) -> Iterator[tuple[int, ...]]:
        flows = self.chart.out.get(element.id, [])
        linked = tuple(self.number[self._to(element.id, key)] for key in self.chart.links.get(element.id, ()))
        for taken in _choices(element, flows):
            yield tuple(self.number[self._on(flow)] for flow in taken) + linked


def _choices(element: Element, flows: list[Flow]) -> Iterator[tuple[Flow, ...]]:
    """The flows that may be taken together, whatever the data are."""
    if element.type == "parallelGateway" or not flows:
        yield tuple(flows)
        return
    if element.type == "exclusiveGateway":
        yield from ((flow,) for flow in flows)
        return
    default = tuple(flow for flow in flows if flow.id == element.default)
    others = [flow for flow in flows if flow.id != element.default]
    asks = (
        element.type == "inclusiveGateway" and len(flows) > 1
    )  # one without a condition only lacks it still
    asked = [flow for flow in others if flow.condition or asks]
    always = tuple(flow for flow in others if flow not in asked)
    if always or default:
        yield always + default
    for several in _subsets(asked):
        yield always + several


def _subsets(flows: list[Flow]) -> Iterator[tuple[Flow, ...]]:
    count = len(flows)
    few = range(1, count + 1) if count <= MANY else (1, 2, count - 1, count)
    for size in few if count <= VERY_MANY else (1, count):
        yield from combinations(flows, size)
