"""Variables as an operator types them: a kind and a text, and the value behind them, both ways."""

import json
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, NoReturn
from zoneinfo import ZoneInfo

from service import values
from service.errors import InvalidInput
from service.forms import numbers
from service.language import Language

KINDS = ("text", "number", "date", "moment", "yes_no", "json", "empty")
"""What a value can be, in the order of the choice; whatever is none of the others is shown as JSON."""
TRUE, FALSE = ("ya", "yes", "true", "benar"), ("tidak", "no", "false", "salah")
DAYS = ("%Y-%m-%d", "%d-%m-%Y", "%d/%m/%Y")
LONGEST = 500_000
"""Characters of one value."""


@dataclass(frozen=True)
class Typed:
    """A value as it is shown and typed."""

    kind: str
    text: str


def shown(value: Any, language: Language, zone: ZoneInfo) -> Typed:
    """A value as an operator reads it; typed again as it stands, it is the same value."""
    typed = _plainly(value, language, zone)
    try:
        same = read(typed, language, zone) == value
    except InvalidInput:
        same = False
    return typed if same else Typed("json", _json(value))


def _plainly(value: Any, language: Language, zone: ZoneInfo) -> Typed:
    """By its kind: what would lose something that way is shown as JSON in the end."""
    match value:
        case None:
            return Typed("empty", "")
        case bool():
            return Typed("yes_no", {"id": ("tidak", "ya"), "en": ("no", "yes")}[language][value])
        case int() | float():
            return Typed("number", numbers.written(value, language))
        case str():
            return Typed("text", value)
        case datetime(tzinfo=tzinfo):
            local = value.astimezone(zone).replace(tzinfo=None) if tzinfo else value
            return Typed("moment", local.isoformat(" "))
        case date():
            return Typed("date", value.isoformat())
    return Typed("json", _json(value))


def read(typed: Typed, language: Language, zone: ZoneInfo) -> Any:
    """The value behind what was typed; InvalidInput says how that kind is written."""
    if typed.kind not in KINDS or len(typed.text) > LONGEST:
        raise InvalidInput("mend.value.kind", limit=LONGEST)
    value = _READ[typed.kind](typed.text, language, zone)
    try:
        values.tag(value)
    except RecursionError:
        _refuse("json_deep")
    return value


def _json(value: Any) -> str:
    return json.dumps(values.tag(value), ensure_ascii=False, indent=2)


def _refuse(kind: str, **params: Any) -> NoReturn:
    raise InvalidInput(f"mend.value.{kind}", **params)


def _number(text: str, language: Language, _: ZoneInfo) -> int | float:
    exact = numbers.decimal(numbers.canonical(text.strip(), language))
    number = None if exact is None else numbers.number(exact)
    return _refuse("number") if number is None else number


def _date(text: str, *_: Any) -> date:
    for form in DAYS:
        try:
            return datetime.strptime(text.strip(), form).date()  # noqa: DTZ007  a day has no zone
        except ValueError:
            continue
    return _refuse("date")


def _moment(text: str, _: Language, zone: ZoneInfo) -> datetime:
    try:
        moment = datetime.fromisoformat(text.strip())
    except ValueError:
        return _refuse("moment")
    return moment if moment.tzinfo else moment.replace(tzinfo=zone)


def _yes_no(text: str, *_: Any) -> bool:
    word = text.strip().casefold()
    return word in TRUE if word in (*TRUE, *FALSE) else _refuse("yes_no")


def _from_json(text: str, *_: Any) -> Any:
    """As `shown` writes it: what has a calendar is tagged, so that it comes back as what it was."""
    try:
        return values.untag(json.loads(text, parse_constant=lambda name: _refuse("json_number", name=name)))
    except json.JSONDecodeError as error:
        return _refuse("json", line=error.lineno, column=error.colno)
    except RecursionError:
        return _refuse("json_deep")
    except (KeyError, ValueError, TypeError, AttributeError, OverflowError):
        return _refuse("json_tag")


_READ: dict[str, Callable[[str, Language, ZoneInfo], Any]] = {
    "text": lambda text, *_: text.replace("\r\n", "\n"),
    "number": _number,
    "date": _date,
    "moment": _moment,
    "yes_no": _yes_no,
    "json": _from_json,
    "empty": lambda *_: None,
}
