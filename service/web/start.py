"""Starts a case: the SOPs that I may start, and the form that opens one."""

from flask import Blueprint, g, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from service.forms import FormView
from service.operations import deployments, instances
from service.store.models import ProcessDefinition
from service.web.auth import reads_when
from service.web.filling import Filling, Redrawn, only_redraws, part, wants_part
from service.web.following import what_follows
from service.web.present import notify, t

blueprint = Blueprint("start", __name__)


@blueprint.get("/start")
def choose() -> ResponseReturnValue:
    """The SOPs that I may start."""
    rows = [
        (one, deployments.diagram(g.session, one.id)) for one in deployments.startable(g.session, g.actor)
    ]
    return render_template("start.html", rows=rows)


@blueprint.get("/start/<key>")
def show(key: str) -> ResponseReturnValue:
    """The start form of an SOP, or the question whether to start."""
    definition = deployments.latest(g.session, key)
    return _page(definition, _filling(definition).shown())


@blueprint.post("/start/<key>")
@reads_when(only_redraws)
def begin(key: str) -> ResponseReturnValue:
    """A new case begins, or its form is drawn again."""
    definition = deployments.latest(g.session, key)
    begun = _filling(definition).sent(
        lambda typed, files: instances.begin(g.session, definition, g.actor, typed, files)
    )
    if isinstance(begun, Redrawn):
        if wants_part():
            return part(begun.view)
        return _page(definition, begun.view), begun.status
    notify("ok", t("web.start.begun", case=begun.business_key, follows=what_follows(begun)))
    return redirect(url_for("cases.show", instance_id=begun.id), 303)


def _filling(definition: ProcessDefinition) -> Filling:
    return Filling(instances.start_form(g.session, definition, g.actor), {}, f"start:{definition.id}")


def _page(definition: ProcessDefinition, view: FormView | None) -> str:
    return render_template("start_form.html", sop=definition, view=view)
