"""What an expression in a form sees.

The case's and the form's values; in a list's row also `this` (the row), `parent` (what is around the
list) and `i` (the numbers of the rows, from 1).
"""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from service.errors import ExpressionError
from service.feel import evaluate, render, unary
from service.forms.kinds import text
from service.forms.schema import Component


@dataclass(frozen=True)
class Scope:
    """One place to evaluate at."""

    data: Mapping[str, Any]
    this: Any
    parent: Mapping[str, Any] | None = None
    i: tuple[int, ...] = ()

    @cached_property
    def context(self) -> dict[str, Any]:
        """The variables of an expression; `_this_`, `_parent_` and `_i_` cannot be hidden by data."""
        special = {"this": self.this, "parent": self.parent, "i": list(self.i)}
        return {**special, **self.data, **{f"_{name}_": value for name, value in special.items()}}

    def row(self, value: Any, index: int) -> "Scope":
        """The scope of a list's row; `index` counts from 0."""
        around = self.this if isinstance(self.this, Mapping) else {}
        parent = Scope(around, self.this, self.parent, self.i).context
        return Scope(self.data, value, parent, (*self.i, index + 1))

    def value(self, expression: str) -> Any:
        """The value of a FEEL text; null where that is no value, such as a function."""
        try:
            return evaluate(expression, self.context).value
        except ExpressionError as error:
            if error.message.key == "feel.value":
                return None
            raise

    def of(self, component: Component, prop: str, default: Any = None) -> Any:
        """A property, evaluated where it is FEEL; the default where it is missing or null."""
        expression = component.feel(prop)
        found = self.value(expression) if expression else component.get(prop)
        return default if found is None or found == "=" else found

    def says(self, component: Component, prop: str) -> bool:
        """Whether a property is true, as written or as FEEL."""
        return self.of(component, prop) is True

    def holds(self, component: Component, prop: str) -> bool:
        """Whether a condition holds, as form-js asks it: as a unary test of nothing.

        So `=missing = "x"` does not hold, but `=missing`, which is null, does.
        """
        expression = component.feel(prop)
        if expression is None:
            return component.get(prop) is True
        value = self.value(expression)
        return value is True or (value is None and unary(expression, None, self.context))

    def text(self, component: Component, prop: str, *, html: bool = False) -> str:
        """A property in words: its FEEL evaluated, its `{{templates}}` filled; `html` escapes those."""
        written = text(component.get(prop, ""))
        return "" if written.strip() == "=" else render(written, self.context, html=html)

    def line(self, component: Component, prop: str) -> str:
        """The first line of a property in words."""
        return self.text(component, prop).split("\n", 1)[0]
