"""Draws a form up for the page: what is hidden gone, choices looked up, templates filled in."""

import re
from collections.abc import Mapping, Sequence
from datetime import date, datetime, time, tzinfo
from typing import Any

from babel.dates import format_date

from service.config import Config
from service.errors import Message
from service.forms.check import label
from service.forms.kinds import SentFile, text
from service.forms.nodes import (
    Attachment,
    Choice,
    Complaint,
    Field,
    FormView,
    Group,
    Lines,
    Listing,
    Node,
    Row,
)
from service.forms.numbers import written
from service.forms.options import Option, options, same
from service.forms.places import MISSING, at, spell
from service.forms.rules import required, today
from service.forms.saying import LOCALES, saying
from service.forms.schema import CHOICES, KEYED, PICKS, Form
from service.forms.settle import settled
from service.forms.state import ROWS, Instance, State, grows
from service.forms.still import still
from service.language import say

INPUTS = {"email": "email", "phone": "tel"}
MEGABYTE = 1024 * 1024
UNDRAWN = {"expression", "button"}
"""A computed value has no control, and the page has its own buttons."""


def view(
    form: Form,
    data: Mapping[str, Any],
    *,
    typed: Mapping[str, Any] | None = None,
    errors: Mapping[str, Message] | None = None,
    language: str = "id",
    files: Mapping[str, Sequence[SentFile]] | None = None,
    zone: tzinfo = Config.zone,
) -> FormView:
    """The form over the case's values, with what was typed laid over them and its mistakes said."""
    state = State(form, data, typed or {}, files or {}, zone, saying(language, zone))
    instances = settled(state)
    drawing = _Drawing(state, errors or {}, language)
    lines = drawing.lines(instances)
    return FormView(
        id=form.id,
        lines=lines,
        errors=drawing.complaints(instances),
        dynamic=form.dynamic,
        multipart=any(component.type == "filepicker" for component in form.walk()),
        buttons=form.dynamic or any(c.repeats or c.type == "filepicker" for c in form.walk()),
    )


def dom_id(path: str) -> str:
    """The id of the control at a place."""
    return "field-" + re.sub(r"\s", "_", path)


