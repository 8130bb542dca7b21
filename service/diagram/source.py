"""Parses the bytes of an XML file without trusting them: no entities, no network, limits on everything."""

import re
from collections.abc import Collection, Iterator
from itertools import islice
from typing import Any

from lxml import etree

from service.errors import Finding, Refused

BPMN = "http://www.omg.org/spec/BPMN/20100524/MODEL"
CAMUNDA = "http://camunda.org/schema/1.0/bpmn"
OPERATON = "http://operaton.org/schema/1.0/bpmn"
ROOTS = (f"{{{BPMN}}}definitions",)

LARGEST = 2 * 1024 * 1024
"""Bytes of one file: fifty times a large SOP with its drawing."""
DEEPEST = 64
"""XML elements inside each other."""
MOST_ATTRIBUTES = 50
"""Attributes of one XML element."""
MOST_NODES = 50_000
"""XML elements of one file: those of two thousand flow nodes with their drawing."""

PROLOG = rb"\A(?:\xef\xbb\xbf)?(?>\s+|<\?.*?\?>|<!--.*?-->)*"
"""What may stand before the DOCTYPE or the root; atomic, so that many comments cost no backtracking."""
DOCTYPE = re.compile(PROLOG + rb"<!DOCTYPE", re.DOTALL)
DECLARED = re.compile(rb"""\A(?:\xef\xbb\xbf)?<\?xml[^>]*?encoding\s*=\s*["']([^"']*)["']""")


def parse(
    xml: bytes, file: str = "", roots: Collection[str] = ROOTS, otherwise: str = "not_bpmn"
) -> etree._Element:
    """The root of a BPMN file, or of one whose root has another of these tags.

    Anything else is Refused, with the line; `otherwise` is the finding for another root.
    """
    for finding in _dangers(xml, file):
        raise Refused([finding])
    parser = etree.XMLParser(
        encoding="utf-8",
        resolve_entities=False,
        no_network=True,
        load_dtd=False,
        huge_tree=False,
        remove_comments=True,
        remove_pis=True,
    )
    try:
        root = etree.fromstring(xml, parser)
    except etree.XMLSyntaxError as error:
        raise Refused([Finding("not_xml", "error", file, line=error.lineno or 1)]) from error
    if root.tag not in roots:
        raise Refused([Finding(otherwise, "error", file, line=line_of(root), params={"tag": local(root)})])
    for finding in _excesses(root, file):
        raise Refused([finding])
    return root


def bpmn(name: str) -> str:
    """The full tag of a BPMN element: `bpmn("userTask")`."""
    return f"{{{BPMN}}}{name}"


def camunda(name: str) -> str:
    """The full tag or attribute name of a camunda extension."""
    return f"{{{CAMUNDA}}}{name}"


def local(node: etree._Element) -> str:
    """The name of an element without its namespace."""
    return etree.QName(node).localname


def is_bpmn(node: etree._Element) -> bool:
    """Whether the element is BPMN's own, not an extension and not the drawing."""
    return etree.QName(node).namespace == BPMN


def line_of(node: Any) -> int | None:
    """The line of the file that the element begins on."""
    line: int | None = node.sourceline
    return line


def _dangers(xml: bytes, file: str) -> Iterator[Finding]:
    """What must not even reach the parser."""
    if len(xml) > LARGEST:
        yield Finding("too_large", "error", file, params={"limit": LARGEST // 1024 // 1024})
    try:
        xml.decode("utf-8")
    except UnicodeDecodeError as error:
        yield Finding("encoding", "error", file, line=_line(xml, error.start))
    declared = DECLARED.match(xml)
    if declared and declared[1].lower() != b"utf-8":
        yield Finding("encoding", "error", file, line=1)
    if doctype := DOCTYPE.match(xml):
        yield Finding("doctype", "error", file, line=_line(xml, doctype.end()))


def _line(xml: bytes, position: int) -> int:
    return xml.count(b"\n", 0, position) + 1


def _excesses(root: etree._Element, file: str) -> Iterator[Finding]:
    """What the parser took but nobody draws: a flood."""
    if sum(1 for _ in islice(root.iter(), MOST_NODES + 1)) > MOST_NODES:
        yield Finding("too_many_elements", "error", file, params={"limit": MOST_NODES})
    depth = 0
    for event, node in etree.iterwalk(root, events=("start", "end")):
        depth += 1 if event == "start" else -1
        line = line_of(node)
        if depth > DEEPEST:
            yield Finding("too_deep", "error", file, line=line, params={"limit": DEEPEST})
        if len(node.attrib) > MOST_ATTRIBUTES:
            yield Finding("too_many_attributes", "error", file, line=line, params={"limit": MOST_ATTRIBUTES})
