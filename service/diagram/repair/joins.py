"""Joins that wait for what never comes: they pass on what arrives, or wait for what can still arrive."""

from collections import Counter
from collections.abc import Iterator

from lxml import etree

from service.diagram.read import read
from service.diagram.repair import words
from service.diagram.repair.becoming import gateway
from service.diagram.repair.boxes import Point
from service.diagram.repair.drawing import Drawing
from service.diagram.repair.kinds import Repairs, of
from service.diagram.soundness import explore
from service.diagram.source import bpmn, local
from service.errors import Finding

EXCLUSIVE, INCLUSIVE, PARALLEL = "exclusiveGateway", "inclusiveGateway", "parallelGateway"
MOST_FLAWS = 3
"""Warnings that a change may bring to light; with more of them it is not what was meant."""
UNFIT = {"multiplying", "livelock", "unexplored"}
"""What no change may bring to light, not even that nobody can tell."""
MOST_STATES = 2000
"""States that a trial looks at; a diagram that has more of them is not what can be tried out."""
MOST_TRIALS = 40
"""Trials for one diagram; what is still stuck then is left to the analyst."""
WAITING = (PARALLEL, INCLUSIVE)
Change = tuple[str, str]
"""The id of an element, and the kind of gateway that its ways are to be joined by."""
Flaws = Counter[tuple[str, str]]
"""How often there is each kind of flaw at each element."""


def stuck(drawing: Drawing, finding: Finding) -> Repairs:
    """Joins of other kinds, if tokens played through the diagram show that all is well with them.

    The join that waits may pass on what arrives, or wait only for what can come; or the ways that
    meet before it at a step are joined there.
    """
    best = _best(drawing, finding)
    for element, kind in best:
        code = _told(drawing, element, kind)
        _become(drawing, drawing.node(element), kind)
        yield of(finding, code, gateway=drawing.label(element))


def _best(drawing: Drawing, finding: Finding) -> list[Change]:
    """The changes that mend it and bring the fewest other flaws; none where each brings an error.

    Deadlocks that come to light behind it are no flaws of a change: no token had come so far.
    """
    key = finding.element or ""
    before = _flaws(drawing, key)
    if any(kind == "unexplored" for kind, _ in before):
        return []
    best, least = [], MOST_FLAWS + 1
    for changes in _proposals(drawing, key):
        if drawing.trials > MOST_TRIALS:
            return []
        drawing.trials += 1
        trial = Drawing(etree.fromstring(etree.tostring(drawing.root)))
        for element, kind in changes:
            _become(trial, trial.node(element), kind)
        after = _flaws(trial, key)
        fresh = [kind for kind, _ in after - before if kind != "deadlock"]
        mended = (finding.code, key) not in after and not UNFIT & {*fresh}
        if mended and len(fresh) < least:
            best, least = changes, len(fresh)
        if not least:
            break
    return best


def _proposals(drawing: Drawing, key: str) -> Iterator[list[Change]]:
    """What could be meant, the plainest first."""
    node = drawing.node(key)
    if node is not None and local(node) in WAITING:
        yield [(key, EXCLUSIVE)]
        yield [(key, INCLUSIVE)]
    yield from _choices(drawing, key)
    trial = Drawing(etree.fromstring(etree.tostring(drawing.root)))
    _become(trial, trial.node(key), EXCLUSIVE)
    met = [element for kind, element in _flaws(trial, key) if kind == "unsynchronised"]
    met = [element for element in met if len(drawing.incoming(element)) > 1]
    for kind in (PARALLEL, INCLUSIVE) if met else ():
        yield [(element, kind) for element in met]
        yield [*((element, kind) for element in met), (key, INCLUSIVE)]


