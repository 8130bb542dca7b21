"""Cases: which there are, and one of them: what is done, where it stands now, what happened."""

from flask import Blueprint, abort, g, render_template, request
from flask.typing import ResponseReturnValue

from service.operations import (
    documents,
    history,
    identity,
    incidents,
    instances,
    messages,
    tasks,
)
from service.web import story
from service.web.arrivals import recordable
from service.web.inbox import page_number

blueprint = Blueprint("cases", __name__)

PAGE = 25
STATUSES = ("active", "completed", "cancelled")
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
    people = {instance.started_by, *(visit.actor for visit in visits), *(event.actor for event in events)}
    people |= {task.assignee for task in open_tasks if task.assignee}
    names = identity.names(g.session, people)
    return render_template(
        "case.html",
        case=instance,
        steps=story.steps(visits, events, open_tasks, waiting, names),
        events=[story.Line(event.at, story.sentence(event, names)) for event in reversed(events)],
        marks=story.marks(visits),
        files=documents.of_case(g.session, instance_id),
        incidents=incidents.find(g.session, instance_id=instance_id),
        names=names,
        mine=mine,
        arrivals={one.id for one in waiting if recordable(one)},
    )
