"""Reads a form-js schema, or says by name what in it cannot be offered."""

import json
import re
from collections.abc import Iterator
from pathlib import PurePosixPath
from textwrap import shorten
from time import process_time
from typing import Any, Literal, NamedTuple

from service import values
from service.errors import ExpressionError, Finding, InvalidInput, Refused
from service.feel import matches, parse, template_names
from service.forms.schema import (
    EXPRESSIONS,
    HOLDERS,
    KEYED,
    SHOWN,
    TEMPLATES,
    Component,
    Form,
    walk,
)

RESERVED = frozenset(
    {"_add", "_remove", "_refresh", "_discard", "_shown", "_row", "csrf_token"}
    | {"__proto__", "constructor", "prototype"}
)
"""Names that the page's own controls use, and names that JavaScript clients would trip over."""

DEEPEST = 20
MOST = 1000
LONGEST_KEY, MOST_PARTS = 200, 20
"""Letters of a key or path, and the parts between its dots."""
LONGEST = 40_000
"""Letters of all expressions, templates and patterns of a form together."""
SHORTEST = 25
"""What one of them counts for at least."""
LONGEST_QUOTE = 200
"""Letters of one that a finding repeats."""
PATTERN = "validate.pattern"
PATIENCE = 1.0
"""Seconds of CPU time for those that cannot be read."""
KINDS: dict[str, type | tuple[type, ...]] = {
    "appearance": dict,
    "columns": list,
    "components": list,
    "conditional": dict,
    "description": str,
    "key": str,
    "label": str,
    "layout": dict,
    "path": str,
    "validate": dict,
    "values": list,
}
WORD = re.compile(r"\w+")


def read(content: bytes, file: str = "") -> Form:
    """The form in a file; Refused with every finding where at least one is an error.

    A form without an id takes the file's name; a component without a key takes its id.
    """
    raw = _json(content, file)
    reading = _Reading(file)
    components = reading.children(raw["components"], (), (), 0)
    words = reading.expressions(components)
    if any(finding.severity == "error" for finding in reading.findings):
        raise Refused(reading.findings)
    fields = tuple(dict.fromkeys(_written(components)))
    return Form(
        reads=frozenset(reading.reads),
        id=str(raw.get("id") or PurePosixPath(file).stem or "form"),
        components=components,
        raw=raw,
        fields=fields,
        dynamic=bool(words & set(_names(components))),
        findings=tuple(reading.findings),
    )


def _json(content: bytes, file: str) -> dict[str, Any]:
    try:
        raw = json.loads(content.decode("utf-8-sig"), parse_constant=_no_number)
        _keepable(raw)
    except json.JSONDecodeError as error:
        raise Refused([Finding("form_json", "error", file, line=error.lineno)]) from None
    except InvalidInput:
        raise Refused([Finding("form_text", "error", file)]) from None
    except (ValueError, RecursionError):
        raise Refused([Finding("form_json", "error", file)]) from None
    if not isinstance(raw, dict) or not isinstance(raw.get("components"), list):
        raise Refused([Finding("form_no_components", "error", file)])
    return raw


def _no_number(said: str) -> None:
    """NaN and Infinity are Python's own; a browser would not read the form."""
    raise ValueError(said)


def _keepable(raw: Any) -> None:
    """InvalidInput for a text that no database and no page can hold: JSON may spell NUL and half a sign."""
    match raw:
        case str():
            values.text(raw)
        case list():
            for item in raw:
                _keepable(item)
        case dict():
            for key, item in raw.items():
                values.text(key)
                _keepable(item)


def _written(components: tuple[Component, ...]) -> Iterator[str]:
    for component in components:
        if component.name:
            yield component.name[0]
        else:
            yield from _written(component.components)


def _names(components: tuple[Component, ...]) -> Iterator[str]:
    """The words of the names that the form's own fields have in expressions."""
    for component in walk(components):
        if component.name and component.type != "expression":
            yield WORD.findall(component.name[-1] + "_")[0].removesuffix("_")


class _Claim(NamedTuple):
    """What stands at a place in the data: a value, a list, or an object."""

    kind: Literal["value", "list", "object"]
    owner: str


