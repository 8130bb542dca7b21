"""What a form holds at this moment: the case's values, with what was sent laid over them."""

from collections.abc import Iterator, Mapping, Sequence
from copy import deepcopy
from dataclasses import dataclass
from datetime import tzinfo
from typing import Any

from service.errors import Message
from service.forms.kinds import SentFile, Unfit, empty, initial, sent
from service.forms.options import chosen, options
from service.forms.places import MISSING, Path, at, drop, put, spell
from service.forms.saying import Saying
from service.forms.schema import CHOICES, PICKS, Component, Form
from service.forms.scope import Scope

ROWS = 200
"""The most rows of one list."""

ORIGIN = "_row"
"""In a sent row: which of the case's rows it is, by number from 0; a new row has none."""


@dataclass(frozen=True)
class Instance:
    """A visible component at its place; a list has `rows` of instances, a group one `children`."""

    component: Component
    path: Path
    scope: Scope
    children: tuple["Instance", ...] = ()
    rows: tuple[tuple["Instance", ...], ...] = ()

    @property
    def fixed(self) -> bool:
        """The person may not change it."""
        return self.component.get("disabled") is True or self.scope.holds(self.component, "readonly")

    def walk(self) -> Iterator["Instance"]:
        """This and everything below."""
        yield self
        for below in (self.children, *self.rows):
            for instance in below:
                yield from instance.walk()


class State:
    """The values of a form.

    `values` is what expressions see and what will be written, `known` what the case has, in the
    rows' present order, `start` that as the components hold it, `raws` what was sent, and `faults`
    why something sent cannot be a value. `origins` maps a row to its number in the case's list.
    """

    def __init__(
        self,
        form: Form,
        data: Mapping[str, Any],
        typed: Mapping[str, Any],
        files: Mapping[str, Sequence[SentFile]],
        zone: tzinfo,
        say: Saying | None = None,
    ) -> None:
        self.form = form
        self.zone = zone
        self.say = say
        self.pending = files
        self.files = {file.id: file for group in files.values() for file in group}
        self.known: dict[str, Any] = deepcopy({name: data[name] for name in form.mentioned(data)})
        self.start: dict[str, Any] = deepcopy(self.known)
        self.values: dict[str, Any] = deepcopy(self.known)
        self.raws: dict[Path, Any] = {}
        self.faults: dict[Path, Message] = {}
        self.origins: dict[Path, int | None] = {}
        self.answers: dict[str, Any] = {}
        self._fill(form.components, (), typed)

    def value(self, instance: Instance) -> Any:
        """What the instance holds."""
        found = at(self.values, instance.path)
        return None if found is MISSING else found

    def _fill(self, components: Sequence[Component], base: Path, typed: Any) -> None:
        for component in components:
            path = (*base, *component.name)
            given = at(typed, component.name)
            if component.repeats:
                self._fill_list(component, path, given)
            elif component.components:
                if component.name and given is not MISSING and not isinstance(given, dict):
                    self.faults[path] = Message("form.object")
                self._fill(component.components, path, given)
            elif component.name:
                self._fill_value(component, path, given)

    def _fill_value(self, component: Component, path: Path, given: Any) -> None:
        known = at(self.known, path)
        if known is MISSING:
            start = component.get("defaultValue", empty(component))
        else:
            start = self._offered(component, initial(component, known, self.zone))
        put(self.start, path, start)
        if component.type == "filepicker":
            standing = _standing(start if isinstance(start, list) else [])
            self.files.update(standing)
            if given is MISSING and (waiting := self.pending.get(spell(path))):
                given = [*standing, *(file.id for file in waiting)]
        value = start
        echoed = known is not MISSING and type(given) is type(known) and given == known
        if given is not MISSING and component.type != "expression" and not echoed:
            self.raws[path] = given
            try:
                value = sent(component, given, self.files, self.zone)
            except Unfit as unfit:
                self.faults[path] = unfit.message
                value = empty(component)
        put(self.values, path, value)

    def _offered(self, component: Component, known: Any) -> Any:
        """Of a choice that the case has, what the form offers; choices by FEEL are looked up later."""
        if known is None or component.type not in CHOICES | PICKS or component.feel("valuesExpression"):
            return known
        choices = options(component, Scope({}, {}), self.known)
        if component.type in PICKS:
            return [option.value for item in known if (option := chosen(item, choices))]
        option = chosen(known, choices)
        return option.value if option else None

    def _fill_list(self, component: Component, path: Path, given: Any) -> None:
        known = at(self.known, path)
        rows = [row if isinstance(row, dict) else {} for row in known] if isinstance(known, list) else None
        if rows is None:
            rows = [{} for _ in range(_repetitions(component))]
        typed = self._rows(component, path, given, len(rows))
        origins = [_origin(row, index, len(rows), typed) for index, row in enumerate(typed)]
        arranged = [{} if origin is None else rows[origin] for origin in origins]
        for values in (self.known, self.start, self.values):
            put(values, path, deepcopy(arranged))
        for index, row in enumerate(typed):
            self.origins[*path, index] = origins[index]
            self._fill(component.components, (*path, index), row)

    def _rows(self, component: Component, path: Path, given: Any, standing: int) -> list[Any]:
        """The rows that were sent; one MISSING for each standing row where none can be taken."""
        untouched: list[Any] = [MISSING] * min(standing, ROWS)
        if given is MISSING:
            if standing > ROWS:
                self.faults[path] = Message("form.rows", {"most": ROWS})
            return untouched
        if not isinstance(given, list) or not all(isinstance(row, dict) for row in given):
            self.faults[path] = Message("form.rows_kind")
            return untouched
        if len(given) > ROWS:
            self.faults[path] = Message("form.rows", {"most": ROWS})
            return given[:ROWS]
        if len(given) != standing and not grows(component):
            self.faults[path] = Message("form.rows_fixed", {"count": standing})
            return untouched
        return given


