"""The few FEEL expressions that the game's diagrams use; null is what does not fit."""

import json
import operator
from collections.abc import Mapping
from typing import Any

ORDERS = {
    " >= ": operator.ge,
    " <= ": operator.le,
    " > ": operator.gt,
    " < ": operator.lt,
    " + ": operator.add,
}


def evaluate(text: str | None, variables: Mapping[str, Any]) -> Any:
    """The value of an expression, with or without its leading `=`."""
    text = (text or "").strip().removeprefix("=").strip()
    if text.startswith("not(") and text.endswith(")"):
        value = evaluate(text[4:-1], variables)
        return not value if isinstance(value, bool) else None
    if " = " in text:
        left, _, right = text.partition(" = ")
        return _same(evaluate(left, variables), evaluate(right, variables))
    for sign, apply in ORDERS.items():
        if sign in text:
            left, _, right = text.partition(sign)
            return _apply(apply, evaluate(left, variables), evaluate(right, variables))
    return _atom(text, variables)


def _same(left: Any, right: Any) -> bool | None:
    if left is None or right is None:
        return left is right
    return left == right if isinstance(left, bool) == isinstance(right, bool) else None


def _apply(apply: Any, left: Any, right: Any) -> Any:
    return apply(left, right) if _is_number(left) and _is_number(right) else None


def _is_number(value: Any) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)


def _atom(text: str, variables: Mapping[str, Any]) -> Any:
    try:
        return json.loads(text)
    except ValueError:
        value: Any = variables
        for name in text.split("."):
            value = value.get(name) if isinstance(value, Mapping) else None
        return value
