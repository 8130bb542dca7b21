"""Checks a submission: nothing that the client says about the form itself is believed."""

from collections.abc import Iterator, Mapping, Sequence
from copy import deepcopy
from datetime import tzinfo
from typing import Any

from service.config import Config
from service.errors import InvalidSubmission, Message
from service.forms.kinds import SentFile
from service.forms.places import MISSING, Path, at, put, spell
from service.forms.rules import broken
from service.forms.schema import KEYED, Component, Form
from service.forms.settle import settled, submit
from service.forms.state import ORIGIN, Instance, State

Shape = dict[str, Any]
"""Which keys a form has: each with None, with the keys of an object, or in a list the keys of a row."""


def check(
    form: Form,
    data: Mapping[str, Any],
    typed: Mapping[str, Any],
    files: Mapping[str, Sequence[SentFile]] | None = None,
    *,
    zone: tzinfo = Config.zone,
) -> dict[str, Any]:
    """The values that a submission writes, by variable; InvalidSubmission with a sentence per field.

    `data` are the case's values, `typed` what was sent, nested like the variables. A field that was
    not sent keeps its value or its default. What is hidden or disabled is left out, as is a
    read-only value that the case has; computed values are computed again. Parts of a variable that
    the form does not show stay as they are.
    """
    state = State(form, data, typed, files or {}, zone)
    instances = [instance for top in settled(state) for instance in top.walk()]
    submit(state, instances)
    errors = {path: Message("form.unknown", {"label": path}) for path in _unknown(form, typed)}
    for instance in instances:
        fault = state.faults.get(instance.path)
        if fault is None and instance.component.type in KEYED:
            fault = broken(state, instance)
        if fault:
            errors[spell(instance.path)] = Message(fault.key, {"label": _called(instance), **fault.params})
    if errors:
        raise InvalidSubmission(errors)
    return _written(state, instances)


def label(instance: Instance) -> str:
    """What the component is called on the page; its key where it has no label."""
    for prop in ("label", "dateLabel", "timeLabel"):
        if words := instance.scope.line(instance.component, prop):
            return words
    return ".".join(instance.component.name)


def _called(instance: Instance) -> str | Message:
    """The label, in a list with the number of the row."""
    name = label(instance)
    return Message("form.in_row", {"label": name, "row": instance.scope.i[-1]}) if instance.scope.i else name


def _unknown(form: Form, typed: Mapping[str, Any]) -> Iterator[str]:
    yield from _strangers(_shape(form.components, {}), typed, ())


def _shape(components: Sequence[Component], shape: Shape) -> Shape:
    for component in components:
        node = shape
        holds = component.type not in KEYED
        for part in component.name if holds else component.name[:-1]:
            node = node.setdefault(part, {})
        if component.components:
            _shape(component.components, node)
        elif not holds:
            node[component.name[-1]] = None
    return shape


def _strangers(shape: Shape, typed: Any, path: Path) -> Iterator[str]:
    """Where something was sent that the form has no field for."""
    if isinstance(typed, list):
        for index, row in enumerate(typed):
            yield from _strangers(shape, row, (*path, index))
    elif isinstance(typed, Mapping):
        for key, value in typed.items():
            if key not in shape and not (key == ORIGIN and path and isinstance(path[-1], int)):
                yield spell((*path, str(key)))
            elif shape.get(key):
                yield from _strangers(shape[key], value, (*path, key))


def _written(state: State, instances: Sequence[Instance]) -> dict[str, Any]:
    out: dict[str, Any] = {}
    for instance in instances:
        path, component = instance.path, instance.component
        if component.repeats:
            standing = at(state.known, path)
            _place(out, state, path, deepcopy(standing))
        elif component.type in KEYED and not _kept(state, instance):
            _place(out, state, path, state.value(instance))
    return out


def _kept(state: State, instance: Instance) -> bool:
    """Whether the value stays what the case has, unwritten."""
    if instance.component.get("disabled") is True:
        return True
    return instance.fixed and at(state.known, instance.path) is not MISSING


def _place(out: dict[str, Any], state: State, path: Path, value: Any) -> None:
    """Put a value into what is written, beside what the case's variable has at other places."""
    top = path[0]
    if len(path) > 1 and top not in out:
        standing = state.known.get(str(top))
        out[str(top)] = deepcopy(standing) if isinstance(standing, dict) else {}
    put(out, path, value)
