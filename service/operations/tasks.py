"""User tasks: found, claimed, given back, handed over, and completed with their form."""

from collections import ChainMap
from collections.abc import Collection, Mapping, Sequence
from functools import cache
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, bindparam, func, or_, select, union_all
from sqlalchemy.orm import Session, contains_eager, joinedload
from sqlalchemy.orm.attributes import set_committed_value

from service.errors import Conflict, ExecutionFailed, InvalidInput, NotAllowed, NotFound
from service.forms import Form, SentFile
from service.operations import deployments, documents, gate, history, incidents, instances
from service.operations.identity import Actor
from service.store.models import Candidate, Person, ProcessInstance, UserTask, Variables, now

BOXES = ("mine", "unit", "returned")
"""The inbox's parts: claimed by me; my positions', claimed by nobody; of both, those that came back."""


def box(session: Session, actor: Actor, name: str, *, limit: int = 50, offset: int = 0) -> Sequence[UserTask]:
    """One part of a person's inbox, oldest first, with case and definition loaded."""
    query = _with_case(select(UserTask)).where(_in_box(actor, name))
    query = query.order_by(UserTask.created_at, UserTask.id)
    return session.scalars(query.limit(limit).offset(offset)).all()


def counters(session: Session, actor: Actor) -> dict[str, int]:
    """How many tasks each part of the inbox holds."""
    running = UserTask.instance.has(ProcessInstance.status == "active")
    total = select(func.count()).select_from(UserTask).where(running)
    return {name: session.scalar(total.where(_in_box(actor, name))) or 0 for name in BOXES}


def _in_box(actor: Actor, name: str) -> ColumnElement[bool]:
    mine, nobodys = UserTask.assignee == actor.id, UserTask.assignee.is_(None)
    parts = {
        "mine": mine,
        "unit": and_(nobodys, UserTask.id.in_(_offered_to(actor))),
        "returned": and_(UserTask.returned, or_(mine, nobodys), _theirs(actor)),
    }
    if name not in parts:
        raise InvalidInput("case.box", name=name)
    return and_(UserTask.status == "open", parts[name])


def _theirs(actor: Actor) -> ColumnElement[bool]:
    """What a person may do. It is asked from their side, for there are more tasks than theirs."""
    mine = select(UserTask.id).where(UserTask.status == "open", UserTask.assignee == actor.id)
    return UserTask.id.in_(union_all(mine, _offered_to(actor)))


def _offered_to(actor: Actor) -> Select[str]:
    group = and_(Candidate.kind == "group", Candidate.name.in_(actor.positions))
    user = and_(Candidate.kind == "user", Candidate.name == actor.id)
    return select(Candidate.task_id).where(or_(group, user))


def _with_case(query: Select[UserTask]) -> Select[UserTask]:
    case = contains_eager(UserTask.instance).joinedload(ProcessInstance.definition)
    return query.join(UserTask.instance).where(ProcessInstance.status == "active").options(case)


def find(
    session: Session,
    *,
    actor: Actor | None = None,
    instance_id: str | None = None,
    assignee: str | None = None,
    unassigned: bool | None = None,
    candidate_groups: Collection[str] | None = None,
    candidate_user: str | None = None,
    element_id: str | None = None,
    name: str | None = None,
    definition_id: str | None = None,
    definition_key: str | None = None,
    business_key: str | None = None,
    limit: int | None = None,
    offset: int = 0,
) -> Sequence[UserTask]:
    """Open tasks by whatever is given, oldest first; with an actor only those that are theirs to do.

    `candidate_groups` and `candidate_user` find tasks that nobody has claimed, as in Camunda 7.
    """
    given = locals()
    query = _with_case(select(UserTask)).where(*_filters(given))
    query = query.order_by(UserTask.created_at, UserTask.id)
    return session.scalars(query.limit(limit).offset(offset)).all()


