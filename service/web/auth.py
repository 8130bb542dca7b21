"""Who is asking: sign-in, sign-out, the password, and the language they read."""

from collections.abc import Callable
from typing import TypeVar

from flask import (
    Blueprint,
    current_app,
    g,
    make_response,
    redirect,
    render_template,
    request,
    session,
    url_for,
)
from flask.typing import ResponseReturnValue

from service.errors import AlurError, InvalidInput, Unauthenticated
from service.operations import identity
from service.operations.identity import Actor
from service.web import demonstration
from service.web.attempts import Attempts
from service.web.paths import own_path
from service.web.present import choose_language, notify, settings, t

blueprint = Blueprint("auth", __name__)

View = TypeVar("View", bound=Callable[..., ResponseReturnValue])


def open_to_all(view: View) -> View:
    """Marks a page that asks nobody who they are; every other page does."""
    view.open_to_all = True  # type: ignore[attr-defined]
    return view


def only_reads(view: View) -> View:
    """Marks a POST that writes nothing, so that it need not wait for its turn to write."""
    view.only_reads = True  # type: ignore[attr-defined]
    return view


def reads_when(condition: Callable[[], bool]) -> Callable[[View], View]:
    """Marks a view whose POST writes nothing under this condition on the request."""

    def mark(view: View) -> View:
        view.reads_when = condition  # type: ignore[attr-defined]
        return view

    return mark


def identify() -> None:
    """Sets `g.actor` to whoever is signed in; Unauthenticated when nobody is, or their session ended."""
    person_id = session.get("person")
    if not person_id:
        raise Unauthenticated("web.sign_in_first")
    g.actor = identity.returning(g.session, person_id, session.get("stamp", ""))


@blueprint.get("/sign-in")
@open_to_all
def sign_in() -> ResponseReturnValue:
    """The sign-in page; in a demonstration it lists the people one can be."""
    if "person" in session:
        return redirect(own_path(request.args.get("next")) or url_for("inbox.show"), 303)
    return _sign_in_page()


@blueprint.post("/sign-in")
@open_to_all
@only_reads
def enter() -> ResponseReturnValue:
    """Check name and password, and begin a new session."""
    login, address = request.form.get("login", "").strip(), request.remote_addr or ""
    attempts: Attempts = current_app.extensions["alur.attempts"]
    if seconds := attempts.wait(login, address):
        sentence = t("web.sign_in.wait", minutes=-(-seconds // 60))
        return _sign_in_page(sentence), 429, {"Retry-After": str(seconds)}
    try:
        actor = identity.sign_in(g.session, login, request.form.get("password", ""))
    except Unauthenticated as error:
        attempts.failed(login, address)
        return _sign_in_page(t(error.message)), 422
    attempts.succeeded(login, address)
    _begin(actor)
    return redirect(own_path(request.form.get("next")) or url_for("inbox.show"), 303)


@blueprint.post("/sign-out")
def sign_out() -> ResponseReturnValue:
    """End every session of this person, not only this browser's cookie."""
    identity.end_sessions(g.session, g.actor.id)
    session.clear()
    notify("ok", t("web.signed_out"))
    return redirect(url_for("auth.sign_in"), 303)


@blueprint.get("/account/password")
def password() -> ResponseReturnValue:
    """The page to change one's password."""
    return render_template("password.html", error=None)


@blueprint.post("/account/password")
def change_password() -> ResponseReturnValue:
    """Change the password; every other session of this person ends."""
    form = request.form
    try:
        identity.sign_in(g.session, g.actor.id, form.get("current", ""))
        if form.get("new") != form.get("again"):
            raise InvalidInput("web.password.differ")
        identity.set_password(g.session, g.actor.id, form.get("new", ""))
    except (Unauthenticated, InvalidInput) as error:
        return render_template("password.html", error=_password_error(error)), 422
    _begin(identity.actor(g.session, g.actor.id))
    notify("ok", t("web.password.changed"))
    return redirect(url_for("inbox.show"), 303)


@blueprint.post("/language")
@open_to_all
@only_reads
def switch_language() -> ResponseReturnValue:
    """Keep the reader's choice of language, and go back to where they were."""
    response = make_response(redirect(own_path(request.form.get("next")) or url_for("inbox.show"), 303))
    choose_language(response, request.form.get("language", ""))
    return response


def _begin(actor: Actor) -> None:
    """A new session: nothing of the one before is carried over."""
    session.clear()
    session.permanent = True
    session["person"], session["stamp"] = actor.id, actor.stamp


def _sign_in_page(error: str | None = None) -> str:
    offices = demonstration.offices() if settings().demo else []
    wanted = own_path(request.values.get("next")) or ""
    return render_template(
        "sign_in.html", error=error, next=wanted, offices=offices, login=request.form.get("login", "")
    )


def _password_error(error: AlurError) -> str:
    wrong = isinstance(error, Unauthenticated)
    return t("web.password.wrong") if wrong else t(error.message)
