"""Makes the findings of the rules, with the place and the words that their sentences need."""

from typing import Any, Literal

from lxml import etree

from service.diagram.model import Element, Flow, Lane, Process
from service.diagram.parts import name
from service.diagram.source import line_of
from service.errors import Finding, Message

Place = Element | Flow | Lane | Process


def error(code: str, at: Place, /, **params: Any) -> Finding:
    """A finding that keeps the diagram from being deployed."""
    return _finding(code, "error", at, params)


def warning(code: str, at: Place, /, **params: Any) -> Finding:
    """A finding that the analyst should look at; the diagram runs."""
    return _finding(code, "warning", at, params)


def flow_error(code: str, process: Process, flow: Flow, /, **params: Any) -> Finding:
    """An error at a sequence flow, which is told by what it joins: `source` and `target`."""
    ends = {"source": label(process, flow.source), "target": label(process, flow.target)}
    return error(code, flow, **ends, **params)


def node_error(code: str, node: etree._Element, /, **params: Any) -> Finding:
    """An error at something that the model does not hold."""
    return Finding(code, "error", "", node.get("id"), name(node), line_of(node), params)


def node_warning(code: str, node: etree._Element, /, **params: Any) -> Finding:
    """A warning at something that the model does not hold."""
    return Finding(code, "warning", "", node.get("id"), name(node), line_of(node), params)


def label(process: Process, element_id: str) -> str:
    """What an analyst calls an element: its name, else its id."""
    element = process.elements.get(element_id)
    return (element and element.name) or element_id or "?"


def kind(element: Element) -> Message:
    """What an analyst calls this type of element."""
    return Message(f"check.kind.{'eventSubProcess' if element.triggered_by_event else element.type}")


def _finding(code: str, severity: Literal["error", "warning"], at: Place, params: dict[str, Any]) -> Finding:
    if isinstance(at, Element):
        params = {"kind": kind(at), **params}
    return Finding(code, severity, "", at.id, at.name, at.line, params)
