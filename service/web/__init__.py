"""The door for people and programs: Flask, and only here; each request is one transaction."""

from collections.abc import Callable
from datetime import timedelta

from flask import Flask, g, request
from flask.typing import ResponseReturnValue
from flask_wtf.csrf import CSRFProtect

from service.config import Config
from service.errors import Busy
from service.store.database import Database
from service.store.documents import Directory
from service.store.faults import tried
from service.web import (
    arrivals,
    auth,
    cases,
    comparing,
    deployments,
    documents,
    errors,
    headers,
    health,
    inbox,
    mending,
    migrations,
    modeler,
    present,
    repeats,
    rest,
    revisions,
    sops,
    start,
    stuck,
    tasks,
    tokens,
    uploads,
)
from service.web.attempts import Attempts

PAGES = (
    *(auth, tokens, inbox, tasks, cases, stuck, mending, arrivals, start, documents, modeler, health),
    *(sops, revisions, comparing, deployments, uploads, migrations),
)

IDLE = timedelta(hours=12)
"""A session that nobody used for so long has ended."""

TEXT_LIMIT = 1_000_000
"""Bytes of a form without its files."""
PARTS_LIMIT = 5000
"""Fields of a form: a list of two hundred rows has some thousand."""


class App(Flask):
    """Flask, with one transaction around each view: read only for GET, and committed before the answer.

    An exception undoes the transaction first and becomes a page afterwards. A command that another one
    crossed is called again; one that was done already is only answered.
    """

    def dispatch_request(self) -> ResponseReturnValue:
        """Calls the view; the body is read before, for a slow sender must not hold up other writers."""
        if request.routing_exception is not None or request.endpoint == "static":
            return super().dispatch_request()
        _read_body()
        view = self.view_functions[request.endpoint or ""]
        database: Database = self.extensions["alur.database"]
        if not _only_reads(view):
            return tried(lambda: self._command(database, view), repeats.rewind)
        with database.reading() as g.session:
            _identify(view)
            return super().dispatch_request()

    def _command(self, database: Database, view: object) -> ResponseReturnValue:
        with database.transaction() as g.session:
            _identify(view)
            return repeats.once(super().dispatch_request)


def create_app(config: Config, database: Database) -> Flask:
    """The application over a migrated database; the documents lie in the folder of the settings."""
    app = App(__name__)
    app.config.update(
        SECRET_KEY=config.secret_key,
        MAX_CONTENT_LENGTH=config.body_limit,
        MAX_FORM_MEMORY_SIZE=TEXT_LIMIT,
        MAX_FORM_PARTS=PARTS_LIMIT,
        SESSION_COOKIE_NAME="alur",
        SESSION_COOKIE_HTTPONLY=True,
        SESSION_COOKIE_SAMESITE="Lax",
        SESSION_COOKIE_SECURE=config.secure_cookies,
        PERMANENT_SESSION_LIFETIME=IDLE,
        WTF_CSRF_TIME_LIMIT=None,
    )
    app.before_request(_limit_text)
    app.extensions["alur.database"] = database
    app.extensions["alur.documents"] = Directory(config.data / "documents")
    app.extensions["alur.attempts"] = Attempts()
    CSRFProtect(app)
    present.register(app, config)
    app.jinja_env.globals["fresh_key"] = repeats.fresh_key
    headers.register(app, config)
    errors.register(app)
    for page in PAGES:
        app.register_blueprint(page.blueprint)
    rest.register(app)
    return app


def _identify(view: object) -> None:
    """Who is asking, unless that is known or nobody needs to be."""
    if "actor" not in g and not getattr(view, "open_to_all", False):
        auth.identify()


def _read_body() -> None:
    """The whole request; Busy where the disk has no room for its files."""
    try:
        request.get_data(parse_form_data=True)
    except OSError as error:
        raise Busy("document.not_kept") from error


def _only_reads(view: object) -> bool:
    """Whether this request writes nothing: by its method, or because its view says so."""
    if request.method in ("GET", "HEAD", "OPTIONS") or getattr(view, "only_reads", False):
        return True
    condition: Callable[[], bool] | None = getattr(view, "reads_when", None)
    return condition is not None and condition()


def _limit_text() -> None:
    """The limit of a form's text for the encoding for which Flask has none: that of a form without files."""
    if request.mimetype == "application/x-www-form-urlencoded":
        request.max_content_length = TEXT_LIMIT
