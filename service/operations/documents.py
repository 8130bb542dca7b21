"""The files that people send with a form: kept at once, part of the case when the form is accepted."""

import unicodedata
from collections.abc import Collection, Sequence
from pathlib import PurePosixPath
from typing import Any, BinaryIO

import puremagic
from sqlalchemy import Select, func, select
from sqlalchemy.orm import Session

from service.errors import InvalidInput, NotFound
from service.operations.identity import Actor
from service.operations.visibility import seen_by
from service.store.documents import Directory
from service.store.models import Document, ProcessInstance

LARGEST = 20 * 1024 * 1024
"""Bytes of one document."""
MOST = 50
"""Documents that one person keeps for one form before it is accepted."""
LONGEST_NAME = 200
HEAD = 4096
"""Bytes from the beginning that tell what a file is."""

WORD = "application/vnd.openxmlformats-officedocument"
OPEN = "application/vnd.oasis.opendocument"
KINDS = {
    ".pdf": "application/pdf",
    ".jpg": "image/jpeg",
    ".jpeg": "image/jpeg",
    ".png": "image/png",
    ".gif": "image/gif",
    ".webp": "image/webp",
    ".bmp": "image/bmp",
    ".tif": "image/tiff",
    ".tiff": "image/tiff",
    ".heic": "image/heic",
    ".doc": "application/msword",
    ".xls": "application/vnd.ms-excel",
    ".ppt": "application/vnd.ms-powerpoint",
    ".docx": f"{WORD}.wordprocessingml.document",
    ".xlsx": f"{WORD}.spreadsheetml.sheet",
    ".pptx": f"{WORD}.presentationml.presentation",
    ".odt": f"{OPEN}.text",
    ".ods": f"{OPEN}.spreadsheet",
    ".odp": f"{OPEN}.presentation",
    ".rtf": "application/rtf",
    ".txt": "text/plain",
    ".csv": "text/csv",
    ".zip": "application/zip",
}
"""What an office sends. Nothing in here is a program or a page that a browser would run."""
TEXTS = (".txt", ".csv")
SAME = {".heic": ".heif", ".ods": ".zip", ".odp": ".zip"}
"""What puremagic calls these."""


def keep(
    session: Session,
    store: Directory,
    actor: Actor,
    owner: str,
    field: str,
    name: str,
    stream: BinaryIO,
) -> Document:
    """Keeps a file that was sent for a field of a form, not yet part of any case.

    `owner` is the task's id or `start:<key>`; `stream` must be seekable. InvalidInput
    for a kind that is not accepted, content that is not what the name says, an empty file, or one
    that is too large.
    """
    waiting = select(func.count()).select_from(_pending(actor, owner).subquery())
    if (session.scalar(waiting) or 0) >= MOST:
        raise InvalidInput("document.many", limit=MOST)
    name = _clean(name)
    media_type = _checked(name, stream.read(HEAD))
    stream.seek(0)
    sha256, size = store.put(stream, LARGEST)
    document = Document(
        sha256=sha256,
        name=name,
        media_type=media_type,
        size=size,
        sent_by=actor.id,
        task_id=owner,
        field=field,
    )
    session.add(document)
    session.flush()
    return document


def pending(session: Session, actor: Actor, owner: str) -> Sequence[Document]:
    """What this person has sent for this form and what is not yet part of a case, oldest first."""
    return session.scalars(_pending(actor, owner).order_by(Document.sent_at, Document.id)).all()


def attach(session: Session, ids: Collection[str], instance_id: str, actor: Actor) -> None:
    """Makes documents part of a case: those among the ids that this person sent, and no case has yet."""
    if not ids:
        return
    query = select(Document).where(
        Document.id.in_(ids), Document.sent_by == actor.id, Document.instance_id.is_(None)
    )
    for document in session.scalars(query):
        document.instance_id = instance_id


def named_in(values: Any) -> list[str]:
    """The ids of the documents that a form's values name, as forms write them."""
    if isinstance(values, dict):
        if {"id", "name", "type", "size"} <= values.keys():
            return [str(values["id"])]
        values = list(values.values())
    return [id_ for value in values for id_ in named_in(value)] if isinstance(values, list) else []


def of_case(session: Session, instance_id: str) -> Sequence[Document]:
    """The documents of a case, oldest first."""
    query = select(Document).where(Document.instance_id == instance_id)
    return session.scalars(query.order_by(Document.sent_at, Document.id)).all()


def read(session: Session, id_: str, actor: Actor) -> Document:
    """The document, for who sent it and who may see its case; NotFound for everybody else."""
    document = session.get(Document, id_)
    if document is None or not (document.sent_by == actor.id or _seen(session, document, actor)):
        raise NotFound("document.not_found")
    return document


def drop(session: Session, id_: str, actor: Actor) -> None:
    """Takes back what this person has sent and no case has yet; NotFound for anything else."""
    document = session.get(Document, id_)
    if document is None or document.sent_by != actor.id or document.instance_id is not None:
        raise NotFound("document.not_found")
    session.delete(document)
    session.flush()


def _pending(actor: Actor, owner: str) -> Select[Document]:
    return select(Document).where(
        Document.sent_by == actor.id, Document.task_id == owner, Document.instance_id.is_(None)
    )


def _seen(session: Session, document: Document, actor: Actor) -> bool:
    query = select(ProcessInstance.id).where(ProcessInstance.id == document.instance_id, seen_by(actor))
    return session.scalar(query) is not None


def _clean(name: str) -> str:
    """The name that the sender's computer gave, without folders and without what cannot be seen."""
    last = name.replace("\\", "/").rpartition("/")[2]
    seen = "".join(
        c for c in unicodedata.normalize("NFC", last) if not unicodedata.category(c).startswith("C")
    )
    path = PurePosixPath(seen.strip(" .") or "file")
    return path.stem[: LONGEST_NAME - len(path.suffix)] + path.suffix


def _checked(name: str, head: bytes) -> str:
    """The media type of the file; InvalidInput unless its name and its content say the same."""
    kind = PurePosixPath(name).suffix.lower()
    if kind not in KINDS:
        raise InvalidInput("document.kind", name=name, kinds=", ".join(KINDS))
    if not head:
        raise InvalidInput("document.empty", name=name)
    if not (_is_text(head) if kind in TEXTS else SAME.get(kind, kind) in _signatures(head)):
        raise InvalidInput("document.content", name=name, kind=kind)
    return KINDS[kind]


def _is_text(head: bytes) -> bool:
    return not any(byte < 32 and byte not in b"\t\n\f\r" for byte in head)


def _signatures(head: bytes) -> set[str]:
    """The endings of all kinds of files that begin like this."""
    try:
        return {match.extension for match in puremagic.magic_string(head)}
    except puremagic.PureError:
        return set()
