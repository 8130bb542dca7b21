"""`alur user`: people, their passwords and access tokens, and the positions they hold."""

import sys
from datetime import date, datetime, time, timedelta
from getpass import getpass
from typing import Any

from service.cli.commands import DONE, Asked, command
from service.cli.opening import opened
from service.cli.telling import said
from service.errors import InvalidInput
from service.operations import identity, tokens
from service.operations.identity import SYSTEM


def add(commands: Any) -> None:
    """Declares the commands."""
    user = command(commands, "user", data=False).add_subparsers(required=True, metavar=said("cli.command"))
    new = command(user, "user.add", _add)
    new.add_argument("login", type=str.lower)
    new.add_argument("name")
    new.add_argument("--admin", action="store_true", help=said("cli.user.add.admin"))
    new.add_argument("--email", default="")
    for key, run in (("password", _password), ("deactivate", _deactivate)):
        command(user, f"user.{key}", run).add_argument("login", type=str.lower)
    hold, release = command(user, "user.hold", _hold), command(user, "user.release", _release)
    for of_position in (hold, release):
        of_position.add_argument("login", type=str.lower)
        of_position.add_argument("position", help=said("cli.user.position"))
    for day in ("--since", "--until"):
        hold.add_argument(day, type=date.fromisoformat, metavar="YYYY-MM-DD")
    command(user, "user.list", _list)
    command(user, "user.positions", _positions)
    token = command(user, "user.token", _token)
    token.add_argument("login", type=str.lower)
    token.add_argument("--name", required=True, help=said("cli.user.token.name"))
    token.add_argument("--days", type=int, help=said("cli.user.token.days"))
    command(user, "user.tokens", _tokens).add_argument("login", type=str.lower)
    command(user, "user.revoke_token", _revoke_token).add_argument("id", help=said("cli.user.token.id"))


def _add(asked: Asked) -> int:
    with opened(asked) as (_, kept):
        password = _new_password()
        with kept.transaction() as session:
            identity.add_person(
                session, asked.login, asked.name, password, admin=asked.admin, email=asked.email
            )
    print(said("cli.user.added", login=asked.login))
    return DONE


def _password(asked: Asked) -> int:
    with opened(asked) as (_, kept):
        password = _new_password()
        with kept.transaction() as session:
            identity.set_password(session, asked.login, password)
    print(said("cli.user.password_set", login=asked.login))
    return DONE


def _deactivate(asked: Asked) -> int:
    with opened(asked) as (_, kept), kept.transaction() as session:
        identity.deactivate(session, asked.login)
    print(said("cli.user.deactivated", login=asked.login))
    return DONE


def _hold(asked: Asked) -> int:
    """Days are the office's: from the beginning of the first to the end of the last."""
    with opened(asked) as (settings, kept), kept.transaction() as session:
        since, until = (
            day and datetime.combine(day + timedelta(days=after), time(), settings.zone)
            for day, after in ((asked.since, 0), (asked.until, 1))
        )
        identity.hold(session, asked.login, asked.position, since, until)
    print(said("cli.user.held", login=asked.login, position=asked.position))
    return DONE


def _release(asked: Asked) -> int:
    with opened(asked) as (_, kept), kept.transaction() as session:
        identity.release(session, asked.login, asked.position)
    print(said("cli.user.released", login=asked.login, position=asked.position))
    return DONE


def _list(asked: Asked) -> int:
    with opened(asked) as (_, kept), kept.reading() as session:
        held = identity.holdings(session)
        for person in identity.people(session):
            marks = {"cli.user.is_admin": person.admin, "cli.user.is_out": not person.active}
            told = [said(mark) for mark, true in marks.items() if true]
            told += [holding.position_id for holding in held if holding.person_id == person.id]
            print("\t".join((person.id, person.name, ", ".join(told))))
    return DONE


def _positions(asked: Asked) -> int:
    with opened(asked) as (_, kept), kept.reading() as session:
        held = identity.holdings(session)
        for position in identity.positions(session):
            theirs = [holding.person_id for holding in held if holding.position_id == position.id]
            print("\t".join((position.id, position.name, ", ".join(theirs))))
    return DONE


def _token(asked: Asked) -> int:
    """The secret alone on standard output, for a script to take."""
    with opened(asked) as (_, kept), kept.transaction() as session:
        token, secret = tokens.issue(session, asked.login, asked.name, asked.days)
        told = said("token.made", name=token.name)
    print(told, file=sys.stderr)
    print(secret)
    return DONE


def _tokens(asked: Asked) -> int:
    with opened(asked) as (settings, kept), kept.reading() as session:
        for token in tokens.find(session, asked.login):
            until = token.expires_at and token.expires_at.astimezone(settings.zone).isoformat(" ", "minutes")
            print("\t".join((token.id, token.name, until or said("token.lasts_on"))))
    return DONE


def _revoke_token(asked: Asked) -> int:
    with opened(asked) as (_, kept), kept.transaction() as session:
        name = tokens.revoke(session, asked.id, SYSTEM).name
    print(said("token.revoked", name=name))
    return DONE


def _new_password() -> str:
    """Asked for twice at a terminal, else the first line of what comes in; arguments can be seen by all."""
    if not sys.stdin.isatty():
        return identity.strong(sys.stdin.readline().rstrip("\r\n"))
    password = identity.strong(getpass(said("cli.user.new_password") + " "))
    if getpass(said("cli.user.again") + " ") != password:
        raise InvalidInput("cli.user.differ")
    return password
