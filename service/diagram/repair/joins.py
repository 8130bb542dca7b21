"""Joins that wait for what never comes: they pass on what arrives, or wait for what can still arrive."""

from collections import Counter

from lxml import etree

from service.diagram.read import read
from service.diagram.repair.becoming import gateway
from service.diagram.repair.boxes import Point
from service.diagram.repair.drawing import Drawing
from service.diagram.repair.kinds import Repairs, of
from service.diagram.soundness import explore
from service.diagram.source import local
from service.errors import Finding

KINDS = ("exclusiveGateway", "inclusiveGateway")
"""What a join may become: the one that waits for nothing first."""


def deadlock(drawing: Drawing, finding: Finding) -> Repairs:
    """A join of another kind, if tokens played through the diagram show that all is well with it."""
    node = drawing.node(finding.element)
    if node is None or local(node) not in ("parallelGateway", "inclusiveGateway"):
        return
    before = _flaws(drawing, node)
    for kind in KINDS:
        tree = etree.tostring(drawing.root)
        trial = Drawing(etree.fromstring(tree))
        _become(trial, trial.node(finding.element), kind)
        after = _flaws(trial, trial.node(finding.element))
        if after.total() < before.total() and not after - before:
            _become(drawing, node, kind)
            yield of(finding, "merged" if kind == KINDS[0] else "joined", gateway=drawing.label(_key(node)))
            return


def waits_for_itself(drawing: Drawing, finding: Finding) -> Repairs:
    """Where a way comes back to its own beginning, only one token arrives at a time."""
    flow = drawing.node(finding.element)
    node = None if flow is None else drawing.node(flow.get("targetRef"))
    if node is not None and local(node) == "parallelGateway":
        _become(drawing, node, KINDS[0])
        yield of(finding, "merged", gateway=drawing.label(_key(node)))


def _become(drawing: Drawing, node: etree._Element | None, kind: str) -> None:
    """The join gets another kind; one that splits as well gets a gateway of that kind before it."""
    if node is None:
        return
    key = _key(node)
    if len(drawing.outgoing(key)) < 2:
        gateway(drawing, node, kind)
        return
    box = drawing.picture.box(key)
    near = Point(box.x - 40, box.centre.y) if box else None
    flows = drawing.incoming(key)
    join = drawing.add(kind, drawing.fresh(f"Gabung_{key}"), "", node, near)
    for flow in flows:
        drawing.lead(flow, "incoming", join)
    drawing.connect(join, node)


def _flaws(drawing: Drawing, node: etree._Element | None) -> Counter[tuple[str, str]]:
    """What is wrong with the ways of the process around an element; a dead part counts as well."""
    process = None if node is None else drawing.process_of(node)
    read_again = read(etree.tostring(drawing.root)).processes if process is not None else {}
    model = read_again.get("" if process is None else process.get("id", ""))
    return Counter((flaw.kind, flaw.element) for flaw in explore(model)) if model else Counter()


def _key(node: etree._Element) -> str:
    return node.get("id", "")


def endless(drawing: Drawing, finding: Finding) -> Repairs:
    """A circle without a way out: behind each round somebody says whether it goes on or ends."""
    node = drawing.node(finding.element)
    if node is None:
        return
    circle = _circle(drawing, _key(node))
    inner = [flow for key in circle for flow in drawing.outgoing(key) if flow.get("targetRef") in circle]
    back = [flow for flow in inner if _entered(drawing, flow.get("targetRef", ""), circle)] or inner
    if not back:
        return
    target = drawing.label(back[-1].get("targetRef", ""))
    way_out = drawing.split(back[-1], "exclusiveGateway", f"Ulangi_{back[-1].get('targetRef')}", "")
    end = drawing.add("endEvent", drawing.fresh(f"Selesai_{_key(way_out)}"), "", way_out)
    drawing.connect(way_out, end)
    yield of(finding, "way_out", target=target)


def _circle(drawing: Drawing, key: str) -> set[str]:
    """Everything that can be reached: where no way leads out, that is the circle."""
    found, ahead = {key}, [key]
    while ahead:
        fresh = {_key(node) for node in drawing.after(ahead.pop())} - found
        found |= fresh
        ahead += fresh
    return found


def _entered(drawing: Drawing, key: str, circle: set[str]) -> bool:
    return any(_key(node) not in circle for node in drawing.before(key))
