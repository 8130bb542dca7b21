"""Messages that come before anybody waits for them, and the ids of those that came, each once."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from hashlib import sha256
from typing import Any, Self

from sqlalchemy import delete, func, or_, select, update
from sqlalchemy.orm import Session

from service import feel
from service.errors import InvalidInput
from service.store.database import add_missing
from service.store.models import EarlyMessage, Job, ProcessInstance, new_id, now

KEPT = timedelta(days=30)
"""How long a message that a case threw waits for its receiver, and how long an id is remembered."""
LONGEST_LIFE = timedelta(days=3660)
BATCH = 1000
"""Messages that are thrown away at once."""


@dataclass(frozen=True)
class Sent:
    """A message on its way: whom it is for, and what it brings.

    `keys` are variables that the receiving case must have, `own` those that the waiting token sees
    alone. `by` is the sender's login, or `case:<id>` for a case that threw it, and `id` what the
    sender calls it, so that it comes once. Nobody gets it after `until`.
    """

    name: str
    business_key: str | None = None
    keys: Mapping[str, Any] = field(default_factory=dict)
    own: Mapping[str, Any] = field(default_factory=dict)
    values: Mapping[str, Any] = field(default_factory=dict)
    by: str = ""
    id: str | None = None
    until: datetime | None = None

    @property
    def payload(self) -> dict[str, Any]:
        """Itself as plain values, for a job."""
        return {
            name: dict(value) if isinstance(value, Mapping) else value for name, value in vars(self).items()
        }

    @classmethod
    def of(cls, payload: Mapping[str, Any]) -> Self:
        """The message in a job's payload."""
        return cls(**{name: value for name, value in payload.items() if name in cls.__dataclass_fields__})

    @property
    def thrower(self) -> str | None:
        """The id of the case that threw it, which never gets it itself."""
        return self.by.removeprefix("case:") if self.by.startswith("case:") else None


def life(text: str) -> timedelta:
    """The length of an ISO 8601 duration in days and hours; InvalidInput for anything else."""
    length = feel.evaluate("duration(text)", {"text": text}).value
    if not isinstance(length, timedelta) or not timedelta(0) <= length <= LONGEST_LIFE:
        raise InvalidInput("message.life", text=text, days=LONGEST_LIFE.days)
    return length


def fits(keys: Mapping[str, Any], variables: Mapping[str, Any]) -> bool:
    """Whether these variables are there and equal; for Python true is 1, for a correlation key it is not."""
    return all(
        name in variables
        and isinstance(variables[name], bool) == isinstance(value, bool)
        and bool(variables[name] == value)
        for name, value in keys.items()
    )


def hold(session: Session, name: str, *, shared: bool = False) -> None:
    """Messages of this name are kept by one at a time, and not while somebody begins to wait for one.

    Whoever begins to wait holds the name with others of their kind. On SQLite there is only one
    writer anyhow. Who holds it to keep a message takes no other lock after this one.
    """
    if session.get_bind().dialect.name == "postgresql":
        key = int.from_bytes(sha256(f"message {name}".encode()).digest()[:8], signed=True)
        lock = func.pg_advisory_xact_lock_shared if shared else func.pg_advisory_xact_lock
        session.execute(select(lock(key)))


def register(session: Session, sent: Sent) -> EarlyMessage | None:
    """Takes the sender's id for this message; None where it is new, else what came under it before.

    A twin that is under way is waited for.
    """
    over = (EarlyMessage.delivered_to.is_(None), EarlyMessage.expires_at <= now())
    same = (EarlyMessage.name == sent.name, EarlyMessage.message_id == sent.id)
    session.execute(delete(EarlyMessage).where(*same, *over))
    if add_missing(session, EarlyMessage, **_row(sent)):
        return None
    return session.scalars(select(EarlyMessage).where(*same)).one()