class _Reading:
    """One pass over a schema: what was found, and which ids and places in the data are taken."""

    def __init__(self, file: str) -> None:
        self.file = file
        self.findings: list[Finding] = []
        self.ids: set[str] = set()
        self.claims: dict[tuple[str, ...], _Claim] = {}
        self.reads: set[str] = set()

    def find(self, code: str, component: Component | None, /, **params: Any) -> None:
        severity: Literal["error", "warning"] = "warning" if code == "form_key_missing" else "error"
        element, name = (component.id, component.title) if component else (None, None)
        self.findings.append(Finding(code, severity, self.file, element, name, params=params))

    def children(
        self, raws: list[Any], place: tuple[str, ...], above: tuple[str, ...], depth: int
    ) -> tuple[Component, ...]:
        """The components of one level; `above` are the ids of those that hold them."""
        if depth > DEEPEST:
            self.find("form_large", None, deepest=DEEPEST, most=MOST)
            return ()
        read = []
        for raw in raws:
            if len(self.ids) > MOST:
                self.find("form_large", None, deepest=DEEPEST, most=MOST)
                break
            read.append(self.component(raw, place, above, depth))
        return tuple(component for component in read if component)

    def component(
        self, raw: Any, place: tuple[str, ...], above: tuple[str, ...], depth: int
    ) -> Component | None:
        if not isinstance(raw, dict) or not isinstance(raw.get("type"), str):
            self.find("form_component_broken", None, place=".".join(place) or "components")
            return None
        component = Component(raw["type"], self.identity(raw), self.name(raw), raw)
        if component.type not in KEYED | HOLDERS | SHOWN:
            self.find("form_component_unknown", component, type=component.type)
            return None
        if not self.well_formed(component):
            return None
        inner = place + component.name
        self.claim(component, inner, above)
        if component.type not in HOLDERS:
            return component
        below = self.children(raw.get("components") or [], inner, (*above, component.id), depth + 1)
        return Component(component.type, component.id, component.name, raw, below)

    def identity(self, raw: dict[str, Any]) -> str:
        """The component's id; one that has none is numbered."""
        chosen = str(raw.get("id") or f"Field_{len(self.ids) + 1}")
        if chosen in self.ids and raw.get("id"):
            self.find("form_id_twice", Component(raw["type"], chosen, (), raw))
        while chosen in self.ids:
            chosen += "_"
        self.ids.add(chosen)
        return chosen

    def name(self, raw: dict[str, Any]) -> tuple[str, ...]:
        prop = "key" if raw["type"] in KEYED else "path" if raw["type"] in HOLDERS else ""
        written = raw.get(prop)
        if not written and (raw["type"] in KEYED or raw["type"] == "dynamiclist"):
            written = str(raw.get("id") or f"{raw['type']}_{len(self.ids)}")
            self.find("form_key_missing", Component(raw["type"], written, (), raw), key=written)
        return tuple(str(written).split(".")) if written else ()

    def well_formed(self, component: Component) -> bool:
        """Whether the properties are of the kinds that they must be, and the key can be used."""
        wrong = [
            prop
            for prop, kind in KINDS.items()
            if component.props.get(prop) is not None and not isinstance(component.props[prop], kind)
        ]
        for prop in wrong:
            self.find("form_property", component, property=prop)
        key = ".".join(component.name)
        usable = len(key) <= LONGEST_KEY and len(component.name) <= MOST_PARTS
        usable = usable and all(
            part.strip() and part not in RESERVED and not set(part) & set("[]") for part in component.name
        )
        if not usable:
            self.find("form_key_unusable", component, key=shorten(key, LONGEST_KEY))
        return usable and not wrong

    def claim(self, component: Component, place: tuple[str, ...], above: tuple[str, ...]) -> None:
        """Take the component's place in the data; two groups may share one, nothing else may."""
        if not component.name:
            return
        kind: Literal["value", "list", "object"] = (
            "value" if component.type in KEYED else "list" if component.repeats else "object"
        )
        standing = self.claims.get(place)
        inside = (self.claims.get(place[:end]) for end in range(1, len(place)))
        blocked = any(
            claim.kind == "value" or (claim.kind == "list" and claim.owner not in above)
            for claim in inside
            if claim
        )
        if blocked or (standing and (kind, standing.kind) != ("object", "object")):
            self.find("form_key_twice", component, key=".".join(place))
        for end in range(1, len(place)):
            self.claims.setdefault(place[:end], _Claim("object", component.id))
        self.claims.setdefault(place, _Claim(kind, component.id))

    def expressions(self, components: tuple[Component, ...]) -> frozenset[str]:
        """Check every expression, template and pattern, up to a flood; the words in them."""
        words: set[str] = set()
        length, astray = 0, 0.0
        for component in walk(components):
            for prop, text in (*_expressions(component), *_patterns(component)):
                length += max(len(text), SHORTEST)
                if length > LONGEST or astray > PATIENCE:
                    self.find("form_too_many_expressions", component, limit=LONGEST)
                    return frozenset()
                begun = process_time()
                try:
                    words |= self.expression(prop, text)
                except ExpressionError as error:
                    astray += process_time() - begun
                    code = "form_pattern" if prop == PATTERN else "form_expression"
                    told = {"property": prop, "text": shorten(text, LONGEST_QUOTE), "reason": error.message}
                    self.find(code, component, **told)
        return frozenset(words)

    def expression(self, prop: str, text: str) -> set[str]:
        """The words of an expression, template or pattern; ExpressionError for a mistake in it."""
        if prop == PATTERN:
            matches(text, "")
            return set()
        self.reads |= template_names(text) if prop in TEMPLATES else parse(text[1:])
        return set(WORD.findall(text))


def _expressions(component: Component) -> Iterator[tuple[str, str]]:
    """Every property of a component that holds FEEL or a template."""
    for prop in EXPRESSIONS:
        value = component.get(prop)
        if component.feel(prop) or (prop in TEMPLATES and isinstance(value, str) and "{{" in value):
            yield prop, value


def _patterns(component: Component) -> Iterator[tuple[str, str]]:
    pattern = component.get(PATTERN)
    if isinstance(pattern, str):
        yield PATTERN, pattern
