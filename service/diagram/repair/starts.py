"""Starts that were not drawn, or too many of them: a case begins at one place, and all can be reached."""

from collections.abc import Sequence

from lxml import etree

from service.diagram.repair import words
from service.diagram.repair.becoming import aside, plain
from service.diagram.repair.boxes import Point
from service.diagram.repair.drawing import Drawing
from service.diagram.repair.kinds import Repairs, of
from service.diagram.source import bpmn, local
from service.errors import Finding

JOINS = frozenset(map(bpmn, ("parallelGateway", "inclusiveGateway")))


def no_start(drawing: Drawing, finding: Finding) -> Repairs:
    """A start before what nothing leads to."""
    scope = drawing.node(finding.element)
    if scope is None:
        return
    entries = [node for node in drawing.inside(scope) if _is_entry(drawing, node)]
    entries = entries or [node for node in drawing.inside(scope) if _may_follow(node)][:1]
    if not entries:
        return
    first = entries[0]
    box = drawing.picture.box(first.get("id", ""))
    near = Point(box.x - 70, box.centre.y) if box else None
    start = drawing.add("startEvent", drawing.fresh(f"Mulai_{first.get('id')}"), "", first, near)
    drawing.connect(start, first)
    for other in entries[1:]:
        _join(drawing, start, other, together=True)
    yield of(finding, "start" if len(entries) == 1 else "start_several", first=drawing.label(start_of(first)))


def start_of(node: etree._Element) -> str:
    """The id of an element."""
    return node.get("id", "")


def several_starts(drawing: Drawing, finding: Finding) -> Repairs:
    """Each start is one way in which a case begins: people say which when they begin it."""
    node = drawing.node(finding.element)
    scope = None if node is None else node.getparent()
    if node is None or scope is None:
        return
    if scope.get("triggeredByEvent") == "true":
        aside(drawing, node)
        yield of(finding, "aside")
        return
    start = next((one for one in _starts(drawing, scope) if one is not node), None)
    if start is None or local(node) != "startEvent":
        return
    plain(drawing, node, "intermediateThrowEvent")
    together = _join(drawing, start, node, together=False)
    code = "start_together" if together else "start_chosen"
    yield of(finding, code, first=drawing.label(start_of(start)))


def unreachable(drawing: Drawing, finding: Finding) -> Repairs:
    """The standard says that what nothing leads to begins with the case; so the start leads there too."""
    node = drawing.node(finding.element)
    scope = None if node is None else node.getparent()
    if node is None or scope is None or not _may_follow(node):
        return
    if (start := next(iter(_starts(drawing, scope)), None)) is None:
        return
    together = _join(drawing, start, node, together=True)
    code = "led_together" if together else "led_chosen"
    yield of(finding, code, first=drawing.label(start_of(start)))


def _join(drawing: Drawing, start: etree._Element, entry: etree._Element, *, together: bool) -> bool:
    """Lets the start lead to an entry too; whether with the other ways, or as another one to choose.

    Where the ways meet at a gateway that waits for all, they belong together; where they meet
    elsewhere, only one of them may be taken, or what follows is done twice.
    """
    key = start_of(start)
    flows = drawing.outgoing(key)
    if not flows:
        drawing.connect(start, entry)
        return True
    met = _meeting(drawing, [start_of(node) for node in drawing.after(key)], start_of(entry))
    if met:
        together = all(node.tag in JOINS for node in met)
    tag = "parallelGateway" if together else "exclusiveGateway"
    following = drawing.after(key)[0]
    if not (following.tag == bpmn(tag) and start_of(following) in drawing.made):
        name = "" if together else words.written("which_start")
        following = drawing.split(flows[0], tag, f"{'Bersama' if together else 'Awal'}_{key}", name)
    drawing.connect(following, entry)
    return together


def _meeting(drawing: Drawing, some: Sequence[str], entry: str) -> list[etree._Element]:
    """Where a way from the entry first comes to a way from the others."""
    here, there = drawing.reached(some), drawing.reached([entry])
    shared = here & there
    own = there - here
    found = (drawing.node(key) for key in shared)
    return [
        node
        for node in found
        if node is not None
        and (start_of(node) == entry or any(start_of(one) in own for one in drawing.before(start_of(node))))
    ]


def _starts(drawing: Drawing, scope: etree._Element) -> list[etree._Element]:
    """The start events of a scope, the plain ones first."""
    starts = [node for node in drawing.inside(scope) if local(node) == "startEvent"]
    return sorted(starts, key=lambda node: any(local(child).endswith("Definition") for child in node))


def _is_entry(drawing: Drawing, node: etree._Element) -> bool:
    return not drawing.incoming(start_of(node)) and _may_follow(node)


def _may_follow(node: etree._Element) -> bool:
    """Whether a flow may lead there at all."""
    lands = node.find(bpmn("linkEventDefinition")) is not None and local(node) == "intermediateCatchEvent"
    return not (lands or local(node) in ("boundaryEvent", "startEvent") or _handles(node))


def _handles(node: etree._Element) -> bool:
    return node.get("triggeredByEvent") == "true"
