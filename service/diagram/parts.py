"""Reads the parts of one element: its texts, its camunda extensions, what it waits for, its loop."""

from collections import defaultdict
from collections.abc import Iterator, Mapping

from lxml import etree

from service.diagram.model import EventDefinition, Loop
from service.diagram.source import CAMUNDA, bpmn, camunda, is_bpmn, local

REFERRED = ("message", "signal", "error", "escalation")
"""What is declared once in a file and referred to by events."""
CODED = ("error", "escalation")
"""What is caught by a code."""
TIMERS = {"timeDate": "date", "timeDuration": "duration", "timeCycle": "cycle"}


def text(node: etree._Element | None) -> str | None:
    """An element's text without the white space around it; None where there is none."""
    return None if node is None else "".join(map(str, node.itertext())).strip() or None


def name(node: etree._Element) -> str | None:
    """The name of an element on one line: the drawing tools keep line breaks in it."""
    return " ".join(node.get("name", "").split()) or None


def truth(value: str | None, *, otherwise: bool) -> bool:
    """An XML boolean."""
    return otherwise if value is None else value.strip() in ("true", "1")


def names(root: etree._Element) -> dict[str, str | None]:
    """The names of the file's messages, signals, errors and escalations by their ids."""
    return {
        key: name(node)
        for kind in REFERRED
        for node in root.iterchildren(bpmn(kind))
        if (key := node.get("id"))
    }


def codes(root: etree._Element) -> dict[str, str]:
    """The codes of the file's errors and escalations by their ids; empty where there is none."""
    return {
        key: node.get(f"{kind}Code", "").strip()
        for kind in CODED
        for node in root.iterchildren(bpmn(kind))
        if (key := node.get("id"))
    }


def attributes(node: etree._Element) -> dict[str, str]:
    """The camunda attributes of an element by local name."""
    prefix = f"{{{CAMUNDA}}}"
    written = {str(key): str(value) for key, value in node.items()}
    return {key.removeprefix(prefix): value for key, value in written.items() if key.startswith(prefix)}


def properties(node: etree._Element) -> dict[str, str]:
    """The camunda:property values of an element by name; a property without a value is empty."""
    path = (bpmn("extensionElements"), camunda("properties"), camunda("property"))
    return {entry.get("name", ""): entry.get("value", "") for entry in node.iterfind("/".join(path))}


def documentation(node: etree._Element) -> str | None:
    """The documentation that the analyst wrote to an element."""
    written = filter(None, map(text, node.iterchildren(bpmn("documentation"))))
    return "\n".join(written) or None


def notes(root: etree._Element) -> Mapping[str, tuple[str, ...]]:
    """The text annotations that are tied to each element, by the element's id."""
    said = {node.get("id"): text(node.find(bpmn("text"))) for node in root.iter(bpmn("textAnnotation"))}
    tied: dict[str, list[str]] = defaultdict(list)
    for tie in root.iter(bpmn("association")):
        source, target = tie.get("sourceRef", ""), tie.get("targetRef", "")
        if note := said.get(target):
            tied[source].append(note)
        if note := said.get(source):
            tied[target].append(note)
    return {element: tuple(words) for element, words in tied.items()}


def events(
    node: etree._Element, declared: Mapping[str, str | None], coded: Mapping[str, str]
) -> Iterator[EventDefinition]:
    """The event definitions of an event, with the names and codes that they refer to."""
    for child in node.iterchildren("*"):
        kind = local(child)
        if is_bpmn(child) and kind.endswith(("EventDefinition", "eventDefinitionRef")):
            timer, expression = _expression(child)
            yield EventDefinition(
                kind=kind.removesuffix("EventDefinition"),
                name=name(child) if kind == "linkEventDefinition" else referred(child, declared),
                timer=timer,
                expression=expression,
                code=_code(child, coded),
                camunda=attributes(child),
            )


def referred(node: etree._Element, declared: Mapping[str, str | None]) -> str | None:
    """The name of the message, signal, error or escalation that an element refers to."""
    references = (node.get(f"{kind}Ref", "") for kind in REFERRED)
    return next((declared.get(reference) for reference in references if reference), None)


def _code(node: etree._Element, coded: Mapping[str, str]) -> str | None:
    """None where any will do; empty where one is referred to that has none, which a rule refuses."""
    references = (node.get(f"{kind}Ref", "") for kind in CODED)
    return next((coded.get(reference, "") for reference in references if reference), None)


def loop(node: etree._Element) -> Loop | None:
    """How often an activity is done: once per item, or while something holds."""
    if (standard := node.find(bpmn("standardLoopCharacteristics"))) is not None:
        return Loop(
            kind="standard",
            completion=text(standard.find(bpmn("loopCondition"))),
            test_before=truth(standard.get("testBefore"), otherwise=False),
            maximum=standard.get("loopMaximum"),
        )
    several = node.find(bpmn("multiInstanceLoopCharacteristics"))
    if several is None:
        return None
    item = several.find(bpmn("inputDataItem"))
    return Loop(
        kind="sequential" if truth(several.get("isSequential"), otherwise=False) else "parallel",
        collection=several.get(camunda("collection")) or text(several.find(bpmn("loopDataInputRef"))),
        variable=several.get(camunda("elementVariable")) or (None if item is None else item.get("name")),
        cardinality=text(several.find(bpmn("loopCardinality"))),
        completion=text(several.find(bpmn("completionCondition"))),
    )


def _expression(definition: etree._Element) -> tuple[str | None, str | None]:
    """The kind of timer and its text, or the condition of a conditional event."""
    for tag, timer in TIMERS.items():
        if (node := definition.find(bpmn(tag))) is not None:
            return timer, text(node)
    return None, text(definition.find(bpmn("condition")))
