"""Reads a file so that nothing in it is lost, and writes it back with as little changed as can be."""

import re

from lxml import etree

from service.diagram.source import CAMUNDA, PROLOG, parse

BEFORE = re.compile(PROLOG, re.DOTALL)


def copy_of(content: bytes, file: str) -> etree._Element:
    """The root of a copy with its comments; Refused for what cannot be read safely."""
    parse(content, file)
    parser = etree.XMLParser(
        encoding="utf-8", resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False
    )
    return etree.fromstring(content, parser)


def written(root: etree._Element, content: bytes) -> bytes:
    """The changed copy as a file, written as the original is: its declaration, line ends and spaces."""
    known = [*filter(None, {prefix for node in root.iter("*") for prefix in node.nsmap})]
    tops = {"camunda": CAMUNDA, "xsi": "http://www.w3.org/2001/XMLSchema-instance"}
    etree.cleanup_namespaces(root, top_nsmap=tops, keep_ns_prefixes=[*known, *tops])
    text = etree.tostring(root, encoding="utf-8", with_tail=False)
    if content.count(b'" />') > content.count(b'"/>'):
        text = text.replace(b'"/>', b'" />')
    before = BEFORE.match(content)
    text = (before[0] if before else b"") + text + (b"\n" if content.endswith(b"\n") else b"")
    return text.replace(b"\r\n", b"\n").replace(b"\n", b"\r\n") if b"\r\n" in content else text
