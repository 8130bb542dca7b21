"""What is drawn in a process, scope by scope: flows, borders, links, and what leaves a scope for good."""

from collections.abc import Iterator
from typing import Literal

from service.diagram.automatic import outside, waits
from service.diagram.catching import CODED, THROWING, Catches
from service.diagram.graph import Graph, ended, links, ways
from service.diagram.model import Element, Flow, Process

Leaving = Literal["", "scope", "more"]
"""What a token takes with it where it ends: nothing, all of its scope, or that and the scope around it."""
FAILING = ("userTask", "manualTask", "task", "serviceTask", "callActivity")
OUTSIDE = "/"
"""Who catches what nobody in the process does. No id of an element is a slash."""


class Chart:
    """One process, as far as flows join elements of one scope: what else is drawn no token can take.

    `completing` fills up as scopes are explored, the inner before the outer: whether one can end normally.
    """

    def __init__(self, process: Process) -> None:
        self.process = process
        self.graph: Graph = ways(process)
        self.inside: dict[str, list[Element]] = {process.id: []}
        self.out: dict[str, list[Flow]] = {}
        self.into: dict[str, list[Flow]] = {}
        self.borders: dict[str, list[Element]] = {}
        self.links: dict[str, list[str]] = {}
        self.completing: dict[str, bool] = {}
        self.ended = ended(process)
        self._escapes: dict[str, set[str]] = {}
        self._caught: set[str] = set()
        self._draw()
        self._throw(Catches(process))
        for host, events in self.borders.items():
            self.borders[host] = [event for event in events if self._comes(event)]

    def _draw(self) -> None:
        elements = self.process.elements
        for element in elements.values():
            self.inside.setdefault(element.parent, []).append(element)
            host = elements.get(element.attached_to or "")
            if host and self._joins(host, element):
                self.borders.setdefault(host.id, []).append(element)
        for flow in self.process.flows.values():
            source, target = elements.get(flow.source), elements.get(flow.target)
            if source and target and self._joins(source, target):
                self.out.setdefault(source.id, []).append(flow)
                self.into.setdefault(target.id, []).append(flow)
        for throw, catch in links(self.process):
            self.links.setdefault(throw.id, []).append(catch.id)

    def _joins(self, source: Element, target: Element) -> bool:
        """Whether a token can take a flow: nothing leads into what handles an event, or out of it."""
        handles = source.triggered_by_event or target.triggered_by_event
        return source.parent == target.parent and not handles

    def _throw(self, catches: Catches) -> None:
        """What each throwing element, and what is around it, is ended by."""
        for element in self.process.elements.values():
            for event in element.events:
                if event.kind not in CODED or element.type not in THROWING:
                    continue
                catcher = catches.nearest(element, event)
                self._caught.add(catcher.id if catcher else OUTSIDE)
                if event.kind == "error" or (catcher and catcher.interrupting):
                    self._note(element, catcher)

    def _note(self, element: Element, catcher: Element | None) -> None:
        """The scopes that are left, up to the one in which the catcher's own way begins."""
        stop = self._begins(catcher)
        around: Element | None = element
        seen: set[str] = set()
        while around and around.id not in seen:
            seen.add(around.id)
            if catcher and catcher.attached_to == around.id:
                return
            self._escapes.setdefault(around.id, set()).add(catcher.id if catcher else OUTSIDE)
            if around.parent == stop:
                return
            around = self.process.elements.get(around.parent)

    def _begins(self, catcher: Element | None) -> str:
        """The scope in which the way of what catches begins; empty outside the process."""
        if catcher is None:
            return ""
        around = self.process.elements.get(catcher.parent)
        return catcher.parent if catcher.attached_to or around is None else around.parent

    def _comes(self, border: Element) -> bool:
        """Whether an event can come: an error needs something that throws it, or work that can fail."""
        coded = any(event.kind in CODED for event in border.events)
        inside = (
            element
            for scope in self.scopes(border.attached_to or "")
            for element in self.inside.get(scope, ())
        )
        host = self.process.elements[border.attached_to or ""]
        return not coded or border.id in self._caught or any(map(_can_fail, (host, *inside)))

    def leavings(self, element: Element) -> Iterator[Leaving]:
        """How a token on an element, or one inside it, may end more than itself."""
        if any(event.kind == "terminate" for event in element.events):
            yield "scope"
        for key in sorted(self._escapes.get(element.id, ())):
            catcher = self.process.elements.get(key)
            handler = self.process.elements.get(catcher.parent) if catcher else None
            here = handler and handler.triggered_by_event and handler.parent == element.parent
            yield "scope" if handler and here and self.completing.get(handler.id, True) else "more"

    def goes_on(self, element: Element) -> bool:
        """Whether a token can leave an element by its flows: not one that throws what ends it."""
        throws = element.type in THROWING
        return not (throws and element.id in self._escapes) and self.completing.get(element.id, True)

    def waits(self, element: Element) -> bool:
        """Whether a token stands on an element until something comes from outside."""
        if element.type != "subProcess":
            return waits(element)
        return any(self.waits_inside(element.id))

    def waits_inside(self, scope: str) -> Iterator[bool]:
        """For each element in a scope, and in those in it, whether a token waits there."""
        ahead = [scope]
        while ahead:
            for element in self.inside.get(ahead.pop(), ()):
                yield waits(element)
                if element.type == "subProcess":
                    ahead.append(element.id)

    def scopes(self, scope: str) -> list[str]:
        """A scope and those inside it, each before the one that it is in."""
        found = [scope]
        for key in found:
            found += [element.id for element in self.inside.get(key, ()) if self._holds_others(element)]
        return found[::-1]

    def _holds_others(self, element: Element) -> bool:
        return element.id != element.parent and element.type == "subProcess"

    def starts(self, scope: str) -> list[Element]:
        """Where tokens begin in a scope."""
        return [element for element in self.inside.get(scope, ()) if element.type == "startEvent"]


def _can_fail(element: Element) -> bool:
    """Whether an error may come out of what is done somewhere else."""
    return element.type in FAILING or outside(element)
