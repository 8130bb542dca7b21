"""What differs between two revisions of a form: its fields, their words, rules and options, their order."""

import json
from collections import Counter
from collections.abc import Callable, Hashable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from service.differences import Change, Kind, code, exchanged, out_of_order
from service.errors import Message
from service.forms.schema import Component, Form

APART = frozenset({"type", "id", "key", "path", "components", "values", "layout.row"})
"""Properties that are compared in a way of their own, or say nothing to anybody."""
SAID = (
    *("label", "dateLabel", "timeLabel", "description", "text", "content", "title", "defaultValue"),
    *("validate.required", "validate.min", "validate.max", "validate.minLength", "validate.maxLength"),
    *("validate.pattern", "validate.patternErrorMessage", "validate.validationType", "conditional.hide"),
    *("valuesKey", "valuesExpression", "expression", "readonly", "disabled", "multiple", "accept"),
    *("subtype", "disallowPassedDates", "source", "dataSource", "url", "layout.columns"),
    *("appearance.prefixAdorner", "appearance.suffixAdorner"),
)
"""The properties that have a name in the sentences, in the order in which they are told."""
SWITCHES = frozenset({"validate.required", "readonly", "disabled"})
"""Properties that mean the same when they are missing as when they are false."""
SHORT = 60
"""Characters of a text that stand for what has no name."""


@dataclass(frozen=True, eq=False)
class _Field:
    """A component where it stands: its place in the data, what holds it, and whether it is beside another."""

    component: Component
    place: tuple[str, ...]
    holder: "_Field | None"
    is_beside: bool

    @property
    def name(self) -> str:
        """What people call it: its label, else its words, its key, its type."""
        component = self.component
        words = component.title or component.get("text") or component.get("content") or component.type
        line = " ".join(str(words).split())
        return line if len(line) <= SHORT else f"{line[: SHORT - 1]}…"


Pairs = Mapping[_Field, _Field]
Trait = Callable[[_Field], Hashable]


def compare(old: Form, new: Form) -> Iterator[Change]:
    """Everything that differs, in the order of the new form; what is gone comes last."""
    before, after = [*_fields(old.components)], [*_fields(new.components)]
    pairs = _paired(before, after)
    known = set(pairs.values())
    away = out_of_order([one for one in before if one in known], [*map(pairs.get, filter(pairs.get, after))])
    for field in after:
        earlier = pairs.get(field)
        if earlier is None:
            yield _change("added", field)
            continue
        if earlier in away or _went(pairs, earlier, field):
            yield _change("moved", field)
        yield from _differing(earlier, field)
    yield from (_change("removed", field) for field in before if field not in known)


def _went(pairs: Pairs, old: _Field, new: _Field) -> bool:
    """Whether a field lies in another group now."""
    if new.holder is None:
        return old.holder is not None
    return old.holder is None or pairs.get(new.holder) is not old.holder


def _fields(
    components: Sequence[Component], place: tuple[str, ...] = (), holder: _Field | None = None
) -> Iterator[_Field]:
    """Every component, parents before children."""
    row = None
    for component in components:
        beside, row = row, component.get("layout.row")
        field = _Field(component, (*place, *component.name), holder, row is not None and row == beside)
        yield field
        yield from _fields(component.components, field.place, field)


def _paired(before: Sequence[_Field], after: Sequence[_Field]) -> Pairs:
    """The old field of each new one that was there before."""
    found: dict[_Field, _Field] = {}
    for trait in TRAITS:
        taken = set(found.values())
        old = _single(trait, [one for one in before if one not in taken])
        new = _single(trait, [one for one in after if one not in found])
        found |= {field: old[value] for value, field in new.items() if value in old}
    return found


def _single(trait: Trait, fields: Sequence[_Field]) -> dict[Hashable, _Field]:
    told = [(value, field) for field in fields if (value := trait(field)) is not None]
    times = Counter(value for value, _ in told)
    return {value: field for value, field in told if times[value] == 1}


def _by_place(field: _Field) -> Hashable:
    return (field.component.type, field.place) if field.component.name else None


def _by_key(field: _Field) -> Hashable:
    """A field may be of another type now; a group and its only field never stand for each other."""
    return (bool(field.component.components), field.place) if field.component.name else None