class _Drawing:
    """One drawing up: the state, and what is to be said about it."""

    def __init__(self, state: State, errors: Mapping[str, Message], language: str) -> None:
        self.state = state
        self.errors = errors
        self.language = language

    def complaints(self, instances: Sequence[Instance]) -> tuple[Complaint, ...]:
        """Every mistake: those that have a control in the order of the page, the others last."""
        shown = {
            spell(instance.path): label(instance)
            for top in instances
            for instance in top.walk()
            if instance.component.name and instance.component.type not in UNDRAWN
        }
        places = [*(path for path in shown if path in self.errors), *(self.errors.keys() - shown.keys())]
        return tuple(
            Complaint(dom_id(path) if path in shown else "", shown.get(path, path), self.said(path))
            for path in places
        )

    def said(self, path: str) -> str:
        message = self.errors.get(path)
        return say(message, self.language) if message else ""

    def lines(self, instances: Sequence[Instance]) -> Lines:
        """The instances by `layout.row`, in the order in which the rows come up."""
        lines: dict[Any, list[Node]] = {}
        for instance in instances:
            if instance.component.type not in UNDRAWN:
                key = instance.component.get("layout.row") or instance.component.id
                lines.setdefault(str(key), []).append(self.node(instance))
        return tuple(tuple(line) for line in lines.values())

    def node(self, instance: Instance) -> Node:
        if instance.component.repeats:
            return self.listing(instance)
        if instance.component.type in KEYED:
            return self.field(instance)
        if instance.component.type in ("group", "dynamiclist"):
            path = spell(instance.path)
            return Group(
                "group",
                dom_id(path or instance.component.id),
                instance.scope.line(instance.component, "label"),
                columns(instance),
                self.lines(instance.children),
                outline(instance),
                self.said(path) if instance.component.name else "",
            )
        return still(instance, columns(instance))

    def listing(self, instance: Instance) -> Listing:
        path = spell(instance.path)
        rows = tuple(
            Row(f"{path}[{number}]", number + 1, self.origin(instance, number), self.lines(row))
            for number, row in enumerate(instance.rows)
        )
        free = grows(instance.component) and bool(instance.component.components)
        return Listing(
            "listing",
            dom_id(path),
            instance.scope.line(instance.component, "label"),
            columns(instance),
            path,
            rows,
            more=free and len(rows) < ROWS,
            fewer=free,
            outline=outline(instance),
            error=self.said(path),
        )

    def origin(self, instance: Instance, number: int) -> str:
        origin = self.state.origins.get((*instance.path, number))
        return "" if origin is None else str(origin)

    def field(self, instance: Instance) -> Field:
        component, scope = instance.component, instance.scope
        path, fixed, value = spell(instance.path), instance.fixed, self.state.value(instance)
        kind = _MACROS.get(component.type, component.type)
        return Field(
            kind,
            dom_id(path),
            label(instance),
            columns(instance),
            path,
            name="" if fixed else path,
            value=self.control(instance, value),
            words=self.words(value),
            description=scope.line(component, "description"),
            error=self.said(path),
            required=required(instance) and component.get("disabled") is not True,
            readonly=fixed,
            prefix=scope.line(component, "appearance.prefixAdorner"),
            suffix=scope.line(component, "appearance.suffixAdorner"),
            input=_input(instance),
            least=_least(instance, self.state.zone),
            choices=self.choices(instance, value),
            files=self.files(instance, value),
            accept=scope.line(component, "accept"),
            multiple=scope.says(component, "multiple"),
        )

    def control(self, instance: Instance, value: Any) -> str:
        """The text in the control: what was sent where that could not be taken, else the value."""
        raw = self.state.raws.get(instance.path, MISSING)
        if instance.path in self.state.faults and not instance.fixed:
            return text(raw) if raw is not MISSING else ""
        match value:
            case datetime():
                local = value.astimezone(self.state.zone) if value.tzinfo else value
                return local.strftime("%Y-%m-%dT%H:%M")
            case date():
                return value.isoformat()
            case time():
                return value.strftime("%H:%M")
            case int() | float() | str() if instance.component.type == "number":
                return written(value, self.language)
        return text(value)

    def words(self, value: Any) -> str:
        """A date as it is said: `Kamis, 15 Januari 2026`."""
        if not isinstance(value, date):
            return ""
        local = value.astimezone(self.state.zone) if isinstance(value, datetime) and value.tzinfo else value
        return format_date(local, "full", locale=LOCALES[self.language])

    def choices(self, instance: Instance, value: Any) -> tuple[Choice, ...]:
        if instance.component.type not in CHOICES | PICKS:
            return ()
        found = options(instance.component, instance.scope, self.state.start)
        known = at(self.state.known, instance.path)
        value = known if instance.fixed and known is not MISSING else value
        held = value if isinstance(value, list) and instance.component.type in PICKS else [value]
        if instance.fixed:
            found = (*found, *_lost(held, found))
        first = dom_id(spell(instance.path))
        return tuple(
            Choice(
                f"{first}-{number}" if number else first,
                option.token,
                option.label,
                any(same(option.value, item) for item in held),
            )
            for number, option in enumerate(found)
        )

    def files(self, instance: Instance, value: Any) -> tuple[Attachment, ...]:
        """The documents of a file field, also those that were sent beside one that was refused."""
        if instance.component.type != "filepicker":
            return ()
        raw = self.state.raws.get(instance.path, value)
        raw = raw if isinstance(raw, list) and not instance.fixed else value
        ids = [item.get("id") if isinstance(item, Mapping) else item for item in raw or ()]
        kept = (self.state.files.get(id) for id in ids if isinstance(id, str))
        return tuple(
            Attachment(file.id, file.name, weight(file.size, self.language))
            for file in kept
            if file and not file.fault
        )


def weight(size: int, language: str) -> str:
    """A size in bytes as `12 KB` or `1,5 MB`."""
    if size < MEGABYTE:
        return f"{max(1, round(size / 1024))} KB"
    return f"{written(round(size / MEGABYTE, 1), language)} MB"


def _lost(held: Sequence[Any], found: Sequence[Option]) -> list[Option]:
    """A read-only value that is not among the choices any more is still shown."""
    return [
        Option(item, text(item), text(item))
        for item in held
        if item not in (None, "") and not any(same(option.value, item) for option in found)
    ]


def columns(instance: Instance) -> int:
    """The component's width in sixteenths of its line, 0 where it has none of its own."""
    wanted = instance.component.get("layout.columns")
    return wanted if isinstance(wanted, int) and 0 < wanted <= 16 else 0


def outline(instance: Instance) -> bool:
    """Whether a group or list is framed."""
    return instance.component.get("showOutline", True) is not False


def _input(instance: Instance) -> str:
    component = instance.component
    if component.type == "datetime":
        subtype = component.get("subtype", "date")
        return "datetime-local" if subtype == "datetime" else str(subtype)
    if component.type == "number":
        return "numeric" if component.get("decimalDigits") == 0 else "decimal"
    return INPUTS.get(str(component.get("validate.validationType")), "text")


def _least(instance: Instance, zone: tzinfo) -> str:
    """The first day that a date picker offers."""
    if instance.component.get("disallowPassedDates") is not True or instance.fixed:
        return ""
    day = today(zone).isoformat()
    return {"date": day, "datetime": f"{day}T00:00"}.get(instance.component.get("subtype", "date"), "")


_MACROS = {"taglist": "checklist"}
