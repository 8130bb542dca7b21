"""Rules of event sub-processes: nothing leads into them or out of them."""

from collections.abc import Iterator

from service.diagram.model import Process
from service.diagram.rules.finding import flow_error
from service.diagram.rules.structure import joined
from service.errors import Finding


def joined_handler(process: Process) -> Iterator[Finding]:
    """What handles an event is entered when the event comes, and from nowhere else."""
    for flow, source, target in joined(process):
        if source.triggered_by_event or target.triggered_by_event:
            yield flow_error("joined_handler", process, flow)