def count(session: Session, **filters: Any) -> int:
    """How many open tasks `find` would give without a limit."""
    query = select(func.count()).select_from(UserTask).join(UserTask.instance)
    query = query.where(ProcessInstance.status == "active", *_filters(filters))
    return session.scalar(query) or 0


def _filters(given: Mapping[str, Any]) -> list[ColumnElement[bool]]:
    columns = {
        "instance_id": UserTask.instance_id,
        "assignee": UserTask.assignee,
        "element_id": UserTask.element_id,
        "name": UserTask.name,
        "definition_id": ProcessInstance.definition_id,
        "definition_key": ProcessInstance.definition_key,
        "business_key": ProcessInstance.business_key,
    }
    filters = [UserTask.status == "open"]
    filters += [column == given[key] for key, column in columns.items() if given.get(key) is not None]
    if (unassigned := given.get("unassigned")) is not None:
        filters.append(UserTask.assignee.is_(None) if unassigned else UserTask.assignee.is_not(None))
    if (groups := given.get("candidate_groups")) is not None:
        filters += [UserTask.assignee.is_(None), _candidate("group", groups)]
    if (user := given.get("candidate_user")) is not None:
        filters += [UserTask.assignee.is_(None), _candidate("user", [user])]
    actor = given.get("actor")
    if actor is not None and not actor.admin:
        filters.append(_theirs(actor))
    return filters


def _candidate(kind: str, names: Collection[str]) -> ColumnElement[bool]:
    offered = select(Candidate.task_id).where(Candidate.kind == kind, Candidate.name.in_(names))
    return UserTask.id.in_(offered)


def get(session: Session, id_: str, actor: Actor) -> UserTask:
    """The task, open or done, for who may do it or see its case; NotFound for everybody else."""
    query = select(UserTask).where(UserTask.id == id_).options(joinedload(UserTask.candidates))
    query = query.options(joinedload(UserTask.instance).joinedload(ProcessInstance.definition))
    task = session.scalars(query).unique().one_or_none()
    if task is None or not (may_do(task, actor) or instances.visible(session, task.instance, actor)):
        raise NotFound("case.task_not_found")
    return task


def may_do(task: UserTask, actor: Actor) -> bool:
    """Whether the task is this person's to do: theirs already, offered to them, or they administrate."""
    return actor.admin or task.assignee == actor.id or any(_offers(c, actor) for c in task.candidates)


def _offers(candidate: Candidate, actor: Actor) -> bool:
    return candidate.name == actor.id if candidate.kind == "user" else candidate.name in actor.positions


def _locked(session: Session, id_: str, actor: Actor) -> UserTask:
    """The task as it is after its case was locked; Conflict when it is done, NotAllowed for strangers."""
    instance = gate.locked_with(session, id_)
    if instance is None:
        raise NotFound("case.task_not_found")
    task = session.scalars(_afresh(), {"id": id_}).unique().one()
    if task.instance_id != instance.id:
        instance = gate.locked(session, task.instance_id)
    set_committed_value(task, "instance", instance)  # the session itself holds it only weakly
    if not (may_do(task, actor) or instances.visible(session, instance, actor)):
        raise NotFound("case.task_not_found")
    if task.status != "open":
        raise Conflict("case.task_done", name=task.name, who=_name(session, task.completed_by))
    if not may_do(task, actor):
        raise NotAllowed("case.not_yours", name=task.name)
    return task


@cache
def _afresh() -> Select[UserTask]:
    query = select(UserTask).where(UserTask.id == bindparam("id")).options(joinedload(UserTask.candidates))
    return query.execution_options(populate_existing=True)


def _name(session: Session, person_id: str | None) -> str:
    person = session.get(Person, person_id) if person_id else None
    return person.name if person else (person_id or "Alur")


