"""Brings values into the types that a file asks for: `"2026-01-31"` becomes the date it is."""

import re
from collections.abc import Callable
from datetime import date, datetime, time, timedelta
from typing import Any, TypeVar

from service import feel
from service.errors import ExpressionError, InvalidInput
from service.values import YearsMonths

T = TypeVar("T")
_NUMBER = re.compile(r"[+-]?\d{1,15}(\.\d+)?", re.ASCII)


def convert(value: Any, kind: str | None) -> Any:
    """The value as one of this type, where that is the same value; ValueError where it is not.

    Null has every type. Texts become what they say; a number is not a date and no text is false.
    """
    if value is None or kind is None:
        return value
    return _CONVERT[kind](value)


def _string(value: Any) -> str:
    match value:
        case str():
            return value
        case bool():
            return str(value).lower()
        case int() | float():
            return str(value)
        case date() | time():
            return value.isoformat()
    raise ValueError


def _boolean(value: Any) -> bool:
    if isinstance(value, bool):
        return value
    if value in ("true", "false"):
        return bool(value == "true")
    raise ValueError


def _number(value: Any) -> int | float:
    if isinstance(value, str) and _NUMBER.fullmatch(value):
        return float(value) if "." in value else int(value)
    if isinstance(value, bool) or not isinstance(value, int | float):
        raise ValueError
    return value


def _integer(value: Any) -> int:
    number = _number(value)
    if number != int(number):
        raise ValueError
    return int(number)


def _date(value: Any) -> date:
    """A date, or a moment: Camunda's `date` is both."""
    if isinstance(value, str) and "T" in value:
        return _datetime(value)
    return _of(date, _told("date(x)", value))


def _datetime(value: Any) -> datetime:
    return _of(datetime, _told("date and time(x)", value))


def _time(value: Any) -> time:
    return _of(time, _told("time(x)", value))


def _duration(value: Any) -> timedelta | YearsMonths:
    length = _told("duration(x)", value)
    return length if isinstance(length, YearsMonths) else _of(timedelta, length)


def _told(expression: str, value: Any) -> Any:
    """What FEEL makes of a text; anything else is left as it is."""
    if not isinstance(value, str):
        return value
    try:
        return feel.evaluate(expression, {"x": value}).value
    except (ExpressionError, InvalidInput) as error:
        raise ValueError from error


def _of(kind: type[T], value: Any) -> T:
    if not isinstance(value, kind):
        raise ValueError
    return value


_CONVERT: dict[str, Callable[[Any], Any]] = {
    "string": _string,
    "boolean": _boolean,
    "number": _number,
    "integer": _integer,
    "double": lambda value: float(_number(value)),
    "date": _date,
    "time": _time,
    "datetime": _datetime,
    "duration": _duration,
}
