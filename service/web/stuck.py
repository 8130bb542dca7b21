"""Kendala: the cases that stopped and need an operator, newest first, and how many there are."""

from typing import Any

from flask import Blueprint, g, render_template, request
from flask.typing import ResponseReturnValue

from service.operations import incidents, inforce, mending
from service.store.models import Incident
from service.web.inbox import page_number
from service.web.present import t

blueprint = Blueprint("stuck", __name__)

PAGE = 25


@blueprint.app_context_processor
def counted() -> dict[str, Any]:
    """The number that stands in an administrator's navigation; nobody else's pages ask for it.

    A page about an error is drawn when the request's session has ended: that one goes without.
    """
    session, actor = g.get("session"), g.get("actor")
    asked = session is not None and session.in_transaction() and actor is not None and actor.admin
    return {"stopped": incidents.count(session) if asked else 0}


@blueprint.app_template_global()
def remedied(incident: Incident) -> str:
    """What an operator does about it, in the reader's language."""
    return t(incidents.remedy(incident))


@blueprint.app_template_global()
def lacking(incident: Incident) -> str:
    """Which variables were unknown or empty there, in a sentence; empty where that was not the cause."""
    names = incidents.lacking(incident)
    return t("mend.lacking", names=", ".join(f"“{name}”" for name in names)) if names else ""


@blueprint.get("/incidents")
def find() -> ResponseReturnValue:
    """The open incidents, of one SOP or of all."""
    mending.allow(g.actor)
    key = request.args.get("sop") or None
    page = page_number()
    rows = incidents.find(
        g.session, newest_first=True, definition_key=key, limit=PAGE + 1, offset=(page - 1) * PAGE
    )
    names = {one: inforce.name(g.session, one) for one in incidents.definitions(g.session)}
    return render_template(
        "incidents.html", rows=rows[:PAGE], sops=names, sop=key, page=page, more=len(rows) > PAGE
    )
