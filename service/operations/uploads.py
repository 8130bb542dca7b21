"""Files that somebody sent to be checked: kept for a week, repaired as a copy, deployed, thrown away."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime, timedelta
from functools import partial
from typing import Any

from sqlalchemy import delete, select
from sqlalchemy.orm import Session, undefer

from service.diagram.repair import Repaired, repair
from service.errors import Conflict, Finding, InvalidInput, Message, NotAllowed, NotFound, Refused
from service.operations import deployments, incidents, references, resources
from service.operations.deployments import Deployed
from service.operations.identity import Actor
from service.operations.recent import Recent
from service.operations.resources import Resources
from service.store.models import Upload, UploadFile, now

LIFE = timedelta(days=7)
"""How long an upload waits to be deployed."""
MOST = 20
"""Uploads of one person; the oldest goes when another one comes."""
BATCH = 50
"""Uploads that are thrown away at once."""
LONGEST_NAME = 200
UNFIT = ("file_name", "unknown_kind", "form_json", "form_text", "form_large")
"""Findings about a file that is not kept at all, beside those that leave a diagram or a table unread."""

_READ: Recent[Resources] = Recent(8)
"""What was read in the last uploads, whose files never change: it costs more than the whole page."""
_MENDED: Recent[Repaired] = Recent(30)
"""What repairing a diagram of an upload would give, by the upload's id and the file's name."""


def allow(actor: Actor) -> None:
    """NotAllowed for who may not deploy."""
    if not deployments.may_deploy(actor):
        raise NotAllowed("deploying.may_not")


def keep(session: Session, name: str, files: Mapping[str, bytes], actor: Actor) -> Upload:
    """Keeps files to be looked at; what is past its time goes.

    NotAllowed for who may not deploy, InvalidInput for no file or an empty one. Refused with every
    finding, and nothing is kept, where a file is unsafe or cannot be read.
    """
    allow(actor)
    if not files:
        raise InvalidInput("deployment.empty")
    if empty := [file for file, content in files.items() if not content]:
        raise InvalidInput("deploying.empty_file", name=", ".join(empty))
    read = resources.read(files)
    if not _readable(read):
        raise Refused(read.findings)
    _purge(session, actor)
    upload = _add(session, name, files, actor)
    _READ.get(upload.id, lambda: read)
    return upload


def get(session: Session, id_: str, actor: Actor) -> Upload:
    """The upload, for who may deploy; NotFound for everybody else, and when it is gone."""
    upload = session.get(Upload, id_) if deployments.may_deploy(actor) else None
    if upload is None:
        raise NotFound("deploying.gone")
    return upload


def find(session: Session, actor: Actor) -> Sequence[Upload]:
    """What this person has sent and not deployed, newest first."""
    query = select(Upload).where(Upload.sent_by == actor.id, Upload.sent_at >= now() - LIFE)
    return session.scalars(query.order_by(Upload.sent_at.desc(), Upload.id).limit(MOST)).all()


def contents(session: Session, upload: Upload) -> dict[str, bytes]:
    """The files of an upload by their name, byte for byte as they were sent."""
    query = select(UploadFile.name, UploadFile.content).where(UploadFile.upload_id == upload.id)
    return {row.name: row.content for row in session.execute(query.order_by(UploadFile.name))}


def content(session: Session, upload: Upload, name: str) -> bytes:
    """One file of an upload; NotFound if it has none of this name."""
    query = select(UploadFile).where(UploadFile.upload_id == upload.id, UploadFile.name == name)
    file = session.scalars(query.options(undefer(UploadFile.content))).first()
    if file is None:
        raise NotFound("deploying.no_file", name=name)
    return file.content


def read(session: Session, upload: Upload) -> Resources:
    """What is in an upload, and what is wrong in it by itself."""
    return _READ.get(upload.id, lambda: resources.read(contents(session, upload)))


def findings(session: Session, upload: Upload) -> tuple[Finding, ...]:
    """All that deploying it now would say: its own findings, and what is missing beside it."""
    found = read(session, upload)
    return (*found.findings, *references.missing(session, found))


def mended(session: Session, upload: Upload) -> dict[str, Repaired]:
    """What repairing would do, by file; diagrams in which there is nothing to repair are left out."""
    found = read(session, upload)
    wrong = {finding.file for finding in found.findings}
    tried = {
        name: _MENDED.get(f"{upload.id} {name}", partial(repair, found.contents[name], name))
        for name in found.diagrams
        if name in wrong
    }
    return {name: one for name, one in tried.items() if one.repairs}


def repaired(session: Session, id_: str, actor: Actor) -> Upload:
    """A new upload with the repaired copies and what is needed beside them; the old one stays as it is.

    Conflict where there is nothing that could be repaired.
    """
    upload = get(session, id_, actor)
    if not (found := mended(session, upload)):
        raise Conflict("deploying.no_repairs")
    files, done = contents(session, upload), repairs(upload)
    for name, one in found.items():
        own = {file: content for file, content in one.files.items() if file != name}
        files[name] = one.files[name]
        files |= {_beside(file, name, files): content for file, content in own.items()}
        done[name] = [*done.get(name, ()), *(each.message for each in one.repairs)]
    _purge(session, actor)
    return _add(session, upload.name, files, actor, done)


def _beside(form: str, diagram: str, files: Mapping[str, bytes]) -> str:
    """The name of a new form beside its diagram, not that of another file."""
    folder, _, last = diagram.rpartition("/")
    stem = last.partition(".")[0]
    name = form if "/" in form or not folder else f"{folder}/{form}"
    return name if name not in files else f"{folder}/{stem}-{form}".lstrip("/")


def deploy(
    session: Session,
    id_: str,
    actor: Actor,
    name: str = "",
    *,
    approvers: Sequence[str] = (),
    effective_at: datetime | None = None,
) -> Deployed:
    """Deploys an upload, which then goes; of two who do it at once the second finds it gone (NotFound).

    `approvers` and `effective_at` are as in `deployments.deploy`. Refused with its findings where one
    is an error.
    """
    locked = session.scalars(select(Upload).where(Upload.id == id_).with_for_update()).first()
    upload = get(session, locked.id if locked else "", actor)
    files, title = contents(session, upload), _title(name) or upload.name
    deployed = deployments.deploy(
        session,
        title,
        files,
        source="Alur",
        actor=actor,
        duplicates="filter",
        approvers=approvers,
        effective_at=effective_at,
    )
    session.delete(upload)
    return deployed


def repairs(upload: Upload) -> dict[str, list[Message]]:
    """What was repaired in the copies of an upload, by file; nothing for files as they were sent."""
    return {file.name: [_said(one) for one in file.repairs] for file in upload.files if file.repairs}


def _readable(read: Resources) -> bool:
    """Whether each file may be kept: diagrams and decisions that were read, texts that are what they say."""
    there = {*read.diagrams, *read.decisions}
    judged = (*resources.DIAGRAMS, *resources.DECISIONS)
    unread = [file for file in read.contents if file.lower().endswith(judged) and file not in there]
    return not unread and not any(finding.code in UNFIT for finding in read.findings)


def _title(name: str) -> str:
    title = " ".join(name.split())
    if len(title) > LONGEST_NAME:
        raise InvalidInput("deploying.long_name", limit=LONGEST_NAME)
    return title


def _add(
    session: Session,
    name: str,
    files: Mapping[str, bytes],
    actor: Actor,
    repairs: Mapping[str, Iterable[Message]] | None = None,
) -> Upload:
    done = {file: [incidents.plain(one) for one in messages] for file, messages in (repairs or {}).items()}
    rows = [
        UploadFile(name=file, content=content, repairs=done.get(file, [])) for file, content in files.items()
    ]
    upload = Upload(name=_title(name), sent_by=actor.id, files=rows)
    session.add(upload)
    session.flush()
    return upload


def _purge(session: Session, actor: Actor) -> None:
    """Throws away what waited too long, and what is too much for one person; so many at once."""
    old = select(Upload.id).where(Upload.sent_at < now() - LIFE).order_by(Upload.sent_at).limit(BATCH)
    own = select(Upload.id).where(Upload.sent_by == actor.id).order_by(Upload.sent_at.desc(), Upload.id)
    gone = [*session.scalars(old), *session.scalars(own.offset(MOST - 1).limit(BATCH))]
    if gone:
        session.execute(delete(UploadFile).where(UploadFile.upload_id.in_(gone)))
        session.execute(delete(Upload).where(Upload.id.in_(gone)))


def _said(kept: Mapping[str, Any]) -> Message:
    return Message(kept["key"], incidents.spoken(kept["params"]))
