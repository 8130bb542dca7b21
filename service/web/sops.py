"""The office's SOPs: which there are, and one of them with its identity, its table and its diagram."""

from flask import Blueprint, Response, g, render_template
from flask.typing import ResponseReturnValue

from service.diagram import sop
from service.errors import AlurError
from service.operations import deployments, identity, plans, revisions
from service.store.models import ProcessDefinition
from service.web.lives import Life, lives, told, waiting
from service.web.present import t
from service.web.understood import said_groups

blueprint = Blueprint("sops", __name__)

RESTORED = ("superseded", "scheduled", "withdrawn")
"""The stages of a revision that can be in force at once instead of the present one."""
A_DAY = "private, max-age=86400, immutable"
"""A definition never changes: another diagram is another version, with another id."""


@blueprint.get("/sops")
def find() -> ResponseReturnValue:
    """Every SOP in the revision in force, after the drafts that wait for the reader's approval."""
    rows = [(one, deployments.diagram(g.session, one.id)) for one in deployments.definitions(g.session)]
    startable = {one.id for one, _ in rows if deployments.may_start(one, g.actor)}
    drafts = waiting()
    names = identity.names(g.session, [one.deployment.deployed_by for one in drafts])
    return render_template("sops.html", rows=rows, startable=startable, drafts=drafts, names=names)


@blueprint.get("/sops/<definition_id>")
def show(definition_id: str) -> ResponseReturnValue:
    """One revision of an SOP: what it says of itself, its rows, its diagram, and the revisions beside it."""
    return page(definition_id)


def page(definition_id: str, error: AlurError | None = None) -> str:
    """The page of a revision; `error` is why what was asked for was not done."""
    definition = deployments.definition(g.session, definition_id)
    process = deployments.diagram(g.session, definition_id)
    every = lives(definition.key)
    own = next(one for one in every if one.definition.id == definition_id)
    in_force = next((one for one in every if one.stage == "effective"), None)
    return render_template(
        "sop.html",
        sop=definition,
        own=own,
        revisions=every,
        in_force=in_force,
        told=told(definition),
        may=_may(definition, own.stage, in_force),
        approvers=said_groups(definition.approvers),
        identity=sop.identity(process),
        rows=sop.rows(process),
        lanes={lane.id: lane.name for lane in process.lanes.values()},
        may_start=own.stage == "effective" and deployments.may_start(definition, g.actor),
        error=t(error.message) if error else None,
    )


def _may(definition: ProcessDefinition, stage: str, in_force: Life | None) -> set[str]:
    """What the reader may do with this revision now; `migrate`: take cases over to the one in force."""
    allowed = {
        "approve": stage == "draft" and revisions.may_approve(definition, g.actor),
        "withdraw": stage != "withdrawn" and revisions.may_withdraw(definition, g.actor),
        "restore": stage in RESTORED and revisions.may_restore(definition, g.actor),
        "migrate": in_force is not None and plans.may(in_force.definition, g.actor),
        "deploy": deployments.may_deploy(g.actor),
    }
    return {verb for verb, may in allowed.items() if may}


@blueprint.get("/sops/<definition_id>/diagram")
def diagram(definition_id: str) -> ResponseReturnValue:
    """The deployed BPMN file, byte for byte."""
    xml = deployments.xml(g.session, definition_id)
    return Response(xml, mimetype="application/xml", headers={"Cache-Control": A_DAY})
