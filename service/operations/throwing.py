"""What a case throws: messages and signals on their way to others, each in a job of its own.

So that nobody is held up by a receiver that is busy or broken, and nothing is lost by it either.
"""

from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from service.engine.execution import Thrown
from service.operations import beginnings
from service.operations.early import KEPT, Sent
from service.operations.identity import Actor
from service.store.models import Job, ProcessInstance, Subscription, new_id, now


def throw(session: Session, instance: ProcessInstance, thrown: Sequence[Thrown], actor: Actor) -> None:
    """Hands on what left a case; its own catches have had their signals from the engine already."""
    for one in thrown:
        if one.kind == "message":
            sent = Sent(
                one.name,
                instance.business_key,
                values=one.values,
                by=f"case:{instance.id}",
                until=now() + KEPT,
            )
            send(session, sent, instance.definition_id, one.element)
        elif one.kind == "signal":
            broadcast(session, one.name, one.values, by=f"case:{instance.id}")


def send(session: Session, sent: Sent, definition_id: str, element_id: str) -> None:
    """A message whose receiver is to be found; it was thrown there, or will be waited for there."""
    session.add(_due("message", element_id, sent.payload, definition_id=definition_id))


def broadcast(session: Session, name: str, values: Mapping[str, Any], *, by: str) -> int:
    """A signal goes to every case that waits for it now, and begins one of each process that starts with it.

    How many there were. `by` is as in `Sent`.
    """
    signal = Sent(name, values=values, by=by)
    waiting = select(Subscription.id, Subscription.instance_id, Subscription.element_id).where(
        Subscription.kind == "signal", Subscription.name == name
    )
    due = [
        _due("signal", row.element_id, {**signal.payload, "wait": row.id}, instance_id=row.instance_id)
        for row in session.execute(waiting.order_by(Subscription.instance_id, Subscription.id))
        if row.instance_id != signal.thrower
    ]
    due += [
        _due("start", element, start_payload(signal), definition_id=definition.id)
        for definition, element in beginnings.find(session, "signal", name)
    ]
    session.add_all(due)
    return len(due)


def start_payload(sent: Sent) -> dict[str, Any]:
    """What a job needs that begins a case with a message or signal."""
    return {"business_key": sent.business_key, "values": dict(sent.values), "by": sent.by}


def _due(kind: str, element_id: str, payload: dict[str, Any], **whose: str) -> Job:
    return Job(id=new_id(), kind=kind, element_id=element_id, payload=payload, due_at=now(), **whose)