def claim(session: Session, id_: str, actor: Actor, assignee: str | None = None) -> UserTask:
    """The task is this person's from now on; Conflict names who has it already.

    An administrator may claim it for an `assignee`.
    """
    task, holder = _locked(session, id_, actor), assignee or actor.id
    if holder != actor.id and not actor.admin:
        raise NotAllowed("case.not_yours", name=task.name)
    if task.assignee == holder:
        return task
    if task.assignee is not None:
        raise Conflict("case.taken", name=task.name, who=_name(session, task.assignee))
    return _give(session, task, actor, holder, "task_claimed")


def unclaim(session: Session, id_: str, actor: Actor) -> UserTask:
    """The task is everybody's again; only its holder or an administrator gives it back."""
    task = _locked(session, id_, actor)
    if task.assignee != actor.id and not actor.admin:
        raise NotAllowed("case.not_holder", name=task.name, who=_name(session, task.assignee))
    return _give(session, task, actor, None, "task_unclaimed")


def assign(session: Session, id_: str, actor: Actor, assignee: str | None) -> UserTask:
    """Hands the task to a person, or to nobody; only its holder or an administrator may."""
    task = _locked(session, id_, actor)
    if task.assignee != actor.id and not actor.admin:
        raise NotAllowed("case.not_holder", name=task.name, who=_name(session, task.assignee))
    return _give(session, task, actor, assignee, "task_assigned")


def _give(session: Session, task: UserTask, actor: Actor, assignee: str | None, kind: str) -> UserTask:
    if assignee is not None and session.get(Person, assignee) is None:
        raise NotFound("case.no_person", who=assignee)
    task.assignee, task.claimed_at = assignee, now() if assignee else None
    _record(session, task, kind, actor, assignee=assignee or "")
    return task


def _record(session: Session, task: UserTask, kind: str, actor: Actor, **details: Any) -> None:
    history.record(
        session,
        task.instance,
        kind,
        actor,
        element_id=task.element_id,
        element_name=task.name,
        task_id=task.id,
        **details,
    )


def form(session: Session, task: UserTask) -> Form | None:
    """The form of the task's step, of the revision that its case runs on; None where it has none."""
    process = deployments.diagram(session, task.instance.definition_id)
    return deployments.form_of(session, task.instance.definition_id, process.elements[task.element_id])


def data(session: Session, task: UserTask) -> Mapping[str, Any]:
    """What the form of the task sees: the case's variables, under those of this one of several."""
    return ChainMap(task.locals, Variables(task.instance.variables))


def complete(
    session: Session,
    id_: str,
    actor: Actor,
    typed: Mapping[str, Any],
    files: Mapping[str, list[SentFile]] | None = None,
) -> UserTask:
    """The step is done: its form is checked, its fields are written, and the case goes on.

    InvalidSubmission where the form is not filled in right; NotAllowed when somebody else has claimed
    the task. Where the diagram stops behind the form, the work is parked with an incident for the
    operator: the task is `parked` then, and nobody has to do it again.
    """
    task = _locked(session, id_, actor)
    if task.assignee not in (None, actor.id) and not actor.admin:
        raise NotAllowed("case.taken", name=task.name, who=_name(session, task.assignee))
    values = instances.filled_in(form(session, task), data(session, task), actor, typed, files)
    documents.attach(session, documents.named_in(values), task.instance_id, actor)
    return finish(session, task, actor, values)


def finish(session: Session, task: UserTask, actor: Actor, values: Mapping[str, Any]) -> UserTask:
    """Writes checked values and lets the case go on; parks them where the diagram stops."""
    told = {"element_id": task.element_id, "element_name": task.name, "task_id": task.id}
    try:
        with gate.advancing(
            session, task.instance, actor, "task_completed", **told, values=dict(values)
        ) as execution:
            execution.complete(task.id, values)
    except ExecutionFailed as error:
        task.status = "parked"
        incidents.open_(session, task.instance, error, actor, task_id=task.id, parked=dict(values))
    else:
        task.status, task.ended_at, task.completed_by = "completed", now(), actor.id
    return task
