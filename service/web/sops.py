"""The office's SOPs: which there are, and one of them with its identity, its table and its diagram."""

from flask import Blueprint, Response, g, render_template
from flask.typing import ResponseReturnValue

from service.diagram import sop
from service.operations import deployments

blueprint = Blueprint("sops", __name__)

A_DAY = "private, max-age=86400, immutable"
"""A definition never changes: another diagram is another version, with another id."""


@blueprint.get("/sops")
def find() -> ResponseReturnValue:
    """Every SOP in its latest version."""
    rows = [(one, deployments.diagram(g.session, one.id)) for one in deployments.definitions(g.session)]
    startable = {one.id for one, _ in rows if deployments.may_start(one, g.actor)}
    return render_template("sops.html", rows=rows, startable=startable)


@blueprint.get("/sops/<definition_id>")
def show(definition_id: str) -> ResponseReturnValue:
    """One version of an SOP: what it says of itself, its rows, its diagram."""
    definition = deployments.definition(g.session, definition_id)
    process = deployments.diagram(g.session, definition_id)
    return render_template(
        "sop.html",
        sop=definition,
        identity=sop.identity(process),
        rows=sop.rows(process),
        lanes={lane.id: lane.name for lane in process.lanes.values()},
        may_start=deployments.may_start(definition, g.actor),
    )


@blueprint.get("/sops/<definition_id>/diagram")
def diagram(definition_id: str) -> ResponseReturnValue:
    """The deployed BPMN file, byte for byte."""
    xml = deployments.xml(g.session, definition_id)
    return Response(xml, mimetype="application/xml", headers={"Cache-Control": A_DAY})
