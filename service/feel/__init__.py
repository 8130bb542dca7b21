"""FEEL: evaluates expressions, unary tests and form templates, and turns JUEL into FEEL."""

from service.feel.expressions import (
    Result,
    evaluate,
    matches,
    may_read,
    mentioned,
    parse,
    render,
    template_names,
    unary,
)
from service.feel.juel import translate
from service.feel.tables import Fits, Functions, Rules, evaluate_all, fitting, parse_tests

__all__ = [
    "Fits",
    "Functions",
    "Result",
    "Rules",
    "evaluate",
    "evaluate_all",
    "fitting",
    "matches",
    "may_read",
    "mentioned",
    "parse",
    "parse_tests",
    "render",
    "template_names",
    "translate",
    "unary",
]
