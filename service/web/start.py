"""Starts a case: the SOPs that I may start, and the form that opens one."""

from collections.abc import Sequence

from flask import Blueprint, g, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from service import forms
from service.forms import FormView
from service.operations import deployments, inforce, instances
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
    """A new case begins, or its form is drawn again: also over another revision than it was opened on."""
    current = inforce.find(g.session, key)
    definition = _opened(key) or current or deployments.latest(g.session, key)
    if definition is not current and not only_redraws():
        return _turned(definition, current), 409
    begun = _filling(definition).sent(
        lambda typed, files: instances.begin(g.session, definition, g.actor, typed, files)
    )
    if isinstance(begun, Redrawn):
        if wants_part():
            return part(begun.view)
        return _page(definition, begun.view), begun.status
    notify("ok", t("web.start.begun", case=begun.business_key, follows=what_follows(begun)))
    return redirect(url_for("cases.show", instance_id=begun.id), 303)


def _opened(key: str) -> ProcessDefinition | None:
    """The revision on which the page was opened."""
    found = g.session.get(ProcessDefinition, request.args.get("revision", ""))
    return found if found is not None and found.key == key else None


def _turned(opened: ProcessDefinition, current: ProcessDefinition | None) -> str:
    """The form of what is in force now, with what was typed; the same one where nothing is in force.

    A case must not begin unseen on another form than the person filled in, and nothing typed is lost.
    """
    if current is None:
        return _page(opened, _filling(opened).over(), t("revision.none", name=opened.name))
    before, filling = _filling(opened).form, _filling(current)
    lost = forms.lost(before, filling.form, request.form.items(multi=True)) if before else []
    return _page(current, filling.over(), t("revision.turned", name=current.name), lost)


def _filling(definition: ProcessDefinition) -> Filling:
    return Filling(instances.start_form(g.session, definition, g.actor), {}, f"start:{definition.key}")


def _page(
    definition: ProcessDefinition,
    view: FormView | None,
    turned: str = "",
    lost: Sequence[tuple[str, str]] = (),
) -> str:
    return render_template("start_form.html", sop=definition, view=view, turned=turned, lost=lost)
