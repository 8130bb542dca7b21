"""Kotak Tugas: what waits for me, for my unit, and what came back; take and let go."""

from flask import Blueprint, abort, g, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from service.errors import Conflict
from service.operations import tasks
from service.web.errors import back_with_notice
from service.web.paths import own_path
from service.web.present import notify, t

blueprint = Blueprint("inbox", __name__)
blueprint.register_error_handler(Conflict, back_with_notice)

PAGE = 25
"""Rows on one page."""


@blueprint.get("/")
def show() -> ResponseReturnValue:
    """One box, page by page; the counters are those of all boxes."""
    name = request.args.get("box", tasks.BOXES[0])
    if name not in tasks.BOXES:
        abort(404)
    page = page_number()
    counters = tasks.counters(g.session, g.actor)
    rows = tasks.box(g.session, g.actor, name, limit=PAGE, offset=(page - 1) * PAGE)
    return render_template(
        "inbox.html",
        boxes=[(box, t(f"web.inbox.{box}"), counters[box]) for box in tasks.BOXES],
        empty=t(f"web.inbox.{name}_empty"),
        box=name,
        rows=rows,
        page=page,
        more=counters[name] > page * PAGE,
    )


@blueprint.post("/tasks/<task_id>/claim")
def claim(task_id: str) -> ResponseReturnValue:
    """Take a task; whoever comes second reads who has it."""
    tasks.claim(g.session, task_id, g.actor)
    task = tasks.get(g.session, task_id, g.actor)
    place = url_for("tasks.show", task_id=task_id)
    back = own_path(request.form.get("next")) or place
    sentence = t("web.task.claimed", step=task.name, case=task.instance.business_key)
    notify("ok", sentence, *(() if back == place else (place, t("web.task.open"))))
    return redirect(back, 303)


@blueprint.post("/tasks/<task_id>/unclaim")
def unclaim(task_id: str) -> ResponseReturnValue:
    """Let a task go; it waits for the unit again."""
    task = tasks.get(g.session, task_id, g.actor)
    tasks.unclaim(g.session, task_id, g.actor)
    notify("ok", t("web.task.unclaimed", step=task.name, case=task.instance.business_key))
    return redirect(url_for("inbox.show", box="unit"), 303)


def page_number() -> int:
    """The page that the address asks for, from 1; 404 for what is no page."""
    text = request.args.get("page", "1")
    if not text.isascii() or not text.isdigit() or not 1 <= int(text) <= 10_000:
        abort(404)
    return int(text)
