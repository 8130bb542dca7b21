"""A command that comes twice is done once: a double click, a lost answer, the back button, a program's retry.

A program sends the header `Idempotency-Key`, a page's form a hidden field with a key of its own. Only
what was done is kept: an error, and a form that is only drawn again, leave the key free.
"""

import hashlib
import secrets
from collections.abc import Callable
from typing import Any

from flask import Response, current_app, flash, g, make_response, request, session
from flask.typing import ResponseReturnValue

from service.operations import requests
from service.operations.requests import Said

HEADER, FIELD = "Idempotency-Key", "_key"
KEPT = ("Location", "HX-Redirect")
"""The headers that say where to go on; whatever else an answer carries is the same for every one."""
NOTICES = "_flashes"
"""Where Flask's session keeps what the next page is to say."""
CHUNK = 256 * 1024
OWN = ("csrf_token", FIELD)
"""The fields of a form that say nothing about what is to be done."""


def fresh_key() -> str:
    """A key for one form on one page."""
    return secrets.token_urlsafe(16)


def once(view: Callable[[], ResponseReturnValue]) -> ResponseReturnValue:
    """The view's answer, or the one that the same request was given before; inside its transaction."""
    key = request.headers.get(HEADER) or request.form.get(FIELD)
    if not key or "actor" not in g:
        return view()
    if earlier := requests.begin(g.session, g.actor.id, key, _fingerprint()):
        return _again(earlier)
    before = len(session.get(NOTICES, ()))
    response = make_response(view())
    if _done(response):
        notices = session.get(NOTICES, [])[before:]
        requests.answered(g.session, g.actor.id, key, _said(response, notices))
    else:
        requests.forget(g.session, g.actor.id, key)
    return response


def rewind() -> None:
    """Puts the request back as it came, for a view that is called again after the database undid it."""
    for file in request.files.values():
        file.stream.seek(0)
    if request.blueprint != "rest":
        as_it_came = current_app.session_interface.open_session(current_app, request)
        session.clear()
        session.update(as_it_came or {})


def _done(response: Response) -> bool:
    """A page answers what it did by sending the reader on; a program is told by any success."""
    return response.status_code < 400 if request.blueprint == "rest" else 300 <= response.status_code < 400


def _said(response: Response, notices: list[Any]) -> Said:
    headers: dict[str, Any] = {name: response.headers[name] for name in KEPT if name in response.headers}
    if notices:
        headers[NOTICES] = [list(notice) for notice in notices]
    text = response.get_data(as_text=True)
    return Said(response.status_code, response.headers.get("Content-Type", ""), text, headers)


def _again(said: Said) -> Response:
    for category, notice in said.headers.get(NOTICES, ()):
        flash(notice, category)
    headers = {name: said.headers[name] for name in KEPT if name in said.headers}
    response = Response(said.body, said.status, headers)
    if said.media_type:
        response.headers["Content-Type"] = said.media_type
    else:
        response.headers.pop("Content-Type", None)
    return response


def _fingerprint() -> str:
    """A hash of what the request asks for: its route, its fields and its files, or its body."""
    digest = hashlib.sha256(f"{request.method} {request.full_path}\n".encode())
    for name, text in request.form.items(multi=True):
        if name not in OWN:
            digest.update(repr((name, text)).encode("utf-8", "surrogatepass"))
    for name, file in request.files.items(multi=True):
        digest.update(repr((name, file.filename)).encode("utf-8", "surrogatepass"))
        while chunk := file.stream.read(CHUNK):
            digest.update(chunk)
        file.stream.seek(0)
    digest.update(request.get_data())
    return digest.hexdigest()
