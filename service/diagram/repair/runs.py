"""Which pools run: those that have work in them; the others stay pictures."""

from lxml import etree

from service.diagram.read import is_node
from service.diagram.repair.becoming import aside, person
from service.diagram.repair.drawing import Drawing
from service.diagram.repair.kinds import Repairs, of
from service.diagram.source import bpmn, local
from service.errors import Finding

WORK = ("Task", "task", "callActivity", "subProcess", "transaction", "adHocSubProcess")


def not_executable(drawing: Drawing, finding: Finding) -> Repairs:
    """A pool with activities is meant to run; where none has any, each that has anything in it."""
    process = drawing.node(finding.element)
    if process is None or process.tag != bpmn("process"):
        return
    every = [*drawing.root.iterchildren(bpmn("process"))]
    running = [one for one in every if _works(one)] or [one for one in every if _lives(one)]
    if process in running:
        process.set("isExecutable", "true")
        yield of(finding, "runs", name=_name(drawing, process))
    elif running:
        process.set("isExecutable", "false")
        yield of(finding, "picture", name=_name(drawing, process))


def empty(drawing: Drawing, finding: Finding) -> Repairs:
    """A pool without steps stays a picture beside one that runs; an empty sub-process is a step."""
    node = drawing.node(finding.element)
    if node is None:
        return
    if node.tag == bpmn("process"):
        others = (one for one in drawing.root.iterchildren(bpmn("process")) if one is not node)
        if any(one.get("isExecutable") == "true" for one in others):
            node.set("isExecutable", "false")
            yield of(finding, "picture", name=_name(drawing, node))
    elif node.get("triggeredByEvent") == "true":
        aside(drawing, node)
        yield of(finding, "aside")
    else:
        person(drawing, node)
        yield of(finding, "empty_step")


def _works(process: etree._Element) -> bool:
    return any(is_node(node) and local(node).endswith(WORK) for node in process.iter("*"))


def _lives(process: etree._Element) -> bool:
    return any(is_node(node) for node in process.iter("*"))


def _name(drawing: Drawing, process: etree._Element) -> str:
    pool = drawing.pool_of(process)
    named = (one.get("name") for one in (pool, process) if one is not None)
    return " ".join(next(filter(None, named), process.get("id", "")).split())
