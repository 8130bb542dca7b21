"""Days that somebody types, as moments of the office's zone."""

from datetime import date, datetime, time

from service.errors import InvalidInput
from service.operations import revisions
from service.web.present import settings


def today() -> date:
    """The office's day."""
    return datetime.now(settings().zone).date()


def beginning(typed: str) -> datetime | None:
    """When a day begins here; None where none was typed, InvalidInput for what is none or is past."""
    if not typed.strip():
        return None
    if (day := revisions.day(typed)) is None:
        raise InvalidInput("revision.bad_day", text=typed[:100])
    if day < today():
        raise InvalidInput("deploying.past_day")
    return datetime.combine(day, time(), settings().zone)
