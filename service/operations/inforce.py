"""Which revision of a process is in force: it follows from the rows, there is no switch to throw."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any, TypeVar

from sqlalchemy import ColumnElement, Select, func, or_, select
from sqlalchemy.orm import Session, aliased

from service.config import zone
from service.errors import Conflict, Message, NotFound
from service.operations import sequences
from service.operations.identity import Actor
from service.store.models import DecisionDefinition, DefinitionEvent, FormDefinition, ProcessDefinition, now

Part = TypeVar("Part", FormDefinition, DecisionDefinition)


def find(session: Session, key: str, at: datetime | None = None) -> ProcessDefinition | None:
    """The revision of this process that is, or was by today's rows, in force at a moment; None without one.

    It is the approved one whose day came last, of two with the same day the later version.
    """
    query = select(ProcessDefinition).where(ProcessDefinition.key == key)
    found: ProcessDefinition | None = session.scalar(_last(query, ProcessDefinition, at or now()))
    return found


def get(session: Session, key: str, at: datetime | None = None) -> ProcessDefinition:
    """As `find`; NotFound where there is none, which tells a process that nobody knows from one at rest."""
    if (found := find(session, key, at)) is not None:
        return found
    raise NotFound("revision.none", name=name(session, key))


def name(session: Session, key: str) -> str:
    """What the process with this key is called in its latest version; NotFound if nobody knows it."""
    query = select(ProcessDefinition.name).where(ProcessDefinition.key == key)
    found = session.scalar(query.order_by(ProcessDefinition.version.desc()).limit(1))
    if found is None:
        raise NotFound("deployment.no_process", key=key)
    return found


def all_(session: Session) -> Sequence[ProcessDefinition]:
    """What is in force now of every process, by name.

    It reads one row for each process, however many versions there are: from each key it goes on to
    the next one in the index.
    """
    one, following, revision = (aliased(ProcessDefinition) for _ in range(3))
    keys = select(func.min(one.key).label("key")).cte("keys", recursive=True)
    greater = select(func.min(following.key)).where(following.key > keys.c.key).scalar_subquery()
    keys = keys.union_all(select(greater).where(keys.c.key.is_not(None)))
    ids = _last(select(revision.id).where(revision.key == keys.c.key), revision, now())
    found = select(ids.correlate(keys).scalar_subquery()).select_from(keys)
    query = select(ProcessDefinition).where(ProcessDefinition.id.in_(found))
    return session.scalars(query.order_by(ProcessDefinition.name, ProcessDefinition.key)).all()


def newest(session: Session, query: Select[Part], part: type[Part]) -> Part | None:
    """The last version of a form or decision that counts; where none does yet, the last one.

    What came with a draft, or for a day that has not come, binds nobody before that process does.
    """
    revision = aliased(ProcessDefinition)
    brought = select(revision.id).where(revision.deployment_id == part.deployment_id)
    begins = brought.where(revision.status == "approved", revision.effective_at <= now())
    counts = or_(~brought.exists(), begins.exists())
    ordered = query.order_by(part.version.desc()).limit(1)
    found: Part | None = session.scalar(ordered.where(counts)) or session.scalar(ordered)
    return found


def _last(query: Select[Any], revision: Any, at: datetime) -> Select[Any]:
    come: ColumnElement[bool] = revision.effective_at <= at
    query = query.where(revision.status == "approved", come)
    return query.order_by(revision.effective_at.desc(), revision.version.desc()).limit(1)


def check(definition: ProcessDefinition) -> None:
    """Conflict for a draft, a revision whose day has not come, and one that was withdrawn.

    On one that another has followed cases begin only where it is asked for by itself.
    """
    if startable(definition):
        return
    word = "scheduled" if definition.status == "approved" else definition.status
    day = said(definition.effective_at) if definition.effective_at else ""
    raise Conflict(f"revision.is_{word}", name=definition.name, version=definition.version, day=day)


def startable(definition: ProcessDefinition) -> bool:
    """Whether a case may begin on it at all, by its id: it is in force, or was until another one followed."""
    at = definition.effective_at
    return definition.status == "approved" and at is not None and at <= now()


def said(moment: datetime) -> Message:
    """`1 Desember 2026`, and the time where it is not midnight, in the office's zone."""
    local = moment.astimezone(zone())
    month = Message(f"revision.month.{local.month}")
    day = Message("revision.day", {"day": local.day, "month": month, "year": local.year})
    if not (local.hour or local.minute):
        return day
    return Message("revision.moment", {"day": day, "hour": f"{local:%H}", "minute": f"{local:%M}"})


def hold(session: Session) -> None:
    """Whoever deploys, approves or withdraws comes after whoever does now, and sees what they did."""
    sequences.hold(session, "revisions")


def record(
    session: Session,
    definition: ProcessDefinition,
    kind: str,
    actor: Actor,
    at: datetime | None = None,
    **details: Any,
) -> None:
    """Writes into a revision's history: deployed, approved, withdrawn, restored or took_effect."""
    event = DefinitionEvent(
        definition_id=definition.id, kind=kind, at=at or now(), actor=actor.id, details=details
    )
    session.add(event)
