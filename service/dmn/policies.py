"""Hit policies and aggregations: how the rules that fit become one result."""

from collections.abc import Callable, Sequence
from decimal import Decimal
from typing import Any, NamedTuple

from service import values
from service.dmn.convert import convert
from service.dmn.decided import Row
from service.dmn.model import SINGLE, Table
from service.errors import DecisionFailed


class Fit(NamedTuple):
    """A rule that fits: its place from 0, and what it gives."""

    place: int
    row: Row


def chosen(table: Table, fits: Sequence[Fit], name: str) -> list[Fit]:
    """The rules that count under the table's hit policy, in the order of the result.

    DecisionFailed where the policy does not allow these rules together; `name` is the decision's.
    """
    match table.policy:
        case "UNIQUE" if len(fits) > 1:
            raise DecisionFailed("dmn.several_hits", name=name, rules=_numbers(fits))
        case "ANY" if len({values.dumps(fit.row) for fit in fits}) > 1:
            raise DecisionFailed("dmn.different_hits", name=name, rules=_numbers(fits))
        case "PRIORITY" | "OUTPUT ORDER":
            fits = sorted(fits, key=lambda fit: _priority(table, fit.row))
    return list(fits[:1] if table.policy in SINGLE else fits)


def aggregated(table: Table, rows: Sequence[Row], name: str) -> Any:
    """The one value of a COLLECT table's single output; null where there is nothing to add or compare."""
    if table.aggregation == "COUNT":
        return len(rows)
    output = table.outputs[0]
    found = [row[output.name] for row in rows]
    if not found:
        return None
    try:
        return convert(_AGGREGATE[table.aggregation or ""](found), output.type)
    except (TypeError, ValueError) as error:
        raise DecisionFailed("dmn.aggregation", name=name, aggregation=table.aggregation) from error


def _priority(table: Table, row: Row) -> tuple[int, ...]:
    """The places of the row's values in the lists of the outputs' values, the first output first."""
    return tuple(
        output.allowed.listed.index(values.dumps(row[output.name]))
        for output in table.outputs
        if output.allowed and output.allowed.listed
    )


def _numbers(fits: Sequence[Fit]) -> str:
    return ", ".join(str(fit.place + 1) for fit in fits)


def _sum(found: Sequence[Any]) -> int | float:
    """As people add: 0.1 and 0.2 is 0.3."""
    total = sum((_decimal(value) for value in found), Decimal(0))
    return int(total) if total == int(total) else float(total)


def _decimal(value: Any) -> Decimal:
    if isinstance(value, bool) or not isinstance(value, int | float):
        raise TypeError
    return Decimal(str(value))


def _extreme(choose: Callable[[Sequence[Any]], Any]) -> Callable[[Sequence[Any]], Any]:
    """The smallest or largest of values of one kind that has an order."""

    def extreme(found: Sequence[Any]) -> Any:
        kinds = {float if isinstance(value, int) else type(value) for value in found}
        if len(kinds) > 1 or any(isinstance(value, bool) for value in found):
            raise TypeError
        return choose(found)

    return extreme


_AGGREGATE: dict[str, Callable[[Sequence[Any]], Any]] = {
    "SUM": _sum,
    "MIN": _extreme(min),
    "MAX": _extreme(max),
}
