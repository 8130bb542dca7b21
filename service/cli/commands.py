"""What the commands share: how one is declared, and the database that most of them open."""

import argparse
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from service import config
from service.cli.telling import said
from service.config import Config
from service.errors import InvalidInput
from service.store.database import Database

DONE, REFUSED, UNREADABLE = 0, 1, 2
"""What a command ends with: the exit codes of the program."""

Asked = argparse.Namespace


def command(
    commands: Any, key: str, run: Callable[[Asked], int] | None = None, *, data: bool = True
) -> argparse.ArgumentParser:
    """Declares a command; `key` is its sentence and ends with its name. `data` lets one choose the folder."""
    told, name = said(f"cli.{key}"), key.rpartition(".")[2].replace("_", "-")
    parser: argparse.ArgumentParser = commands.add_parser(name, help=told, description=told)
    parser.set_defaults(run=run)
    if data:
        parser.add_argument("--data", type=Path, metavar="DIR", help=said("cli.data"))
    return parser


@contextmanager
def database(asked: Asked) -> Iterator[tuple[Config, Database]]:
    """The settings and their database, whatever its schema; InvalidInput for a malformed setting."""
    try:
        settings = config.from_environment(asked.data)
    except ValueError as error:
        raise InvalidInput("cli.setting", reason=error) from error
    kept = Database(settings.database)
    try:
        yield settings, kept
    finally:
        kept.dispose()


@contextmanager
def opened(asked: Asked) -> Iterator[tuple[Config, Database]]:
    """The settings and a database whose schema is this program's."""
    with database(asked) as (settings, kept):
        kept.check_revision()
        yield settings, kept
