"""Reads JUEL texts into a small tree: tokens, then precedence climbing."""

import re
from dataclasses import dataclass
from typing import NamedTuple, NoReturn

from service.errors import ExpressionError


@dataclass(frozen=True)
class Literal:
    """A number, text, truth value or null."""

    value: int | float | str | bool | None


@dataclass(frozen=True)
class Name:
    """A variable."""

    name: str


@dataclass(frozen=True)
class Property:
    """`target.name`."""

    target: "Node"
    name: str


@dataclass(frozen=True)
class Index:
    """`target[key]`."""

    target: "Node"
    key: "Node"


@dataclass(frozen=True)
class Method:
    """`target.name(arguments)`, or a function where there is no target."""

    target: "Node | None"
    name: str
    arguments: tuple["Node", ...]


@dataclass(frozen=True)
class Unary:
    """`-x`, `not x` or `empty x`."""

    operator: str
    operand: "Node"


@dataclass(frozen=True)
class Binary:
    """`left operator right`; words like `eq` and `div` have become their signs, `&&` is `and`."""

    operator: str
    left: "Node"
    right: "Node"


@dataclass(frozen=True)
class Choice:
    """`condition ? then : other`."""

    condition: "Node"
    then: "Node"
    other: "Node"


Node = Literal | Name | Property | Index | Method | Unary | Binary | Choice


class Token(NamedTuple):
    """`kind` is a group of `_TOKEN`; a call is a name before a bracket."""

    kind: str
    text: str
    position: int


_TOKEN = re.compile(
    r"""\s*(?:(?P<number>(?:\d+(?:\.\d*)?|\.\d+)(?:[eE][+-]?\d+)?)
    |(?P<text>'(?:\\.|[^'\\])*'|"(?:\\.|[^"\\])*")
    |(?P<call>(?:[^\W\d]|\$)[\w$]*(?::(?:[^\W\d]|\$)[\w$]*)?(?=\s*\())
    |(?P<name>(?:[^\W\d]|\$)[\w$]*)
    |(?P<sign>&&|\|\||[=!<>]=|\+=|->|[-+*/%<>!?:.,;=()\[\]{}])
    |(?P<end>.?))""",
    re.VERBOSE | re.DOTALL,
)
_OPEN = re.compile(r"[$#]\{")
_ESCAPED = re.compile(r"""\\([\\'"])""")

_SIGNS = {
    "||": "or", "&&": "and", "eq": "==", "ne": "!=", "lt": "<", "gt": ">", "le": "<=", "ge": ">=",
    "div": "/", "mod": "%", "!": "not",
}  # fmt: skip
_STRENGTHS = {
    "or": 1, "and": 2, "==": 3, "!=": 3, "<": 4, ">": 4, "<=": 4, ">=": 4, "+": 5, "-": 5,
    "*": 6, "/": 6, "%": 6,
}  # fmt: skip
_CONSTANTS = {"true": True, "false": False, "null": None}
_FOREIGN = frozenset({"=", "+=", "->", ";", "{", "instanceof"})
"""What JUEL or its successors know, and FEEL does not."""


def split(text: str) -> list[str | Node]:
    """The literal texts and the trees of the `${…}` and `#{…}` in a text, in their order.

    ExpressionError `feel.juel_syntax` or `feel.juel_unsupported`. `\\${` is literal.
    """
    parts: list[str | Node] = []
    start = position = 0
    while found := _OPEN.search(text, position):
        if text[found.start() - 1 : found.start()] == "\\":
            position = found.end()
            continue
        reader = _Reader(text, found.end())
        parts += [text[start : found.start()], reader.whole()]
        start = position = reader.end
    return [part for part in [*parts, text[start:]] if part != ""]


class _Reader:
    """Reads one expression from its first token to its closing brace; `end` is the place behind it."""

    def __init__(self, text: str, position: int) -> None:
        self._text = text
        self.end = position
        self._token = self._next()

    def whole(self) -> Node:
        node = self._choice()
        if not self._is("}"):
            self._refuse()
        return node

    def _choice(self) -> Node:
        condition = self._binary(1)
        if not self._take("?"):
            return condition
        then = self._choice()
        self._expect(":")
        return Choice(condition, then, self._choice())

    def _binary(self, weakest: int) -> Node:
        left = self._unary()
        while (strength := _STRENGTHS.get(self._operator(), 0)) >= weakest:
            operator = self._operator()
            self._advance()
            left = Binary(operator, left, self._binary(strength + 1))
        return left

    def _unary(self) -> Node:
        operator = self._operator()
        if operator not in ("-", "not", "empty"):
            return self._path(self._first())
        self._advance()
        return Unary(operator, self._unary())

    def _path(self, node: Node) -> Node:
        while True:
            if self._take("."):
                node = self._member(node)
            elif self._take("["):
                node = Index(node, self._choice())
                self._expect("]")
            else:
                return node

    def _member(self, target: Node) -> Node:
        kind, name, _ = self._token
        if kind not in ("name", "call"):
            self._refuse()
        self._advance()
        return Method(target, name, self._arguments()) if kind == "call" else Property(target, name)

    def _first(self) -> Node:
        kind, text, _ = self._token
        if self._take("("):
            inner = self._choice()
            self._expect(")")
            return inner
        if kind in ("sign", "end") or self._operator() in _STRENGTHS:
            self._refuse()
        self._advance()
        match kind:
            case "number":
                return Literal(int(text) if text.isdigit() else float(text))
            case "text":
                return Literal(_ESCAPED.sub(r"\1", text[1:-1]))
            case "call":
                return Method(None, text, self._arguments())
        return Literal(_CONSTANTS[text]) if text in _CONSTANTS else Name(text)

    def _arguments(self) -> tuple[Node, ...]:
        self._expect("(")
        if self._take(")"):
            return ()
        arguments = [self._choice()]
        while self._take(","):
            arguments.append(self._choice())
        self._expect(")")
        return tuple(arguments)

    def _operator(self) -> str:
        kind, text, _ = self._token
        return "" if kind in ("number", "text") else _SIGNS.get(text, text)

    def _is(self, sign: str) -> bool:
        return self._token.kind == "sign" and self._token.text == sign

    def _take(self, sign: str) -> bool:
        found = self._is(sign)
        if found:
            self._advance()
        return found

    def _expect(self, sign: str) -> None:
        if not self._take(sign):
            self._refuse()

    def _refuse(self) -> NoReturn:
        _, text, position = self._token
        if text in _FOREIGN:
            raise ExpressionError("feel.juel_unsupported", what=text)
        raise ExpressionError("feel.juel_syntax", text=text, position=position + 1)

    def _advance(self) -> None:
        self._token = self._next()

    def _next(self) -> Token:
        found = _TOKEN.match(self._text, self.end)
        assert found and found.lastgroup, "the group `end` fits everything"
        self.end = found.end()
        return Token(found.lastgroup, found[found.lastgroup], found.start(found.lastgroup))
