"""Evaluates a decision: those it requires first, each once, then its own table or expression."""

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any, NamedTuple

from service import feel
from service.dmn import policies
from service.dmn.convert import convert
from service.dmn.decided import Decided, Evaluated, Hit, Row
from service.dmn.model import SINGLE, Allowed, Decision, Definitions, Literal, Table
from service.dmn.order import functions, required
from service.dmn.policies import Fit
from service.errors import DecisionFailed, ExpressionError, InvalidInput
from service.feel.juel import RESERVED

_UNKNOWN = re.compile(r"NO_VARIABLE_FOUND: Variable '(.*)' not found")
_NAME = re.compile(r"[^\W\d]\w*")


class _Step(NamedTuple):
    evaluated: Evaluated
    rows: tuple[Row, ...]
    warnings: tuple[str, ...]


def evaluate(definitions: Definitions, key: str, context: Mapping[str, Any], version: int = 0) -> Decided:
    """What the decision with this id gives for these variables.

    DecisionFailed when there is none, its rules contradict its hit policy, or a value is not of its
    type or among those allowed.
    """
    if key not in definitions.decisions:
        raise DecisionFailed("dmn.no_decision", key=key)
    steps: dict[str, _Step] = {}
    for decision in required(definitions, key):
        scope = {**context, **_data(definitions, decision, context)}
        scope |= _seen(definitions, decision, steps)
        try:
            steps[decision.id] = _step(definitions, decision, scope)
        except (ExpressionError, InvalidInput) as error:
            raise DecisionFailed("dmn.expression", name=decision.name, reason=error.message) from error
    last = steps[key]
    return Decided(
        key=key,
        name=definitions.decisions[key].name,
        version=version,
        rows=last.rows,
        value=last.evaluated.value,
        steps=tuple(step.evaluated for step in steps.values()),
        missing=tuple(dict.fromkeys(_unknown(step.warnings for step in steps.values()))),
    )


def _data(definitions: Definitions, decision: Decision, context: Mapping[str, Any]) -> dict[str, Any]:
    """The variables that are drawn as input data of a decision, in their types."""
    drawn = [definitions.data[key] for key in decision.data if key in definitions.data]
    return {
        data.name: _typed(context[data.name], data.type, decision, data.name)
        for data in drawn
        if data.name in context
    }


def _seen(definitions: Definitions, decision: Decision, steps: Mapping[str, _Step]) -> dict[str, Any]:
    """What a decision sees of those it requires: each by its variable, name and id.

    As in Camunda also their outputs, by the outputs' names, where only one of them has that name.
    """
    found = [(definitions.decisions[id_], steps[id_]) for id_ in decision.requires]
    outputs = [_columns(step.rows) for _, step in found]
    times = Counter(name for columns in outputs for name in columns)
    seen = {name: value for columns in outputs for name, value in columns.items() if times[name] == 1}
    for other, step in found:
        names = (other.id, other.name, other.variable or other.name)
        seen.update(dict.fromkeys(names, step.evaluated.value))
    return seen


def _columns(rows: Sequence[Row]) -> dict[str, Any]:
    """The value of each output, a list of them where there are several rows."""
    if len(rows) == 1:
        return dict(rows[0])
    return {name: [row[name] for row in rows] for name in (rows[0] if rows else ())}


def _step(definitions: Definitions, decision: Decision, scope: Mapping[str, Any]) -> _Step:
    callable_ = functions(definitions, decision)
    if isinstance(decision.logic, Table):
        return _table(decision, decision.logic, scope, callable_)
    assert isinstance(decision.logic, Literal), "a checked decision has logic"
    (value,), warnings = feel.evaluate_all([decision.logic.text], scope, callable_)
    value = _typed(value, decision.logic.type, decision, decision.name)
    name = decision.variable or decision.id
    return _Step(Evaluated(decision.id, decision.name, value), ({name: value},), warnings)


