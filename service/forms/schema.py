"""A form as its analyst wrote it: form-js components, each with its place in the data."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from service.errors import Finding
from service.feel import mentioned

CHOICES = frozenset({"radio", "select"})
PICKS = frozenset({"checklist", "taglist"})
KEYED = frozenset(
    {"textfield", "textarea", "number", "datetime", "checkbox", "filepicker", "expression"} | CHOICES | PICKS
)
"""Component types that hold one value under their `key`."""

HOLDERS = frozenset({"group", "dynamiclist"})
"""Component types that hold other components, under their `path` if they have one."""

SHOWN = frozenset(
    {"text", "html", "image", "table", "separator", "spacer", "button", "iframe", "documentPreview"}
)
"""Component types that only show something."""

EXPRESSIONS = (
    "alt",
    "appearance.prefixAdorner",
    "appearance.suffixAdorner",
    "columnsExpression",
    "conditional.hide",
    "content",
    "dataSource",
    "description",
    "expression",
    "label",
    "multiple",
    "accept",
    "readonly",
    "source",
    "text",
    "title",
    "url",
    "validate.max",
    "validate.maxLength",
    "validate.min",
    "validate.minLength",
    "valuesExpression",
)
"""The properties that may hold FEEL behind a leading `=`."""

TEMPLATES = (
    "accept",
    "alt",
    "appearance.prefixAdorner",
    "appearance.suffixAdorner",
    "content",
    "description",
    "label",
    "source",
    "text",
    "title",
    "url",
)
"""The properties that may hold `{{templates}}`."""


@dataclass(frozen=True, eq=False)
class Component:
    """One component. `name` is its key or path in segments, below its parent's."""

    type: str
    id: str
    name: tuple[str, ...]
    props: Mapping[str, Any]
    components: tuple["Component", ...] = ()

    def get(self, prop: str, default: Any = None) -> Any:
        """A property by its dotted name, as written; the default where it is missing or null."""
        value: Any = self.props
        for part in prop.split("."):
            value = value.get(part) if isinstance(value, Mapping) else None
        return default if value is None else value

    def feel(self, prop: str) -> str | None:
        """The FEEL behind a property's `=`, or None where it holds none."""
        return feel(self.get(prop))

    @property
    def repeats(self) -> bool:
        """A dynamic list; one that says it does not repeat is a group with a path."""
        return self.type == "dynamiclist" and self.get("isRepeating", True) is not False

    @property
    def title(self) -> str:
        """What messages about the schema call it."""
        return str(self.get("label") or self.get("dateLabel") or self.get("timeLabel") or ".".join(self.name))


@dataclass(frozen=True, eq=False)
class Form:
    """A read form. `fields` are the variables that it writes, `reads` those that its expressions and
    templates name, `dynamic` says whether what it shows depends on what is typed, and `findings` are
    the warnings of its reading."""

    id: str
    components: tuple[Component, ...]
    raw: Mapping[str, Any]
    fields: tuple[str, ...]
    dynamic: bool = False
    findings: tuple[Finding, ...] = field(default=())
    reads: frozenset[str] = frozenset()

    def mentioned(self, names: Iterable[str]) -> list[str]:
        """Of these variables all that the form could read or write, and maybe some more."""
        return list(mentioned(self._words, names))

    @cached_property
    def _words(self) -> str:
        return "\n".join(_texts(self.raw))

    def walk(self) -> Iterator[Component]:
        """Every component, parents before children."""
        return walk(self.components)


def walk(components: tuple[Component, ...]) -> Iterator[Component]:
    """These components and all below them, parents before children."""
    for component in components:
        yield component
        yield from walk(component.components)


def _texts(raw: Any) -> Iterator[str]:
    if isinstance(raw, str):
        yield raw
    elif isinstance(raw, Mapping):
        for item in raw.values():
            yield from _texts(item)
    elif isinstance(raw, Sequence):
        for item in raw:
            yield from _texts(item)


def feel(value: Any) -> str | None:
    """The FEEL text of `=…`; None for anything else, a lone `=` among it, as the editor leaves behind."""
    if isinstance(value, str) and value.startswith("="):
        return value[1:].strip() or None
    return None
