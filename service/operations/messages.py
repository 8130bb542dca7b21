"""Messages and signals from outside: correlated to the case that waits for them, or starting one."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import exists, select
from sqlalchemy.orm import Session, joinedload

from service.errors import Conflict, InvalidInput, NotAllowed, NotFound
from service.operations import deployments, identity, instances
from service.operations.identity import Actor
from service.store.models import ProcessDefinition, ProcessInstance, Subscription


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
    instance_id: str | None = None,
    values: Mapping[str, Any] | None = None,
    all: bool = False,
) -> list[Correlated]:
    """Brings a message to the one case that waits for it, by name, business key and equal variables.

    `all` brings it to every such case. When none waits, a definition whose start event has this
    message begins a case. InvalidInput when nobody waits, Conflict when several could be meant:
    never a guess. Only administrators speak for the outside world here; a person records an arrival
    by `receive`.
    """
    if not actor.admin:
        raise NotAllowed("case.may_not_correlate")
    found = [
        waiting
        for waiting in _waiting_for(session, "message", name, business_key, instance_id)
        if not keys or _carries(session, waiting.instance_id, keys)
    ]
    if not found and instance_id is None and not keys:
        return _started(session, actor, name, business_key, values or {})
    if not found:
        raise InvalidInput("case.nobody_waits", message=name)
    if len(found) > 1 and not all:
        raise Conflict("case.several_wait", message=name, count=len(found))
    reached = _spread(session, found, actor, values or {})
    if not reached:
        raise Conflict("case.arrived")
    return [Correlated(waiting.instance) for waiting in reached]


def _waiting_for(
    session: Session, kind: str, name: str, business_key: str | None = None, instance_id: str | None = None
) -> Sequence[Subscription]:
    """In the order of the cases' ids, so that two who lock several lock them in one order."""
    query = select(Subscription).join(Subscription.instance).options(joinedload(Subscription.instance))
    query = query.where(Subscription.kind == kind, Subscription.name == name)
    query = query.where(ProcessInstance.status == "active")
    if business_key is not None:
        query = query.where(ProcessInstance.business_key == business_key)
    if instance_id is not None:
        query = query.where(Subscription.instance_id == instance_id)
    return session.scalars(query.order_by(Subscription.instance_id, Subscription.id)).all()


def _carries(session: Session, instance_id: str, keys: Mapping[str, Any]) -> bool:
    variables = instances.variables(session, instance_id)
    return all(name in variables and _equal(variables[name], value) for name, value in keys.items())


def _equal(one: Any, other: Any) -> bool:
    """For Python true is 1; for a correlation key it is not."""
    return isinstance(one, bool) == isinstance(other, bool) and bool(one == other)


def _started(
    session: Session, actor: Actor, name: str, business_key: str | None, values: Mapping[str, Any]
) -> list[Correlated]:
    starts = [
        (definition, element)
        for definition in deployments.definitions(session)
        if (element := _message_start(session, definition, name))
    ]
    if not starts:
        raise InvalidInput("case.nobody_waits", message=name)
    if len(starts) > 1:
        raise Conflict("case.several_wait", message=name, count=len(starts))
    definition, element = starts[0]
    started = instances.start(session, definition, actor, values, business_key=business_key, element=element)
    return [Correlated(started, started=True)]


def _message_start(session: Session, definition: ProcessDefinition, name: str) -> str | None:
    process = deployments.diagram(session, definition.id)
    for element in process.elements.values():
        if element.type == "startEvent" and element.parent == process.id:
            for event in element.events:
                if event.kind == "message" and event.name == name:
                    return element.id
    return None


def signal(session: Session, actor: Actor, name: str, values: Mapping[str, Any] | None = None) -> int:
    """Brings a signal to every case that waits for it; how many there were."""
    if not actor.admin:
        raise NotAllowed("case.may_not_correlate")
    return len(_spread(session, _waiting_for(session, "signal", name), actor, values or {}))


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
        identity.position_id(definition.office, lane) in actor.positions for lane in lanes if lane
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
) -> ProcessInstance:
    """A person of the office records that what a case waits for has arrived; errors as `expected`."""
    waiting = expected(session, id_, actor)
    if not _deliver(session, waiting, actor, values or {}):
        raise Conflict("case.arrived")
    return waiting.instance


def _spread(
    session: Session, found: Sequence[Subscription], actor: Actor, values: Mapping[str, Any]
) -> list[Subscription]:
    """Those that it came to: one that went on in the meantime does not keep it from the others."""
    return [waiting for waiting in found if _deliver(session, waiting, actor, values)]


def _deliver(session: Session, waiting: Subscription, actor: Actor, values: Mapping[str, Any]) -> bool:
    """Under the case's lock: whoever comes second finds that it no longer waits, and is told by False."""
    instance = instances.locked(session, waiting.instance_id)
    if not session.scalar(select(exists().where(Subscription.id == waiting.id))):
        return False
    with instances.advancing(
        session,
        instance,
        actor,
        f"{waiting.kind}_received",
        element_id=waiting.element_id,
        element_name=waiting.element_name,
        message=waiting.name,
        values=dict(values),
    ) as execution:
        execution.fire(waiting.id, values)
    return True
