"""Who asks: with every request a name and a password, verified at most once in five minutes, or a token."""

import hashlib
import hmac
import secrets
import time
from base64 import b64decode
from collections import OrderedDict
from collections.abc import Callable
from threading import Lock

from flask import current_app, g, request
from werkzeug.datastructures import Authorization
from werkzeug.exceptions import TooManyRequests

from service.errors import Unauthenticated
from service.operations import identity, tokens
from service.operations.identity import Actor
from service.store.database import Database
from service.web.attempts import Attempts

SECONDS = 300.0
MOST = 1000
"""Credentials that are remembered at once."""
TOKENS = "\0"
"""What wrong tokens are counted under: a name that nobody can have."""


class Verified:
    """Credentials that argon2 found right: the person and stamp by a keyed hash of name and password.

    A new password, or a person who was put out, has a new stamp: what is remembered here is then
    worth nothing. Safe to share between threads.
    """

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._lock = Lock()
        self._key = secrets.token_bytes(32)
        self._found: OrderedDict[bytes, tuple[str, str, float]] = OrderedDict()

    def find(self, login: str, password: str) -> tuple[str, str] | None:
        """The person's id, and the stamp they had when this was verified, at most five minutes ago."""
        person_id, stamp, until = self._found.get(self._hash(login, password), ("", "", 0.0))
        return (person_id, stamp) if until > self._clock() else None

    def remember(self, login: str, password: str, actor: Actor) -> None:
        """Keep these for five minutes; the oldest make room."""
        with self._lock:
            key = self._hash(login, password)
            self._found[key] = actor.id, actor.stamp, self._clock() + SECONDS
            self._found.move_to_end(key)
            while len(self._found) > MOST:
                self._found.popitem(last=False)

    def _hash(self, login: str, password: str) -> bytes:
        text = f"{len(login)}:{login}{password}"
        return hmac.digest(self._key, text.encode(), hashlib.sha256)


def recognize() -> None:
    """Puts the asker into `g.actor`; Unauthenticated without a right token, or name and password.

    This happens before the request's own transaction: nobody waits for a writer's turn while
    argon2 works.
    """
    sent = _sent()
    if sent is not None and sent.type == "bearer" and sent.token:
        g.actor = _known(sent.token)
    elif sent is not None and sent.type == "basic" and sent.username:
        login, password = sent.username, sent.password or ""
        g.actor = _remembered(login, password) or _verified(login, password)
    else:
        raise Unauthenticated("rest.sign_in")


def _sent() -> Authorization | None:
    """What the request shows; Camunda Modeler writes a name and password in Latin-1, others in UTF-8."""
    if request.authorization is not None:
        return request.authorization
    kind, _, code = request.headers.get("Authorization", "").partition(" ")
    if kind.lower() != "basic":
        return None
    try:
        login, _, password = b64decode(code).decode("latin-1").partition(":")
    except ValueError:
        return None
    return Authorization("basic", {"username": login, "password": password})


def _known(secret: str) -> Actor:
    """By its token. A right one is always heard: from one address many programs may come, and nobody
    can guess one. A wrong one is counted, for whoever asks for ever.
    """
    attempts: Attempts = current_app.extensions["alur.attempts"]
    address = request.remote_addr or ""
    try:
        with database().reading() as session:
            return tokens.actor(session, secret)
    except Unauthenticated:
        if seconds := attempts.wait(TOKENS, address):
            raise TooManyRequests(retry_after=seconds) from None
        attempts.failed(TOKENS, address)
        raise


def _remembered(login: str, password: str) -> Actor | None:
    verified: Verified = current_app.extensions["alur.verified"]
    if (found := verified.find(login, password)) is None:
        return None
    person_id, stamp = found
    with database().reading() as session:
        actor = identity.actor(session, person_id)
    return actor if actor.stamp == stamp else None


def _verified(login: str, password: str) -> Actor:
    """By argon2; whoever guesses has to wait, here as on the sign-in page."""
    attempts: Attempts = current_app.extensions["alur.attempts"]
    address = request.remote_addr or ""
    if seconds := attempts.wait(login, address):
        raise TooManyRequests(retry_after=seconds)
    try:
        with database().reading() as session:
            actor = identity.sign_in(session, login, password)
    except Unauthenticated:
        attempts.failed(login, address)
        raise
    attempts.succeeded(login, address)
    verified: Verified = current_app.extensions["alur.verified"]
    verified.remember(login, password, actor)
    return actor


def database() -> Database:
    """The running app's database."""
    found: Database = current_app.extensions["alur.database"]
    return found
