"""Turns JUEL, the `${…}` of Camunda 7 diagrams, into FEEL.

FEEL keeps types apart where JUEL converts them. The translation answers what JUEL answers, or null
where JUEL would convert or fail: a gateway then opens an incident instead of taking a wrong turn.
One thing JUEL refuses has an answer: the property of a list is the list of its items' properties.
"""

import math
import re
from decimal import Decimal
from typing import NoReturn

from service.errors import ExpressionError
from service.feel import juel_syntax as syntax
from service.feel.juel_syntax import Binary, Choice, Index, Literal, Method, Name, Node, Property, Unary
from service.values import LARGEST_INTEGER

RESERVED = frozenset({
    "and", "between", "else", "every", "external", "false", "for", "function", "if", "in", "instance",
    "not", "null", "or", "return", "satisfies", "some", "then", "true",
})  # fmt: skip
"""Words that FEEL does not take as names."""

_BEANS = frozenset({"authenticatedUserId", "caseExecution", "execution", "task"})
"""What Camunda puts beside the variables."""

_NAME = re.compile(r"[^\W\d]\w*")
_OPEN = re.compile(r"(?<!\\)[$#]\{")
_ESCAPED = re.compile(r"\\([$#]\{)")
_SIGNS = {"==": "="}
_IN_NAMES = frozenset("+-*/")

_BY_KIND = (
    "if x instance of string then {} else if x instance of list then {}"
    " else if x instance of context then {} else null"
)
_SIZE = _BY_KIND.format("string length(x)", "count(x)", "count(get entries(x))")
_IS_EMPTY = _BY_KIND.format('x = ""', "count(x) = 0", "count(get entries(x)) = 0")
_EMPTY = f"if x = null then true else ({_IS_EMPTY}) = true"
_TEXT = "if x instance of string then {} else null"
_TEXTS = "if x instance of string and y instance of string then {} else null"
_AT = (
    "if y instance of string then get value(x, y)"
    " else if x instance of list and y >= 0 then x[y + 1] else null"
)
_TRUTH = 'if x instance of boolean then x {sign} {truth} else x {sign} "{truth}"'
_REMAINDER = "if x < 0 then -modulo(-x, abs(y)) else modulo(x, abs(y))"
"""FEEL's modulo has the sign of the divisor, JUEL's that of the dividend."""

_METHODS = {
    ("contains", 1): f"if x instance of list then list contains(x, y) else {_TEXTS.format('contains(x, y)')}",
    ("endsWith", 1): _TEXTS.format("ends with(x, y)"),
    ("equals", 1): "if x = null then null else (x = y) = true",
    ("equalsIgnoreCase", 1): _TEXTS.format("lower case(x) = lower case(y)"),
    ("get", 1): _AT,
    ("isEmpty", 0): _IS_EMPTY,
    ("length", 0): _SIZE,
    ("size", 0): _SIZE,
    ("startsWith", 1): _TEXTS.format("starts with(x, y)"),
    ("toLowerCase", 0): _TEXT.format("lower case(x)"),
    ("toUpperCase", 0): _TEXT.format("upper case(x)"),
}
"""FEEL for each method that diagrams use, by name and number of arguments; `x` is the receiver."""


def translate(text: str) -> str:
    """FEEL without `=`, from `=feel`, `${juel}`, `#{juel}`, text with those in it, or plain FEEL.

    ExpressionError `feel.juel_unsupported` names what has no FEEL (a bean, another method), and
    `feel.juel_syntax` the place of a mistake. FEEL itself is not checked: `parse` does that.
    """
    text = text.strip()
    if text.startswith("="):
        return text[1:].strip()
    if not _OPEN.search(text):
        return text
    try:
        return _composite(syntax.split(text))
    except RecursionError:
        raise ExpressionError("feel.juel_deep") from None


def _composite(parts: list[str | Node]) -> str:
    if len(parts) == 1 and not isinstance(parts[0], str):
        return _feel(parts[0])
    return f"string join([{', '.join(_joined(part) for part in parts)}])"


def _joined(part: str | Node) -> str:
    """`string join` leaves null out, as JUEL does."""
    return _quoted(_ESCAPED.sub(r"\1", part)) if isinstance(part, str) else f"string({_feel(part)})"


