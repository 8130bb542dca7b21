"""What a diagram's expressions and templates see and must give; errors name the element."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from SpiffWorkflow.task import Task

from service import feel, values
from service.engine.scope import Case
from service.errors import ExecutionFailed, ExpressionError, InvalidInput


@dataclass(frozen=True)
class Path:
    """A sequence flow, ready to take: `target` is a spec's name, `condition` is FEEL."""

    id: str
    name: str | None
    target: str
    condition: str | None = None
    default: bool = False


def is_expression(text: str) -> bool:
    """Whether a text, where plain words may stand as well, is FEEL (`=…`) or JUEL (`${…}`)."""
    return text.lstrip().startswith(("=", "${", "#{"))


def evaluate(case: Case, token: Task, expression: str) -> Any:
    """The value of a FEEL expression at a token; ExecutionFailed names the element."""
    return _result(case.context(token), token, expression).value


def evaluate_in(context: Mapping[str, Any], token: Task, expression: str) -> Any:
    """The same with other variables than the token's."""
    return _result(context, token, expression).value


def _result(context: Mapping[str, Any], token: Task, expression: str) -> feel.Result:
    element = token.task_spec.element
    try:
        result = feel.evaluate(expression, context)
        values.tag(result.value)  # what cannot be kept stops the case here, and not its saving
    except (ExpressionError, InvalidInput) as error:
        raise ExecutionFailed(
            "engine.expression",
            element=element.id,
            name=element.name or "",
            expression=expression,
            reason=error.message,
        ) from error
    return result


def holds(case: Case, token: Task, path: Path) -> bool:
    """Whether a flow's condition is true; anything but true and false stops the instance here."""
    assert path.condition is not None
    result = _result(case.context(token), token, path.condition)
    if isinstance(result.value, bool):
        return result.value
    element = token.task_spec.element
    raise ExecutionFailed(
        "engine.condition",
        element=element.id,
        name=element.name or "",
        flow=path.name or path.id,
        expression=path.condition,
        value="null" if result.value is None else str(result.value),
        warnings="; ".join(result.warnings),
        lacking=lacking(case, token, path.condition),
    )


def lacking(case: Case, token: Task, expression: str) -> str:
    """The variables that an expression reads and that are unknown or null at a token, with commas between."""
    context = case.context(token)
    return ", ".join(sorted(name for name in feel.parse(expression) if context.get(name) is None))


def text(template: str | None, context: Mapping[str, Any]) -> str:
    """A `{{…}}` template filled in; empty where it cannot be, for it only labels things."""
    if not template:
        return ""
    try:
        return feel.render(template, context).strip()
    except ExpressionError:
        return ""


def names(case: Case, token: Task, value: str | None) -> tuple[str, ...]:
    """Whom a `camunda:assignee`, `candidateUsers` or `candidateGroups` names, literally or by expression."""
    if not value:
        return ()
    if is_expression(value):
        found = evaluate(case, token, feel.translate(value))
        if isinstance(found, list):
            return tuple(str(name) for name in found)
        value = "" if found is None else str(found)
    return tuple(name.strip() for name in value.split(",") if name.strip())
