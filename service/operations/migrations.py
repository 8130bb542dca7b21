"""Migrating: a running case goes over to another revision with everything that is open in it, or stays."""

from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session

from service.diagram.model import Element
from service.engine import ahead, frozen, migrating
from service.engine.execution import Budget, Execution
from service.engine.migrating import Obstacle
from service.engine.passage import Passage
from service.errors import Conflict, Message
from service.operations import calls, carrying, decisions, gate, plans
from service.operations.change import Change, by_id
from service.operations.identity import Actor
from service.operations.plans import Instruction, Plan, Report, generate, may, suggest, validate
from service.operations.recent import Recent
from service.store.models import ProcessDefinition, ProcessInstance, Variables, now

__all__ = ["Instruction", "Plan", "Report", "generate", "may", "migrate", "suggest", "validate"]


_JUDGED: Recent[tuple[Obstacle, ...]] = Recent(1000)


def migrate(session: Session, plan: Plan, instance_id: str, actor: Actor, reason: str = "") -> None:
    """Takes one case over, in the caller's transaction; a suspended one stays suspended.

    Tasks keep who has claimed them and what was sent with them, timers their time. Only what waits
    for a condition is looked at again. Where the case cannot go it is left as it was: Conflict for
    what stands in the way, ExecutionFailed where the new diagram stops it, InvalidInput for a plan
    that no case could follow, NotAllowed for who is neither administrator nor may approve the target.
    """
    target = plans.target(session, plan, actor)
    instance = gate.locked(session, instance_id)
    with session.begin_nested():
        _go_over(session, plan, instance, target, actor, reason)


def judged(plan: Plan, passage: Passage, state: str) -> Message | None:
    """What stands in the way of a frozen case, whatever its variables are; None where nothing does.

    Cases whose tokens rest in the same way are judged once.
    """
    key = f"{plan.source_id} {plan.target_id} {plan.instructions} {frozen.shape(state)}"
    found = _JUDGED.get(key, lambda: tuple(_obstacles(passage, state)))
    return found[0].message if found else None


def _obstacles(passage: Passage, state: str) -> list[Obstacle]:
    return migrating.obstacles(passage, state) or list(ahead.dead_ends(passage, state))


def _go_over(
    session: Session,
    plan: Plan,
    instance: ProcessInstance,
    target: ProcessDefinition,
    actor: Actor,
    reason: str,
) -> None:
    if instance.status not in ("active", "suspended"):
        raise Conflict("case.not_active", number=instance.business_key)
    if instance.definition_id != plan.source_id:
        version = instance.definition.version
        raise Conflict("migration.elsewhere", number=instance.business_key, version=version)
    at, passage = now(), plans.passage(session, plan)
    if message := judged(plan, passage, instance.state):
        raise Conflict(message.key, **message.params)
    before = gate.restored(session, instance, at)
    stood = {token.id: token.element for token in before.tokens()}
    execution = tried(session, plan, passage, instance, at)
    same_calls(session, instance, execution)
    source = instance.definition
    instance.definition, instance.definition_key = target, target.key
    change = Change.of(session, instance, execution, actor, at, by_id(before))
    offered = carrying.offered(change)
    carrying.follow(change, passage, stood, offered)
    gate.save(change, "instance_migrated", **_told(plan, passage, source, target, stood, reason))
    instance.title = execution.title()


def tried(
    session: Session, plan: Plan, passage: Passage, instance: ProcessInstance, at: datetime
) -> Execution:
    """The case as it would be there, gone on as far as its conditions let it; nothing is written."""
    still = instance.status == "suspended"
    execution = migrating.carry(
        passage,
        instance.state,
        Variables(instance.variables),
        at,
        called=instance.parent_id is not None,
        decide=decisions.port(session, plan.target_id),
        still=still,
    )
    if plan.variables:
        execution.write(plan.variables)
    if not still:
        execution.advance(Budget())
    return execution


def same_calls(session: Session, instance: ProcessInstance, execution: Execution) -> None:
    """Conflict where a called case under way is not of the process that the new diagram calls there."""
    for wait in execution.waits():
        called = calls.called(session, instance.id, wait.id) if wait.kind == "call" else None
        if called is not None and called.definition_key != wait.name:
            name = wait.element.name or wait.element.id
            raise Conflict("migration.other_call", name=name, number=called.business_key)


def _told(
    plan: Plan,
    passage: Passage,
    source: ProcessDefinition,
    target: ProcessDefinition,
    stood: dict[str, Element],
    reason: str,
) -> dict[str, Any]:
    """What the history says: from which revision to which, and what became of the steps where it stood."""
    steps = []
    for one in dict.fromkeys(element.id for element in stood.values()):
        there = passage.new.element(passage.targets[one])
        names = [passage.old.element(one).name or one, there.name or there.id]
        steps.append({"from": one, "to": there.id, "old": names[0], "new": names[1]})
    return {
        "source": {"id": source.id, "key": source.key, "name": source.name, "version": source.version},
        "target": {"id": target.id, "key": target.key, "name": target.name, "version": target.version},
        "steps": steps,
        **({"values": dict(plan.variables)} if plan.variables else {}),
        **({"reason": reason} if reason else {}),
    }
