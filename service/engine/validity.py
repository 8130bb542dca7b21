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
FEW = 50
"""Faults that are told one by one."""


def check(diagram: Diagram) -> Iterator[Finding]:
    """The first few places that do not follow the schema, each with a reason, in the file's order."""
    for line, path, reason in _found(diagram.root):
        node = _at(diagram.root, path) if path else diagram.root
        place = node if node.get("id") else carrier(node)
        found = node_warning("not_valid", place, reason=reason)
        yield replace(found, line=line) if line else found


def _found(root: etree._Element) -> list[tuple[int | None, str, Message]]:
    """The lines and paths of the first complaints, with their reasons.

    libxml2 counts the siblings before each fault to say where it is, which takes minutes for a flood.
    So the file is first read along with the schema, which tells how many faults there are and no place.
    """
    first = _flood(root)
    if first is None:
        return []
    if not _is_small(root, len(first)):
        return [(None, "", first[0])]
    with _ONE_AT_A_TIME:
        schema = _schema()
        schema.validate(root)
        log: Any = schema.error_log
        return [(one.line, one.path or "", _reason(one.type_name, one.message)) for one in islice(log, MOST)]


def _flood(root: etree._Element) -> list[Message] | None:
    """The first reasons, as many as tell a flood from a few faults; None where the file is valid."""
    parser = etree.XMLParser(schema=_schema(), resolve_entities=False, no_network=True, load_dtd=False)
    try:
        etree.fromstring(etree.tostring(root), parser)
    except etree.XMLSyntaxError:
        log: Any = parser.error_log
        return [_reason(one.type_name, one.message) for one in islice(log, FEW + 1)]
    return None


def _is_small(root: etree._Element, faults: int) -> bool:
    """Whether the faults may be told one by one; ids that stand twice were not looked at before."""
    ids = [key for node in root.iter("*") if (key := node.get("id"))]
    return 0 < faults <= FEW and len(ids) - len(set(ids)) <= FEW


def _at(root: etree._Element, path: str) -> etree._Element:
    """The element that a complaint is about: `/*/*[2]/bpmndi:BPMNPlane`, as libxml2 writes it."""
    spaces = {prefix: uri for prefix, uri in root.nsmap.items() if prefix}
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
