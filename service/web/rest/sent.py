"""What a deployment sends: texts and files in one multipart body, and who may send it."""

from flask import g, request
from pydantic import AwareDatetime, ConfigDict

from service.errors import InvalidInput, NotAllowed
from service.operations import deployments
from service.values import text
from service.web.rest.shapes import Asked, Text


class DeploymentForm(Asked):
    """The texts of a deployment; each file is a part of its own, named by the file's name.

    From `deployment-activation-time` on, cases begin on what is deployed.
    """

    model_config = ConfigDict(alias_generator=lambda name: name.replace("_", "-"))

    deployment_name: Text = ""
    deployment_source: Text = ""
    deployment_activation_time: AwareDatetime | None = None
    enable_duplicate_filtering: bool = False
    deploy_changed_only: bool = False
    tenant_id: Text = ""


def allow() -> None:
    """NotAllowed for who may not deploy."""
    if not deployments.may_deploy(g.actor):
        raise NotAllowed("rest.deploy_only")


def understood(form: DeploymentForm) -> None:
    """InvalidInput for what Camunda has and Alur has not, rather than doing something else.

    With only what has changed, a form that is bound to its deployment would not be in it.
    """
    if form.tenant_id:
        raise InvalidInput("rest.tenant")
    if form.deploy_changed_only:
        raise InvalidInput("rest.changed_only")


def files() -> dict[str, bytes]:
    """The files by name; InvalidInput for none, and for two of one name."""
    found: dict[str, bytes] = {}
    for part, sent in request.files.items(multi=True):
        name = text(sent.filename or part)
        if name in found:
            raise InvalidInput("rest.twice", name=name)
        found[name] = sent.read()
    if not found:
        raise InvalidInput("rest.no_files")
    return found
