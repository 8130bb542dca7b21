"""Rules of an SOP's identity block: the day on which its revision takes effect can be read."""

from collections.abc import Iterator

from service.diagram.dates import day
from service.diagram.model import Process
from service.diagram.rules.finding import warning
from service.diagram.sop import facts
from service.errors import Finding

BLANK = frozenset(("", "-", "–", "—"))


def unreadable_day(process: Process) -> Iterator[Finding]:
    """A revision takes effect on the day that it names; where that is no day, at once."""
    said = facts(process).effective_on
    if said not in BLANK and day(said) is None:
        yield warning("unreadable_day", process, said=said)
