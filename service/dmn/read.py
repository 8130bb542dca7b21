"""Reads a DMN file into the model: what is written, whether or not it makes sense."""

from service.diagram.source import line_of
from service.dmn import boxed, tables
from service.dmn.model import Data, Decision, Definitions, Function, Literal, Table
from service.dmn.nodes import Node, Reading, extension, label, parse, referred
from service.dmn.types import Types
from service.errors import Finding, Refused

MOST = 500
"""Decisions and functions of one file: circles among them are looked for from each."""


def read(xml: bytes, file: str = "") -> Definitions:
    """The decisions of a DMN file; Refused when it is unsafe, no XML or no DMN."""
    return read_all(xml, file)[0]


def read_all(xml: bytes, file: str) -> tuple[Definitions, Reading, Node]:
    """The decisions, what was noticed on the way, and the root of the file; Refused as of `read`."""
    root = parse(xml, file)
    if len(root.findall("decision")) + len(root.findall("businessKnowledgeModel")) > MOST:
        raise Refused([Finding("too_many_elements", "error", file, params={"limit": MOST})])
    reading = Reading(file, root.get("expressionLanguage", ""))
    types = Types(root)
    decisions = [_decision(node, types, reading) for node in root.findall("decision")]
    data = {node.get("id", ""): _data(node, types, reading) for node in root.findall("inputData")}
    functions = [_function(node, reading) for node in root.findall("businessKnowledgeModel")]
    definitions = Definitions(
        name=label(root),
        decisions={decision.id: decision for decision in decisions if decision.id},
        data=data,
        functions={function.id: function for function in functions if function.id},
    )
    return definitions, reading, root


def _decision(node: Node, types: Types, reading: Reading) -> Decision:
    variable = node.find("variable")
    name = None if variable is None else variable.get("name")
    return Decision(
        id=node.get("id", ""),
        name=label(node),
        logic=_logic(node, name or str(node.get("id", "")), types, reading),
        variable=name,
        requires=referred(node, "informationRequirement", "requiredDecision"),
        data=referred(node, "informationRequirement", "requiredInput"),
        knowledge=referred(node, "knowledgeRequirement", "requiredKnowledge"),
        version_tag=extension(node, "versionTag"),
        line=line_of(node),
    )


def _logic(node: Node, name: str, types: Types, reading: Reading) -> Table | Literal | None:
    expression = boxed.logic(node)
    if expression is None:
        reading.error("empty", node)
        return None
    if expression.tag == "decisionTable":
        return tables.read(expression, name, types, reading)
    variable = node.find("variable")
    kind = expression.get("typeRef") or (None if variable is None else variable.get("typeRef"))
    return Literal(boxed.written(expression, reading), types.named(kind, node, reading).name)


def _data(node: Node, types: Types, reading: Reading) -> Data:
    """Input data, whose name is its variable's, if that has one."""
    variable = node.find("variable")
    if variable is None:
        return Data(label(node))
    kind = types.named(variable.get("typeRef"), node, reading)
    return Data(label(variable if variable.get("name") else node), kind.name)


def _function(node: Node, reading: Reading) -> Function:
    """A business knowledge model, whose name is its variable's, if that has one."""
    body, variable = node.find("encapsulatedLogic"), node.find("variable")
    if body is None:
        reading.error("empty", node)
    return Function(
        id=node.get("id", ""),
        name=label(node if variable is None or not variable.get("name") else variable),
        text="null" if body is None else boxed.function(body, reading),
        knowledge=referred(node, "knowledgeRequirement", "requiredKnowledge"),
        line=line_of(node),
    )
