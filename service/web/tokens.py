"""The access tokens of whoever is signed in: made, shown once, revoked."""

from flask import Blueprint, current_app, g, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from service.errors import InvalidInput, Unauthenticated
from service.operations import identity, tokens
from service.store.models import now
from service.web.attempts import Attempts
from service.web.present import notify, t
from service.web.rest.openapi import PREFIX

blueprint = Blueprint("tokens", __name__)

LASTING = (30, 90, 365)
"""Days that a token may be made for here; else it lasts until it is revoked."""


@blueprint.get("/account/tokens")
def show() -> ResponseReturnValue:
    """One's own tokens, and the form for another one."""
    return _page()


@blueprint.post("/account/tokens")
def make() -> ResponseReturnValue:
    """Makes a token and shows it, here and never again; asks for the password once more.

    A token outlives the session, so an open browser at an empty desk must not be enough.
    """
    form, attempts = request.form, _attempts()
    address = request.remote_addr or ""
    if seconds := attempts.wait(g.actor.id, address):
        sentence = t("web.sign_in.wait", minutes=-(-seconds // 60))
        return _page(error=sentence), 429, {"Retry-After": str(seconds)}
    try:
        identity.sign_in(g.session, g.actor.id, form.get("password", ""))
        days = form.get("days", type=int)
        token, secret = tokens.issue(g.session, g.actor.id, form.get("name", ""), days)
    except Unauthenticated:
        attempts.failed(g.actor.id, address)
        return _page(error=t("web.password.wrong")), 422
    except InvalidInput as error:
        return _page(error=t(error.message)), 422
    attempts.succeeded(g.actor.id, address)
    return _page(made=token.name, secret=secret)


@blueprint.post("/account/tokens/<token_id>/revoke")
def revoke(token_id: str) -> ResponseReturnValue:
    """Ends a token of one's own at once."""
    name = tokens.revoke(g.session, token_id, g.actor).name
    notify("ok", t("token.revoked", name=name))
    return redirect(url_for("tokens.show"), 303)


def _page(error: str | None = None, made: str = "", secret: str = "") -> str:
    mine = tokens.find(g.session, g.actor.id)
    told = {
        "tokens": mine,
        "expired": {token.id for token in mine if token.expires_at and token.expires_at <= now()},
        "lasting": LASTING,
        "rest": request.root_url + PREFIX.strip("/"),
        "name": request.form.get("name", ""),
    }
    return render_template("tokens.html", error=error, made=made, secret=secret, **told)


def _attempts() -> Attempts:
    found: Attempts = current_app.extensions["alur.attempts"]
    return found
