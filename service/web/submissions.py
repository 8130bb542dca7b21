"""Takes in a form that a page posted: what was typed, and its files, which are kept at once.

The files stay with the person and the task until the form is accepted, so a form that comes back with
mistakes still has them; for that the request's transaction must be committed also when the form is
refused.
"""

from dataclasses import dataclass
from typing import Any, BinaryIO, Literal, cast

from flask import current_app, g, request
from werkzeug.datastructures import FileStorage

from service import forms
from service.errors import InvalidInput
from service.forms import Form, SentFile
from service.operations import documents
from service.store.documents import Directory
from service.store.models import Document
from service.web.present import language


@dataclass(frozen=True)
class Received:
    """A posted form: to `complete` with it, or only to `change` the page (a row, a file, a redraw)."""

    action: Literal["complete", "change"]
    typed: dict[str, Any]
    files: dict[str, list[SentFile]]


def received(form: Form, owner: str) -> Received:
    """What the request says about a form; `owner` is the task's id or `start:<key>`.

    Names that begin with `_` belong to the page, all others must be fields of the form. A file that
    cannot be kept does not fail here: `forms.check` says so beside its field.
    """
    pairs = list(request.form.items(multi=True))
    refused: dict[str, list[SentFile]] = {}
    for name in request.files:
        for file in filter(None, request.files.getlist(name)):
            kept = _keep(form, owner, name, file)
            pairs.append((name, kept.id))
            if kept.fault:
                refused.setdefault(name, []).append(kept)
    posted = forms.posted(form, pairs, language())
    if posted.discarded:
        _discard(owner, posted.discarded)
    files = pending(form, owner)
    for name, faulty in refused.items():
        files.setdefault(name, []).extend(faulty)
    return Received("change" if posted.change else "complete", posted.typed, files)


def pending(form: Form, owner: str) -> dict[str, list[SentFile]]:
    """What the reader has sent for this form already, by field."""
    if all(component.type != "filepicker" for component in form.walk()):
        return {}
    found: dict[str, list[SentFile]] = {}
    for document in documents.pending(g.session, g.actor, owner):
        found.setdefault(document.field, []).append(_sent(document))
    return found


def _keep(form: Form, owner: str, field: str, file: FileStorage) -> SentFile:
    """The kept file, or what to say where it is not kept; a field that the form has not gets nothing."""
    name = file.filename or ""
    if not forms.file_field(form, field):
        return SentFile("", name, "", 0)
    store: Directory = current_app.extensions["alur.documents"]
    try:
        stream = cast(BinaryIO, file.stream)
        return _sent(documents.keep(g.session, store, g.actor, owner, field, name, stream))
    except InvalidInput as error:
        return SentFile(f"refused:{field}:{name}", name, "", 0, fault=error.message)


def _discard(owner: str, document_id: str) -> None:
    """Throw away a file of this form; one that the case has already is only left out."""
    if any(document.id == document_id for document in documents.pending(g.session, g.actor, owner)):
        documents.drop(g.session, document_id, g.actor)


def _sent(document: Document) -> SentFile:
    return SentFile(document.id, document.name, document.media_type, document.size)
