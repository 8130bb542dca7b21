"""Boxed expressions as the FEEL that they stand for: a context is a context, an invocation a call.

The standard gives each of them its meaning in FEEL, so that nothing else has to evaluate them.
"""

import json
from collections.abc import Callable, Iterator

from service.dmn.nodes import Node, Reading, label

RESULT = "result of the context"
"""The name of a context's last entry, which has none and is its value."""


def written(node: Node, reading: Reading) -> str:
    """The FEEL of an expression element; `null` where it cannot be, which is then noted."""
    write = _WRITERS.get(str(node.tag))
    if write is None:
        reading.error("unsupported", node, kind=str(node.tag))
        return "null"
    return write(node, reading)


def logic(node: Node) -> Node | None:
    """The expression in a decision, an entry or a cell: the first element in it that could be one."""
    return next((child for child in node.iterchildren("*") if child.tag in EXPRESSIONS), None)


def function(node: Node, reading: Reading) -> str:
    """A function's parameters and body: `function(a, b) (a + b)`."""
    if node.get("kind", "FEEL") != "FEEL":
        reading.error("unsupported", node, kind=node.get("kind", ""))
    names = ", ".join(parameter.get("name", "") for parameter in node.findall("formalParameter"))
    return f"function({names}) ({_inner(node, reading)})"


def _inner(node: Node, reading: Reading) -> str:
    expression = logic(node)
    if expression is None:
        reading.error("empty", node)
        return "null"
    return written(expression, reading)


def _literal(node: Node, reading: Reading) -> str:
    return reading.feel(node) or "null"


def _context(node: Node, reading: Reading) -> str:
    entries, has_result = [], False
    for entry in node.findall("contextEntry"):
        variable = entry.find("variable")
        has_result = has_result or variable is None
        name = RESULT if variable is None else label(variable)
        entries.append(f"{_quoted(name)}: ({_inner(entry, reading)})")
    context = f"{{{', '.join(entries)}}}"
    return f"get value({context}, {_quoted(RESULT)})" if has_result else context


def _invocation(node: Node, reading: Reading) -> str:
    bound = []
    for binding in node.findall("binding"):
        parameter = binding.find("parameter")
        name = "" if parameter is None else label(parameter)
        bound.append(f"{name}: ({_inner(binding, reading)})")
    return f"{_inner(node, reading)}({', '.join(bound)})"


def _list(node: Node, reading: Reading) -> str:
    return f"[{', '.join(f'({text})' for text in _items(node, reading))}]"


def _relation(node: Node, reading: Reading) -> str:
    names = [_quoted(label(column)) for column in node.findall("column")]
    rows = []
    for row in node.findall("row"):
        cells = zip(names, _items(row, reading), strict=False)
        rows.append(f"{{{', '.join(f'{name}: ({text})' for name, text in cells)}}}")
    return f"[{', '.join(rows)}]"


def _items(node: Node, reading: Reading) -> Iterator[str]:
    return (written(child, reading) for child in node.iterchildren("*") if child.tag in EXPRESSIONS)


def _conditional(node: Node, reading: Reading) -> str:
    return " ".join(f"{word} ({_part(node, word, reading)})" for word in ("if", "then", "else"))


def _filter(node: Node, reading: Reading) -> str:
    return f"({_part(node, 'in', reading)})[{_part(node, 'match', reading)}]"


def _loop(word: str, last: str) -> Callable[[Node, Reading], str]:
    def write(node: Node, reading: Reading) -> str:
        name = node.get("iteratorVariable", "item")
        return f"{word} {name} in ({_part(node, 'in', reading)}) {last} ({_part(node, last, reading)})"

    return write


def _part(node: Node, name: str, reading: Reading) -> str:
    part = node.find(name)
    if part is None:
        reading.error("empty", node)
        return "null"
    return _inner(part, reading)


def _quoted(name: str) -> str:
    return json.dumps(name, ensure_ascii=False)


_WRITERS: dict[str, Callable[[Node, Reading], str]] = {
    "literalExpression": _literal,
    "context": _context,
    "invocation": _invocation,
    "list": _list,
    "relation": _relation,
    "functionDefinition": function,
    "conditional": _conditional,
    "filter": _filter,
    "for": _loop("for", "return"),
    "every": _loop("every", "satisfies"),
    "some": _loop("some", "satisfies"),
}

EXPRESSIONS = frozenset((*_WRITERS, "decisionTable"))
"""Every kind of expression that DMN has."""