def _by_id(field: _Field) -> Hashable:
    return field.component.type, field.component.id


def _by_words(field: _Field) -> Hashable:
    return field.component.type, field.name


TRAITS: tuple[Trait, ...] = (_by_place, _by_key, _by_id, _by_words)
"""What two fields may have in common, from the surest on."""


def _differing(old: _Field, new: _Field) -> Iterator[Change]:
    before, after = old.component, new.component
    if before.type != after.type:
        yield exchanged("field", _label(new, "type"), *(_type(one) for one in (before, after)))
    if before.name != after.name:
        yield exchanged("field", _label(new, "key"), *(".".join(one.name) for one in (before, after)))
    yield from _properties(new, _flat(before.props), _flat(after.props))
    yield from _options(new, before.get("values"), after.get("values"))
    if old.is_beside != new.is_beside:
        yield Change("changed", "field", Message("compare.form.row", {"field": new.name}))


def _properties(field: _Field, old: Mapping[str, Any], new: Mapping[str, Any]) -> Iterator[Change]:
    for name in (*SAID, *sorted((old.keys() | new.keys()) - {*SAID})):
        values = old.get(name), new.get(name)
        if values[0] == values[1] and type(values[0]) is type(values[1]):
            continue
        if name in SWITCHES:
            values = values[0] or False, values[1] or False
        if any(isinstance(value, bool) for value in values):
            if values[0] is not values[1]:
                yield exchanged("field", _label(field, name), *map(_switch, values))
        else:
            yield from code("field", _label(field, name), *map(_words, values))


def _options(field: _Field, old: Any, new: Any) -> Iterator[Change]:
    """The choices: by their values."""
    before, after = _choices(old), _choices(new)
    for value in (*after, *(value for value in before if value not in after)):
        said = {"field": field.name, "old": before.get(value, ""), "new": after.get(value, "")}
        if value not in before:
            yield Change("added", "option", Message("compare.form.option_added", said))
        elif value not in after:
            yield Change("removed", "option", Message("compare.form.option_removed", said))
        elif before[value] != after[value]:
            yield exchanged("option", _label(field, "option"), before[value], after[value])
    both = [value for value in before if value in after]
    if both != [value for value in after if value in before]:
        yield Change("moved", "option", Message("compare.form.options_order", {"field": field.name}))


def _choices(values: Any) -> dict[str, str]:
    """What each choice is called, by its value."""
    entries = values if isinstance(values, list) else []
    return dict(_choice(entry) for entry in entries)


def _choice(entry: Any) -> tuple[str, str]:
    value, label = (entry.get("value"), entry.get("label")) if isinstance(entry, Mapping) else (entry, None)
    return _words(value), str(label or _words(value))


def _flat(props: Mapping[str, Any], above: str = "") -> dict[str, Any]:
    """The properties by their dotted names; null is missing."""
    found: dict[str, Any] = {}
    for name, value in props.items():
        dotted = f"{above}{name}"
        if isinstance(value, Mapping) and dotted not in APART:
            found |= _flat(value, f"{dotted}.")
        elif value is not None and dotted not in APART:
            found[dotted] = value
    return found


def _words(value: Any) -> str:
    if value is None or isinstance(value, str):
        return value or ""
    return json.dumps(value, ensure_ascii=False, sort_keys=True)


def _switch(value: Any) -> str | Message:
    if isinstance(value, bool):
        return Message("compare.yes" if value else "compare.no")
    return Message("compare.unset") if value is None else _words(value)


def _type(component: Component) -> Message:
    return Message(f"compare.form.type.{component.type}")


def _label(field: _Field, name: str) -> Message:
    """`isian “Perihal”, label`."""
    what = Message("compare.form.property", {"name": name})
    if name in SAID or name in ("type", "key", "option"):
        what = Message(f"compare.form.prop.{name.replace('.', '_')}")
    return Message("compare.form.of", {"field": field.name, "what": what})


def _change(kind: Kind, field: _Field) -> Change:
    said = {"field": field.name, "type": _type(field.component)}
    return Change(kind, "field", Message(f"compare.form.{kind}", said))
