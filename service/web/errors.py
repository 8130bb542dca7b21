"""The one place where an error becomes an HTTP status, and a page that says what to do next."""

import logging
from http import HTTPStatus

from flask import Flask, g, redirect, render_template, request, session, url_for
from flask.typing import ResponseReturnValue
from flask_wtf.csrf import CSRFError
from werkzeug.exceptions import HTTPException
from werkzeug.routing import RequestRedirect

from service.errors import (
    AlurError,
    Busy,
    Conflict,
    ExecutionFailed,
    InvalidInput,
    InvalidSubmission,
    KeyReused,
    Message,
    NotAllowed,
    NotFound,
    Refused,
    Unauthenticated,
)
from service.web.paths import own_path, readable
from service.web.present import notify, t

log = logging.getLogger(__name__)

STATUSES: dict[type[AlurError], int] = {
    NotFound: 404,
    NotAllowed: 403,
    Conflict: 409,
    InvalidInput: 400,
    InvalidSubmission: 422,
    Refused: 422,
    ExecutionFailed: 422,
    KeyReused: 422,
    Busy: 503,
}
"""What an error of ours is called in HTTP; a kind that is not here is a mistake of ours, 500."""

EXPLAINED = (400, 403, 404, 405, 409, 413, 422, 429, 500, 503)
"""The statuses that have their own heading and remedy in the catalogue."""

RETRY_SECONDS = 5


def register(app: Flask) -> None:
    """Hand every error that leaves a page over to this file."""
    app.register_error_handler(Unauthenticated, _sign_in_first)
    app.register_error_handler(AlurError, _said)
    app.register_error_handler(CSRFError, _stale)
    app.register_error_handler(HTTPException, _http)
    app.register_error_handler(Exception, _unexpected)


def page(status: int, sentence: str) -> ResponseReturnValue:
    """A full page for a status: its heading, the sentence, the remedy and a way back."""
    kind = status if status in EXPLAINED else (500 if status >= 500 else 400)
    body = render_template(
        "error.html",
        title=t(f"web.error.{kind}.title"),
        sentence=sentence,
        remedy=t(f"web.error.{kind}.remedy"),
        back=_way_back(),
    )
    headers = {"Retry-After": str(RETRY_SECONDS)} if status == HTTPStatus.SERVICE_UNAVAILABLE else {}
    return body, status, headers


def back_with_notice(error: AlurError) -> ResponseReturnValue:
    """For what two people may do at once: no error page, but where they were, with the sentence."""
    if request.method in ("GET", "HEAD"):
        return _said(error)
    notify("warn", t(error.message))
    return redirect(own_path(request.form.get("next")) or url_for("inbox.show"), 303)


def _way_back() -> str:
    """The page that the reader came from: this one to be opened again, or the inbox."""
    if request.method not in ("GET", "HEAD") and readable(request.path):
        return request.path
    return url_for("inbox.show")


def _sign_in_first(error: Unauthenticated) -> ResponseReturnValue:
    """To the sign-in page and back; a part of a page that htmx asked for takes the whole page along."""
    session.pop("person", None)
    wanted = request.full_path.rstrip("?") if request.method == "GET" else request.path
    if "HX-Request" in request.headers:
        return "", 401, {"HX-Redirect": url_for("auth.sign_in", next=request.path)}
    return redirect(url_for("auth.sign_in", next=wanted if readable(request.path) else None), 303)


def status_of(error: AlurError) -> int:
    """What an error of ours is called in HTTP; 500 for a mistake of ours."""
    return next((STATUSES[kind] for kind in type(error).__mro__ if kind in STATUSES), 500)


def _said(error: AlurError) -> ResponseReturnValue:
    status = status_of(error)
    if status == HTTPStatus.INTERNAL_SERVER_ERROR:
        return _unexpected(error)
    return page(status, t(error.message))


def _stale(error: CSRFError) -> ResponseReturnValue:
    """Whoever is not signed in any more signs in first; nothing was done."""
    if "person" not in session and request.endpoint != "auth.sign_in":
        return _sign_in_first(Unauthenticated("web.sign_in_first"))
    return page(400, t("web.error.stale"))


def _http(error: HTTPException) -> ResponseReturnValue:
    if isinstance(error, RequestRedirect) or error.code is None:
        return error.get_response()
    kind = error.code if error.code in EXPLAINED else (500 if error.code >= 500 else 400)
    return page(error.code, t(f"web.error.{kind}.sentence"))


def _unexpected(error: Exception) -> ResponseReturnValue:
    """A mistake of ours: the log gets all of it, the reader none of it."""
    log.error("%s %s failed", request.method, request.path, exc_info=error)
    g.pop("session", None)
    return page(500, t(Message("web.error.500.sentence")))
