"""Work that belongs to nobody: it goes to the position that the pool is named after."""

import re
import unicodedata

from lxml import etree

from service.diagram.lanes import of_elements
from service.diagram.parts import name as name_of
from service.diagram.repair import words
from service.diagram.repair.drawing import Drawing
from service.diagram.repair.kinds import Repairs, of
from service.diagram.source import bpmn, camunda
from service.errors import Finding


def nobody(drawing: Drawing, finding: Finding) -> Repairs:
    """The pool, else the process, is whoever works in it; the position is made when it is deployed."""
    node = drawing.node(finding.element)
    process = None if node is None else drawing.process_of(node)
    if node is None or process is None:
        return
    group, position = _position(drawing, process)
    node.set(camunda("candidateGroups"), group)
    if not process.get(camunda("candidateStarterGroups")) and not of_elements(process):
        process.set(camunda("candidateStarterGroups"), group)
    yield of(finding, "somebody", position=position, group=group)


def nameless_lane(drawing: Drawing, finding: Finding) -> Repairs:
    """A lane without a name takes that of its pool, with a number where there are several."""
    lane = drawing.node(finding.element)
    process = None if lane is None else drawing.process_of(lane)
    if lane is None or process is None:
        return
    _, position = _position(drawing, process)
    taken = {name_of(one) for one in process.iter(bpmn("lane"))}
    name, number = position, 1
    while name in taken:
        number += 1
        name = f"{position} {number}"
    lane.set("name", name)
    yield of(finding, "lane", name=finding.element, position=name)


def _position(drawing: Drawing, process: etree._Element) -> tuple[str, str]:
    """The candidate group and the name of whoever works in a process: an id is no name of a position."""
    pool = drawing.pool_of(process)
    names = (name_of(one) for one in (pool, process) if one is not None)
    for name in (*filter(None, names), words.written("doer")):
        if group := slug(name):
            return group, name
    return "", ""


def slug(name: str) -> str:
    """Small letters and digits, accents folded, a dash between: the id that a position of this name has."""
    plain = "".join(c for c in unicodedata.normalize("NFKD", name) if not unicodedata.combining(c))
    return re.sub(r"[\W_]+", "-", plain.casefold()).strip("-")
