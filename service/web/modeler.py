"""Camunda Modeler's way to our pages: after deploying or starting it links to what it made."""

import json

from flask import Blueprint, Response, jsonify, redirect, request, url_for
from flask.typing import ResponseReturnValue

from service.web.auth import open_to_all

blueprint = Blueprint("modeler", __name__)

PLACE = "from-modeler/"
"""The Modeler puts `repository` and `process-instance/<id>` behind it; ending in `cockpit/` it would
put more in between."""


@blueprint.get("/.well-known/camunda-automation-platform/webapps")
@open_to_all
def webapps() -> Response:
    """Where the pages are; the Modeler asks from a page of its own, without a password."""
    root = request.root_url
    response = jsonify(cockpitUrl=root + PLACE, tasklistUrl=root, adminUrl=root)
    response.headers["Access-Control-Allow-Origin"] = "*"
    return response


@blueprint.get(f"/{PLACE}repository")
def repository() -> ResponseReturnValue:
    """To what was deployed, which the Modeler names in Cockpit's words; else to the list of it all."""
    asked = request.args.get("deploymentsQuery", "")
    if deployment := _deployment(asked):
        return redirect(url_for("deployments.show", deployment_id=deployment))
    return redirect(url_for("sops.find"))


def _deployment(query: str) -> str | None:
    """The id in `[{"type": "id", "operator": "eq", "value": "…"}]`; None in anything else."""
    try:
        [asked] = json.loads(query)
        found = asked["value"] if asked["type"] == "id" else None
    except (ValueError, TypeError, KeyError, RecursionError):
        return None
    return found if isinstance(found, str) and found.isprintable() and found else None


@blueprint.get(f"/{PLACE}process-instance/<instance_id>")
def instance(instance_id: str) -> ResponseReturnValue:
    """To the case."""
    return redirect(url_for("cases.show", instance_id=instance_id))
