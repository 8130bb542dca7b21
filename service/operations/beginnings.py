"""Which processes begin with a message or a signal."""

from dataclasses import dataclass

from sqlalchemy.orm import Session

from service.operations import deployments
from service.operations.recent import Recent
from service.store.models import ProcessDefinition


@dataclass(frozen=True)
class Beginning:
    """A start event of a process, and what it begins with."""

    element: str
    kind: str
    name: str


_KNOWN: Recent[tuple[Beginning, ...]] = Recent(10_000)


def find(session: Session, kind: str, name: str) -> list[tuple[ProcessDefinition, str]]:
    """The processes, in the revision in force, that begin with it, each with its start event."""
    return [
        (definition, beginning.element)
        for definition in deployments.definitions(session)
        for beginning in _beginnings(session, definition.id)
        if (beginning.kind, beginning.name) == (kind, name)
    ]


def _beginnings(session: Session, definition_id: str) -> tuple[Beginning, ...]:
    def make() -> tuple[Beginning, ...]:
        process = deployments.diagram(session, definition_id)
        return tuple(
            Beginning(element.id, event.kind, event.name or "")
            for element in process.elements.values()
            if element.type == "startEvent" and element.parent == process.id
            for event in element.events
        )

    return _KNOWN.get(definition_id, make)
