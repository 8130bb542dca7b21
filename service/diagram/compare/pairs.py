"""Two revisions side by side: which element, lane and flow of one is which of the other, and their order."""

from collections import defaultdict, deque
from collections.abc import Hashable, Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property

from service.diagram import matching, sop
from service.diagram.graph import roots, ways
from service.diagram.model import Element, Flow, Lane, Process
from service.diagram.rules.elements import EVENTS, GATEWAYS
from service.errors import Message


@dataclass(frozen=True)
class Pairs:
    """The two processes; every mapping leads from an id of the old one to an id of the new one."""

    old: Process
    new: Process

    @cached_property
    def elements(self) -> Mapping[str, str]:
        """The elements that are in both: the same or likely the same, then what kept its id only."""
        found = matching.same(self.old, self.new) | matching.likely(self.old, self.new)
        taken = set(found.values())
        kept = {
            key: key
            for key in self.old.elements
            if key in self.new.elements and key not in found and key not in taken
        }
        return found | kept

    @cached_property
    def back(self) -> Mapping[str, str]:
        """The elements, from the new one to the old one."""
        return {new: old for old, new in self.elements.items()}

    @cached_property
    def scopes(self) -> Mapping[str, str]:
        """The processes themselves and all that may hold elements."""
        return {**self.elements, self.old.id: self.new.id}

    @cached_property
    def lanes(self) -> Mapping[str, str]:
        """The lanes that are in both: of the same name, else of the same id."""
        old, new = _by_name(self.old), _by_name(self.new)
        found = {lane: new[name] for name, lane in old.items() if name in new}
        taken = set(found.values())
        kept = {key: key for key in self.old.lanes if key in self.new.lanes.keys() - taken}
        return {**kept, **found}

    @cached_property
    def flows(self) -> Mapping[str, str]:
        """The flows that are in both, between the same elements: by id, by what they say, by order."""
        ours, theirs = defaultdict(list), defaultdict(list)
        for flow in self.old.flows.values():
            ours[self.elements.get(flow.source, ""), self.elements.get(flow.target, "")].append(flow)
        for flow in self.new.flows.values():
            theirs[flow.source, flow.target].append(flow)
        return dict(pair for ends, flows in ours.items() for pair in _alike(flows, theirs.get(ends, [])))

    @cached_property
    def kept_flows(self) -> frozenset[str]:
        """The flows of the new one that were there before."""
        return frozenset(self.flows.values())

    @cached_property
    def reading(self) -> list[tuple[Element | None, Element | None]]:
        """Every element as (old, new) in the order of the new table; what is gone, where it was."""
        place = {key: index for index, key in enumerate(reading(self.new))}
        order = [((index, 0, 0), self._pair(key)) for key, index in place.items()]
        last = -1
        for index, key in enumerate(reading(self.old)):
            if key in self.elements:
                last = place[self.elements[key]]
            else:
                order.append(((last, 1, index), (self.old.elements[key], None)))
        return [pair for _, pair in sorted(order, key=lambda one: one[0])]

    def _pair(self, new: str) -> tuple[Element | None, Element | None]:
        return self.old.elements.get(self.back.get(new, "")), self.new.elements[new]


def reading(process: Process) -> Iterator[str]:
    """The elements as the table reads: each row, and what follows it before the next one."""
    rank = {row.element: number for number, row in enumerate(sop.rows(process))}
    last = len(rank)
    behind = _behind(process, rank)
    steps = {key: number for number, key in enumerate(behind)}
    order = sorted(
        process.elements,
        key=lambda key: (rank.get(key, behind.get(key, last)), key not in rank, steps.get(key, 0)),
    )
    return iter(order)


def called(process: Process, key: str) -> str:
    """What people call an element: its name, else its words in the table, else its id."""
    element = process.elements.get(key)
    return (element and (element.name or element.properties.get("sop.kegiatan"))) or key or "?"


def subject(process: Process, element: Element, *, gone: bool = False) -> Message:
    """What a sentence about an element begins with: the row's number and name, if it has them."""
    name = called(process, element.id)
    if number := element.properties.get("sop.no"):
        return Message("compare.row_before" if gone else "compare.row", {"no": number, "name": name})
    if element.type in GATEWAYS or element.type == "complexGateway":
        return Message("compare.gateway", {"name": name})
    if element.type in EVENTS or element.type == "implicitThrowEvent":
        return Message("compare.event", {"name": name})
    return Message("compare.step", {"name": name})


def _behind(process: Process, rank: Mapping[str, int]) -> dict[str, int]:
    """The row behind which each element comes on the shortest way; -1 before the first one."""
    graph, entered = ways(process), roots(process)
    behind = dict.fromkeys(entered.get(process.id, ()), -1)
    ahead = deque(behind)
    while ahead:
        key = ahead.popleft()
        for target in (*graph[key], *entered.get(key, ())):
            if target not in behind:
                behind[target] = rank.get(key, behind[key])
                ahead.append(target)
    return behind


def _by_name(process: Process) -> dict[str, str]:
    """The lanes whose name no other has, by that name."""
    named: dict[str, list[Lane]] = defaultdict(list)
    for lane in process.lanes.values():
        named[matching.words(lane.name)].append(lane)
    return {name: lanes[0].id for name, lanes in named.items() if name and len(lanes) == 1}


def _alike(ours: list[Flow], theirs: list[Flow]) -> Iterator[tuple[str, str]]:
    """Which flow is which of those that lead from one element to one other."""
    for trait in (_id, _words, _nothing):
        waiting: dict[Hashable, deque[Flow]] = defaultdict(deque)
        for flow in theirs:
            waiting[trait(flow)].append(flow)
        left = []
        for flow in ours:
            if same := waiting[trait(flow)]:
                yield flow.id, same.popleft().id
            else:
                left.append(flow)
        ours, theirs = left, [flow for flows in waiting.values() for flow in flows]


def _id(flow: Flow) -> Hashable:
    return flow.id


def _words(flow: Flow) -> Hashable:
    return flow.name, flow.condition


def _nothing(flow: Flow) -> Hashable:
    return None
