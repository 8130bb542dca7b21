"""Records that a message which a case waits for has come: a letter, a card, a call."""

from flask import Blueprint, g, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from service.errors import Conflict, NotAllowed
from service.operations import instances, messages
from service.store.models import ProcessInstance, Subscription
from service.web.present import notify, t

blueprint = Blueprint("arrivals", __name__, url_prefix="/cases/<instance_id>/arrivals")


@blueprint.get("/<subscription_id>")
def ask(instance_id: str, subscription_id: str) -> ResponseReturnValue:
    """Is it really there? The case goes on, and that cannot be taken back."""
    case, waiting = _expected(instance_id, subscription_id)
    return render_template("arrival.html", waiting=waiting, case=case)


@blueprint.post("/<subscription_id>")
def record(instance_id: str, subscription_id: str) -> ResponseReturnValue:
    """It has come."""
    _, waiting = _expected(instance_id, subscription_id)
    if messages.receive(g.session, subscription_id, g.actor) == "received":
        notify("ok", t("web.message.recorded", message=waiting.element_name))
    else:
        notify("warn", t("message.kept", message=waiting.element_name))
    return redirect(url_for("cases.show", instance_id=instance_id), 303)


def recordable(waiting: Subscription) -> bool:
    """May the reader say that this has come?"""
    return waiting.kind == "message" and messages.may_receive(g.session, waiting, g.actor)


def _expected(instance_id: str, subscription_id: str) -> tuple[ProcessInstance, Subscription]:
    """The case and what it waits for; Conflict when that has come already."""
    case = instances.get(g.session, instance_id, g.actor)
    found = {waiting.id: waiting for waiting in messages.waiting(g.session, instance_id)}
    if (waiting := found.get(subscription_id)) is None:
        raise Conflict("web.message.gone")
    if not recordable(waiting):
        raise NotAllowed("case.may_not_receive")
    return case, waiting
