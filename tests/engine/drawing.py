"""Draws small diagrams from text: `draw("start -> a -> x1; x1 -> b [=n > 1]; x1 -> c [default]")`."""

import re
from itertools import pairwise
from xml.sax.saxutils import escape, quoteattr

from service.diagram.read import read
from service.engine.definition import Definition, compile

NAMESPACES = (
    'xmlns:bpmn="http://www.omg.org/spec/BPMN/20100524/MODEL" '
    'xmlns:camunda="http://camunda.org/schema/1.0/bpmn" targetNamespace="http://alur.test"'
)

KINDS = {
    "start": "startEvent",
    "end": "endEvent",
    "x": "exclusiveGateway",
    "p": "parallelGateway",
    "o": "inclusiveGateway",
    "e": "eventBasedGateway",
}
"""What an element is by the letters its id begins with (`p1` is a parallel gateway); else a user task."""


def kind_of(element_id: str) -> str:
    """The XML name of an element that is not drawn explicitly."""
    return KINDS.get(re.sub(r"\d+$", "", element_id), "userTask")


def flows_of(text: str) -> list[tuple[str, str, str | None]]:
    """The flows in a text as (source, target, mark); a mark is a condition, `default`, or None."""
    flows = []
    for chain in filter(None, (part.strip() for part in text.split(";"))):
        mark = re.search(r"\[(.*)\]$", chain)
        ids = [part.strip() for part in (chain[: mark.start()] if mark else chain).split("->")]
        flows += [(source, target, mark[1] if mark else None) for source, target in pairwise(ids)]
    return flows


def scope(text: str, drawn: dict[str, str] | None = None, prefix: str = "f") -> str:
    """The XML of the elements and flows in a text; `drawn` gives the XML of those that are more than a name.

    In drawn XML `{flows}` is replaced by the incoming and outgoing references.
    """
    drawn = drawn or {}
    flows = flows_of(text)
    ids = list(dict.fromkeys([*(end for flow in flows for end in flow[:2]), *drawn]))
    elements = []
    for element in ids:
        default = next(
            (f"{prefix}{n}" for n, (s, _, mark) in enumerate(flows) if s == element and mark == "default"),
            None,
        )
        xml = drawn.get(element) or f"<bpmn:{kind_of(element)} id={quoteattr(element)}{{default}}/>"
        elements.append(xml.replace("{default}", f' default="{default}"' if default else ""))
    for number, (source, target, mark) in enumerate(flows):
        condition = ""
        if mark and mark != "default":
            condition = f"<bpmn:conditionExpression>{escape(mark)}</bpmn:conditionExpression>"
        elements.append(
            f'<bpmn:sequenceFlow id="{prefix}{number}" sourceRef="{source}" targetRef="{target}">'
            f"{condition}</bpmn:sequenceFlow>"
        )
    return "".join(elements)


def xml(text: str, drawn: dict[str, str] | None = None, before: str = "", key: str = "proses") -> bytes:
    """A whole BPMN file with one executable process; `before` holds messages and signals."""
    return (
        f'<bpmn:definitions {NAMESPACES}>{before}<bpmn:process id="{key}" isExecutable="true">'
        f"{scope(text, drawn)}</bpmn:process></bpmn:definitions>"
    ).encode()


def draw(text: str, drawn: dict[str, str] | None = None, before: str = "") -> Definition:
    """The executable definition of a text."""
    diagram = read(xml(text, drawn, before))
    return compile(next(iter(diagram.processes.values())))


def timer(element: str, kind: str, text: str) -> str:
    """An intermediate timer event; `kind` is date, duration or cycle."""
    name = kind.capitalize()
    return (
        f'<bpmn:intermediateCatchEvent id="{element}"><bpmn:timerEventDefinition><bpmn:time{name}>{text}'
        f"</bpmn:time{name}></bpmn:timerEventDefinition></bpmn:intermediateCatchEvent>"
    )


def boundary(element: str, host: str, body: str, cancel: bool = True) -> str:
    """An event on the border of an activity; `body` is its event definition."""
    return (
        f'<bpmn:boundaryEvent id="{element}" attachedToRef="{host}" cancelActivity="{str(cancel).lower()}">'
        f"{body}</bpmn:boundaryEvent>"
    )


def sub(element: str, text: str, loop: str = "", drawn: dict[str, str] | None = None) -> str:
    """An embedded sub-process with the elements and flows in a text."""
    return f'<bpmn:subProcess id="{element}">{loop}{scope(text, drawn, element)}</bpmn:subProcess>'
