"""A revision of an SOP: draft, approved by a second person, in force from its day, followed or withdrawn."""

from collections.abc import Sequence
from datetime import datetime, time
from typing import Literal

from sqlalchemy import exists, select
from sqlalchemy.orm import Session

from service.config import zone
from service.diagram.dates import day as day
from service.diagram.sop import Facts as Facts
from service.diagram.sop import facts as facts
from service.errors import Conflict, InvalidInput, Message, NotAllowed, NotFound
from service.operations import deployments, inforce, schedules
from service.operations.identity import ADMIN, SYSTEM, Actor
from service.store.models import DefinitionEvent, Job, ProcessDefinition, now

Stage = Literal["draft", "scheduled", "effective", "superseded", "withdrawn"]
KINDS = ("deployed", "approved", "withdrawn", "restored", "took_effect")
"""What is done to a revision, in the order in which it is told of one moment."""


def stage(definition: ProcessDefinition, at: datetime, in_force_id: str | None) -> Stage:
    """Where a revision stands at a moment at which `in_force_id` is in force."""
    if definition.status == "draft":
        return "draft"
    if definition.status == "withdrawn":
        return "withdrawn"
    if definition.effective_at is None or definition.effective_at > at:
        return "scheduled"
    return "effective" if definition.id == in_force_id else "superseded"


def stage_of(session: Session, definition: ProcessDefinition) -> Stage:
    """Where a revision stands now."""
    found = inforce.find(session, definition.key)
    return stage(definition, now(), found.id if found else None)


def standing(definition: ProcessDefinition, stage: Stage) -> Message:
    """That in a sentence: for whom a draft waits, since when or from when it counts."""
    at = definition.effective_at
    day = inforce.said(at) if at else ""
    return Message(f"revision.standing.{stage}", {"day": day, "groups": ", ".join(definition.approvers)})


def in_force(session: Session, key: str, at: datetime | None = None) -> ProcessDefinition:
    """The revision that is in force, now or at a moment; NotFound where there is none."""
    return inforce.get(session, key, at)


def of(session: Session, key: str) -> Sequence[ProcessDefinition]:
    """Every revision of a process, the newest first."""
    return deployments.definitions(session, key, latest=False)


def numbered(session: Session, key: str, version: int) -> ProcessDefinition:
    """The revision of a process with this number; NotFound if there is none."""
    query = select(ProcessDefinition).where(ProcessDefinition.key == key)
    found = session.scalar(query.where(ProcessDefinition.version == version))
    if found is None:
        raise NotFound("revision.no_number", key=key, version=version)
    return found


def history(session: Session, definition_id: str) -> Sequence[DefinitionEvent]:
    """What was done to a revision, the oldest first."""
    query = select(DefinitionEvent).where(DefinitionEvent.definition_id == definition_id)
    return sorted(session.scalars(query).all(), key=lambda event: (event.at, KINDS.index(event.kind)))


def moment(text: str) -> datetime:
    """A moment as ISO 8601 writes it, or a day in any of the usual ways, which begins at midnight.

    In the office's zone where the text names none; InvalidInput for anything else.
    """
    if (day_ := day(text)) is not None:
        return datetime.combine(day_, time(), zone())
    try:
        at = datetime.fromisoformat(text.strip())
    except ValueError as error:
        raise InvalidInput("revision.bad_day", text=text[:100]) from error
    return at if at.tzinfo else at.replace(tzinfo=zone())


def may_approve(definition: ProcessDefinition, actor: Actor) -> bool:
    """Whether this person is a second one: of the approving groups, and not the one who deployed it."""
    return _approves(definition, actor) and actor.id not in ("", definition.deployment.deployed_by)


def may_withdraw(definition: ProcessDefinition, actor: Actor) -> bool:
    """Whoever may approve; also who deployed it, for a draft. Where nobody approves, an administrator."""
    if not definition.approvers:
        return actor.admin
    own = definition.status == "draft" and actor.id == definition.deployment.deployed_by
    return own or (_approves(definition, actor) and actor is not SYSTEM)


def may_restore(definition: ProcessDefinition, actor: Actor) -> bool:
    """Whoever may approve; where nobody approves, an administrator."""
    return may_approve(definition, actor) if definition.approvers else actor.admin


def approve(
    session: Session, id_: str, actor: Actor, effective_at: datetime | None = None, reason: str = ""
) -> ProcessDefinition:
    """A draft becomes a revision that takes effect: at this moment, or when it was wished, or at once.

    A day that has passed by now means now. Conflict for what is no draft, NotAllowed for who may not.
    """
    definition = _held(session, id_)
    _allow(may_approve(definition, actor), definition, actor)
    if definition.status != "draft":
        raise Conflict("revision.no_draft", name=definition.name, version=definition.version)
    _approved(session, definition, effective_at or definition.effective_at, "approved", actor, reason)
    return definition