def _choices(drawing: Drawing, key: str) -> Iterator[list[Change]]:
    """Of the gateways that take a way back and a way on at once, each chooses one, or all do."""
    node = drawing.node(key)
    process = None if node is None else drawing.process_of(node)
    splits = [] if process is None else [_key(one) for one in process.iter(bpmn(PARALLEL))]
    back = [split for split in splits if drawing.goes_back(split) and len(drawing.incoming(split)) < 2]
    yield from ([(split, EXCLUSIVE)] for split in back)
    if len(back) > 1:
        yield [(split, EXCLUSIVE) for split in back]


def _told(drawing: Drawing, key: str, kind: str) -> str:
    """The sentence of a change."""
    node = drawing.node(key)
    if node is None or local(node) not in WAITING:
        return "joined_before"
    if len(drawing.incoming(key)) < 2:
        return "split_chosen"
    return {EXCLUSIVE: "merged", INCLUSIVE: "joined"}.get(kind, "joined_before")


def waits_for_itself(drawing: Drawing, finding: Finding) -> Repairs:
    """Where a way comes back to its own beginning, only one token arrives at a time."""
    flow = drawing.node(finding.element)
    node = None if flow is None else drawing.node(flow.get("targetRef"))
    if node is not None and local(node) == "parallelGateway":
        _become(drawing, node, EXCLUSIVE)
        yield of(finding, "merged", gateway=drawing.label(_key(node)))


def _become(drawing: Drawing, node: etree._Element | None, kind: str) -> None:
    """The join gets another kind; what is no join, or splits as well, gets a gateway before it."""
    if node is None:
        return
    key = _key(node)
    if local(node) in WAITING and min(len(drawing.outgoing(key)), len(drawing.incoming(key))) < 2:
        gateway(drawing, node, kind)
        return
    box = drawing.picture.box(key)
    near = Point(box.x - 40, box.centre.y) if box else None
    flows = drawing.incoming(key)
    join = drawing.add(kind, drawing.fresh(f"Gabung_{key}"), "", node, near)
    for flow in flows:
        drawing.lead(flow, "incoming", join)
    drawing.connect(join, node)


def _flaws(drawing: Drawing, key: str) -> Flaws:
    """What is wrong with the ways of the process around an element; a dead part counts as well."""
    node = drawing.node(key)
    process = None if node is None else drawing.process_of(node)
    if process is None:
        return Counter()
    model = read(etree.tostring(drawing.root)).processes.get(process.get("id", ""))
    return (
        Counter((flaw.kind, flaw.element) for flaw in explore(model, limit=MOST_STATES))
        if model
        else Counter()
    )


def _key(node: etree._Element) -> str:
    return node.get("id", "")


def endless(drawing: Drawing, finding: Finding) -> Repairs:
    """A circle without a way out: behind each round somebody says whether it goes on or ends."""
    node = drawing.node(finding.element)
    if node is None:
        return
    circle = drawing.reached([_key(node)])
    inner = [flow for key in circle for flow in drawing.outgoing(key) if flow.get("targetRef") in circle]
    back = [flow for flow in inner if _entered(drawing, flow.get("targetRef", ""), circle)] or inner
    if not back:
        return
    target = drawing.label(back[-1].get("targetRef", ""))
    way_out = drawing.split(back[-1], "exclusiveGateway", f"Ulangi_{back[-1].get('targetRef')}", "")
    end = drawing.add("endEvent", drawing.fresh(f"Selesai_{_key(way_out)}"), "", way_out)
    drawing.connect(way_out, end)
    yield of(finding, "way_out", target=target)


def endless_automatic(drawing: Drawing, finding: Finding) -> Repairs:
    """A circle in which nothing is waited for: in each round a person says that it goes on."""
    key = finding.element or ""
    for flow in drawing.outgoing(key):
        target = flow.get("targetRef", "")
        if key in drawing.reached([target]):
            name = words.written("going_on", name=drawing.label(target))
            drawing.split(flow, "userTask", f"Lanjut_{target}", name)
            yield of(finding, "confirmed_round", step=name)
            return


def _entered(drawing: Drawing, key: str, circle: set[str]) -> bool:
    return any(_key(node) not in circle for node in drawing.before(key))
