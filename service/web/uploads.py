"""Files that were sent to be checked: what is in them, what is wrong, what changes, and then deploying."""

from collections.abc import Sequence
from datetime import date
from pathlib import PurePosixPath

from flask import Blueprint, g, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from service.diagram.model import Process
from service.errors import AlurError, Finding, InvalidInput, Refused
from service.operations import identity, resources, revisions, uploads
from service.operations.resources import Resources
from service.store.models import Upload
from service.values import text
from service.web import deployments as pages
from service.web import findings as told
from service.web.changing import Change, changes
from service.web.days import beginning, today
from service.web.errors import status_of
from service.web.present import notify, settings, t
from service.web.understood import Understood, approvers, understood

blueprint = Blueprint("uploads", __name__)


@blueprint.post("/deployments/check")
def send() -> ResponseReturnValue:
    """Keeps the files and leads to what there is to say of them; what cannot be kept is told at once."""
    files: dict[str, bytes] = {}
    try:
        files = _sent()
        upload = uploads.keep(g.session, _name(files), files, g.actor)
    except Refused as refused:
        return _refused(files, refused.findings), 422
    except InvalidInput as error:
        return pages.page(error), 422
    return redirect(url_for("uploads.show", upload_id=upload.id), 303)


@blueprint.get("/uploads/<upload_id>")
def show(upload_id: str) -> ResponseReturnValue:
    """What was understood of the files, what is wrong in them, what changes and whom it concerns."""
    return _page(uploads.get(g.session, upload_id, g.actor))


@blueprint.get("/uploads/<upload_id>/files/<path:name>")
def file(upload_id: str, name: str) -> ResponseReturnValue:
    """One file as it was sent, or its repaired copy."""
    upload = uploads.get(g.session, upload_id, g.actor)
    return pages.attached(name, uploads.content(g.session, upload, name))


@blueprint.post("/uploads/<upload_id>/repair")
def repair(upload_id: str) -> ResponseReturnValue:
    """Repairs copies of the files, and leads to those."""
    upload = uploads.repaired(g.session, upload_id, g.actor)
    count = sum(map(len, uploads.repairs(upload).values()))
    notify("ok", t("deploying.repairs_done", count=count))
    return redirect(url_for("uploads.show", upload_id=upload.id), 303)


@blueprint.post("/uploads/<upload_id>/deploy")
def deploy(upload_id: str) -> ResponseReturnValue:
    """Deploys it, and leads to what was deployed; where it cannot be, the page says why."""
    upload = uploads.get(g.session, upload_id, g.actor)
    name = request.form.get("name", "")
    try:
        moment = beginning(request.form.get("effective", ""))
        with g.session.begin_nested():
            deployed = uploads.deploy(
                g.session, upload_id, g.actor, name, approvers=settings().approvers, effective_at=moment
            )
    except (Refused, InvalidInput) as error:
        return _page(upload, error), status_of(error)
    notify(*(("warn", t("deploying.unchanged")) if deployed.unchanged else ("ok", t("deploying.deployed"))))
    return redirect(url_for("deployments.show", deployment_id=deployed.deployment.id), 303)


def _page(upload: Upload, error: AlurError | None = None) -> str:
    read = uploads.read(g.session, upload)
    findings, mended = uploads.findings(g.session, upload), uploads.mended(g.session, upload)
    files = told.by_file(read.contents, findings, read.diagrams, told.offered(mended))
    chosen = told.chosen(files, request.args.get("file", ""))
    processes = [process for _, process in read.processes()]
    said, day = _effective(processes)
    return render_template(
        "upload.html",
        upload=upload,
        until=upload.sent_at + uploads.LIFE,
        sender=identity.names(g.session, [upload.sent_by]).get(upload.sent_by, upload.sent_by),
        files=files,
        chosen=chosen,
        processes=_processes(read, chosen.name),
        deployable=bool(processes),
        repaired=uploads.repairs(upload),
        offered=[one for each in mended.values() for one in each.repairs],
        effective=day.isoformat() if day else "",
        effective_words=said,
        approvers=approvers(processes),
        error=t(error.message) if error else None,
    )


def _processes(read: Resources, file: str) -> list[tuple[Understood, Change | None]]:
    """The processes of a file with what they change; where none runs yet, all that are drawn."""
    if file not in read.diagrams:
        return []
    drawn = read.diagrams[file].processes.values()
    found = {one.process.id: one for one in changes(read, file)}
    meant = [one for one in drawn if one.id in found] or [*drawn]
    return [(understood(file, one), found.get(one.id)) for one in meant]


def _effective(processes: Sequence[Process]) -> tuple[str, date | None]:
    """What the one process says of its day, and the day where it is still to come."""
    if len(processes) != 1:
        return "", None
    said = revisions.facts(processes[0]).effective_on
    day = revisions.day(said)
    return said, day if day and day > today() else None


def _refused(files: dict[str, bytes], findings: Sequence[Finding]) -> str:
    return render_template("refused.html", files=told.by_file(files, findings, {}))


def _sent() -> dict[str, bytes]:
    """The files of the request by their name: all that were chosen, and of a folder what can be deployed."""
    files: dict[str, bytes] = {}
    for field in ("files", "folder"):
        for part in request.files.getlist(field):
            name = text(part.filename or "")
            if not name or (field == "folder" and not _meant(name)):
                continue
            if name in files:
                raise InvalidInput("deploying.twice", name=name)
            files[name] = part.stream.read()
    return files


def _meant(name: str) -> bool:
    hidden = any(part.startswith(".") for part in PurePosixPath(name).parts)
    return not hidden and name.lower().endswith(resources.DEPLOYED)


def _name(files: dict[str, bytes]) -> str:
    """What the deployment is called: as was typed, or after its one folder or its first diagrams."""
    if typed := request.form.get("name", "").strip():
        return typed
    folders = {PurePosixPath(name).parts[0] for name in files if "/" in name}
    if len(folders) == 1 and all("/" in name for name in files):
        return folders.pop()
    diagrams = [name for name in files if name.lower().endswith(resources.DIAGRAMS)]
    stems = [PurePosixPath(name).name.partition(".")[0] for name in diagrams or files]
    return ", ".join(stems[:3])
