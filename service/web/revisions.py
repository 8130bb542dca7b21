"""What is done with a revision of an SOP on its page: approved, withdrawn, brought back, compared."""

from datetime import datetime
from typing import Any

from flask import Blueprint, abort, g, redirect, request, url_for
from flask.typing import ResponseReturnValue

from service.errors import AlurError
from service.operations import deployments, inforce, revisions
from service.operations.revisions import Stage
from service.web import reasons, sops
from service.web.days import beginning
from service.web.errors import status_of
from service.web.lives import waiting
from service.web.present import notify, settings, t

blueprint = Blueprint("revisions", __name__)


@blueprint.app_context_processor
def counted() -> dict[str, Any]:
    """What the reader's navigation shows: how many drafts wait for them, and whether they deploy.

    Where nobody needs to approve anything, no page asks for drafts.
    """
    session, actor = g.get("session"), g.get("actor")
    asked = session is not None and session.in_transaction() and actor is not None and settings().approvers
    return {
        "to_approve": len(waiting()) if asked else 0,
        "may_deploy": actor is not None and deployments.may_deploy(actor),
    }


@blueprint.app_template_global()
def stage_name(stage: Stage) -> str:
    """Where a revision is in its life, in a word."""
    return t(f"revisions.stage.{stage}")


@blueprint.app_template_filter()
def begins(moment: datetime) -> str:
    """The day on which a revision takes effect, and the time where that is not its beginning."""
    return t(inforce.said(moment))


@blueprint.get("/sops/<definition_id>/compare")
def compare(definition_id: str) -> ResponseReturnValue:
    """From the two revisions that were chosen to the page that compares them, the older one first."""
    chosen = [deployments.definition(g.session, id_) for id_ in request.args.getlist("one")[:2]]
    if len(chosen) != 2 or chosen[0].id == chosen[1].id:
        notify("warn", t("revisions.choose_two"))
        return redirect(url_for("sops.show", definition_id=definition_id) + "#revisions", 303)
    older, newer = sorted(chosen, key=lambda one: one.version)
    return redirect(url_for("comparing.show", new_id=newer.id, old_id=older.id), 303)


@blueprint.post("/sops/<definition_id>/<any(approve, withdraw, restore):verb>")
def act(definition_id: str, verb: str) -> ResponseReturnValue:
    """One thing is done and told on the page of the revision; where it cannot be, that page says why."""
    try:
        with g.session.begin_nested():
            _do(definition_id, verb)
    except AlurError as error:
        if status_of(error) not in (400, 403, 409):
            raise
        return sops.page(definition_id, error), status_of(error)
    notify("ok", t(f"revisions.done.{verb}"))
    return redirect(url_for("sops.show", definition_id=definition_id), 303)


def _do(definition_id: str, verb: str) -> None:
    reason = reasons.given(needed=False)
    match verb:
        case "approve":
            moment = beginning(request.form.get("effective", ""))
            revisions.approve(g.session, definition_id, g.actor, moment, reason)
        case "withdraw":
            revisions.withdraw(g.session, definition_id, g.actor, reason)
        case "restore":
            revisions.restore(g.session, definition_id, g.actor, reason)
        case _:
            abort(404)
