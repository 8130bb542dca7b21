"""Who there is, who is asking, and which positions (jabatan) they hold."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from functools import cache
from typing import Any

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerifyMismatchError
from sqlalchemy import ColumnElement, Select, and_, bindparam, or_, select
from sqlalchemy.orm import Session, contains_eager

from service.errors import Conflict, InvalidInput, NotFound, Unauthenticated
from service.operations.positions import position_id
from service.store.database import add_missing
from service.store.models import Holding, Person, Position, new_id, now
from service.store.rows import table

LOGIN = re.compile(r"[a-z0-9](?:[a-z0-9._@-]{0,62}[a-z0-9])?")
ADMIN = "admin"
"""What a setting calls the administrators, where it names groups."""
SHORTEST_PASSWORD, LONGEST_PASSWORD = 8, 1000
_HASHER = PasswordHasher()
_DECOY = "$argon2id$v=19$m=65536,t=3,p=4$ARsxTqOgcqkQAu7BPDZU5w$eapCxW04NhdOeJiu1WrvSx1rOhU1Wq3JsjGBz/cKlmE"
"""Checked for a login that does not exist, so that its answer takes as long as a wrong password's."""


@dataclass(frozen=True)
class Actor:
    """Somebody who acts now; `id` is the login. `stamp` changes when their sessions must end."""

    id: str
    name: str
    admin: bool = False
    positions: frozenset[str] = frozenset()
    stamp: str = field(default="", repr=False, compare=False)


SYSTEM = Actor(id="", name="Alur", admin=True)
"""The engine itself: a timer that fires, a file deployed by the program."""


def sign_in(session: Session, login: str, password: str) -> Actor:
    """Who this is; Unauthenticated, in the same words and time, for whatever does not fit."""
    return actor(session, credentials(session, login, password))


def credentials(session: Session, login: str, password: str) -> str:
    """The id of the active person whose login and password these are; Unauthenticated otherwise."""
    person = session.get(Person, _login(login)) if LOGIN.fullmatch(_login(login)) else None
    fits = _fits(person.password_hash if person else _DECOY, password)
    if person is None or not fits or not person.active:
        raise Unauthenticated("identity.unknown")
    return person.id


def actor(session: Session, person_id: str) -> Actor:
    """This person with the positions held now; Unauthenticated if there is none or it is inactive."""
    found = session.execute(_asking(), {"person": person_id, "moment": now()}).all()
    if not found:
        raise Unauthenticated("identity.signed_out")
    first, positions = found[0], frozenset(row.position_id for row in found if row.position_id)
    return Actor(first.id, first.name, first.admin, positions, first.stamp)


def returning(session: Session, person_id: str, stamp: str) -> Actor:
    """Who signed in when their stamp was this one; Unauthenticated if that has ended since."""
    known = actor(session, person_id)
    if known.stamp != stamp:
        raise Unauthenticated("identity.ended")
    return known


def add_person(
    session: Session, login: str, name: str, password: str, *, admin: bool = False, email: str = ""
) -> Person:
    """Somebody new; Conflict if the login is taken, InvalidInput for a login that is not one."""
    if not LOGIN.fullmatch(_login(login)):
        raise InvalidInput("identity.login", login=login)
    if not name.strip():
        raise InvalidInput("identity.name")
    if session.get(Person, _login(login)):
        raise Conflict("identity.taken", login=_login(login))
    person = Person(
        id=_login(login), name=name.strip(), email=email, admin=admin, password_hash=_hash(password)
    )
    session.add(person)
    session.flush()
    return person


def set_password(session: Session, person_id: str, password: str) -> None:
    """A new password; every session of this person ends. InvalidInput for one that is too short."""
    person = _person(session, person_id)
    person.password_hash, person.stamp = _hash(strong(password)), new_id()


def strong(password: str) -> str:
    """The password; InvalidInput for one that is too short for anything but a demonstration."""
    if len(password) < SHORTEST_PASSWORD:
        raise InvalidInput("identity.short_password", limit=SHORTEST_PASSWORD)
    return password


def deactivate(session: Session, person_id: str) -> None:
    """Nobody signs in as this person any more, and their sessions end; what they did stays theirs."""
    person = _person(session, person_id)
    person.active, person.stamp = False, new_id()


def end_sessions(session: Session, person_id: str) -> None:
    """Signs this person out everywhere."""
    _person(session, person_id).stamp = new_id()


def names(session: Session, person_ids: Iterable[str]) -> dict[str, str]:
    """What these people are called, by id; an id that nobody has is left out."""
    query = select(Person.id, Person.name).where(Person.id.in_(set(person_ids)))
    return {row.id: row.name for row in session.execute(query)}


