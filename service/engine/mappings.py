"""What goes into an activity and comes out of it: camunda:inputOutput, camunda:in and camunda:out."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from SpiffWorkflow.task import Task

from service.diagram.model import Parameter, Passed
from service.engine import scripting
from service.engine.scope import Case


class Formula(str):
    """A FEEL expression, where a plain text may stand as well."""


@dataclass(frozen=True)
class Given:
    """A variable and what it gets: a text, a Formula, or a list or mapping of such."""

    name: str
    value: Any


def given(parameter: Parameter, feel: Callable[[str], str]) -> Given:
    """A parameter ready to be evaluated; `feel` reads an expression."""
    return Given(parameter.name, _read(parameter.value, feel))


def _read(value: Any, feel: Callable[[str], str]) -> Any:
    if isinstance(value, str):
        return Formula(feel(value)) if scripting.is_expression(value) else value
    if isinstance(value, Mapping):
        return {name: _read(one, feel) for name, one in value.items()}
    return value if value is None else [_read(one, feel) for one in value]


def values(case: Case, token: Task, parameters: Iterable[Given]) -> dict[str, Any]:
    """The values of the parameters at a token, by name; each is evaluated before any is written."""
    return {one.name: value(case, token, one.value) for one in parameters}


def value(case: Case, token: Task, said: Any) -> Any:
    """What a text, a Formula, or a list or mapping of such comes to at a token."""
    if isinstance(said, Formula):
        return scripting.evaluate(case, token, said)
    if isinstance(said, dict):
        return {name: value(case, token, one) for name, one in said.items()}
    if isinstance(said, list):
        return [value(case, token, one) for one in said]
    return said


def passed(
    case: Case, token: Task, rules: Iterable[Passed], there: Mapping[str, Any] | None = None
) -> dict[str, Any]:
    """What goes over between a case and one that it calls.

    It is seen `there`: in the called case's variables when it is done, else at the calling token. A
    variable that does not exist there goes over as null, as in Camunda.
    """
    seen = case.context(token) if there is None else there
    result: dict[str, Any] = {}
    for rule in rules:
        if rule.all:
            result.update(seen)
        elif rule.expression is not None:
            result[rule.target] = scripting.evaluate_in(seen, token, rule.expression)
        else:
            result[rule.target] = seen.get(rule.source or rule.target)
    return result