def remember(session: Session, sent: Sent, reached: Mapping[str, bool]) -> None:
    """The message with this id has come; `reached` says to which cases, and whether they began with it."""
    same = (EarlyMessage.name == sent.name, EarlyMessage.message_id == sent.id)
    first = next(iter(reached), "")
    came = {"delivered_to": first, "values": {"reached": dict(reached)}, "expires_at": now() + KEPT}
    session.execute(update(EarlyMessage).where(*same).values(came))


def reached(before: EarlyMessage) -> dict[str, bool]:
    """The ids of the cases that a message came to, each with whether it began there."""
    return before.values.get("reached", {}) if before.delivered_to is not None else {}


def keep(session: Session, sent: Sent) -> None:
    """Keeps a message until somebody waits for it; the caller holds its name, and nobody does yet."""
    if sent.id is not None:
        same = (EarlyMessage.name == sent.name, EarlyMessage.message_id == sent.id)
        session.execute(delete(EarlyMessage).where(*same))
    session.add(EarlyMessage(**_row(sent)))


def _row(sent: Sent) -> dict[str, Any]:
    return {
        "id": new_id(),
        "name": sent.name,
        "business_key": sent.business_key,
        "keys": {"case": dict(sent.keys), "own": dict(sent.own)},
        "values": dict(sent.values),
        "message_id": sent.id,
        "sent_by": sent.by,
        "expires_at": sent.until,
    }


def take(
    session: Session,
    instance: ProcessInstance,
    wait_id: str,
    name: str,
    element_id: str,
    variables: Mapping[str, Any],
    own: Mapping[str, Any] | None = None,
) -> None:
    """The oldest kept message for a case that has begun to wait, if there is one, is brought to it by a job.

    By a job, because the diagram may stop behind it: then it is tried again, and not lost.
    """
    hold(session, name, shared=True)
    query = select(EarlyMessage).where(
        EarlyMessage.name == name,
        EarlyMessage.delivered_to.is_(None),
        EarlyMessage.sent_by != f"case:{instance.id}",
        or_(EarlyMessage.expires_at.is_(None), EarlyMessage.expires_at > now()),
        or_(EarlyMessage.business_key.is_(None), EarlyMessage.business_key == instance.business_key),
    )
    for early in session.scalars(query.order_by(EarlyMessage.received_at, EarlyMessage.id)).all():
        sent = _sent(early, instance)
        if fits(sent.keys, variables) and fits(sent.own, own or {}) and _claim(session, early, instance):
            session.add(bound(sent, instance.id, wait_id, element_id))
            return


def _sent(early: EarlyMessage, instance: ProcessInstance) -> Sent:
    return Sent(
        early.name,
        instance.business_key,
        early.keys["case"],
        early.keys["own"],
        early.values,
        early.sent_by,
        early.message_id,
        early.expires_at,
    )


def _claim(session: Session, early: EarlyMessage, instance: ProcessInstance) -> bool:
    """Two cases that begin to wait at once: the second waits for the first, and goes without."""
    came = {
        "delivered_to": instance.id,
        "values": {"reached": {instance.id: False}},
        "expires_at": now() + (KEPT if early.message_id else timedelta(0)),
    }
    claimed = (
        update(EarlyMessage)
        .where(EarlyMessage.id == early.id, EarlyMessage.delivered_to.is_(None))
        .values(came)
        .returning(EarlyMessage.id)
        .execution_options(synchronize_session=False)
    )
    return session.scalar(claimed) is not None


def bound(
    sent: Sent, instance_id: str, wait_id: str, element_id: str, *, kind: str = "message", **columns: Any
) -> Job:
    """The job that brings a message or signal to one case, at one of its waits."""
    return Job(
        id=new_id(),
        kind=kind,
        instance_id=instance_id,
        element_id=element_id,
        payload={**sent.payload, "wait": wait_id},
        due_at=now(),
        **columns,
    )


def purge(session: Session) -> None:
    """Throws away the oldest messages and ids that are past their time, so many at once."""
    old = select(EarlyMessage.id).where(EarlyMessage.expires_at <= now()).order_by(EarlyMessage.expires_at)
    session.execute(delete(EarlyMessage).where(EarlyMessage.id.in_(old.limit(BATCH))))
