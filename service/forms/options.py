"""What may be chosen: from the form, from the case's data or from FEEL, never from the client."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from service.forms.kinds import text
from service.forms.schema import Component
from service.forms.scope import Scope
from service.values import tag


@dataclass(frozen=True)
class Option:
    """One choice; `token` is its value as a page's control sends it."""

    value: Any
    label: str
    token: str


def options(component: Component, scope: Scope, start: Mapping[str, Any]) -> tuple[Option, ...]:
    """The choices of a component; `start` holds the case's values as the form found them.

    Of several sources `valuesKey` goes before `values`, and those before `valuesExpression`.
    """
    source: Any = None
    if (key := component.get("valuesKey")) is not None:
        source = start.get(str(key))
    elif (static := component.get("values")) is not None:
        source = static
    elif expression := component.feel("valuesExpression"):
        source = scope.value(expression)
    entries = source if isinstance(source, list) else []
    return tuple(option for entry in entries if (option := _option(entry)))


def _option(entry: Any) -> Option | None:
    if not isinstance(entry, Mapping):
        return Option(entry, text(entry), _token(entry)) if _plain(entry) else None
    value, label = entry.get("value"), entry.get("label")
    if isinstance(label, str) and label and (_plain(value) or (isinstance(value, dict | list) and value)):
        return Option(value, label, _token(value))
    return Option(value, text(value), _token(value)) if _plain(value) else None


def _plain(value: Any) -> bool:
    return not isinstance(value, dict | list) and value is not None and value != ""


def _token(value: Any) -> str:
    return json.dumps(tag(value), sort_keys=True) if isinstance(value, dict | list) else text(value)


def same(one: Any, other: Any) -> bool:
    """Equality in which true is not 1."""
    return isinstance(one, bool) == isinstance(other, bool) and bool(one == other)


def chosen(value: Any, choices: Sequence[Option]) -> Option | None:
    """The choice that a value or a sent token means."""
    exact = next((option for option in choices if same(option.value, value)), None)
    return exact or next((option for option in choices if option.token == value), None)
