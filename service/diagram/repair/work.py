"""Work that a program was to do, and that none is there for: a person does it."""

from service.diagram.repair import words
from service.diagram.repair.becoming import person, undefine
from service.diagram.repair.drawing import Drawing
from service.diagram.repair.events import without_details
from service.diagram.repair.kinds import Repairs, of
from service.diagram.source import bpmn, local
from service.errors import Finding, Message

PROGRAMMED = frozenset(("serviceTask", "sendTask", "receiveTask", "scriptTask", "businessRuleTask"))
PROGRAMMED |= {"callActivity"}


def undone(drawing: Drawing, finding: Finding) -> Repairs:
    """A task without a program, a decision or a called process is a step that a person does."""
    node = drawing.node(finding.element)
    if node is None:
        return
    if (kind := local(node)) not in PROGRAMMED:
        yield from without_details(drawing, finding)
    elif kind == "receiveTask" and _decides(drawing, node.get("id", "")):
        label = words.label(drawing, node)
        message = drawing.declare(
            "message", f"Message_{finding.element}", name=f"{label} ({finding.element})"
        )
        undefine(node)
        node.set("messageRef", message.get("id", ""))
        yield of(finding, "recorded", event=Message("check.event.message"))
    else:
        person(drawing, node)
        yield of(finding, "by_person", kind=Message(f"check.kind.{kind}"))


def _decides(drawing: Drawing, key: str) -> bool:
    return any(one.tag == bpmn("eventBasedGateway") for one in drawing.before(key))
