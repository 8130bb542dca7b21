"""Reads the lanes: which there are, and which one each element lies in."""

from collections.abc import Iterator, Mapping

from lxml import etree

from service.diagram.model import Lane
from service.diagram.parts import name, text
from service.diagram.source import bpmn, line_of


def of_process(process: etree._Element) -> dict[str, Lane]:
    """The lanes of a process by id, in the file's order, a lane before the lanes inside it."""
    return {
        key: Lane(key, name(node), _lane_above(node), line_of(node))
        for node in process.iter(bpmn("lane"))
        if (key := node.get("id"))
    }


def of_elements(root: etree._Element) -> Mapping[str, str]:
    """The id of the lane of each element by the element's id.

    The deepest lane that names the element counts, the first of two at the same depth. What lies
    in no lane of its own has that of the sub-process around it, or of what it is attached to.
    """
    named: dict[str, tuple[int, str]] = {}
    for lane, element in memberships(root):
        depth = sum(1 for _ in lane.iterancestors(bpmn("lane")))
        if element not in named or named[element][0] < depth:
            named[element] = (depth, lane.get("id", ""))
    own = {element: lane for element, (_, lane) in named.items()}
    return {**_inherited(root, own), **own}


def memberships(root: etree._Element) -> Iterator[tuple[etree._Element, str]]:
    """Each lane with each element id that it names."""
    for lane in root.iter(bpmn("lane")):
        for reference in lane.iterchildren(bpmn("flowNodeRef")):
            if element := text(reference):
                yield lane, element


def _inherited(root: etree._Element, own: Mapping[str, str]) -> dict[str, str]:
    inherited: dict[str, str] = {}
    for node in root.iter("*"):  # document order: what is around comes first
        key, parent = node.get("id"), node.getparent()
        around = node.get("attachedToRef") or (parent is not None and parent.get("id")) or ""
        if key and (lane := own.get(around) or inherited.get(around)):
            inherited[key] = lane
    return inherited


def _lane_above(node: etree._Element) -> str | None:
    above = next(node.iterancestors(bpmn("lane")), None)
    return None if above is None else above.get("id")
