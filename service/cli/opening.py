"""The database that most commands open, by the settings and the folder that was named."""

from collections.abc import Iterator
from contextlib import contextmanager

from service import config
from service.cli.commands import Asked
from service.config import Config
from service.errors import InvalidInput
from service.store.database import Database


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
