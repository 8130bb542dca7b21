"""One task: what is asked, by the SOP's own words, its form, and its completion."""

from dataclasses import dataclass
from datetime import datetime

from flask import Blueprint, g, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from service.errors import Conflict, NotAllowed
from service.forms import FormView
from service.operations import deployments, history, identity, tasks
from service.store.models import UserTask
from service.web.auth import reads_when
from service.web.filling import Filling, Redrawn, only_redraws, part, wants_part
from service.web.following import announce
from service.web.present import notify, t

blueprint = Blueprint("tasks", __name__)

STANDARD = ("kelengkapan", "waktu", "output", "keterangan")
"""The Mutu Baku of a step, as `sop.*` properties."""


@dataclass(frozen=True)
class Sender:
    """Who sent a task back, from which step, and when."""

    who: str
    step: str
    at: datetime


@blueprint.get("/tasks/<task_id>")
def show(task_id: str) -> ResponseReturnValue:
    """The task with its form, to be filled in by whoever has claimed it."""
    task = _mine(task_id)
    if task.status != "open":
        notify("warn", t("web.task.finished", step=task.name))
        return redirect(url_for("cases.show", instance_id=task.instance_id), 303)
    return _page(task, _filling(task).shown())


@blueprint.post("/tasks/<task_id>")
@reads_when(only_redraws)
def complete(task_id: str) -> ResponseReturnValue:
    """The step is done, or its form was changed and is drawn again."""
    task = _mine(task_id)
    if task.status != "open":
        raise Conflict("web.task.finished", step=task.name)
    done = _filling(task).sent(lambda typed, files: tasks.complete(g.session, task_id, g.actor, typed, files))
    if isinstance(done, Redrawn):
        if wants_part():
            return part(done.view)
        return _page(task, done.view), done.status
    announce(done)
    return redirect(url_for("inbox.show"), 303)


def _mine(task_id: str) -> UserTask:
    """The task, if it is the reader's to do; who only sees its case is told so."""
    task = tasks.get(g.session, task_id, g.actor)
    if not tasks.may_do(task, g.actor):
        raise NotAllowed("case.not_yours", name=task.name)
    return task


def _filling(task: UserTask) -> Filling:
    return Filling(tasks.form(g.session, task), tasks.data(g.session, task), task.id)


def _page(task: UserTask, view: FormView | None) -> str:
    element = deployments.diagram(g.session, task.instance.definition_id).elements[task.element_id]
    said = element.properties
    names = identity.names(g.session, [task.assignee] if task.assignee else [])
    return render_template(
        "task.html",
        task=task,
        view=view,
        official=said.get("sop.kegiatan", ""),
        standard=[(t(f"sop.{name}"), words) for name in STANDARD if (words := said.get(f"sop.{name}"))],
        holder=names.get(task.assignee or "", task.assignee),
        editable=task.assignee == g.actor.id and task.instance.status == "active",
        sender=_sender(task) if task.returned else None,
    )


def _sender(task: UserTask) -> Sender | None:
    """Whose completed step brought this one up again: the last one before it came."""
    before = None
    for event in history.timeline(g.session, task.instance_id):
        if event.kind == "task_created" and event.task_id == task.id:
            break
        if event.kind == "task_completed":
            before = event
    if before is None:
        return None
    names = identity.names(g.session, [before.actor])
    return Sender(names.get(before.actor, before.actor), before.element_name, before.at)
