"""What a DMN file says, as plain data: decisions, their tables or expressions, and what they require."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from service import feel, values
from service.errors import ExpressionError

SINGLE = ("UNIQUE", "ANY", "FIRST", "PRIORITY")
"""The hit policies under which at most one rule counts."""
SEVERAL = ("RULE ORDER", "OUTPUT ORDER", "COLLECT")
AGGREGATIONS = ("SUM", "MIN", "MAX", "COUNT")
BY_PRIORITY = ("PRIORITY", "OUTPUT ORDER")

_NOTHING = re.compile(r"\s*-?\s*")


@dataclass(frozen=True)
class Allowed:
    """The values that an input or output may have, as unary tests: `"low","high"` or `[0..100]`."""

    text: str

    @cached_property
    def listed(self) -> tuple[str, ...] | None:
        """The values one by one, each as JSON, in their order; None where they are ranges or tests."""
        try:
            found = feel.evaluate(f"[{self.text}]", {}).value
        except ExpressionError:
            return None
        return None if any(value is None for value in found) else tuple(map(values.dumps, found))

    def permit(self, value: Any) -> bool:
        """Whether it is one of them."""
        if self.listed is not None:
            return values.dumps(value) in self.listed
        return feel.unary(self.text, value, {})


@dataclass(frozen=True)
class Input:
    """A column that is tested: its `expression` in FEEL, and what type its value must have."""

    id: str
    label: str
    expression: str
    type: str | None = None
    allowed: Allowed | None = None
    line: int | None = None


@dataclass(frozen=True)
class Output:
    """A column that is given: its name in the result, and what is given when no rule fits."""

    id: str
    name: str
    type: str | None = None
    allowed: Allowed | None = None
    default: str = ""
    line: int | None = None


@dataclass(frozen=True)
class Rule:
    """A row of a table; its cells are in `Table.cells`."""

    id: str
    annotation: str | None = None
    line: int | None = None


@dataclass(frozen=True)
class Table:
    """A decision table."""

    policy: str
    aggregation: str | None
    inputs: tuple[Input, ...]
    outputs: tuple[Output, ...]
    rules: tuple[Rule, ...]
    cells: feel.Rules


@dataclass(frozen=True)
class Literal:
    """A literal expression, or a boxed one written out as FEEL."""

    text: str
    type: str | None = None


@dataclass(frozen=True)
class Data:
    """Input data: the name of a variable, and its type."""

    name: str
    type: str | None = None


@dataclass(frozen=True)
class Decision:
    """One decision. `requires`, `data` and `knowledge` are the ids of decisions, input data and functions.

    `variable` is the name that its result has for others, where the file gives one.
    """

    id: str
    name: str
    logic: Table | Literal | None
    variable: str | None = None
    requires: tuple[str, ...] = ()
    data: tuple[str, ...] = ()
    knowledge: tuple[str, ...] = ()
    version_tag: str | None = None
    line: int | None = None


@dataclass(frozen=True)
class Function:
    """A business knowledge model: FEEL that other expressions call by its name."""

    id: str
    name: str
    text: str
    knowledge: tuple[str, ...] = ()
    line: int | None = None


@dataclass(frozen=True)
class Definitions:
    """A read file: its decisions, input data and functions by id."""

    name: str
    decisions: Mapping[str, Decision]
    data: Mapping[str, Data]
    functions: Mapping[str, Function]


def is_nothing(cell: str) -> bool:
    """Whether a cell is left open: anything fits, or nothing comes out."""
    return _NOTHING.fullmatch(cell) is not None
