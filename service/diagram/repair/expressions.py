"""Expressions that cannot be read, by where they stand: a person decides, waits or does instead."""

from service.diagram.repair import conditions, events, markers, work
from service.diagram.repair.drawing import Drawing
from service.diagram.repair.kinds import Mend, Repairs
from service.errors import Finding, Message

BY_PLACE: dict[str, Mend] = {
    "condition": conditions.unreadable,
    "timer": events.without_details,
    "event": events.without_details,
    "script": work.undone,
    "topic": work.undone,
    "rounds": markers.loop,
    "cardinality": markers.loop,
    "completion": markers.loop,
    "collection": markers.loop,
}
"""Inputs, outputs and whom a task is for are left to the analyst: nobody else knows what was meant."""


def unreadable(drawing: Drawing, finding: Finding) -> Repairs:
    """What cannot be computed is not guessed."""
    where = finding.params.get("where")
    place = where.key.rpartition(".")[2] if isinstance(where, Message) else ""
    if mend := BY_PLACE.get(place):
        yield from mend(drawing, finding)
