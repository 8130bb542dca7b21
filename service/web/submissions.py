"""Takes in a form that a page posted: what was typed, and its files, which are kept at once.

The files stay with the person and the task until the form is accepted, so a form that comes back with
mistakes still has them; for that the request's transaction must be committed also when the form is
refused.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal

from flask import Request, current_app
from sqlalchemy.orm import Session
from werkzeug.datastructures import FileStorage

from service import forms
from service.errors import InvalidInput
from service.forms import Form, SentFile
from service.operations import documents
from service.operations.identity import Actor
from service.store.documents import Directory
from service.store.models import Document
from service.web.present import language


@dataclass(frozen=True)
class Received:
    """A posted form: to `complete` with it, or only to `change` the page (a row, a file, a redraw)."""

    action: Literal["complete", "change"]
    typed: dict[str, Any]
    files: Mapping[str, Sequence[SentFile]]


def received(session: Session, actor: Actor, form: Form, request: Request, owner: str) -> Received:
    """What a request says about a form; `owner` is the task's id or `start:<definition id>`.

    Names that begin with `_` belong to the page, all others must be fields of the form. A file that
    cannot be kept does not fail here: `forms.check` says so beside its field.
    """
    posted = forms.posted(form, request.form.items(multi=True), language())
    if posted.discarded:
        _discard(session, actor, owner, posted.discarded)
    typed = forms.without(posted.typed, posted.discarded) if posted.discarded else posted.typed
    sent = {
        name: [_keep(session, actor, owner, name, file) for file in request.files.getlist(name) if file]
        for name in request.files
    }
    typed = forms.with_files(form, typed, {name: files for name, files in sent.items() if files})
    kept = _files(documents.pending(session, actor, owner))
    refused = {name: [file for file in files if file.fault] for name, files in sent.items()}
    return Received(
        "change" if posted.change else "complete",
        typed,
        {name: [*kept.get(name, ()), *refused.get(name, ())] for name in kept.keys() | refused.keys()},
    )


def _keep(session: Session, actor: Actor, owner: str, field: str, file: FileStorage) -> SentFile:
    store: Directory = current_app.extensions["alur.documents"]
    name = file.filename or ""
    try:
        document = documents.keep(session, store, actor, owner, field, name, file.stream)
    except InvalidInput as error:
        return SentFile(f"refused:{field}:{name}", name, "", 0, fault=error.message)
    return _sent(document)


def _discard(session: Session, actor: Actor, owner: str, document_id: str) -> None:
    """Throw away a file of this form; one that the case has already is only left out."""
    if any(document.id == document_id for document in documents.pending(session, actor, owner)):
        documents.drop(session, document_id, actor)


def _files(kept: Sequence[Document]) -> dict[str, list[SentFile]]:
    found: dict[str, list[SentFile]] = {}
    for document in kept:
        found.setdefault(document.field, []).append(_sent(document))
    return found


def _sent(document: Document) -> SentFile:
    return SentFile(document.id, document.name, document.media_type, document.size)
