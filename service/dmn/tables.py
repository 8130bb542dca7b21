"""Reads a decision table: its columns, its rules, and how their results become one."""

from collections.abc import Mapping, Sequence

from service import feel
from service.diagram.source import line_of
from service.dmn.model import Allowed, Input, Output, Rule, Table, is_nothing
from service.dmn.nodes import Node, Reading, extension, text
from service.dmn.types import Types

CELL = "cellInput"
"""What Camunda calls the value that a cell tests, where the column gives it no other name."""


def read(node: Node, name: str, types: Types, reading: Reading) -> Table:
    """A decision table; `name` is its only output's, where that has none."""
    inputs, outputs = node.findall("input"), node.findall("output")
    rules = node.findall("rule")
    tests = [_cells(rule, "inputEntry", len(inputs), reading) for rule in rules]
    cells = feel.Rules(
        names=tuple(extension(column, "inputVariable") or CELL for column in inputs),
        tests=tuple(zip(*tests, strict=True)) if rules else ((),) * len(inputs),
        outputs=tuple(_cells(rule, "outputEntry", len(outputs), reading) for rule in rules),
    )
    return Table(
        policy=node.get("hitPolicy", "UNIQUE"),
        aggregation=node.get("aggregation"),
        inputs=tuple(_input(column, types, reading) for column in inputs),
        outputs=tuple(_output(column, name, types, reading) for column in outputs),
        rules=tuple(_rule(rule, number) for number, rule in enumerate(rules, 1)),
        cells=cells,
    )


def _input(node: Node, types: Types, reading: Reading) -> Input:
    expression = node.find("inputExpression")
    kind = types.named(None if expression is None else expression.get("typeRef"), node, reading)
    written = "" if expression is None else reading.feel(expression)
    if not text(expression):
        reading.error("no_input", node)
    return Input(
        id=node.get("id", ""),
        label=node.get("label") or text(expression),
        expression=written,
        type=kind.name,
        allowed=_allowed(node.find("inputValues"), reading) or kind.allowed,
        line=line_of(node),
    )


def _output(node: Node, name: str, types: Types, reading: Reading) -> Output:
    kind = types.named(node.get("typeRef"), node, reading)
    default = node.find("defaultOutputEntry")
    return Output(
        id=node.get("id", ""),
        name=node.get("name") or name,
        type=kind.name,
        allowed=_allowed(node.find("outputValues"), reading) or kind.allowed,
        default="" if default is None else _output_text(default, reading),
        line=line_of(node),
    )


def _rule(node: Node, number: int) -> Rule:
    """Camunda Modeler writes its annotation column as the rule's description."""
    said = [*node.findall("description"), *node.findall("annotationEntry/text")]
    words = [" ".join("".join(map(str, part.itertext())).split()) for part in said]
    annotation = " · ".join(filter(None, words))
    return Rule(node.get("id") or str(number), annotation or None, line_of(node))


def _allowed(node: Node | None, reading: Reading) -> Allowed | None:
    written = "" if node is None else reading.feel(node, tests=True)
    return Allowed(written) if not is_nothing(written) else None


def _cells(rule: Node, kind: str, count: int, reading: Reading) -> tuple[str, ...]:
    """The cells of a rule in one kind of column, as many as there are columns."""
    entries: Sequence[Node] = rule.findall(kind)
    if len(entries) != count:
        reading.error("cells", rule, count=len(entries), columns=count)
    read_cell = _test if kind == "inputEntry" else _output_text
    cells = [read_cell(entry, reading) for entry in entries[:count]]
    return (*cells, *([_OPEN[kind]] * (count - len(cells))))


def _test(entry: Node, reading: Reading) -> str:
    return "" if is_nothing(text(entry)) else reading.feel(entry, tests=True)


def _output_text(entry: Node, reading: Reading) -> str:
    return "null" if is_nothing(text(entry)) else reading.feel(entry) or "null"


_OPEN: Mapping[str, str] = {"inputEntry": "", "outputEntry": "null"}
