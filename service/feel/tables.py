"""Many expressions in one call: the rules of a decision table, or what goes into it."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any, NamedTuple

from service import values
from service.feel import runtime
from service.feel.expressions import Result, bounded, pruned, tagged

Functions = Sequence[tuple[str, str]]
"""Functions that expressions may call: names and FEEL (`function(a) a + 1`); later may call earlier ones."""


@dataclass(frozen=True)
class Rules:
    """The cells of a decision table.

    `tests` has the unary tests of each column, one for each rule, empty where anything fits;
    `names` what the tests call a column's value, besides `?`; `outputs` each rule's expressions.
    """

    names: tuple[str, ...]
    tests: tuple[tuple[str, ...], ...]
    outputs: tuple[tuple[str, ...], ...]

    @cached_property
    def text(self) -> str:
        """Everything that is written in the cells."""
        return "\n".join(bounded(text) for texts in (*self.tests, *self.outputs) for text in texts)


class Fits(NamedTuple):
    """The rules that fit, as (place from 0, values of the outputs), and what FEEL found odd."""

    rules: list[tuple[int, list[Any]]]
    warnings: tuple[str, ...]


def evaluate_all(expressions: Sequence[str], context: Mapping[str, Any], functions: Functions = ()) -> Result:
    """The values of several expressions, as a list; errors as of `evaluate`."""
    text = "\n".join(_texts(expressions, functions))
    answer = runtime.call(
        "values", texts=list(expressions), context=pruned(context, text), functions=list(functions)
    )
    return Result(values.untag(answer["value"]), tuple(answer["warnings"]))


def fitting(
    rules: Rules,
    columns: Sequence[Any],
    context: Mapping[str, Any],
    *,
    first: bool = False,
    functions: Functions = (),
) -> Fits:
    """Which rules fit these values of the columns, in their order; with `first` only the first of them."""
    sent = [
        {"name": name, "value": tagged(value), "tests": tests}
        for name, value, tests in zip(rules.names, columns, rules.tests, strict=True)
    ]
    text = "\n".join([rules.text, *_texts((), functions)])
    answer = runtime.call(
        "rules",
        columns=sent,
        outputs=rules.outputs,
        context=pruned(context, text),
        functions=list(functions),
        first=first,
    )
    found = [(place, values.untag(outputs)) for place, outputs in answer["value"]]
    return Fits(found, tuple(answer["warnings"]))


def parse_tests(text: str) -> frozenset[str]:
    """The names of the variables that unary tests read, without `?`; ExpressionError `feel.syntax`."""
    return frozenset(runtime.call("testNames", text=bounded(text))["value"])


def _texts(expressions: Sequence[str], functions: Functions) -> Iterator[str]:
    for text in (*expressions, *(text for _, text in functions)):
        yield bounded(text)
