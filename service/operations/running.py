"""Which cases run on which revision of an SOP, and at which steps they stand."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Select, func, select
from sqlalchemy.orm import Session

from service.store.models import ActivityInstance, ProcessDefinition, ProcessInstance

RUNNING = ("active", "suspended")
BESIDE = ("subProcess", "boundaryEvent")
"""Open visits at which no case stands: it stands inside the one, and the other only listens."""


@dataclass(frozen=True)
class Step:
    """Where so many cases of a revision stand."""

    element: str
    name: str
    cases: int


def counted(session: Session, definition_ids: Sequence[str]) -> dict[str, int]:
    """How many cases run on each of these revisions; one without any is left out."""
    running = select(ProcessInstance.definition_id, func.count()).where(
        ProcessInstance.definition_id.in_(definition_ids), ProcessInstance.status.in_(RUNNING)
    )
    rows = session.execute(running.group_by(ProcessInstance.definition_id))
    return {row[0]: row[1] for row in rows}


def steps(session: Session, definition_id: str) -> list[Step]:
    """Where the running cases of a revision stand, the fullest step first; one may stand at several."""
    cases = func.count(func.distinct(ActivityInstance.instance_id))
    standing = select(ActivityInstance.element_id, func.max(ActivityInstance.name), cases).join(
        ProcessInstance, ProcessInstance.id == ActivityInstance.instance_id
    )
    standing = standing.where(
        ProcessInstance.definition_id == definition_id,
        ProcessInstance.status.in_(RUNNING),
        ActivityInstance.ended_at.is_(None),
        ActivityInstance.kind.not_in(BESIDE),
    )
    rows = session.execute(standing.group_by(ActivityInstance.element_id))
    found = [Step(element, name or element, count) for element, name, count in rows]
    return sorted(found, key=lambda step: (-step.cases, step.name))


def revisions(session: Session, key: str) -> list[tuple[ProcessDefinition, int]]:
    """The revisions of an SOP on which cases run, newest first, with how many."""
    query = select(ProcessDefinition).where(ProcessDefinition.key == key)
    rows = session.scalars(query.order_by(ProcessDefinition.version.desc())).all()
    counts = counted(session, [row.id for row in rows])
    return [(row, counts[row.id]) for row in rows if row.id in counts]


def older(session: Session, definition: ProcessDefinition) -> list[tuple[ProcessDefinition, int]]:
    """The earlier revisions of the same SOP on which cases run, newest first, with how many."""
    return [pair for pair in revisions(session, definition.key) if pair[0].version < definition.version]


def at(session: Session, definition_id: str, elements: Sequence[str]) -> Sequence[str]:
    """The ids of the running cases of a revision that stand at one of these elements."""
    standing = select(ActivityInstance.instance_id).where(
        ActivityInstance.element_id.in_(elements), ActivityInstance.ended_at.is_(None)
    )
    return session.scalars(_running(definition_id).where(ProcessInstance.id.in_(standing))).all()


def cases(session: Session, definition_id: str, limit: int) -> Sequence[ProcessInstance]:
    """The running cases of a revision, oldest first."""
    query = select(ProcessInstance).where(ProcessInstance.id.in_(_running(definition_id)))
    return session.scalars(query.order_by(ProcessInstance.started_at, ProcessInstance.id).limit(limit)).all()


def _running(definition_id: str) -> Select[Any]:
    return select(ProcessInstance.id).where(
        ProcessInstance.definition_id == definition_id, ProcessInstance.status.in_(RUNNING)
    )
