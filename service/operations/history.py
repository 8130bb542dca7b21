"""What happened in a case, when and by whom: events chained by hash, and the visits of elements."""

import hashlib
import json
from collections.abc import Sequence
from contextlib import closing
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from service import values
from service.operations.identity import Actor
from service.store import rows
from service.store.models import ActivityInstance, HistoryEvent, ProcessInstance, now

AT_ONCE = 500
"""Events that are in memory while a chain is verified."""


def record(session: Session, instance: ProcessInstance, kind: str, actor: Actor, **told: Any) -> None:
    """Writes the case's next event, as `event` has it."""
    write(session, [event(instance, kind, actor, **told)])


def event(
    instance: ProcessInstance,
    kind: str,
    actor: Actor,
    *,
    element_id: str = "",
    element_name: str = "",
    task_id: str | None = None,
    **details: Any,
) -> rows.Row:
    """The case's next event, for `write`; `kind` is a past participle (`task_completed`).

    The caller holds the instance's lock, so that its events count without a gap.
    """
    instance.events += 1
    row = {
        "instance_id": instance.id,
        "seq": instance.events,
        "kind": kind,
        "at": now(),
        "actor": actor.id,
        "element_id": element_id,
        "element_name": element_name,
        "task_id": task_id,
        "details": details,
    }
    row["hash"] = instance.head = _hash(instance.head, row)
    return row


def write(session: Session, events: Sequence[rows.Row]) -> None:
    """Keeps events of a case that is in the database already, all with one statement."""
    rows.add(session, HistoryEvent, events)


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

    Read event by event, for a case may have very many. Who can rewrite the whole chain and the
    instance's own row is not found out here.
    """
    instance = session.get_one(ProcessInstance, instance_id)
    head, count = "", 0
    query = select(HistoryEvent).where(HistoryEvent.instance_id == instance_id).order_by(HistoryEvent.seq)
    with closing(session.scalars(query.execution_options(yield_per=AT_ONCE))) as events:
        for count, event in enumerate(events, 1):
            head = _hash(head, vars(event))
            if event.seq != count or event.hash != head:
                return count
    if count < instance.events:
        return count + 1
    return None if (count, head) == (instance.events, instance.head) else count


def _hash(head: str, event: rows.Row) -> str:
    """SHA-256 over the head before and everything the row says, in one canonical writing."""
    words = [
        head,
        event["instance_id"],
        event["seq"],
        event["kind"],
        event["at"].isoformat(),
        event["actor"],
        event["element_id"],
        event["element_name"],
        event["task_id"],
        values.tag(event["details"]),
    ]
    text = json.dumps(words, ensure_ascii=True, sort_keys=True, separators=(",", ":"), allow_nan=False)
    return hashlib.sha256(text.encode("ascii")).hexdigest()
