"""Who catches an error or escalation that is thrown: the nearest around it that names its code, or any."""

from collections.abc import Iterator

from service.diagram.model import Element, EventDefinition, Process

CODED = ("error", "escalation")
"""What is thrown with a code and caught by it."""
THROWING = frozenset(("intermediateThrowEvent", "endEvent"))
Level = tuple[str, str]
"""`on` the border of an activity or `in` a process or sub-process, with its id."""


def coded(process: Process) -> Iterator[tuple[Element, EventDefinition]]:
    """Every event that throws or catches an error or escalation, with its definition."""
    for element in process.elements.values():
        yield from ((element, event) for event in element.events if event.kind in CODED)


class Catches:
    """The events of a process that catch an error or escalation, by where they do."""

    def __init__(self, process: Process) -> None:
        self._process = process
        self._there: dict[tuple[str, Level, str | None], Element] = {}
        for element, event in coded(process):
            if place := self._level(element):
                self._there.setdefault((event.kind, place, event.code), element)

    def first(self, element: Element, event: EventDefinition) -> Element:
        """The first event that catches the same as this one at the same place; a throw is its own."""
        place = self._level(element)
        return self._there[event.kind, place, event.code] if place else element

    def nearest(self, element: Element, event: EventDefinition) -> Element | None:
        """What catches that which an element throws; None where nothing in the process does.

        An event sub-process does not catch what it throws itself.
        """
        within: set[str] = set()
        for place in self._around(element):
            within.add(place[1])
            for code in (event.code, None):
                found = self._there.get((event.kind, place, code))
                if found and found.parent not in within:
                    return found
        return None

    def _level(self, element: Element) -> Level | None:
        if element.type == "boundaryEvent":
            return "on", element.attached_to or ""
        handler = self._process.elements.get(element.parent)
        return ("in", handler.parent) if element.type == "startEvent" and handler else None

    def _around(self, element: Element) -> Iterator[Level]:
        """The levels around an element, the nearest first.

        An event sub-process that interrupts has ended everything else in the scope that it handles,
        so nothing in there catches what it throws itself.
        """
        scope, is_lost = element.parent, False
        while scope:
            if not is_lost:
                yield "in", scope
            yield "on", scope
            around = self._process.elements.get(scope)
            is_lost = around is not None and around.triggered_by_event and self._ends_all(scope)
            scope = around.parent if around else ""

    def _ends_all(self, handler: str) -> bool:
        inside = (one for one in self._process.elements.values() if one.parent == handler)
        return any(one.type == "startEvent" and one.interrupting for one in inside)
