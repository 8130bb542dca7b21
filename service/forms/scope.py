"""What an expression in a form sees.

The case's and the form's values; in a list's row also `this` (the row), `parent` (what is around the
list) and `i` (the numbers of the rows, from 1).
"""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from service.errors import ExpressionError
from service.feel import evaluate, render, unary
from service.forms.kinds import text
from service.forms.saying import Saying
from service.forms.schema import Component
from service.values import dumps

OBJECTS = ("this", "parent", "_this_", "_parent_")


@dataclass(frozen=True)
class Scope:
    """One place to evaluate at; `answers` are what was evaluated already, also in other rows.

    `say` gives the words for moments in texts.
    """

    data: Mapping[str, Any]
    this: Any
    parent: Mapping[str, Any] | None = None
    i: tuple[int, ...] = ()
    answers: dict[str, Any] = field(default_factory=dict, repr=False)
    say: Saying | None = None

    @cached_property
    def context(self) -> dict[str, Any]:
        """The variables of an expression; `_this_`, `_parent_` and `_i_` cannot be hidden by data."""
        special = {"this": self.this, "parent": self.parent, "i": list(self.i)}
        return {**special, **self.data, **{f"_{name}_": value for name, value in special.items()}}

    def row(self, value: Any, index: int) -> "Scope":
        """The scope of a list's row; `index` counts from 0."""
        around = self.this if isinstance(self.this, Mapping) else {}
        parent = Scope(around, self.this, self.parent, self.i).context
        return Scope(self.data, value, parent, (*self.i, index + 1), self.answers, self.say)

    def value(self, expression: str) -> Any:
        """The value of a FEEL text; null where that is no value, such as a function."""
        return self._answer("value", expression, lambda seen: _evaluated(expression, seen))

    def _answer(self, asked: str, words: str, ask: Callable[[dict[str, Any]], Any]) -> Any:
        """What `ask` says of the variables that the words name; the same question is asked once."""
        seen = _named(self.context, words)
        key = f"{asked}\n{words}\n{dumps(seen)}"
        if key not in self.answers:
            self.answers[key] = ask(seen)
        return self.answers[key]

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
        if value is not None:
            return value is True
        return bool(self._answer("unary", expression, lambda seen: unary(expression, None, seen)))

    def text(self, component: Component, prop: str, *, html: bool = False) -> str:
        """A property in words: its FEEL evaluated, its `{{templates}}` filled; `html` escapes those."""
        written = text(component.get(prop, ""))
        if written.strip() == "=" or not ("{{" in written or written.startswith("=")):
            return written.strip().removeprefix("=") and written
        return str(
            self._answer(f"text {html}", written, lambda seen: render(written, seen, html=html, say=self.say))
        )

    def line(self, component: Component, prop: str) -> str:
        """The first line of a property in words."""
        return self.text(component, prop).split("\n", 1)[0]


def _evaluated(expression: str, seen: Mapping[str, Any]) -> Any:
    try:
        return evaluate(expression, seen).value
    except ExpressionError as error:
        if error.message.key == "feel.value":
            return None
        raise


def _named(variables: Mapping[str, Any], words: str) -> dict[str, Any]:
    """The variables that a text may name; of `this` and `parent` too, unless it asks for them whole."""
    plain, squeezed = set(re.findall(r"\w+", words)), re.sub(r"\s", "", words)
    found = {
        name: value
        for name, value in variables.items()
        if name in plain or (not name.isidentifier() and re.sub(r"\s", "", name) in squeezed)
    }
    for name in OBJECTS:
        value = found.get(name)
        if isinstance(value, Mapping) and not re.search(rf"\b{name}\b(?!\s*\.)", words):
            found[name] = _named(value, words)
    return found
