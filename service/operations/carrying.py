"""The rows that go over with their case: its tasks, what it waits for, its open visits and incidents."""

from collections.abc import Iterable, Mapping
from typing import Any

from sqlalchemy import case, select, update

from service.diagram.model import Element, Process
from service.engine.execution import Wait
from service.engine.passage import Passage
from service.operations import early, incidents, offers
from service.operations.change import Change
from service.operations.offers import Offer
from service.store import rows
from service.store.models import TRIES, ActivityInstance, Candidate, Job, Subscription, UserTask, now


def offered(change: Change) -> dict[str, Offer]:
    """To whom the new diagram offers each task that was open before; ExecutionFailed where to nobody."""
    return {wait.id: offers.offer(change, wait) for wait in _kept(change) if wait.kind == "user_task"}


def follow(
    change: Change, passage: Passage, stood: Mapping[str, Element], offered: Mapping[str, Offer]
) -> None:
    """The rows of what went over as it was: under its new name, and with whom it is now for.

    `stood` are the old elements of the tokens. Who has claimed a task keeps it, as do timers their
    time and incidents the work behind them.
    """
    _visits(change, passage, stood)
    _tasks(change, passage, offered)
    renamed = {wait.id for wait in _kept(change) if wait.name != change.before[wait.id].name}
    _jobs(change, renamed)  # before new ones are made for messages that came early
    _subscriptions(change, renamed)
    for incident in incidents.find(change.session, instance_id=change.instance.id):
        incident.element_id = passage.targets.get(incident.element_id, incident.element_id)


def _kept(change: Change) -> list[Wait]:
    return [wait for id_, wait in change.after.items() if id_ in change.before]


def _visits(change: Change, passage: Passage, stood: Mapping[str, Element]) -> None:
    for token in change.execution.tokens():
        before = stood.get(token.id)
        said = _said(passage.new.process, token.element)
        if before is not None and said != _said(passage.old.process, before):
            rows.change(change.session, ActivityInstance, token.id, **said)


def _said(process: Process, element: Element) -> dict[str, str]:
    """What a visit's row tells of its element."""
    lane = (process.lanes[element.lane].name or "") if element.lane else ""
    return {"element_id": element.id, "name": element.name or "", "kind": element.type, "lane": lane}


def _tasks(change: Change, passage: Passage, offered: Mapping[str, Offer]) -> None:
    renamed = {one: other for one, other in passage.targets.items() if one != other}
    if renamed:  # those that are done too, so that it is known which turn of its step the next one is
        named = update(UserTask).where(UserTask.instance_id == change.instance.id)
        named = named.where(UserTask.element_id.in_(renamed))
        change.session.execute(named.values(element_id=case(renamed, value=UserTask.element_id)))
    query = select(UserTask).where(UserTask.id.in_(offered)).execution_options(populate_existing=True)
    for task in change.session.scalars(query).all():
        offer = offered[task.id]
        task.name, task.lane = offer.task["name"], offer.task["lane"]
        _offer_anew(task, offer.candidates)
        if task.assignee is None and _named_anew(change, task.id):
            task.assignee, task.claimed_at = offer.task["assignee"], offer.task["claimed_at"]


def _offer_anew(task: UserTask, candidates: Iterable[Mapping[str, Any]]) -> None:
    wanted = {(row["kind"], row["name"]) for row in candidates}
    for candidate in list(task.candidates):
        if (candidate.kind, candidate.name) not in wanted:
            task.candidates.remove(candidate)
    there = {(candidate.kind, candidate.name) for candidate in task.candidates}
    task.candidates += [Candidate(kind=kind, name=name) for kind, name in sorted(wanted - there)]


def _named_anew(change: Change, task_id: str) -> bool:
    """Whether the new diagram names another assignee than the old one did."""
    before, after = change.before[task_id].element, change.after[task_id].element
    return before.camunda.get("assignee") != after.camunda.get("assignee")


def _subscriptions(change: Change, renamed: set[str]) -> None:
    for wait in _kept(change):
        if wait.kind not in ("message", "signal"):
            continue
        said = {"name": wait.name, "element_id": wait.element.id}
        said["element_name"] = wait.element.name or wait.name
        rows.change(change.session, Subscription, wait.id, **said)
        if wait.kind == "message" and wait.id in renamed:
            where = (wait.id, wait.name, wait.element.id)
            early.take(change.session, change.instance, *where, change.execution.variables, wait.locals)


def _jobs(change: Change, renamed: set[str]) -> None:
    """What is on its way to a message or signal of another name is for somebody else now."""
    query = select(Job).where(Job.instance_id == change.instance.id)
    for job in change.session.scalars(query.execution_options(populate_existing=True)).all():
        wait_id = job.payload.get("wait", job.id)
        wait = change.after.get(wait_id)
        if wait is None or wait_id not in change.before:
            continue
        if wait_id in renamed and job.kind in ("message", "signal"):
            _send_on(change, job)
            continue
        job.element_id = wait.element.id
        if job.kind == "external":
            job.topic, job.priority = wait.name, wait.priority


def _send_on(change: Change, job: Job) -> None:
    """A signal is over; a message looks for its receiver anew, also one that had stopped the case."""
    incidents.close(change.session, change.instance, [job.id], change.actor)
    if job.kind == "signal":
        change.session.delete(job)
        return
    job.definition_id, job.instance = change.instance.definition_id, None
    job.payload, job.due_at = early.Sent.of(job.payload).payload, now()
    job.retries, job.lock_until = TRIES, None
