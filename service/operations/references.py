"""What a diagram names outside its deployment, forms and decisions, and what of it was never deployed."""

from collections.abc import Iterator

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from service.errors import Finding
from service.operations import resources
from service.operations.fitting import Reference, referred
from service.operations.resources import Resources
from service.store.models import DecisionDefinition, FormDefinition, ProcessDefinition

__all__ = ["Reference", "missing", "newest", "referred"]

Versioned = type[ProcessDefinition] | type[FormDefinition] | type[DecisionDefinition]


def missing(session: Session, read: Resources) -> Iterator[Finding]:
    """What is bound to an earlier deployment, and neither in these files nor in any before.

    What must be in the deployment itself, `resources.read` has looked for.
    """
    sent = resources.sent(read)
    for file, process in read.processes():
        for reference in referred(process):
            if not _is_there(session, reference, reference.key in sent[reference.kind]):
                yield reference.finding(file, f"missing_{reference.binding}")


def newest(session: Session, table: Versioned, key: str) -> int:
    """The number of the latest version with this key; 0 where there is none."""
    return session.scalar(select(func.max(table.version)).where(table.key == key)) or 0


def _is_there(session: Session, reference: Reference, sent: bool) -> bool:
    """A binding that nobody knows is refused elsewhere."""
    table = FormDefinition if reference.kind == "form" else DecisionDefinition
    last = newest(session, table, reference.key) + sent
    version = reference.version
    there = {
        "latest": last > 0,
        "version": version.isdecimal() and 0 < int(version) <= last,
    }
    return there.get(reference.binding, True)
