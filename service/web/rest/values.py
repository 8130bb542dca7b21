"""Camunda's typed values and Python's: `{"value": 1, "type": "Integer"}` and 1, both ways without loss.

Dates without a time, times and durations have no type there: they travel as String in ISO 8601,
and `valueInfo.kind` says what they are.
"""

import json
import re
from collections.abc import Callable, Mapping
from datetime import date, datetime, time, timedelta
from typing import Any, TypedDict
from zoneinfo import ZoneInfo

from pydantic_core import from_json

from service.errors import InvalidInput
from service.values import YearsMonths, tag

JSON_FORMAT = "application/json"
_SECONDS = len("2026-01-31T10:00:00.000")


class TypedValue(TypedDict):
    """A variable as clients read it."""

    value: Any
    type: str
    valueInfo: dict[str, Any]


def typed(value: Any, zone: ZoneInfo) -> TypedValue:
    """A value with its Camunda type; moments are told in the office's zone."""
    match value:
        case None:
            return _as("Null", None)
        case bool():
            return _as("Boolean", value)
        case int():
            return _as("Integer" if -(2**31) <= value < 2**31 else "Long", value)
        case float():
            return _as("Double", value)
        case str():
            return _as("String", value)
        case datetime(tzinfo=tzinfo) if tzinfo:
            return _as("Date", moment(value, zone))
        case dict() | list() | tuple():
            return _as("Json", json.dumps(plain(value), ensure_ascii=False))
    return _as("String", plain(value), kind=_KINDS[type(value)])


def plain(value: Any) -> Any:
    """A value in plain JSON types, as form-js reads it: everything with a calendar in ISO 8601."""
    match value:
        case dict():
            return {key: plain(item) for key, item in value.items()}
        case list() | tuple():
            return [plain(item) for item in value]
        case date() | time():
            return value.isoformat()
        case timedelta():
            return _duration(value)
        case YearsMonths():
            return f"{'-' * (value.months < 0)}P{abs(value.months)}M"
    return value


def moment(value: datetime, zone: ZoneInfo) -> str:
    """Camunda's way to write a moment: `2026-01-31T10:00:00.000+0700`."""
    text = value.astimezone(zone).isoformat(timespec="milliseconds")
    seconds, offset = text[:_SECONDS], text[_SECONDS:]
    return seconds + offset.replace(":", "")


def untyped(sent: Mapping[str, Any], name: str, zone: ZoneInfo) -> Any:
    """The value that a client sent under `name`; without a type the JSON value itself.

    InvalidInput, naming the variable, when value and type do not fit or cannot be kept.
    """
    value, kind = sent.get("value"), sent.get("type")
    try:
        read = value if value is None or kind is None else _READ[kind.lower()](value, sent, zone)
        tag(read)
    except InvalidInput as error:
        raise InvalidInput("rest.variable", name=name, reason=error.message) from error
    except KeyError as error:
        raise InvalidInput("rest.variable_type", name=name, type=kind) from error
    except (ValueError, TypeError, OverflowError, RecursionError) as error:
        raise InvalidInput("rest.variable_value", name=name, type=kind) from error
    return read


def _as(type_: str, value: Any, **info: Any) -> TypedValue:
    return {"value": value, "type": type_, "valueInfo": info}


def _duration(value: timedelta) -> str:
    """ISO 8601 in days and seconds; the parts are always positive, the sign stands before."""
    length = abs(value)
    fraction = f".{length.microseconds:06}" if length.microseconds else ""
    return f"{'-' * (value < timedelta(0))}P{length.days}DT{length.seconds}{fraction}S"


_DURATION = re.compile(
    r"(-?)P(?:(\d+)D)?(?:T(?:(\d+)H)?(?:(\d+)M)?(?:(\d+(?:\.\d+)?)S)?)?",
    re.ASCII,
)
_MONTHS = re.compile(r"(-?)P(?:(\d+)Y)?(?:(\d+)M)?", re.ASCII)


def _read_duration(text: str) -> timedelta:
    sign, *parts = _match(_DURATION, text)
    days, hours, minutes = (int(part or 0) for part in parts[:3])
    seconds, _, fraction = (parts[3] or "0").partition(".")
    length = timedelta(days=days, hours=hours, minutes=minutes, seconds=int(seconds))
    length += timedelta(microseconds=int(fraction.ljust(6, "0")[:6]))
    return -length if sign else length


def _read_months(text: str) -> YearsMonths:
    sign, years, months = _match(_MONTHS, text)
    count = int(years or 0) * 12 + int(months or 0)
    return YearsMonths(-count if sign else count)


def _match(pattern: re.Pattern[str], text: str) -> tuple[str | None, ...]:
    found = pattern.fullmatch(text)
    if not found or not any(found.groups()[1:]):
        raise ValueError
    return found.groups()


_KINDS: dict[type, str] = {
    date: "date",
    time: "time",
    datetime: "datetime",
    timedelta: "duration",
    YearsMonths: "months",
}
_OF_KIND: dict[str, Callable[[str], Any]] = {
    "date": date.fromisoformat,
    "time": time.fromisoformat,
    "datetime": datetime.fromisoformat,
    "duration": _read_duration,
    "months": _read_months,
}


def _string(value: Any, sent: Mapping[str, Any], _: ZoneInfo) -> Any:
    if not isinstance(value, str):
        raise TypeError
    kind = (sent.get("valueInfo") or {}).get("kind")
    return _OF_KIND[kind](value) if kind in _OF_KIND else value


def _whole(value: Any, *_: Any) -> int:
    if isinstance(value, bool) or not isinstance(value, int | float) or value != int(value):
        raise TypeError
    return int(value)


def _number(value: Any, *_: Any) -> float:
    if isinstance(value, bool) or not isinstance(value, int | float):
        raise TypeError
    return float(value)


def _boolean(value: Any, *_: Any) -> bool:
    if not isinstance(value, bool):
        raise TypeError
    return value


def _date(value: Any, _: Mapping[str, Any], zone: ZoneInfo) -> date:
    if len(value) == len("2026-01-31"):
        return date.fromisoformat(value)
    read = datetime.fromisoformat(value)
    return read if read.tzinfo else read.replace(tzinfo=zone)


def _null(*_: Any) -> None:
    raise TypeError


def _json(value: Any, *_: Any) -> Any:
    return from_json(value, allow_inf_nan=False) if isinstance(value, str) else value


def _object(value: Any, sent: Mapping[str, Any], _: ZoneInfo) -> Any:
    form = (sent.get("valueInfo") or {}).get("serializationDataFormat") or JSON_FORMAT
    if form != JSON_FORMAT:
        raise TypeError
    return _json(value)


_READ: dict[str, Callable[[Any, Mapping[str, Any], ZoneInfo], Any]] = {
    "string": _string,
    "short": _whole,
    "integer": _whole,
    "long": _whole,
    "double": _number,
    "number": _number,
    "boolean": _boolean,
    "date": _date,
    "null": _null,
    "json": _json,
    "object": _object,
}