def grows(component: Component) -> bool:
    """Whether rows may be added to a list and taken from it."""
    locked = component.get("disabled") is True or component.get("readonly") is True
    return component.get("allowAddRemove", True) is not False and not locked


def _standing(value: list[Any]) -> dict[str, SentFile]:
    """The files that the case has under this field already."""
    entries = [item for item in value if isinstance(item, dict) and isinstance(item.get("id"), str)]
    return {
        item["id"]: SentFile(
            item["id"], str(item.get("name", "")), str(item.get("type", "")), int(item.get("size") or 0)
        )
        for item in entries
    }


def _repetitions(component: Component) -> int:
    wanted = component.get("defaultRepetitions", 1)
    whole = isinstance(wanted, int) and not isinstance(wanted, bool)
    return min(max(wanted, 0), ROWS) if whole else 1


def _origin(row: Any, index: int, standing: int, typed: list[Any]) -> int | None:
    """Which of the case's rows a row is: the one it names, or the same one of as many."""
    if not isinstance(row, dict):
        return index
    if ORIGIN not in row:
        return index if len(typed) == standing else None
    named = row[ORIGIN]
    if not isinstance(named, int) or isinstance(named, bool):
        return None
    return named if 0 <= named < standing else None


@dataclass
class _Build:
    """One pass over the form: the visible instances, and the places of what is hidden."""

    values: Mapping[str, Any]
    hidden: list[Path]

    def instances(self, components: Sequence[Component], base: Path, scope: Scope) -> tuple[Instance, ...]:
        found = []
        for component in components:
            path = (*base, *component.name)
            if component.feel("conditional.hide") and scope.holds(component, "conditional.hide"):
                self.hidden.extend(_places(component, path))
            elif component.repeats:
                rows = at(self.values, path)
                built = tuple(
                    self.instances(component.components, (*path, index), scope.row(row, index))
                    for index, row in enumerate(rows if isinstance(rows, list) else ())
                )
                found.append(Instance(component, path, scope, rows=built))
            else:
                children = self.instances(component.components, path, scope)
                found.append(Instance(component, path, scope, children))
        return tuple(found)


def _places(component: Component, path: Path) -> Iterator[Path]:
    """The places of the values at and below a hidden component; a list is one place."""
    if component.components and not component.repeats:
        for child in component.components:
            yield from _places(child, (*path, *child.name))
    elif component.name:
        yield path


def visible(state: State) -> tuple[Instance, ...]:
    """The form's instances that are not hidden.

    As form-js does it: conditions are first asked with all values, then once more without the
    values of what is hidden; a hidden variable has again what the case has.
    """
    whole = _Build(state.values, [])
    instances = whole.instances(state.form.components, (), _top(state, state.values))
    if not whole.hidden:
        return instances
    rest = deepcopy(state.values)
    for path in whole.hidden:
        drop(rest, path)
    rest = {**state.start, **rest}
    return _Build(state.values, []).instances(state.form.components, (), _top(state, rest))


def _top(state: State, values: Mapping[str, Any]) -> Scope:
    return Scope(values, values, answers=state.answers, say=state.say)
