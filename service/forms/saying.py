"""Says the moments that a form shows, in the reader's language: `5 Januari 2026`, `09.00`."""

from collections.abc import Callable
from datetime import date, datetime, time, tzinfo

from babel.dates import format_date, format_time

LOCALES = {"id": "id", "en": "en_GB"}
Saying = Callable[[date | time], str]


def saying(language: str, zone: tzinfo) -> Saying:
    """How dates, times and moments are said to a reader of this language, in this zone."""
    locale = LOCALES[language]

    def say(moment: date | time) -> str:
        if isinstance(moment, time):
            return format_time(moment, "short", locale=locale)
        if not isinstance(moment, datetime):
            return format_date(moment, "long", locale=locale)
        local = moment.astimezone(zone) if moment.tzinfo else moment
        return f"{say(local.date())} {say(local.time())}"

    return say
