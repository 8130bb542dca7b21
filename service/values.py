"""Process values as JSON and back: numbers, texts, lists and objects as they are, dates and durations tagged.

A date is kept as `{"$": "date", "v": "2026-01-31"}`, so that it comes back as the date it was.
"""

import json
import math
from collections.abc import Callable
from dataclasses import dataclass
from datetime import MAXYEAR, MINYEAR, date, datetime, time, timedelta
from typing import Any

from service.errors import InvalidInput

TAG = "$"
LARGEST_INTEGER = 2**53
"""FEEL counts in doubles: a whole number beyond this would silently change."""


@dataclass(frozen=True)
class YearsMonths:
    """FEEL's years-and-months duration, in whole months."""

    months: int


def dumps(value: Any) -> str:
    """The JSON text of a value; InvalidInput for what neither database nor FEEL can keep as it is."""
    return json.dumps(tag(value), ensure_ascii=False, separators=(",", ":"), allow_nan=False)


def loads(text: str) -> Any:
    """The value of a JSON text that `dumps` wrote."""
    return untag(json.loads(text))


def tag(value: Any) -> Any:
    """A value in plain JSON types, with dates and durations tagged."""
    match value:
        case None | bool():
            return value
        case str():
            return text(value)
        case int() | float():
            return _number(value)
        case dict():
            tagged = {text(str(key)): tag(item) for key, item in value.items()}
            return {TAG: "map", "v": tagged} if TAG in tagged else tagged
        case list() | tuple():
            return [tag(item) for item in value]
        case datetime():
            return {TAG: "datetime", "v": _moment(value).isoformat()}
        case date():
            return {TAG: "date", "v": value.isoformat()}
        case time():
            return {TAG: "time", "v": value.isoformat()}
        case timedelta():
            return {TAG: "duration", "v": value // timedelta(microseconds=1)}
        case YearsMonths():
            return {TAG: "months", "v": value.months}
    raise InvalidInput("value.kind", kind=type(value).__name__)


def untag(value: Any) -> Any:
    """The value behind plain JSON types that `tag` made."""
    if isinstance(value, list):
        return [untag(item) for item in value]
    if not isinstance(value, dict):
        return value
    if TAG in value:
        return _UNTAG[value[TAG]](value["v"])
    return {key: untag(item) for key, item in value.items()}


_UNTAG: dict[str, Callable[[Any], Any]] = {
    "map": lambda v: {key: untag(item) for key, item in v.items()},
    "datetime": datetime.fromisoformat,
    "date": date.fromisoformat,
    "time": time.fromisoformat,
    "duration": lambda v: timedelta(microseconds=v),
    "months": YearsMonths,
}


def text(value: str) -> str:
    """The text itself; InvalidInput where PostgreSQL could not keep it: NUL, lone surrogates."""
    try:
        value.encode()
    except UnicodeEncodeError as error:
        raise InvalidInput("value.text") from error
    if "\x00" in value:
        raise InvalidInput("value.text")
    return value


def _number(value: int | float) -> int | float:
    if isinstance(value, int) and abs(value) > LARGEST_INTEGER:
        raise InvalidInput("value.large", limit=LARGEST_INTEGER)
    if isinstance(value, float) and not math.isfinite(value):
        raise InvalidInput("value.number")
    return value


def _moment(value: datetime) -> datetime:
    """The calendar's first and last year are left out: in another zone such a moment is in none."""
    if not MINYEAR < value.year < MAXYEAR:
        raise InvalidInput("value.moment")
    return value
