"""What came out of a decision, and by which rules."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from service.errors import DecisionFailed

Row = dict[str, Any]


@dataclass(frozen=True)
class Hit:
    """A rule of a table that fitted; `number` is its place in the table, from 1."""

    rule: str
    number: int
    annotation: str | None = None


@dataclass(frozen=True)
class Evaluated:
    """One of the decisions that were needed: what went in, by the columns' labels, and which rules hit.

    `value` is what came out, as other decisions see it: a single value, a context, or a list.
    """

    key: str
    name: str
    value: Any
    inputs: Mapping[str, Any] = field(default_factory=dict)
    hits: tuple[Hit, ...] = ()


@dataclass(frozen=True)
class Decided:
    """What a decision gave: `rows` as a table gives them, each a mapping of its outputs' names.

    An aggregated value and a literal expression's stand alone in one row, as in Camunda. `value` is
    what FEEL makes of the rows. `steps` are the decisions in the order they were evaluated, this
    one last; `missing` the variables that were read and not there.
    """

    key: str
    name: str
    version: int
    rows: tuple[Row, ...]
    value: Any
    steps: tuple[Evaluated, ...] = ()
    missing: tuple[str, ...] = ()

    @property
    def hits(self) -> tuple[Hit, ...]:
        """The rules that hit in the decision itself."""
        return self.steps[-1].hits if self.steps else ()

    def mapped(self, mapping: str | None = None) -> Any:
        """The result as camunda:mapDecisionResult asks for it; without it, the list of rows.

        DecisionFailed where there are more rows or outputs than the mapping has room for.
        """
        return _MAPPINGS[mapping or "resultList"](self)


def _single_row(decided: Decided) -> Row | None:
    if len(decided.rows) > 1:
        raise DecisionFailed("dmn.several_rows", name=decided.name, count=len(decided.rows))
    return dict(decided.rows[0]) if decided.rows else None


def _entry(decided: Decided, row: Row) -> Any:
    if len(row) > 1:
        raise DecisionFailed("dmn.several_outputs", name=decided.name, names=", ".join(row))
    return next(iter(row.values()), None)


def _single_entry(decided: Decided) -> Any:
    row = _single_row(decided)
    return None if row is None else _entry(decided, row)


_MAPPINGS: dict[str, Callable[[Decided], Any]] = {
    "singleEntry": _single_entry,
    "singleResult": _single_row,
    "collectEntries": lambda decided: [_entry(decided, row) for row in decided.rows],
    "resultList": lambda decided: [dict(row) for row in decided.rows],
}

MAPPINGS = frozenset(_MAPPINGS)
"""What camunda:mapDecisionResult may say."""

Decide = Callable[[str, str, str | None, Mapping[str, Any]], Decided]
"""A decision by its key, the binding (`latest`, `deployment`, `version`), the version, and the variables."""
