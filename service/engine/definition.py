"""An executable definition: what the instances of a process share, never changed, never serialized."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from service.diagram.graph import distances
from service.diagram.model import Element, Process
from service.engine import scripting
from service.engine.compiling import scope
from service.engine.scope import ScopeSpec


@dataclass(frozen=True)
class Definition:
    """The specs of a process and, by their ids, of its sub-processes.

    `distances` tells how far each element is from the start, so that a way back can be known;
    `conditional` whether any event waits for a condition.
    """

    process: Process
    spec: ScopeSpec
    scopes: dict[str, ScopeSpec]
    distances: dict[str, int]
    conditional: bool

    def element(self, element_id: str) -> Element:
        """The element of the diagram with this id."""
        return self.process.elements[element_id]

    def title(self, variables: Mapping[str, Any]) -> str:
        """What a case with these variables is about, by the process's `sop.perihal`."""
        return scripting.text(self.process.properties.get("sop.perihal"), variables)


def compile(process: Process) -> Definition:
    """The executable form of a process that `diagram.check` found without errors; else Refused."""
    parents = {process.id, *(e.id for e in process.elements.values() if e.type == "subProcess")}
    scopes = {parent: scope(process, parent) for parent in parents}
    events = (event for element in process.elements.values() for event in element.events)
    conditional = any(event.kind == "conditional" for event in events)
    return Definition(process, scopes.pop(process.id), scopes, distances(process), conditional)
