"""Sets work going again that stopped behind a form, when an administrator has mended the cause."""

from flask import Blueprint, g, redirect, url_for
from flask.typing import ResponseReturnValue

from service.operations import incidents, mending
from service.web.present import notify, t

blueprint = Blueprint("stuck", __name__)


@blueprint.post("/incidents/<incident_id>/resume")
def resume(incident_id: str) -> ResponseReturnValue:
    """Try the kept work once more, in the name of who did it."""
    incident = incidents.get(g.session, incident_id)
    if mending.resume(g.session, incident_id, g.actor):
        notify("ok", t("web.case.resumed", step=incident.details.get("name", "")))
    return redirect(url_for("cases.show", instance_id=incident.instance_id), 303)
