"""What the inclusive joins of a scope wait for: from where a token can still come in by which flow."""

from collections.abc import Sequence

from service.diagram.graph import reached, turned
from service.diagram.soundness.chart import Chart
from service.diagram.soundness.net import Join, Net


class Upstream:
    """Sets of flows are the bits of a number, one for each flow into an inclusive join.

    `ahead` gives, for each place, the flows by which a token there can still come into a join without
    passing that join before. `care` gives the flows that must be empty for a move of the token there to
    change nothing for any join but that it was waited for; None where that is never sure.
    """

    def __init__(self, chart: Chart, net: Net) -> None:
        self.net = net
        self.joins = [join for join in net.joins if join.inclusive]
        places = [flow for join in self.joins for flow in join.flows]
        self.bits = {place: 1 << n for n, place in enumerate(places)}
        self.masks = {join: sum(self.bits[flow] for flow in join.flows) for join in self.joins}
        found = self._found(chart) if self.joins else {}
        self.ahead = [found.get(element, 0) for element in net.elements]
        self.care = [self._cares(place) for place in range(len(net.elements))]

    def ready(self, join: Join, marking: Sequence[int]) -> tuple[int, ...]:
        """The flows whose tokens join now, if everything that moves by itself has moved; empty if none do.

        It waits while a token elsewhere can come in by a flow that has none, unless that could also
        come by one that has (BPMN 2.0.2, 13.4.3).
        """
        arrived = tuple(flow for flow in join.flows if flow in marking)
        if not arrived:
            return ()
        there = sum(self.bits[flow] for flow in arrived)
        empty = self.masks[join] & ~there
        for place in marking:
            ahead = self.ahead[place]
            if ahead & empty and not ahead & there and self.net.elements[place] != join.element:
                return ()
        return arrived

    def calm(self, place: int, marking: Sequence[int]) -> bool:
        """Whether a token may move alone: no join would do otherwise if it moved later."""
        care = self.care[place]
        return care is not None and not any(flow in marking for flow in care)

    def _found(self, chart: Chart) -> dict[str, int]:
        behind = turned(chart.graph)
        found: dict[str, int] = {}
        for join in self.joins:
            for flow, place in zip(chart.into[join.element], join.flows, strict=True):
                for element in reached(behind, {flow.source} - {join.element}, without={join.element}):
                    found[element] = found.get(element, 0) | self.bits[place]
        return found

    def _cares(self, place: int) -> tuple[int, ...] | None:
        ahead, care = self.ahead[place], []
        for join in self.joins:
            mine = ahead & self.masks[join]
            if not mine or self._changes_nothing(place, join, mine):
                continue
            if mine & (mine - 1):
                return None
            care.append(next(flow for flow in join.flows if self.bits[flow] == mine))
        return tuple(care)

    def _changes_nothing(self, place: int, join: Join, mine: int) -> bool:
        """Whether a token can still come in by the same flows after each move, and does not come in by it."""
        return all(
            move.gives and all(self._still(given, join) == mine for given in move.gives)
            for move in self.net.moves[place]
        )

    def _still(self, place: int, join: Join) -> int:
        return 0 if place in join.flows else self.ahead[place] & self.masks[join]