def _feel(node: Node) -> str:
    match node:
        case Literal(value):
            return _literal(value)
        case Name(name):
            return _variable(name)
        case Property(target, name):
            return _property(target, name)
        case Index(target, key):
            return _index(target, key)
        case Unary(operator, operand):
            return _unary(operator, operand)
        case Binary(operator, left, right):
            return _binary(operator, left, right)
        case Choice(condition, then, other):
            # JavaScript's feelin would take any text for true
            return _applied("if x = true then y else if x = false then z else null", condition, then, other)
        case Method(target, name, arguments):
            return _method(target, name, arguments)


def _literal(value: int | float | str | bool | None) -> str:
    match value:
        case None:
            return "null"
        case bool():
            return "true" if value else "false"
        case str():
            return _quoted(value)
    if math.isinf(value) or (isinstance(value, int) and value > LARGEST_INTEGER):
        _unsupported(str(value))
    return f"{Decimal(repr(value)):f}"


def _quoted(text: str) -> str:
    for sign, escape in (("\\", "\\\\"), ('"', '\\"'), ("\n", "\\n"), ("\r", "\\r"), ("\t", "\\t")):
        text = text.replace(sign, escape)
    return f'"{text}"'


def _variable(name: str) -> str:
    if name in _BEANS or not _is_name(name):
        _unsupported(name)
    return name


def _property(target: Node, name: str) -> str:
    if isinstance(target, Name) and target.name in _BEANS:
        _unsupported(f"{target.name}.{name}")
    if _is_name(name):
        return f"{_operand(target)}.{name}"
    return f"get value({_feel(target)}, {_quoted(name)})"


def _index(target: Node, key: Node) -> str:
    match key:
        case Literal(str() as name):
            return _property(target, name)
        case Literal(int() as place) if not isinstance(place, bool):
            return f"{_operand(target)}[{place + 1}]"
    return _applied(_AT, target, key)


def _unary(operator: str, operand: Node) -> str:
    match operator:
        case "not":
            return f"not({_feel(operand)})"
        case "empty":
            return _applied(_EMPTY, operand)
    return f"-{_operand(operand)}"


def _binary(operator: str, left: Node, right: Node) -> str:
    match operator:
        case "==" | "!=" if isinstance(right, Literal) and right.value in ("true", "false"):
            return _applied(_TRUTH.format(sign=_SIGNS.get(operator, operator), truth=right.value), left)
        case "+" if not (_is_number(left) or _is_number(right)):
            # FEEL would join two texts, JUEL only adds numbers
            return f"({_feel(left)}) - (-{_operand(right)})"
        case "%":
            return _applied(_REMAINDER, left, right)
    # the brackets keep FEEL from reading `a - b` as a variable of that name
    first = f"({_feel(left)})" if operator in _IN_NAMES else _operand(left)
    return f"{first} {_SIGNS.get(operator, operator)} {_operand(right)}"


def _method(target: Node | None, name: str, arguments: tuple[Node, ...]) -> str:
    body = _METHODS.get((name, len(arguments)))
    if body is None or target is None or _root(target) in _BEANS:
        _unsupported(f"{_path(target)}{name}(...)" if target else f"{name}(...)")
    return _applied(body, target, *arguments)


def _applied(body: str, *operands: Node) -> str:
    """FEEL that uses each operand as often as it likes, under names that hide no variable from them."""
    names = "xyz"[: len(operands)]
    return f"(function({', '.join(names)}) {body})({', '.join(_feel(operand) for operand in operands)})"


def _operand(node: Node) -> str:
    """In brackets unless nothing can bind tighter."""
    return f"({_feel(node)})" if isinstance(node, Binary | Unary) else _feel(node)


def _is_number(node: Node) -> bool:
    return (
        isinstance(node, Literal) and isinstance(node.value, int | float) and not isinstance(node.value, bool)
    )


def _is_name(name: str) -> bool:
    return name not in RESERVED and _NAME.fullmatch(name) is not None


def _root(node: Node) -> str:
    while isinstance(node, Property | Index):
        node = node.target
    return node.name if isinstance(node, Name) else ""


def _path(node: Node) -> str:
    """How a node reads in front of a method, for the sentence that refuses it."""
    match node:
        case Name(name):
            return f"{name}."
        case Property(target, name):
            return f"{_path(target)}{name}."
    return "…."


def _unsupported(what: str) -> NoReturn:
    raise ExpressionError("feel.juel_unsupported", what=what)
