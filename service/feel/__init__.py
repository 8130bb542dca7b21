"""FEEL: evaluates expressions, unary tests and form templates, and turns JUEL into FEEL."""

from service.feel.expressions import Result, evaluate, matches, may_read, parse, render, template_names, unary
from service.feel.juel import translate

__all__ = [
    "Result",
    "evaluate",
    "matches",
    "may_read",
    "parse",
    "render",
    "template_names",
    "translate",
    "unary",
]
