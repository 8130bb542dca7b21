"""Cases: which there are, and one of them: what is done, where it stands now, what happened."""

from collections.abc import Mapping, Sequence

from flask import Blueprint, abort, g, render_template, request
from flask.typing import ResponseReturnValue

from service.operations import (
    calls,
    documents,
    external,
    history,
    identity,
    incidents,
    inforce,
    instances,
    messages,
    tasks,
)
from service.store.models import HistoryEvent, Job, ProcessDefinition, ProcessInstance, Subscription, UserTask
from service.web import story
from service.web.arrivals import recordable
from service.web.inbox import page_number
from service.web.present import t

blueprint = Blueprint("cases", __name__)

PAGE = 25
STATUSES = ("active", "suspended", "completed", "cancelled")
"""The statuses that one may ask for; all of them when none is asked for."""


@blueprint.get("/cases")
def find() -> ResponseReturnValue:
    """The cases that I may see, newest first, by status."""
    status = request.args.get("status") or None
    if status not in (None, *STATUSES):
        abort(404)
    number = request.args.get("number", "").strip()
    page = page_number()
    rows = instances.find(
        g.session,
        g.actor,
        status=status,
        business_key=number or None,
        limit=PAGE + 1,
        offset=(page - 1) * PAGE,
    )
    return render_template(
        "cases.html",
        rows=rows[:PAGE],
        statuses=(None, *STATUSES),
        status=status,
        number=number,
        page=page,
        more=len(rows) > PAGE,
    )


@blueprint.get("/cases/<instance_id>")
def show(instance_id: str) -> ResponseReturnValue:
    """One case."""
    instance = instances.get(g.session, instance_id, g.actor)
    open_tasks = tasks.find(g.session, instance_id=instance_id)
    mine = {task.id for task in open_tasks if tasks.may_do(task, g.actor)}
    visits = history.activities(g.session, instance_id)
    events = history.timeline(g.session, instance_id)
    waiting = messages.waiting(g.session, instance_id)
    programs = external.find(g.session, [("instance_id", instance_id)])
    awaited: list[UserTask | Subscription | Job] = [*open_tasks, *waiting, *programs]
    behind: dict[str, story.Behind] = {row.id: row for row in awaited}
    behind |= {called.parent_wait or "": called for called in calls.of(g.session, instance_id)}
    people = {instance.started_by, *(visit.actor for visit in visits), *(event.actor for event in events)}
    people |= {task.assignee for task in open_tasks if task.assignee}
    stopped = incidents.find(g.session, instance_id=instance_id)
    names = identity.names(g.session, people | {one.opened_for for one in stopped} | _workers(events))
    return render_template(
        "case.html",
        case=instance,
        steps=story.steps(visits, events, behind, stopped, names),
        caller=_caller(instance),
        newer=_newer(instance),
        events=[story.line(event, names) for event in reversed(events)],
        marks=story.marks(visits, stopped),
        files=documents.of_case(g.session, instance_id),
        incidents=stopped,
        suspended=_suspended(events, names) if instance.status == "suspended" else None,
        proof=_proof(instance_id),
        names=names,
        mine=mine,
        arrivals={one.id for one in waiting if recordable(one)},
    )


def _caller(instance: ProcessInstance) -> ProcessInstance | None:
    """The case that called this one, for who may see it."""
    caller = g.session.get(ProcessInstance, instance.parent_id) if instance.parent_id else None
    return caller if caller and instances.visible(g.session, caller, g.actor) else None


def _newer(instance: ProcessInstance) -> ProcessDefinition | None:
    """The revision in force, where this case runs on another one and the reader may take it there."""
    if not g.actor.admin or instance.ended_at is not None:
        return None
    found = inforce.find(g.session, instance.definition_key)
    return found if found and found.id != instance.definition_id else None


def _workers(events: Sequence[HistoryEvent]) -> set[str]:
    """Whose kept work the history tells of."""
    told = [event.details for event in events if event.kind in ("incident_opened", "instance_modified")]
    work = [one for details in told for fate in ("kept", "dropped") for one in details.get(fate, ())]
    return {one["by"] for one in (*work, *told) if "by" in one}


def _suspended(events: Sequence[HistoryEvent], names: Mapping[str, str]) -> story.Line | None:
    """Who suspended the case, when and why."""
    last = next((event for event in reversed(events) if event.kind == "instance_suspended"), None)
    return story.line(last, names) if last else None


def _proof(instance_id: str) -> str:
    """For an administrator who asks: whether the history is as it was written, in a sentence."""
    if not g.actor.admin or "verify" not in request.args:
        return ""
    broken = history.verify(g.session, instance_id)
    return t("mend.whole") if broken is None else t("mend.broken", event=broken)
