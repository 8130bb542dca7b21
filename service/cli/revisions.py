"""`alur revision`: which revision of an SOP is in force, and bringing one in or taking it out."""

from collections.abc import Callable
from functools import partial
from typing import Any

from service.cli.commands import DONE, Asked, command
from service.cli.opening import opened
from service.cli.telling import said
from service.errors import NotFound, Unauthenticated
from service.operations import deployments, identity, revisions
from service.operations.identity import SYSTEM, Actor
from service.store.models import ProcessDefinition


def add(commands: Any) -> None:
    """Declares the commands."""
    nested = command(commands, "revision", data=False)
    revision = nested.add_subparsers(required=True, metavar=said("cli.command"))
    listed = command(revision, "revision.list", _list)
    listed.add_argument("key", nargs="?", help=said("cli.revision.key"))
    for verb, run, needed in (
        ("approve", _approve, False),
        ("withdraw", _withdraw, True),
        ("restore", _restore, True),
    ):
        one = command(revision, f"revision.{verb}", run)
        one.add_argument("key", help=said("cli.revision.key"))
        one.add_argument("version", type=int, help=said("cli.revision.version"))
        one.add_argument("--by", type=str.lower, metavar="LOGIN", help=said("cli.revision.by"))
        one.add_argument("--reason", default="", required=needed, help=said("cli.revision.reason"))
        if verb == "approve":
            one.add_argument("--effective", metavar="DATE", help=said("cli.deploy.effective"))


def _list(asked: Asked) -> int:
    with opened(asked) as (_, kept), kept.reading() as session:
        for row in deployments.definitions(session, asked.key, latest=False):
            print(_line(session, row))
    return DONE


def _approve(asked: Asked) -> int:
    at = revisions.moment(asked.effective) if asked.effective else None
    return _do(asked, partial(revisions.approve, effective_at=at, reason=asked.reason))


def _withdraw(asked: Asked) -> int:
    return _do(asked, partial(revisions.withdraw, reason=asked.reason))


def _restore(asked: Asked) -> int:
    return _do(asked, partial(revisions.restore, reason=asked.reason))


def _do(asked: Asked, verb: Callable[..., ProcessDefinition]) -> int:
    """Without `--by` it is the program's own doing, which is nobody's approval."""
    with opened(asked) as (_, kept), kept.transaction() as session:
        actor = _named(session, asked.by) if asked.by else SYSTEM
        row = verb(session, revisions.numbered(session, asked.key, asked.version).id, actor)
        line = _line(session, row)
    print(line)
    return DONE


def _named(session: Any, login: str) -> Actor:
    try:
        return identity.actor(session, login)
    except Unauthenticated as error:
        raise NotFound("identity.no_person", person=login) from error


def _line(session: Any, row: ProcessDefinition) -> str:
    standing = revisions.standing(row, revisions.stage_of(session, row))
    return said("cli.revision.row", name=row.name, key=row.key, version=row.version, standing=standing)
