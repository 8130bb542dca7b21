"""What happened in a case, when and by whom: events chained by hash, and the visits of elements."""

import hashlib
import json
from collections.abc import Sequence
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from service import values
from service.operations.identity import Actor
from service.store.models import ActivityInstance, HistoryEvent, ProcessInstance, now


def record(
    session: Session,
    instance: ProcessInstance,
    kind: str,
    actor: Actor,
    *,
    element_id: str = "",
    element_name: str = "",
    task_id: str | None = None,
    **details: Any,
) -> HistoryEvent:
    """The case's next event; `kind` is a past participle (`task_completed`).

    The caller holds the instance's lock, so that its events count without a gap.
    """
    instance.events += 1
    event = HistoryEvent(
        instance_id=instance.id,
        seq=instance.events,
        kind=kind,
        at=now(),
        actor=actor.id,
        element_id=element_id,
        element_name=element_name,
        task_id=task_id,
        details=details,
    )
    event.hash = instance.head = _hash(instance.head, event)
    session.add(event)
    return event


def timeline(session: Session, instance_id: str) -> Sequence[HistoryEvent]:
    """The case's events in their order."""
    query = select(HistoryEvent).where(HistoryEvent.instance_id == instance_id)
    return session.scalars(query.order_by(HistoryEvent.seq)).all()


def activities(session: Session, instance_id: str) -> Sequence[ActivityInstance]:
    """The visits of elements in the order in which they were entered."""
    query = select(ActivityInstance).where(ActivityInstance.instance_id == instance_id)
    return session.scalars(
        query.order_by(ActivityInstance.started_at, ActivityInstance.order, ActivityInstance.id)
    ).all()


def verify(session: Session, instance_id: str) -> int | None:
    """The number of the first event that was changed, moved, added or is missing; None if all is as it was.

    Who can rewrite the whole chain and the instance's own row is not found out here.
    """
    instance = session.get_one(ProcessInstance, instance_id)
    head, count = "", 0
    for count, event in enumerate(timeline(session, instance_id), 1):
        head = _hash(head, event)
        if event.seq != count or event.hash != head:
            return count
    if count < instance.events:
        return count + 1
    return None if (count, head) == (instance.events, instance.head) else count


def _hash(head: str, event: HistoryEvent) -> str:
    """SHA-256 over the head before and everything the row says, in one canonical writing."""
    words = [
        head,
        event.instance_id,
        event.seq,
        event.kind,
        event.at.isoformat(),
        event.actor,
        event.element_id,
        event.element_name,
        event.task_id,
        values.tag(event.details),
    ]
    text = json.dumps(words, ensure_ascii=True, sort_keys=True, separators=(",", ":"), allow_nan=False)
    return hashlib.sha256(text.encode("ascii")).hexdigest()