def people(session: Session) -> Sequence[Person]:
    """Everybody, by name."""
    return session.scalars(select(Person).order_by(Person.name, Person.id)).all()


def ensure_position(session: Session, office: str, name: str) -> Position:
    """The position of this name in this office, made if it is missing."""
    id_ = position_id(office, name)
    add_missing(session, Position, id=id_, name=" ".join(name.split()), office=office)
    return session.get_one(Position, id_)


def ensure_group(session: Session, id_: str) -> None:
    """A position for a candidate group that a diagram names outright, so that somebody can hold it."""
    office = id_.rpartition(".")[0]
    add_missing(session, Position, id=id_, name=id_, office=office)


def hold(
    session: Session,
    person_id: str,
    position_id: str,
    since: datetime | None = None,
    until: datetime | None = None,
) -> Holding:
    """This person holds this position from `since` (now) until `until` (further notice).

    Who holds it already keeps the one holding, with the new end. InvalidInput for an end before
    the beginning, NotFound for an unknown person or position.
    """
    since = since or now()
    if until is not None and until <= since:
        raise InvalidInput("identity.dates")
    _person(session, person_id)
    _position(session, position_id)
    for holding in _holdings(session, person_id, position_id):
        if holding.since <= since and (holding.until is None or since < holding.until):
            holding.until = until
            return holding
    holding = Holding(person_id=person_id, position_id=position_id, since=since, until=until)
    session.add(holding)
    session.flush()
    return holding


def release(session: Session, person_id: str, position_id: str) -> None:
    """This person holds this position no longer, nor later; NotFound if they do not."""
    moment = now()
    current = [h for h in _holdings(session, person_id, position_id) if h.until is None or h.until > moment]
    if not current:
        raise NotFound("identity.not_held", person=person_id, position=position_id)
    for holding in current:
        if holding.since >= moment:
            session.delete(holding)
        else:
            holding.until = moment
    session.flush()


def positions(session: Session) -> Sequence[Position]:
    """Every position, by office and name."""
    return session.scalars(select(Position).order_by(Position.office, Position.name, Position.id)).all()


def holders(session: Session, position_id: str) -> Sequence[Person]:
    """The active people who hold this position now, by name."""
    held = select(Holding.person_id).where(Holding.position_id == position_id, _held_now())
    query = select(Person).where(Person.id.in_(held), Person.active)
    return session.scalars(query.order_by(Person.name, Person.id)).all()


def holdings(session: Session) -> Sequence[Holding]:
    """Who of the active people holds which position now, by office, position and name; both are loaded."""
    held = select(Holding).join(Holding.person).join(Holding.position).where(_held_now(), Person.active)
    loaded = held.options(contains_eager(Holding.person), contains_eager(Holding.position))
    return session.scalars(loaded.order_by(Position.office, Position.name, Person.name, Person.id)).all()


@cache
def _asking() -> Select[Any]:
    """Each request asks this. It is made once, of plain columns: making it costs more than its answer."""
    person, holding = table(Person), table(Holding)
    held = and_(holding.c.person_id == person.c.id, _held(holding.c, bindparam("moment")))
    asked = select(person.c.id, person.c.name, person.c.admin, person.c.stamp, holding.c.position_id)
    asked = asked.select_from(person.outerjoin(holding, held))
    return asked.where(person.c.id == bindparam("person"), person.c.active)


def _held_now() -> ColumnElement[bool]:
    return _held(Holding, now())


def _held(holding: Any, moment: Any) -> ColumnElement[bool]:
    return and_(holding.since <= moment, or_(holding.until.is_(None), holding.until > moment))


def _holdings(session: Session, person_id: str, position_id: str) -> Sequence[Holding]:
    query = select(Holding).where(Holding.person_id == person_id, Holding.position_id == position_id)
    return session.scalars(query.order_by(Holding.since)).all()


def _person(session: Session, person_id: str) -> Person:
    if (person := session.get(Person, person_id)) is None:
        raise NotFound("identity.no_person", person=person_id)
    return person


def _position(session: Session, position_id: str) -> Position:
    if (position := session.get(Position, position_id)) is None:
        raise NotFound("identity.no_position", position=position_id)
    return position


def _login(login: str) -> str:
    return login.strip().lower()


def _hash(password: str) -> str:
    if not 0 < len(password) <= LONGEST_PASSWORD:
        raise InvalidInput("identity.password", limit=LONGEST_PASSWORD)
    return _HASHER.hash(password)


def _fits(kept: str, password: str) -> bool:
    try:
        return _HASHER.verify(kept, password[: LONGEST_PASSWORD + 1])
    except (VerifyMismatchError, InvalidHashError):
        return False
