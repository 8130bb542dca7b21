"""Access tokens: what a person's programs, Camunda Modeler among them, show instead of the password."""

import hashlib
import secrets
from collections.abc import Sequence
from datetime import timedelta

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from service import values
from service.errors import InvalidInput, NotFound, Unauthenticated
from service.operations import identity
from service.operations.identity import Actor
from service.store.models import AccessToken, Person, now

PREFIX = "alur_"
"""By it a scanner of files and logs knows what it has found."""
SECRET_BYTES = 32
LONGEST_NAME, MOST_DAYS, MOST = 100, 3660, 50
"""Characters of a name, days of a life, tokens of one person."""


def issue(session: Session, person_id: str, name: str, days: int | None) -> tuple[AccessToken, str]:
    """A new token and its secret, which nobody can read again; without `days` it lasts until revoked.

    NotFound for somebody who is not there or inactive, InvalidInput for a name or an age out of
    limits and for too many tokens.
    """
    person = session.get(Person, person_id)
    if person is None or not person.active:
        raise NotFound("identity.no_person", person=person_id)
    name = " ".join(values.text(name).split())
    if not 0 < len(name) <= LONGEST_NAME:
        raise InvalidInput("token.name", limit=LONGEST_NAME)
    if days is not None and not 0 < days <= MOST_DAYS:
        raise InvalidInput("token.days", limit=MOST_DAYS)
    if len(find(session, person_id)) >= MOST:
        raise InvalidInput("token.many", limit=MOST)
    secret = PREFIX + secrets.token_urlsafe(SECRET_BYTES)
    expires_at = None if days is None else now() + timedelta(days=days)
    token = AccessToken(person_id=person_id, name=name, digest=_digest(secret), expires_at=expires_at)
    session.add(token)
    session.flush()
    return token, secret


def find(session: Session, person_id: str) -> Sequence[AccessToken]:
    """This person's tokens, expired ones too, the newest first."""
    query = select(AccessToken).where(AccessToken.person_id == person_id)
    return session.scalars(query.order_by(AccessToken.created_at.desc(), AccessToken.id)).all()


def revoke(session: Session, id_: str, actor: Actor) -> AccessToken:
    """Ends a token at once; NotFound for one that is not there, or is somebody else's."""
    token = session.get(AccessToken, id_)
    if token is None or not (actor.admin or token.person_id == actor.id):
        raise NotFound("token.none", id=id_)
    session.delete(token)
    session.flush()
    return token


def actor(session: Session, secret: str) -> Actor:
    """Whose token this is; Unauthenticated, in the same words, for whatever is not one that counts.

    It is found by its digest: how long that takes says nothing of the secret.
    """
    unexpired = or_(AccessToken.expires_at.is_(None), AccessToken.expires_at > now())
    query = select(AccessToken.person_id).where(AccessToken.digest == _digest(secret), unexpired)
    person_id = session.scalars(query).one_or_none()
    if person_id is None:
        raise Unauthenticated("token.unknown")
    try:
        return identity.actor(session, person_id)
    except Unauthenticated as error:
        raise Unauthenticated("token.unknown") from error


def _digest(secret: str) -> str:
    """A secret of 256 random bits needs no slow hash: nobody can guess what would fit."""
    return hashlib.sha256(secret.encode("utf-8", "surrogatepass")).hexdigest()