def restore(session: Session, id_: str, actor: Actor, reason: str) -> ProcessDefinition:
    """An earlier, withdrawn or still awaited revision is in force from now on.

    Conflict for a draft and for the one in force; InvalidInput without a reason.
    """
    definition = _held(session, id_)
    _allow(may_restore(definition, actor), definition, actor)
    reason = _reason(reason)
    standing = stage_of(session, definition)
    if standing in ("draft", "effective"):
        raise Conflict(f"revision.restore_{standing}", name=definition.name, version=definition.version)
    _approved(session, definition, None, "restored", actor, reason)
    return definition


def withdraw(session: Session, id_: str, actor: Actor, reason: str) -> ProcessDefinition:
    """No case begins on it any more, and the one before is in force again; its running cases go on.

    Conflict for one that was withdrawn already; InvalidInput without a reason.
    """
    definition = _held(session, id_)
    _allow(may_withdraw(definition, actor), definition, actor)
    reason = _reason(reason)
    if definition.status == "withdrawn":
        raise Conflict("revision.withdrawn_before", name=definition.name, version=definition.version)
    before, moment = inforce.find(session, definition.key), now()
    definition.status = "withdrawn"
    inforce.record(session, definition, "withdrawn", actor, moment, reason=reason)
    session.flush()
    if before is definition:
        _fall_back(session, definition.key, moment, actor)
    return definition


def take_effect(session: Session, job: Job, _: Actor) -> bool:
    """The day of a revision has come; true once that is settled, as for one that was withdrawn since.

    Conflict for who sets it off before its day: the day is changed by approving and restoring.
    """
    definition = _held(session, job.definition_id or "")
    at = definition.effective_at
    if definition.status != "approved" or at is None:
        return True
    if at > now():
        raise Conflict("revision.not_yet", name=definition.name, day=inforce.said(at))
    if not _took_effect(session, definition, at):
        if inforce.find(session, definition.key) is definition:
            schedules.take_effect(session, definition, deployments.diagram(session, definition.id), at)
        else:
            inforce.record(session, definition, "took_effect", SYSTEM, at)
    return True


def _approved(
    session: Session,
    definition: ProcessDefinition,
    wished: datetime | None,
    kind: str,
    actor: Actor,
    reason: str,
) -> None:
    moment = now()
    definition.status, definition.effective_at = "approved", max(wished or moment, moment)
    at = definition.effective_at
    inforce.record(session, definition, kind, actor, moment, reason=reason, effective_at=at)
    session.flush()
    schedules.plan(session, definition, deployments.diagram(session, definition.id), actor)


def _fall_back(session: Session, key: str, moment: datetime, actor: Actor) -> None:
    schedules.clear(session, key, moment)
    if (after := inforce.find(session, key, moment)) is not None:
        schedules.take_effect(session, after, deployments.diagram(session, after.id), moment, actor)


def _held(session: Session, id_: str) -> ProcessDefinition:
    """The revision as it is now, and nobody else's to change until the end of the transaction."""
    inforce.hold(session)
    if (found := session.get(ProcessDefinition, id_, populate_existing=True)) is None:
        raise NotFound("deployment.no_definition", id=id_)
    return found


def _took_effect(session: Session, definition: ProcessDefinition, at: datetime) -> bool:
    event = select(DefinitionEvent).where(
        DefinitionEvent.definition_id == definition.id,
        DefinitionEvent.kind == "took_effect",
        DefinitionEvent.at == at,
    )
    return bool(session.scalar(select(exists(event.subquery()))))


def _approves(definition: ProcessDefinition, actor: Actor) -> bool:
    named = set(definition.approvers)
    return (ADMIN in named and actor.admin) or not actor.positions.isdisjoint(named - {ADMIN})


def _allow(allowed: bool, definition: ProcessDefinition, actor: Actor) -> None:
    if allowed:
        return
    if not definition.approvers:
        raise NotAllowed("revision.only_admin", name=definition.name)
    if _approves(definition, actor) and actor is not SYSTEM:
        raise NotAllowed("revision.second_person", name=definition.name)
    raise NotAllowed("revision.not_theirs", name=definition.name, groups=", ".join(definition.approvers))


def _reason(text: str) -> str:
    if not (reason := text.strip()):
        raise InvalidInput("revision.reason")
    return reason
