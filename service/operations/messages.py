"""Messages and signals from outside: correlated to the case that waits for them, or starting one."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import Any, Literal

from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload, undefer

from service.errors import Conflict, ExecutionFailed, InvalidInput, NotAllowed, NotFound
from service.operations import beginnings, deliveries, deployments, early, gate, instances, throwing
from service.operations.early import KEPT, Sent
from service.operations.identity import Actor
from service.operations.positions import position_id
from service.store.models import Job, ProcessInstance, Subscription, now

LONGEST_ID = 200
"""Characters of a message's id; a UUID has 36."""


@dataclass(frozen=True)
class Correlated:
    """Where a message went: to a case that waited for it, or into a new one."""

    instance: ProcessInstance
    started: bool = False


def correlate(
    session: Session,
    actor: Actor,
    name: str,
    *,
    business_key: str | None = None,
    keys: Mapping[str, Any] | None = None,
    own: Mapping[str, Any] | None = None,
    instance_id: str | None = None,
    values: Mapping[str, Any] | None = None,
    all: bool = False,
    life: timedelta | None = None,
    message_id: str | None = None,
) -> list[Correlated]:
    """Brings a message to the one case that waits for it, by name, business key and equal variables.

    `keys` are the case's variables, `own` those that only the waiting token sees. `all` brings it to
    every such case. When none waits, a definition whose start event has this message begins a case.
    When there is none either, the message is kept for its `life`, and nobody is reached yet; one for a
    case by its id is never kept. A `message_id` comes once: again, it is told where it went, and
    nothing is done.

    InvalidInput when nobody waits, Conflict when several could be meant: never a guess. Where the
    diagram stops behind the message, the case has it all the same, with an incident. Only
    administrators speak for the outside world here; a person records an arrival by `receive`.
    """
    if not actor.admin:
        raise NotAllowed("case.may_not_correlate")
    if message_id is not None and not 1 <= len(message_id) <= LONGEST_ID:
        raise InvalidInput("message.long_id", limit=LONGEST_ID)
    until = now() + life if life and instance_id is None else None
    sent = Sent(name, business_key, keys or {}, own or {}, values or {}, actor.id, message_id, until)
    if message_id is not None and (before := early.register(session, sent)):
        return _before(session, early.reached(before))
    found = _found(session, sent, instance_id)
    if len(found) > 1 and not all:
        raise Conflict("case.several_wait", message=name, count=len(found))
    reached = _reached(session, actor, sent, found, begins=instance_id is None and not keys and not own)
    if message_id is not None and reached:
        early.remember(session, sent, {one.instance.id: one.started for one in reached})
    return reached


def _before(session: Session, reached: Mapping[str, bool]) -> list[Correlated]:
    found = ((session.get(ProcessInstance, id_), started) for id_, started in reached.items())
    return [Correlated(instance, started) for instance, started in found if instance]


def _reached(
    session: Session, actor: Actor, sent: Sent, found: Sequence[Subscription], *, begins: bool
) -> list[Correlated]:
    if found:
        if reached := _spread(session, found, actor, sent):
            return [Correlated(waiting.instance) for waiting in reached]
        if sent.until is None:
            raise Conflict("case.arrived")
    elif begins and (started := _started(session, actor, sent)):
        return [started]
    if sent.until is None:
        raise InvalidInput("case.nobody_waits", message=sent.name)
    _keep(session, sent)
    return []


def _found(session: Session, sent: Sent, instance_id: str | None = None) -> list[Subscription]:
    """Who waits for it, in the order of the cases' ids: who locks several locks them in one order.

    Suspended cases too: they get it when they go on.
    """
    query = select(Subscription).join(Subscription.instance)
    loaded = joinedload(Subscription.instance)
    query = query.options(loaded.options(undefer(ProcessInstance.variables)) if sent.keys else loaded)
    query = query.where(Subscription.kind == "message", Subscription.name == sent.name)
    if sent.business_key is not None:
        query = query.where(ProcessInstance.business_key == sent.business_key)
    if instance_id is not None:
        query = query.where(Subscription.instance_id == instance_id)
    if sent.thrower is not None:
        query = query.where(Subscription.instance_id != sent.thrower)
    found = session.scalars(query.order_by(Subscription.instance_id, Subscription.id)).all()
    return [
        waiting
        for waiting in found
        if (not sent.keys or early.fits(sent.keys, waiting.instance.variables))
        and (not sent.own or early.fits(sent.own, _own(session, waiting)))
    ]


def _own(session: Session, waiting: Subscription) -> Mapping[str, Any]:
    """What the waiting token sees alone; only the frozen case knows."""
    execution = gate.restored(session, waiting.instance, now())
    return next((wait.locals or {} for wait in execution.waits() if wait.id == waiting.id), {})


