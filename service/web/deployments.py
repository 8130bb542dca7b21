"""What was deployed: which sets of files there are, one of them with what is in it, and its files to keep."""

from collections.abc import Sequence
from dataclasses import dataclass
from io import BytesIO
from pathlib import PurePosixPath

from flask import Blueprint, Response, g, render_template, request, send_file
from flask.typing import ResponseReturnValue

from service.errors import AlurError
from service.operations import archive, identity, plans, running, uploads
from service.store.models import Deployment, ProcessDefinition
from service.web import findings as told
from service.web.documents import SANDBOX
from service.web.inbox import page_number
from service.web.lives import Revision, staged
from service.web.present import t
from service.web.understood import said_groups, understood

blueprint = Blueprint("deployments", __name__)

PAGE = 25


@dataclass(frozen=True)
class Row:
    """A deployment in the list, with the revisions that came in it."""

    deployment: Deployment
    revisions: tuple[Revision, ...]


@dataclass(frozen=True)
class Brought:
    """A revision on its deployment's page: who must approve it, what came before, who may go over."""

    revision: Revision
    approvers: Sequence[str]
    before: ProcessDefinition | None
    older: Sequence[tuple[ProcessDefinition, int]]
    migrating: bool


@blueprint.get("/deployments")
def find() -> ResponseReturnValue:
    """The deployments, newest first, and the form to send files."""
    return page()


@blueprint.get("/deployments/<deployment_id>")
def show(deployment_id: str) -> ResponseReturnValue:
    """One deployment."""
    uploads.allow(g.actor)
    deployment = archive.get(g.session, deployment_id)
    read = archive.read(g.session, deployment_id)
    files = told.by_file(read.contents, read.findings, read.diagrams)
    chosen = told.chosen(files, request.args.get("file", "")) if files else None
    return render_template(
        "deployment.html",
        deployment=deployment,
        deployer=_name(deployment.deployed_by),
        revisions=_brought(deployment),
        forms=archive.forms(g.session, deployment_id),
        decisions=archive.decisions(g.session, deployment_id),
        files=files,
        sizes={name: len(content) for name, content in read.contents.items()},
        chosen=chosen,
        processes=[understood(name, one) for name, one in read.processes() if chosen and name == chosen.name],
    )


@blueprint.get("/deployments/<deployment_id>/files/<path:name>")
def file(deployment_id: str, name: str) -> ResponseReturnValue:
    """One file, byte for byte as it was deployed."""
    uploads.allow(g.actor)
    return attached(name, archive.content(g.session, deployment_id, name))


def page(error: AlurError | None = None) -> str:
    """The list with its form; `error` is why what was sent was not taken."""
    uploads.allow(g.actor)
    number = page_number()
    found = archive.find(g.session, limit=PAGE + 1, offset=(number - 1) * PAGE)
    return render_template(
        "deployments.html",
        rows=_rows(found[:PAGE]),
        page=number,
        more=len(found) > PAGE,
        waiting=uploads.find(g.session, g.actor) if number == 1 else (),
        names=identity.names(g.session, [g.actor.id, *(one.deployed_by for one in found)]),
        error=t(error.message) if error else None,
    )


def attached(name: str, content: bytes) -> Response:
    """A file to be saved, whatever it is, under its own name without its folders."""
    response = send_file(
        BytesIO(content),
        mimetype="application/octet-stream",
        as_attachment=True,
        download_name=PurePosixPath(name).name,
        etag=False,
    )
    response.headers["Content-Length"] = str(len(content))
    response.headers["Content-Security-Policy"] = SANDBOX
    response.headers["Cache-Control"] = "no-store"
    return response


def _rows(found: Sequence[Deployment]) -> list[Row]:
    brought = staged(archive.definitions(g.session, [one.id for one in found]))
    return [
        Row(one, tuple(each for each in brought if each.definition.deployment_id == one.id)) for one in found
    ]


def _brought(deployment: Deployment) -> list[Brought]:
    return [
        Brought(
            one,
            said_groups(one.definition.approvers),
            archive.before(g.session, one.definition),
            running.older(g.session, one.definition),
            one.definition.status == "approved" and plans.may(one.definition, g.actor),
        )
        for one in staged(archive.definitions(g.session, [deployment.id]))
    ]


def _name(person: str) -> str:
    return identity.names(g.session, [person]).get(person, person or t("web.event.nobody"))
