"""Holds a diagram against the OMG's schema of BPMN 2.0, which SpiffWorkflow's package carries."""

import re
from collections.abc import Iterator
from dataclasses import replace
from functools import cache
from importlib.resources import as_file, files
from itertools import islice
from threading import Lock
from typing import Any

from lxml import etree

from service.diagram.model import Diagram
from service.diagram.rules.finding import node_warning
from service.diagram.rules.whole import carrier
from service.errors import Finding, Message

MOST = 3
"""Findings of one file: one fault of a drawing program comes in every element."""
NAMESPACE = re.compile(r"\{[^}]*\}")
QUOTED = re.compile(r"'([^']*)'")
LONGEST_WORD, LONGEST_REASON = 100, 300
"""Letters of what is repeated from the file."""
REASONS = {
    "missing": ("ELEMENT_CONTENT", "Missing child"),
    "place": ("ELEMENT_CONTENT", "not expected"),
    "lacking": ("COMPLEX_TYPE_4", "required but missing"),
    "attribute": ("COMPLEX_TYPE_3", "not allowed"),
    "value": ("CVC_DATATYPE_VALID", "not a valid value"),
}
"""The sentences for what libxml2 says, by its kind of complaint and a piece of its words."""
_ONE_AT_A_TIME = Lock()
"""A schema keeps what it found last."""


def check(diagram: Diagram) -> Iterator[Finding]:
    """The first few places that do not follow the schema, each with a reason, in the file's order."""
    for line, path, reason in _found(diagram.root):
        node = _at(diagram.root, path)
        place = node if node.get("id") else carrier(node)
        yield replace(node_warning("not_valid", place, reason=reason), line=line)


def _found(root: etree._Element) -> list[tuple[int, str, Message]]:
    """The lines and paths of the first complaints, with their reasons."""
    with _ONE_AT_A_TIME:
        schema = _schema()
        if schema.validate(root):
            return []
        log: Any = schema.error_log
        return [(one.line, one.path or "", _reason(one.type_name, one.message)) for one in islice(log, MOST)]


def _at(root: etree._Element, path: str) -> etree._Element:
    """The element that a complaint is about: `/*/*[2]/bpmndi:BPMNPlane`, as libxml2 writes it."""
    spaces = {prefix: uri for node in root.iter("*") for prefix, uri in node.nsmap.items() if prefix}
    try:
        found: Any = root.getroottree().xpath(path, namespaces=spaces)
    except etree.XPathError:
        found = []
    return found[0] if found else root


def _reason(kind: str, said: str) -> Message:
    """The library's own reason as a plain sentence: what is wrong, at which word."""
    plain = NAMESPACE.sub("", said)
    words = [*QUOTED.findall(plain), "", "", ""]
    fitting = (key for key, (of, piece) in REASONS.items() if of in kind and piece in plain)
    known = next(fitting, "other")
    tag, attribute, value = (word[:LONGEST_WORD] for word in words[:3])
    if known == "value" and "attribute" not in plain:
        known = "other"
    return Message(
        f"check.not_valid.{known}",
        {"tag": tag, "attribute": attribute, "value": value, "reason": plain[:LONGEST_REASON]},
    )


@cache
def _schema() -> etree.XMLSchema:
    with as_file(files("SpiffWorkflow.bpmn.parser").joinpath("schema")) as folder:
        return etree.XMLSchema(etree.parse(folder / "BPMN20.xsd"))