def _table(decision: Decision, table: Table, scope: Mapping[str, Any], callable_: feel.Functions) -> _Step:
    columns, warnings = _inputs(decision, table, scope, callable_)
    first = table.policy == "FIRST"
    fits, odd = feel.fitting(table.cells, columns, scope, first=first, functions=callable_)
    rows = [Fit(place, _row(decision, table, outputs)) for place, outputs in fits]
    hits = policies.chosen(table, rows, decision.name)
    results = tuple(hit.row for hit in hits) or tuple(_default(decision, table, scope, callable_))
    value = _value(decision, table, results, fitted=bool(hits))
    if table.aggregation:
        results = ({table.outputs[0].name: value},)
    told = Evaluated(
        key=decision.id,
        name=decision.name,
        value=value,
        inputs=_told(table, columns),
        hits=tuple(_hit(table, hit.place) for hit in hits),
    )
    return _Step(told, results, (*warnings, *odd))


def _inputs(
    decision: Decision, table: Table, scope: Mapping[str, Any], callable_: feel.Functions
) -> tuple[list[Any], tuple[str, ...]]:
    """The values of the columns, in their types and among those allowed."""
    texts = [column.expression for column in table.inputs]
    found = _read(texts, scope, callable_)
    columns = []
    for column, value in zip(table.inputs, found.value, strict=True):
        typed = _typed(value, column.type, decision, column.label)
        columns.append(_permitted(typed, column.allowed, decision, column.label))
    return columns, found.warnings


def _told(table: Table, columns: Sequence[Any]) -> dict[str, Any]:
    """The values of the columns by their labels; a label that comes again by what the column reads."""
    told: dict[str, Any] = {}
    for column, value in zip(table.inputs, columns, strict=True):
        told[column.expression if column.label in told else column.label] = value
    return told


def _read(texts: Sequence[str], scope: Mapping[str, Any], callable_: feel.Functions) -> feel.Result:
    """The values of expressions; mostly they are variables, for which nobody needs to ask FEEL."""
    if all(text in scope and _NAME.fullmatch(text) and text not in RESERVED for text in texts):
        return feel.Result([scope[text] for text in texts], ())
    return feel.evaluate_all(texts, scope, callable_)


def _row(decision: Decision, table: Table, found: Iterable[Any]) -> Row:
    """A rule's outputs by their names."""
    row = {}
    for output, value in zip(table.outputs, found, strict=True):
        typed = _typed(value, output.type, decision, output.name)
        row[output.name] = _permitted(typed, output.allowed, decision, output.name)
    return row


def _default(
    decision: Decision, table: Table, scope: Mapping[str, Any], callable_: feel.Functions
) -> Iterator[Row]:
    """What is given when no rule fits: the outputs' defaults, if there are any."""
    if any(output.default for output in table.outputs):
        texts = [output.default or "null" for output in table.outputs]
        yield _row(decision, table, feel.evaluate_all(texts, scope, callable_).value)


def _value(decision: Decision, table: Table, rows: Sequence[Row], *, fitted: bool) -> Any:
    """What others see of the result: the value of a single output, else the row; a list of several.

    A default, where no rule `fitted`, is not counted or added up.
    """
    if table.aggregation and (fitted or not rows):
        return policies.aggregated(table, rows, decision.name)
    found = [next(iter(row.values())) if len(row) == 1 else row for row in rows]
    if table.policy in SINGLE or table.aggregation:
        return found[0] if found else None
    return found


def _hit(table: Table, place: int) -> Hit:
    rule = table.rules[place]
    return Hit(rule.id, place + 1, rule.annotation)


def _typed(value: Any, kind: str | None, decision: Decision, what: str) -> Any:
    try:
        return convert(value, kind)
    except ValueError as error:
        raise DecisionFailed("dmn.type", name=decision.name, what=what, type=kind) from error


def _permitted(value: Any, allowed: Allowed | None, decision: Decision, what: str) -> Any:
    """The value, if it may be here; nothing at all may be in every place."""
    if value is not None and allowed is not None and not allowed.permit(value):
        raise DecisionFailed("dmn.not_allowed", name=decision.name, what=what, allowed=allowed.text)
    return value


def _unknown(warnings: Iterable[Sequence[str]]) -> Iterator[str]:
    for warning in (text for texts in warnings for text in texts):
        if found := _UNKNOWN.fullmatch(warning):
            yield found[1]
