"""FEEL expressions, unary tests and templates over Python values."""

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from datetime import date, datetime, time
from functools import lru_cache
from typing import Any, NamedTuple

from service import values
from service.errors import ExpressionError, Message
from service.feel import runtime

LONGEST_TEXT = 100_000
"""Characters of an expression or template."""

SHORT = 500
"""Characters of an expression that is remembered once it was read."""

_SPACE = re.compile(r"\s+")
_MOMENT = re.compile("\ue000([^\ue001]*)\ue001")
"""A moment that was inserted into a template; the bundle marks it with two signs of no meaning."""
_TEMPLATE = re.compile(r"^=|\{\{")
_WHOLE_CONTEXT = re.compile(r"\b_?(this|parent)_?\b")


class Result(NamedTuple):
    """A value, and what FEEL found odd on the way: `NO_VARIABLE_FOUND: Variable 'x' not found`."""

    value: Any
    warnings: tuple[str, ...]


def evaluate(expression: str, context: Mapping[str, Any]) -> Result:
    """The value of a FEEL expression (without a leading `=`) over variables.

    What does not fit is null with a warning, as FEEL has it. ExpressionError for a syntax error, for
    a result that is no value (a range, a function), and beyond the limits of `runtime`.
    InvalidInput for a variable that FEEL cannot hold.
    """
    answer = runtime.call("evaluate", text=bounded(expression), context=pruned(context, expression))
    return Result(values.untag(answer["value"]), tuple(answer["warnings"]))


def unary(test: str, value: Any, context: Mapping[str, Any]) -> bool:
    """Whether a value passes a unary test, as in a cell of a decision table: `> 3`, `"a","b"`, `-`."""
    answer = runtime.call("unary", text=bounded(test), context=pruned(context, test), value=tagged(value))
    return answer["value"] is True


def parse(expression: str) -> frozenset[str]:
    """The names of the variables that an expression reads; ExpressionError `feel.syntax`.

    Left out are names inside a list's filter, as these may be the elements' own.
    """
    return _short(expression) if len(expression) <= SHORT else _parsed(expression)


def _parsed(expression: str) -> frozenset[str]:
    return frozenset(runtime.call("names", text=bounded(expression))["value"])


_short = lru_cache(4096)(_parsed)
"""A diagram's expressions are read by several that look at it, one after another."""


def render(
    template: str,
    context: Mapping[str, Any],
    *,
    html: bool = False,
    say: Callable[[date | time], str] | None = None,
) -> str:
    """A form-js template with its `{{…}}` filled in; null and unknown variables are empty.

    `html` escapes the values for HTML, not the template. `say` gives the words for a date, a time or
    a moment; without it they are ISO 8601. The text of a template that is none is given back as it
    is. ExpressionError for a mistake in it.
    """
    if not _TEMPLATE.search(template):
        return template
    seen = tagged(dict(context)) if _WHOLE_CONTEXT.search(template) else pruned(context, template)
    answer = runtime.call("template", text=bounded(template), context=seen, html=html)
    return _MOMENT.sub(lambda found: _said(found[1], say), str(answer["value"]))


def _said(moment: str, say: Callable[[date | time], str] | None) -> str:
    for kind in (date, time, datetime):
        if say is not None:
            try:
                return say(kind.fromisoformat(moment))
            except ValueError:
                continue
    return moment


def mentioned(text: str, names: Iterable[str]) -> Iterator[str]:
    """Of these variables all that templates and expressions in a text could read, and maybe some more."""
    return iter(names) if _WHOLE_CONTEXT.search(text) else _mentions(text, names)


def may_read(template: str, names: Iterable[str]) -> bool:
    """Whether a template could read one of these variables: sometimes yes for no, never no for yes."""
    return any(True for _ in mentioned(template, names))


def template_names(template: str) -> frozenset[str]:
    """The names of the variables that a template reads, outside its loops; ExpressionError `feel.syntax`."""
    if not _TEMPLATE.search(template):
        return frozenset()
    return frozenset(runtime.call("templateNames", text=bounded(template))["value"])


def matches(pattern: str, text: str) -> bool:
    """Whether a JavaScript regular expression finds something in a text, as form-js validates.

    ExpressionError for a bad pattern and for one that takes too long on this text.
    """
    return runtime.call("matches", pattern=bounded(pattern), text=values.text(text))["value"] is True


def pruned(context: Mapping[str, Any], text: str) -> Any:
    """Only the variables whose names are in the text, tagged: the engine copies all that it is given."""
    return tagged({name: context[name] for name in _mentions(text, context)})


def _mentions(text: str, names: Iterable[str]) -> Iterator[str]:
    squeezed = _SPACE.sub("", text)
    return (name for name in names if _SPACE.sub("", name) in squeezed)


def tagged(value: Any) -> Any:
    """The value as it crosses; ExpressionError if too deep, InvalidInput if FEEL cannot hold it."""
    try:
        return values.tag(value)
    except RecursionError:
        raise ExpressionError("feel.value", what=Message("feel.kind.deep")) from None


def bounded(text: str) -> str:
    """The text itself; ExpressionError where it is too long."""
    if len(text) > LONGEST_TEXT:
        raise ExpressionError("feel.long", limit=LONGEST_TEXT)
    return values.text(text)