def _started(session: Session, actor: Actor, sent: Sent) -> Correlated | None:
    starts = beginnings.find(session, "message", sent.name)
    if not starts:
        return None
    if len(starts) > 1:
        raise Conflict("case.several_wait", message=sent.name, count=len(starts))
    definition, element = starts[0]
    key = sent.business_key
    started = instances.start(session, definition, actor, sent.values, business_key=key, element=element)
    return Correlated(started, started=True)


def _keep(session: Session, sent: Sent) -> None:
    """Keeps it until somebody waits for it; who has begun to in this very moment gets it by a job."""
    early.hold(session, sent.name)
    if found := _found(session, sent):
        throwing.send(session, sent, found[0].instance.definition_id, found[0].element_id)
        if sent.id is not None:
            early.remember(session, sent, {})
    else:
        early.keep(session, sent)


def forward(session: Session, job: Job, _: Actor) -> bool:
    """A thrown message on its way: finds its receiver, and is from then on that case's job.

    Else it begins a case, or is kept; whether the job is done. ExecutionFailed where several could
    be meant.
    """
    sent = Sent.of(job.payload)
    sent = replace(sent, until=sent.until or now() + KEPT)
    if found := _found(session, sent):
        _only(job, sent, found)
        job.instance, job.payload = found[0].instance, {**sent.payload, "wait": found[0].id}
        job.element_id = found[0].element_id
        return False
    if starts := [] if sent.keys or sent.own else beginnings.find(session, "message", sent.name):
        _only(job, sent, starts)
        job.kind, job.payload = "start", throwing.start_payload(sent)
        job.definition_id, job.element_id = starts[0][0].id, starts[0][1]
        return False
    _keep(session, sent)
    return True


def _only(job: Job, sent: Sent, found: Sequence[Any]) -> None:
    if len(found) > 1:
        raise ExecutionFailed("message.several", element=job.element_id, message=sent.name, count=len(found))


def signal(session: Session, actor: Actor, name: str, values: Mapping[str, Any] | None = None) -> int:
    """Sends a signal to every case that waits for it, a job each; how many jobs there are."""
    if not actor.admin:
        raise NotAllowed("case.may_not_correlate")
    return throwing.broadcast(session, name, values or {}, by=actor.id)


def waiting(session: Session, instance_id: str) -> Sequence[Subscription]:
    """The messages and signals that a case waits for."""
    query = select(Subscription).where(Subscription.instance_id == instance_id)
    return session.scalars(query.order_by(Subscription.created_at, Subscription.id)).all()


def find(
    session: Session, *, instance_id: str | None = None, kind: str | None = None, name: str | None = None
) -> Sequence[Subscription]:
    """Subscriptions of all cases by whatever is given, oldest first."""
    query = select(Subscription).options(joinedload(Subscription.instance))
    for column, value in (
        (Subscription.instance_id, instance_id),
        (Subscription.kind, kind),
        (Subscription.name, name),
    ):
        if value is not None:
            query = query.where(column == value)
    return session.scalars(query.order_by(Subscription.created_at, Subscription.id)).all()


def may_receive(session: Session, waiting: Subscription, actor: Actor) -> bool:
    """Whether this person may record the arrival: they hold a position of the SOP that has work in it."""
    definition = waiting.instance.definition
    process = deployments.diagram(session, definition.id)
    lanes = {
        process.lanes[element.lane].name
        for element in process.elements.values()
        if element.lane and element.type in ("userTask", "manualTask", "task")
    }
    return actor.admin or any(
        position_id(definition.office, lane) in actor.positions for lane in lanes if lane
    )


def expected(session: Session, id_: str, actor: Actor) -> Subscription:
    """What a case waits for, for who may record its arrival.

    Conflict when it has arrived already, NotFound for who may not see the case.
    """
    waiting = session.get(Subscription, id_, options=[joinedload(Subscription.instance)])
    if waiting is None:
        raise Conflict("case.arrived")
    if not instances.visible(session, waiting.instance, actor):
        raise NotFound("case.not_found")
    if not may_receive(session, waiting, actor):
        raise NotAllowed("case.may_not_receive")
    return waiting


def receive(
    session: Session, id_: str, actor: Actor, values: Mapping[str, Any] | None = None
) -> Literal["received", "kept"]:
    """A person of the office records that what a case waits for has arrived; errors as `expected`.

    `kept` says that the diagram stops behind it: it has been recorded all the same. Conflict while
    the case is suspended.
    """
    waiting = expected(session, id_, actor)
    if waiting.instance.status == "suspended":
        raise Conflict("case.suspended", number=waiting.instance.business_key)
    sent = Sent(waiting.name, waiting.instance.business_key, values=values or {}, by=actor.id)
    outcome = deliveries.hand_over(session, waiting, actor, sent)
    if outcome == "gone":
        raise Conflict("case.arrived")
    return outcome


def _spread(session: Session, found: Iterable[Subscription], actor: Actor, sent: Sent) -> list[Subscription]:
    """Those that have it: one that went on in the meantime does not keep it from the others."""
    return [waiting for waiting in found if deliveries.hand_over(session, waiting, actor, sent) != "gone"]
