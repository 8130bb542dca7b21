"""Puts a new XML element into its parent: at its place among the others, and indented like them."""

from collections.abc import Collection

from lxml import etree

from service.diagram.source import bpmn

HEAD = tuple(map(bpmn, ("documentation", "extensionElements", "auditing", "monitoring")))
EARLY = (*HEAD, bpmn("categoryValueRef"))
"""What stands first in every flow node, in the order of the standard's schema."""
LAST = frozenset(map(bpmn, ("resourceRole", "potentialOwner", "performer", "humanPerformer")))
LAST |= frozenset(map(bpmn, ("correlationSubscription", "supports")))
"""What stands behind the notes and lines of a process."""
LATE = LAST | frozenset(map(bpmn, ("association", "group", "textAnnotation")))
"""What stands behind all flow nodes and flows of a process or sub-process."""
INDENT = "  "


def settle(node: etree._Element) -> None:
    """Indents an element that was just appended, and what is in it."""
    parent = node.getparent()
    depth = sum(1 for _ in node.iterancestors())
    before = node.getprevious()
    if parent is not None:
        if before is None:
            parent.text = _line(depth)
        else:
            before.tail = _line(depth)
        node.tail = _line(depth if node.getnext() is not None else depth - 1)
    etree.indent(node, INDENT, level=depth)


def insert(parent: etree._Element, node: etree._Element, after: Collection[str]) -> None:
    """Puts an element behind the last child with one of these tags, else first."""
    at = len(parent)
    for child in parent.iterchildren(reversed=True):
        if child.tag in after:
            break
        at -= 1
    parent.insert(at, node)
    _space(node)


def before(parent: etree._Element, node: etree._Element, tags: frozenset[str]) -> None:
    """Puts an element before the first child with one of these tags, else last."""
    places = [at for at, child in enumerate(parent) if child.tag in tags]
    parent.insert(places[0] if places else len(parent), node)
    _space(node)


def strip(node: etree._Element, *names: str) -> bool:
    """Takes attributes off an element; whether there was any of them."""
    written = [name for name in names if name in node.attrib]
    for name in written:
        del node.attrib[name]
    return bool(written)


def take_out(node: etree._Element) -> None:
    """Removes an element with the line that it stood on."""
    parent, previous = node.getparent(), node.getprevious()
    if parent is None:
        return
    if node.getnext() is None and previous is not None:
        previous.tail = node.tail
    parent.remove(node)
    if not len(parent) and not (parent.text or "").strip():
        parent.text = None


def take_off(extension: etree._Element) -> None:
    """Removes an extension, with the element around the extensions if nothing is left in it."""
    holder = extension.getparent()
    take_out(extension)
    if holder is not None and not len(holder) and holder.tag == bpmn("extensionElements"):
        take_out(holder)


def _space(node: etree._Element) -> None:
    """The white space around one element; its neighbours keep theirs."""
    depth = sum(1 for _ in node.iterancestors())
    parent, previous = node.getparent(), node.getprevious()
    if parent is not None and previous is None and not (parent.text or "").strip():
        parent.text = _line(depth)
    if previous is not None and node.getnext() is None:
        previous.tail = _line(depth)
    node.tail = _line(depth if node.getnext() is not None else depth - 1)
    if len(node):
        etree.indent(node, INDENT, level=depth)


def _line(depth: int) -> str:
    return "\n" + INDENT * depth
