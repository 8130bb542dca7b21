"""Whether somebody holds the positions that diagrams give work to."""

from collections.abc import Iterator

from sqlalchemy.orm import Session

from service.diagram.model import Process
from service.diagram.rules.elements import WORK
from service.diagram.rules.expressions import PEOPLE
from service.errors import Finding
from service.operations import identity, starting
from service.operations.positions import position_id
from service.operations.resources import Resources


def unheld(session: Session, read: Resources) -> Iterator[Finding]:
    """The lanes whose position nobody holds now, where somebody has to: only a warning.

    A position may well be made with the diagram, and given to somebody afterwards.
    """
    held = {holding.position_id for holding in identity.holdings(session)}
    if any(finding.severity == "error" for finding in read.findings):
        return
    for file, process in read.processes():
        lanes = {lane.name: lane for lane in process.lanes.values()}
        busy, begins = _busy(process), starting.starters(process)
        for name in starting.lanes_with_work(process):
            position, lane = position_id(starting.office(process), name), lanes[name]
            if position not in held and (lane.name in busy or position in begins):
                yield Finding("no_holder", "warning", file, lane.id, lane.name, lane.line)


def _busy(process: Process) -> set[str | None]:
    """The names of the lanes with work that is done by whoever holds the position."""
    return {
        process.lanes[element.lane or ""].name
        for element in process.elements.values()
        if element.type in WORK
        and element.lane in process.lanes
        and not any(element.camunda.get(attribute) for attribute in PEOPLE)
    }
