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

    In drawn XML `{default}` is replaced by the attribute that names the default flow.
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
        elements.append(xml.replace("{default}", f' default="{default}"' if default else "", 1))
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


DECLARED = "".join(
    f'<bpmn:{kind} id="{letter}{n}" name="{letter.upper()}{n}"{code}/>'
    for kind, letter in (("message", "m"), ("signal", "s"), ("error", "e"), ("escalation", "x"))
    for n in (1, 2)
    for code in [f' {kind}Code="{letter.upper()}{n}"' if letter in "ex" else ""]
)
"""Two messages, signals, errors and escalations each, to be referred to as m1, s2 …; named M1, S2 …"""


def event(kind: str, what: str = "", attributes: str = "") -> str:
    """The definition of an event.

    `what` is what it refers to (m1, s1, e1, x1; empty for any), a link's name, a condition, or for a
    timer its kind and text: `duration P1D`.
    """
    inner = ""
    if kind == "timer":
        timer_kind, _, text = what.partition(" ")
        inner = f"<bpmn:time{timer_kind.capitalize()}>{text}</bpmn:time{timer_kind.capitalize()}>"
    elif kind == "conditional":
        inner = f"<bpmn:condition>{escape(what)}</bpmn:condition>"
    elif kind == "link":
        attributes += f" name={quoteattr(what)}"
    elif what:
        attributes += f' {kind}Ref="{what}"'
    return f"<bpmn:{kind}EventDefinition {attributes}>{inner}</bpmn:{kind}EventDefinition>"


def start(element: str, body: str = "", interrupting: bool = True) -> str:
    """A start event; `interrupting` counts in an event sub-process only."""
    kind = "" if interrupting else ' isInterrupting="false"'
    return f'<bpmn:startEvent id="{element}"{kind}>{body}</bpmn:startEvent>'


def catch(element: str, body: str) -> str:
    """An intermediate event that waits; `body` is its event definition."""
    return f'<bpmn:intermediateCatchEvent id="{element}">{body}</bpmn:intermediateCatchEvent>'


def throw(element: str, body: str = "") -> str:
    """An intermediate event that does not wait."""
    return f'<bpmn:intermediateThrowEvent id="{element}">{body}</bpmn:intermediateThrowEvent>'


def end(element: str, body: str = "") -> str:
    """An end event."""
    return f'<bpmn:endEvent id="{element}">{body}</bpmn:endEvent>'


def timer(element: str, kind: str, text: str) -> str:
    """An intermediate timer event; `kind` is date, duration or cycle."""
    return catch(element, event("timer", f"{kind} {text}"))


def boundary(element: str, host: str, body: str, cancel: bool = True) -> str:
    """An event on the border of an activity; `body` is its event definition."""
    return (
        f'<bpmn:boundaryEvent id="{element}" attachedToRef="{host}" cancelActivity="{str(cancel).lower()}">'
        f"{body}</bpmn:boundaryEvent>"
    )


def task(element: str, kind: str = "userTask", attributes: str = "", inner: str = "") -> str:
    """An activity of any kind with what is in it: mappings, a loop."""
    return f'<bpmn:{kind} id="{element}" {attributes}{{default}}>{inner}</bpmn:{kind}>'


def external(element: str, topic: str = "kirim", inner: str = "", kind: str = "serviceTask") -> str:
    """A task that a worker does."""
    return task(element, kind, f'camunda:type="external" camunda:topic="{topic}"', inner)


def call(element: str, inner: str = "", called: str = "anak") -> str:
    """A call activity."""
    return task(element, "callActivity", f'calledElement="{called}"', inner)


def script(element: str, variable: str, expression: str, inner: str = "") -> str:
    """A script task that gives a variable the value of an expression."""
    attributes = f'scriptFormat="feel" camunda:resultVariable="{variable}"'
    inner += f"<bpmn:script>{escape(expression)}</bpmn:script>"
    return task(element, "scriptTask", attributes, inner)


def mappings(inputs: dict[str, str] | None = None, outputs: dict[str, str] | None = None) -> str:
    """Input and output parameters of an activity, by name."""
    written = "".join(
        f'<camunda:{kind}Parameter name="{name}">{escape(text)}</camunda:{kind}Parameter>'
        for kind, pairs in (("input", inputs), ("output", outputs))
        for name, text in (pairs or {}).items()
    )
    return extensions(f"<camunda:inputOutput>{written}</camunda:inputOutput>")


def extensions(inner: str) -> str:
    """Extension elements with these in them."""
    return f"<bpmn:extensionElements>{inner}</bpmn:extensionElements>"


def several(
    items: str = "", item: str = "", number: str = "", enough: str = "", sequential: bool = False
) -> str:
    """Several instances: of each item of a list, or a number of them; `enough` ends the rest."""
    attributes = f' camunda:collection="{items}"' if items else ""
    attributes += f' camunda:elementVariable="{item}"' if item else ""
    attributes += ' isSequential="true"' if sequential else ""
    inner = f"<bpmn:loopCardinality>{escape(number)}</bpmn:loopCardinality>" if number else ""
    if enough:
        inner += f"<bpmn:completionCondition>{escape(enough)}</bpmn:completionCondition>"
    return (
        f"<bpmn:multiInstanceLoopCharacteristics{attributes}>{inner}</bpmn:multiInstanceLoopCharacteristics>"
    )


def again(condition: str = "", before: bool = False, most: str = "") -> str:
    """A standard loop: goes on while the condition holds, and not beyond the most rounds."""
    attributes = f' testBefore="{str(before).lower()}"' + (f' loopMaximum="{most}"' if most else "")
    inner = f"<bpmn:loopCondition>{escape(condition)}</bpmn:loopCondition>" if condition else ""
    return f"<bpmn:standardLoopCharacteristics{attributes}>{inner}</bpmn:standardLoopCharacteristics>"


def sub(element: str, text: str, loop: str = "", drawn: dict[str, str] | None = None) -> str:
    """An embedded sub-process with the elements and flows in a text."""
    return f'<bpmn:subProcess id="{element}"{{default}}>{loop}{scope(text, drawn, element)}</bpmn:subProcess>'


def event_sub(element: str, text: str, drawn: dict[str, str]) -> str:
    """An event sub-process; its start event must be among the drawn."""
    inner = scope(text, drawn, element)
    return f'<bpmn:subProcess id="{element}" triggeredByEvent="true">{inner}</bpmn:subProcess>'
