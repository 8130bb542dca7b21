"""What each component type takes as its value: from the case's data, and from what was sent."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, tzinfo
from typing import Any

from service.errors import AlurError, Message
from service.forms.numbers import decimal, number
from service.forms.schema import CHOICES, PICKS, Component
from service.values import tag

LONGEST = 100_000
"""The most characters of one text."""

MOST_PICKS = 1000
ZONED = {"utc_offset", "utc_normalized"}


class Unfit(Exception):
    """A value is not of the component's kind; `key` and `params` are a Message without its label."""

    def __init__(self, key: str, **params: Any) -> None:
        super().__init__(key)
        self.message = Message(key, params)


@dataclass(frozen=True)
class SentFile:
    """A file that the service keeps: the document's id, its name, sniffed type, and size in bytes.

    `fault` says why a file that was just sent was not kept.
    """

    id: str
    name: str
    type: str
    size: int
    fault: Message | None = None

    def value(self) -> dict[str, Any]:
        """What is written to the variables."""
        return {"id": self.id, "name": self.name, "type": self.type, "size": self.size}


def empty(component: Component) -> Any:
    """What an untouched component holds."""
    if component.type in ("textfield", "textarea"):
        return ""
    if component.type in PICKS:
        return []
    return False if component.type == "checkbox" else None


def initial(component: Component, known: Any, zone: tzinfo) -> Any:
    """A value of the case as the component holds it; its empty value where it cannot."""
    match component.type:
        case "textfield" | "textarea":
            return _line(component, text(known))
        case "checkbox":
            return known is True
        case "number":
            exact = decimal(known)
            return None if exact is None else _numeric(component, exact)
        case "datetime":
            return _moment(component, known, zone)
        case "checklist" | "taglist":
            return known if isinstance(known, list) else []
    return known


def text(value: Any) -> str:
    """A value in plain text; nothing for lists and objects."""
    match value:
        case None | list() | dict():
            return ""
        case bool():
            return "true" if value else "false"
        case float() if value.is_integer():
            return str(int(value))
        case date() | time():
            return value.isoformat()
    return str(value)


def sent(component: Component, raw: Any, files: Mapping[str, SentFile], zone: tzinfo) -> Any:
    """What was sent for the component, as the process keeps it; Unfit where it is of another kind.

    Whether it keeps the form's rules is not looked at here.
    """
    if raw is None or (raw == "" and component.type not in ("textfield", "textarea")):
        return empty(component)
    match component.type:
        case "textfield" | "textarea":
            return _sent_text(component, raw)
        case "number":
            return _sent_number(component, raw)
        case "checkbox":
            if not isinstance(raw, bool):
                raise Unfit("form.checkbox")
        case "datetime":
            if (moment := _moment(component, raw, zone)) is None:
                raise Unfit(f"form.{component.get('subtype', 'date')}")
            return moment
        case "filepicker":
            return _sent_files(raw, files)
        case kind if kind in PICKS:
            if not isinstance(raw, list):
                raise Unfit("form.list")
            if len(raw) > MOST_PICKS:
                raise Unfit("form.picks", most=MOST_PICKS)
            return [_storable(item) for item in raw]
        case kind if kind in CHOICES:
            return _storable(raw)
    return raw


def _sent_text(component: Component, raw: Any) -> str:
    if not isinstance(raw, str):
        raise Unfit("form.text")
    if len(raw) > LONGEST:
        raise Unfit("form.long", most=LONGEST, length=len(raw))
    return _line(component, str(_storable(raw)))


def _line(component: Component, value: str) -> str:
    """A text field has one line."""
    return re.sub(r"[\r\n\t]", " ", value) if component.type == "textfield" else value


def _storable(value: Any) -> Any:
    """The value, if the database can keep it."""
    try:
        tag(value)
    except AlurError as error:
        raise Unfit("form.unstorable", reason=error.message) from None
    return value


def _sent_number(component: Component, raw: Any) -> int | float | str:
    exact = decimal(raw)
    if exact is None or (isinstance(raw, str) and not component.get("serializeToString")):
        raise Unfit("form.number")
    value = _numeric(component, exact)
    if value is None:
        raise Unfit("form.number_large")
    return value


def _numeric(component: Component, exact: Any) -> int | float | str | None:
    return f"{exact:f}" if component.get("serializeToString") else number(exact)


def _sent_files(raw: Any, files: Mapping[str, SentFile]) -> list[dict[str, Any]] | None:
    """The documents behind the ids that were sent; whoever made up an id has no such document."""
    if not isinstance(raw, list):
        raise Unfit("form.files")
    kept: dict[str, dict[str, Any]] = {}
    for item in raw:
        id = item.get("id") if isinstance(item, Mapping) else item
        file = files.get(id) if isinstance(id, str) else None
        if file is None:
            raise Unfit("form.file_unknown")
        if file.fault:
            raise Unfit("form.file_refused", name=file.name, reason=file.fault)
        kept[file.id] = file.value()
    return list(kept.values()) or None


def _moment(component: Component, value: Any, zone: tzinfo) -> date | datetime | time | None:
    """The date, moment or time of the component's subtype, or None where the value has none."""
    try:
        match component.get("subtype", "date"):
            case "time":
                return _time(value)
            case "datetime":
                return _datetime(component, value, zone)
            case _:
                return _date(value, zone)
    except (ValueError, OverflowError):
        return None


def _date(value: Any, zone: tzinfo) -> date | None:
    if isinstance(value, str):
        return date.fromisoformat(value) if re.fullmatch(r"\d{4}-\d\d-\d\d", value) else None
    if isinstance(value, datetime):
        return (value.astimezone(zone) if value.tzinfo else value).date()
    return value if isinstance(value, date) else None


def _time(value: Any) -> time | None:
    if isinstance(value, str):
        return time.fromisoformat(value) if re.match(r"\d\d:\d\d", value) else None
    return value if isinstance(value, time) else None


def _datetime(component: Component, value: Any, zone: tzinfo) -> datetime | None:
    """With an offset where the component keeps one; a moment written without is the office's."""
    if isinstance(value, str):
        if not re.match(r"\d{4}-\d\d-\d\d[T ]\d\d:\d\d", value):
            return None
        value = datetime.fromisoformat(value)
    if not isinstance(value, datetime):
        return None
    if component.get("timeSerializingFormat") in ZONED:
        return value if value.tzinfo else value.replace(tzinfo=zone)
    return value.astimezone(zone).replace(tzinfo=None) if value.tzinfo else value
