"""What the inclusive joins of a scope wait for: from where a token can still come in by which flow."""

from collections.abc import Sequence

from service.diagram.soundness.chart import Chart
from service.diagram.soundness.net import Join, Net

MOST_STEPS = 500_000
"""So many flows are followed back to find out from where a join can be reached."""


class Upstream:
    """Sets of flows are the bits of a number, one for each flow into an inclusive join (`places`).

    `ahead` gives, for each place, the flows by which a token there can still come into a join without
    passing that join before. `care` gives the flows that must be empty for a move of the token there to
    change nothing for any join but that it was waited for; None where that is never sure. Where the
    joins are too many and too tangled to find this out, they are not `settled`.
    """

    def __init__(self, chart: Chart, net: Net) -> None:
        self.net = net
        self.joins = [join for join in net.joins if join.inclusive]
        self.of_bit = [join for join in self.joins for _ in join.flows]
        self.places = [place for join in self.joins for place in join.flows]
        self.bits = {place: 1 << n for n, place in enumerate(self.places)}
        self.masks = {join.element: sum(self.bits[flow] for flow in join.flows) for join in self.joins}
        self.settled = True
        found = self._found(chart) if self.joins else {}
        self.ahead = [found.get(element, 0) for element in net.elements]
        self.care = [self._cares(place) for place in range(len(net.elements))]

    def ready(self, join: Join, marking: Sequence[int]) -> tuple[int, ...]:
        """The flows whose tokens join now, if everything that moves by itself has moved; empty if none do.

        It waits while a token elsewhere can come in by a flow that has none, unless that could also
        come by one that has (BPMN 2.0.2, 13.4.3).
        """
        standing = set(marking)
        arrived = tuple(flow for flow in join.flows if flow in standing)
        if not arrived:
            return ()
        there = sum(self.bits[flow] for flow in arrived)
        empty = self.masks[join.element] & ~there
        for place in standing:
            ahead = self.ahead[place]
            if ahead & empty and not ahead & there and self.net.elements[place] != join.element:
                return ()
        return arrived

    def calm(self, place: int, marking: Sequence[int]) -> bool:
        """Whether a token may move alone: no join would do otherwise if it moved later."""
        care = self.care[place]
        return care is not None and not any(flow in marking for flow in care)

    def _found(self, chart: Chart) -> dict[str, int]:
        """By element: the flows that lead into a join there, and those that what comes next leads to."""
        direct: dict[str, int] = {}
        for join in self.joins:
            for flow, place in zip(chart.into[join.element], join.flows, strict=True):
                direct[flow.source] = direct.get(flow.source, 0) | self.bits[place]
        found = dict.fromkeys(reversed(self.net.elements), 0)
        for _ in range(max(1, MOST_STEPS // (len(chart.graph) + len(chart.process.flows)))):
            self.settled = True
            for key, before in found.items():
                ahead = direct.get(key, 0)
                for target in chart.graph[key]:
                    ahead |= found.get(target, 0)
                ahead &= ~self.masks.get(key, 0)
                if ahead != before:
                    found[key] = ahead
                    self.settled = False
            if self.settled:
                break
        return found

    def _cares(self, place: int) -> tuple[int, ...] | None:
        mine, care = self.ahead[place], []
        changed = self._changed(place)
        while changed:
            bit = changed.bit_length() - 1
            mask = self.masks[self.of_bit[bit].element]
            mine_there = mine & mask
            if mine_there & (mine_there - 1):
                return None
            if mine_there:
                care.append(self.places[mine_there.bit_length() - 1])
            changed &= ~mask
        return tuple(care)

    def _changed(self, place: int) -> int:
        """The flows by which a token can come in before some move and not after it, or after it only."""
        changed = 0
        for move in self.net.moves[place]:
            for given in move.gives:
                changed |= self.ahead[place] ^ self.ahead[given]
            if not move.gives:
                changed |= self.ahead[place]
        return changed
