"""Writes decision tables as Camunda Modeler does, for tests that need many."""

from collections.abc import Sequence
from dataclasses import dataclass
from xml.sax.saxutils import escape, quoteattr

HEAD = """<?xml version="1.0" encoding="UTF-8"?>
<definitions xmlns="https://www.omg.org/spec/DMN/20191111/MODEL/"
    xmlns:camunda="http://camunda.org/schema/1.0/dmn"
    id="Definitions_1" name="Uji" namespace="http://camunda.org/schema/1.0/dmn">
"""


@dataclass(frozen=True)
class Column:
    """An input, whose name is its expression, or an output; `values` and `default` as written in FEEL."""

    name: str
    type: str = ""
    values: str = ""
    default: str = ""


def file(*decisions: str) -> bytes:
    """A DMN file with these elements in it."""
    return (HEAD + "".join(decisions) + "</definitions>").encode()


def table(
    inputs: Sequence[Column],
    outputs: Sequence[Column],
    rules: Sequence[tuple[Sequence[str], Sequence[str]]],
    policy: str = "UNIQUE",
    aggregation: str = "",
    id_: str = "tabel",
) -> str:
    """A decision whose logic is a table of these columns and rules."""
    attributes = f'hitPolicy="{policy}"' + (f' aggregation="{aggregation}"' if aggregation else "")
    parts = [*map(_input, inputs), *map(_output, outputs)]
    parts += [_rule(number, *rule) for number, rule in enumerate(rules, 1)]
    logic = f"<decisionTable {attributes}>{''.join(parts)}</decisionTable>"
    return f'<decision id="{id_}" name="Tabel">{logic}</decision>'


def literal(text: str, id_: str = "nilai", type_: str = "", requires: Sequence[str] = ()) -> str:
    """A decision whose logic is an expression."""
    arrows = [
        f'<informationRequirement><requiredDecision href="#{key}"/></informationRequirement>'
        for key in requires
    ]
    kind = f' typeRef="{type_}"' if type_ else ""
    return (
        f'<decision id="{id_}" name="{id_.title()}"><variable name="{id_}"{kind}/>{"".join(arrows)}'
        f"<literalExpression>{_text(text)}</literalExpression></decision>"
    )


def _input(column: Column) -> str:
    values = f"<inputValues>{_text(column.values)}</inputValues>" if column.values else ""
    kind = f' typeRef="{column.type}"' if column.type else ""
    expression = f"<inputExpression{kind}>{_text(column.name)}</inputExpression>"
    return f'<input id="in_{column.name}">{expression}{values}</input>'


def _output(column: Column) -> str:
    kind = f" typeRef={quoteattr(column.type)}" if column.type else ""
    inner = f"<outputValues>{_text(column.values)}</outputValues>" if column.values else ""
    inner += f"<defaultOutputEntry>{_text(column.default)}</defaultOutputEntry>" if column.default else ""
    return f'<output id="out_{column.name}" name="{column.name}"{kind}>{inner}</output>'


def _rule(number: int, tests: Sequence[str], outputs: Sequence[str]) -> str:
    cells = [f"<inputEntry>{_text(test)}</inputEntry>" for test in tests]
    cells += [f"<outputEntry>{_text(output)}</outputEntry>" for output in outputs]
    return f'<rule id="aturan_{number}">{"".join(cells)}</rule>'


def _text(text: str) -> str:
    return f"<text>{escape(text)}</text>"
