"""Explores a process scope by scope, the inner before the outer."""

from collections.abc import Iterator, Sequence

from service.diagram.model import Process
from service.diagram.soundness.chart import Chart
from service.diagram.soundness.flaws import Flaw, Place
from service.diagram.soundness.judging import judge
from service.diagram.soundness.net import Net, net
from service.diagram.soundness.space import DONE, Marking, Space

MOST_STATES = 20_000
"""So many states of one scope are looked at: a second's work."""


def explore(
    process: Process,
    scope: str | None = None,
    marking: Sequence[Place] | None = None,
    limit: int = MOST_STATES,
) -> tuple[Flaw, ...]:
    """The flaws of a process and of each sub-process in it; of one scope only where it is named.

    `marking` tells where tokens stand in that scope (the process, if none is named); None is one at its
    start, or at each of its starts in turn. Places that are not in the scope are passed over. Nothing is
    ever raised: flows that join nothing are not there, and what the engine does not run is an activity.
    """
    chart = Chart(process)
    wanted = scope or process.id
    flaws: list[Flaw] = []
    for key in chart.scopes(wanted):
        woven = net(chart, key)
        from_marking = key == wanted and marking is not None
        beginnings = [tuple(_places(woven, marking or ()))] if from_marking else _starts(chart, key, woven)
        space = Space(chart, woven, beginnings, limit)
        found = judge(chart, key, space)
        chart.completing[key] = not beginnings or DONE in space.markings or _hides(found)
        if key == wanted or scope is None:
            flaws += found
    return tuple(reversed(flaws))


def _starts(chart: Chart, scope: str, woven: Net) -> list[Marking]:
    return [(woven.within[start.id],) for start in chart.starts(scope)]


def _places(woven: Net, marking: Sequence[Place]) -> Iterator[int]:
    for where, key in marking:
        places = woven.on if where == "on" else woven.within
        if key in places:
            yield places[key]


def _hides(flaws: Sequence[Flaw]) -> bool:
    """Whether the scope has a flaw without which it might end: what is around it is not to blame."""
    return any(flaw.kind in ("deadlock", "multiplying", "unexplored") for flaw in flaws)
