"""The gate that every change of a case goes through, with the cases that it calls and that called it."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import datetime
from functools import cache
from typing import Any

from sqlalchemy import Select, bindparam, func, select
from sqlalchemy.orm import Session, aliased, joinedload, undefer_group

from service.engine.execution import Budget, Execution
from service.errors import AlurError, Conflict, NotFound
from service.operations import calls, decisions, deployments, history, offers, throwing, waits
from service.operations.change import Change, by_id
from service.operations.identity import Actor
from service.operations.offers import Offer
from service.store.models import ProcessDefinition, ProcessInstance, UserTask, Variables, new_id, now


def launch(
    session: Session,
    definition: ProcessDefinition,
    actor: Actor,
    values: Mapping[str, Any],
    business_key: str,
    *,
    element: str | None = None,
    caller: ProcessInstance | None = None,
    wait_id: str | None = None,
) -> ProcessInstance:
    """A new case, run to its first waits; `caller` is the case that called it, at one of its waits.

    ExecutionFailed where the diagram stops, and then there is no case.
    """
    at = now()
    execution = Execution.start(
        deployments.executable(session, definition.id),
        dict(values),
        at,
        element=element,
        by=actor.id,
        called=caller is not None,
        decide=decisions.port(session, definition.id),
    )
    execution.advance(Budget())
    instance = ProcessInstance(
        id=new_id(),
        definition=definition,
        definition_key=definition.key,
        root_id=(caller.root_id or caller.id) if caller else None,
        parent_id=caller.id if caller else None,
        parent_wait=wait_id,
        business_key=business_key,
        started_at=at,
        started_by=caller.started_by if caller else actor.id,
        status="active",
        events=0,
        head="",
    )
    change = Change.of(session, instance, execution, actor, at, {})
    arisen = offers.arisen(change)
    session.add(instance)
    session.flush()
    change.tell("instance_started", actor, values=dict(values))
    _save(change, arisen, new=True)
    _go_over(change)
    return instance


@contextmanager
def advancing(
    session: Session, instance: ProcessInstance, actor: Actor, event: str, **told: Any
) -> Iterator[Execution]:
    """The gate: restores a case, lets the caller act, runs on to the next waits, saves.

    The caller has the case by `locked`, so that what it looked at still holds. `event` is what the
    history then tells first, with what `told` says of it. The engine is done before the first row is
    written: an exception, ExecutionFailed above all, leaves the case exactly as it was, and the
    caller's transaction is still good.
    """
    if instance.status != "active":
        word = "suspended" if instance.status == "suspended" else "not_active"
        raise Conflict(f"case.{word}", number=instance.business_key)
    at = now()
    execution = restored(session, instance, at)
    before = by_id(execution)
    yield execution
    execution.advance(Budget())
    save(Change.of(session, instance, execution, actor, at, before), event, **told)


def save(change: Change, event: str, **told: Any) -> None:
    """Keeps what an advance did; ExecutionFailed, before anything is written, where nobody can do a task."""
    arisen = offers.arisen(change)
    with change.session.no_autoflush:  # the case's row is written once, at the end
        change.tell(event, change.actor, **told)
        _save(change, arisen)
    _go_over(change)


def restored(session: Session, instance: ProcessInstance, at: datetime) -> Execution:
    """The case in memory, as it was frozen."""
    return Execution.restore(
        deployments.executable(session, instance.definition_id),
        instance.state,
        Variables(instance.variables),
        at,
        called=instance.parent_id is not None,
        decide=decisions.port(session, instance.definition_id),
    )


def locked(session: Session, instance_id: str) -> ProcessInstance:
    """The case's row, as it is now and nobody else's until the end of the transaction.

    Of cases that call each other the one at the top is locked first, so that two who come from above
    and from below never wait for each other.
    """
    instance = session.scalar(_top(of_task=False), {"id": instance_id})
    if instance is not None and instance.id != instance_id:
        instance = _locked(session, instance_id)
    if instance is None:
        raise NotFound("case.not_found")
    return instance


def locked_with(session: Session, task_id: str) -> ProcessInstance | None:
    """The locked case at the top of the one that has this task; None where there is no such task."""
    return session.scalar(_top(of_task=True), {"id": task_id})


def _locked(session: Session, id_: str) -> ProcessInstance | None:
    return session.scalar(_locking(bindparam("id")), {"id": id_})


@cache
def _top(*, of_task: bool) -> Select[ProcessInstance]:
    """Built once, as building it costs more than its answer; which case is whose never changes."""
    asked = aliased(ProcessInstance)
    root = select(func.coalesce(asked.root_id, asked.id))
    if of_task:
        root = root.join(UserTask, UserTask.instance_id == asked.id).where(UserTask.id == bindparam("id"))
    else:
        root = root.where(asked.id == bindparam("id"))
    return _locking(root.scalar_subquery())


def _locking(id_: Any) -> Select[ProcessInstance]:
    query = select(ProcessInstance).where(ProcessInstance.id == id_)
    query = query.options(undefer_group("frozen"), joinedload(ProcessInstance.definition))
    # its key stays free: another case may hand it a job while this one is at work
    query = query.with_for_update(of=ProcessInstance, key_share=True)
    return query.execution_options(populate_existing=True)


def end(session: Session, instance: ProcessInstance, actor: Actor, reason: str) -> None:
    """Takes a locked case off, with the cases that it called; the reason stays in the history."""
    at = now()
    execution = restored(session, instance, at)
    before = by_id(execution)
    execution.cancel()
    change = Change.of(session, instance, execution, actor, at, before)
    waits.follow(change, [])
    instance.state, instance.status, instance.ended_at = execution.freeze(), "cancelled", at
    change.tell("instance_cancelled", actor, reason=reason)
    change.write()
    _end_called(change, reason)


def _save(change: Change, arisen: list[Offer], *, new: bool = False) -> None:
    instance, execution = change.instance, change.execution
    decisions.record(change.session, instance, execution.decided, change.actor)
    waits.follow(change, arisen)
    instance.state = execution.freeze()
    if new or execution.wrote:
        instance.variables = execution.variables
    if new or execution.retitled:
        instance.title = execution.title()
    if execution.ended:
        end = execution.end_element
        instance.status, instance.ended_at = "completed", change.at
        instance.end_element, instance.end_name = (end.id, end.name) if end else (None, None)
        change.tell(
            "instance_completed",
            change.actor,
            element_id=end.id if end else "",
            element_name=(end.name or "") if end else "",
        )
    change.write()


def _go_over(change: Change) -> None:
    """What one advance does to other cases: it ends those it no longer waits for, calls, throws, returns."""
    session, execution, instance = change.session, change.execution, change.instance
    _end_called(change, "")
    for wait in [wait for wait in change.new if wait.kind == "call"]:
        _try(session, instance, calls.Due("call", wait.id), change.actor)
    if execution.thrown:
        throwing.throw(session, instance, execution.thrown, change.actor)
    if instance.parent_id is not None and instance.parent_wait is not None:
        caller = _locked(session, instance.parent_id)
        assert caller is not None
        for due in calls.told(instance, execution.thrown):
            _try(session, caller, due, change.actor)


def _end_called(change: Change, reason: str) -> None:
    """A case whose call was left by another way than its return has nobody to return to."""
    for wait in change.gone:
        if wait.kind == "call":
            called = calls.called(change.session, change.instance.id, wait.id)
            if called is not None:
                instance = _locked(change.session, called.id)
                assert instance is not None
                end(change.session, instance, change.actor, reason)


def _try(session: Session, caller: ProcessInstance, due: calls.Due, actor: Actor) -> None:
    """What goes over between two cases; where it fails the caller stands as it did, with an incident."""
    element = calls.element(session, caller, due.wait)
    try:
        with session.begin_nested():
            go_over(session, caller, due, actor)
    except AlurError as error:
        if caller.status == "suspended":
            calls.keep(session, caller, due, element)
        else:
            calls.stop(session, caller, due, element, error)


def abandon(session: Session, called: ProcessInstance, caller_id: str, wait_id: str) -> None:
    """A called case was taken off by itself: its caller has an incident, and may call again."""
    caller = _locked(session, caller_id)
    assert caller is not None
    error = Conflict("case.call_cancelled", number=called.business_key)
    element = calls.element(session, caller, wait_id)
    calls.stop(session, caller, calls.Due("call", wait_id), element, error)


def go_over(session: Session, caller: ProcessInstance, due: calls.Due, actor: Actor) -> None:
    """A call begins, or something comes back to the case that called; the caller is locked.

    ExecutionFailed where either diagram stops, Conflict where the caller does not wait there any more.
    """
    if due.kind == "call":
        _call(session, caller, due.wait, actor)
        return
    element = calls.element(session, caller, due.wait)
    told = {"element_id": element.id, "element_name": element.name or ""}
    with advancing(session, caller, actor, calls.EVENTS[due.kind], **told, **due.said) as execution:
        if due.kind == "return":
            execution.complete(due.wait, variables(session, due.called))
        else:
            execution.raise_(due.wait, due.kind, due.code, due.message, due.values)


def _call(session: Session, caller: ProcessInstance, wait_id: str, actor: Actor) -> None:
    element = calls.element(session, caller, wait_id)
    calls.count(session, element)
    values, key = restored(session, caller, now()).passing(wait_id)
    definition = calls.definition(session, caller, element)
    told = {"element_id": element.id, "element_name": element.name or "", "called": definition.name}
    history.record(session, caller, "call_started", actor, **told)
    launch(session, definition, actor, values, key or caller.business_key, caller=caller, wait_id=wait_id)


def variables(session: Session, id_: str) -> dict[str, Any]:
    """The case's variables by name."""
    found = session.scalar(select(ProcessInstance.variables).where(ProcessInstance.id == id_))
    if found is None:
        raise NotFound("case.not_found")
    return dict(found)
