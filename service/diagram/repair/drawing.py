"""A diagram that is being changed: its elements and flows in the tree, and the picture that goes along."""

from collections.abc import Iterable, Iterator

from lxml import etree

from service.diagram.parts import name as name_of
from service.diagram.read import CONTAINERS, NODES, is_node
from service.diagram.repair import layers
from service.diagram.repair.boxes import Point
from service.diagram.repair.picture import Picture
from service.diagram.source import bpmn, is_bpmn, local
from service.diagram.tidy import tidy

TASK = ((100.0, 80.0), (90.0, 60.0), (80.0, 50.0), (60.0, 40.0), (40.0, 30.0))
ROUND = ((36.0, 36.0), (28.0, 28.0), (20.0, 20.0))
DIAMOND = ((50.0, 50.0), (40.0, 40.0), (30.0, 30.0))
WAYS = {"incoming": "targetRef", "outgoing": "sourceRef"}
HEAD = ("ioSpecification", "property", "dataInputAssociation", "dataOutputAssociation", "laneSet")
LOOPS = ("standardLoopCharacteristics", "multiInstanceLoopCharacteristics", "incoming", "outgoing")
FLOWING = ("sequenceFlow", "dataObject", "dataObjectReference", "dataStoreReference")
BEHIND = frozenset((*layers.EARLY, *map(bpmn, (*HEAD, *LOOPS, *FLOWING, *NODES, *CONTAINERS))))
"""The tags behind which a flow node or a flow may stand in a process or sub-process."""


class Drawing:
    """The tree of a file, its elements by id, and the forms that are made on the way.

    `trials` counts how often tokens were played through a change to see what comes of it.
    """

    def __init__(self, root: etree._Element) -> None:
        tidy(root)
        self.root = root
        self.forms: dict[str, bytes] = {}
        self.trials = 0
        self.made: set[str] = set()
        self.asked: dict[str, dict[str, str]] = {}
        self.picture = Picture(root)
        self._flows: dict[str, list[etree._Element]] = {}
        self.index()

    def index(self) -> None:
        """Looks again at which elements there are, after ids were changed."""
        self._taken = {key for node in self.root.iter("*") if (key := node.get("id"))}
        own = [node for node in self.root.iter("*") if is_bpmn(node) and node.get("id")]
        self._nodes = {node.get("id", ""): node for node in reversed(own)}
        self._lines = [*self.root.iter(bpmn("messageFlow"), bpmn("association"))]
        self._ends: dict[tuple[str, str], list[etree._Element]] = {}
        for flow in self.root.iter(bpmn("sequenceFlow")):
            for way, attribute in WAYS.items():
                self._ends.setdefault((way, flow.get(attribute, "")), []).append(flow)

    def node(self, key: str | None) -> etree._Element | None:
        """The BPMN element with this id."""
        return self._nodes.get(key or "")

    def incoming(self, key: str) -> list[etree._Element]:
        """The flows that lead to an element."""
        return [*self._ends.get(("incoming", key), [])]

    def outgoing(self, key: str) -> list[etree._Element]:
        """The flows that lead out of an element."""
        return [*self._ends.get(("outgoing", key), [])]

    def before(self, key: str) -> list[etree._Element]:
        """The elements that lead to an element."""
        nodes = (self.node(flow.get("sourceRef")) for flow in self.incoming(key))
        return [node for node in nodes if node is not None]

    def after(self, key: str) -> list[etree._Element]:
        """The elements that an element leads to."""
        nodes = (self.node(flow.get("targetRef")) for flow in self.outgoing(key))
        return [node for node in nodes if node is not None]

    def inside(self, scope: etree._Element) -> list[etree._Element]:
        """The elements directly in a process or sub-process."""
        return [node for node in scope.iterchildren("*") if is_node(node)]

    def reached(self, keys: Iterable[str]) -> set[str]:
        """The ids of all that some flows lead to from these elements, which count themselves."""
        found = set(keys)
        ahead = [*found]
        while ahead:
            fresh = {node.get("id", "") for node in self.after(ahead.pop())} - found
            found |= fresh
            ahead += fresh
        return found

    def goes_back(self, key: str) -> bool:
        """Whether some, but not all, of the ways out of an element come back to it."""
        ends = [flow.get("targetRef", "") for flow in self.outgoing(key)]
        back = [key in self.reached([end]) for end in ends]
        return any(back) and not all(back)

    def fresh(self, base: str) -> str:
        """An id that nothing has yet, and that says where it comes from."""
        key, number = base, 1
        while key in self._taken or f"{key}_di" in self._taken:
            number += 1
            key = f"{base}_{number}"
        self._taken |= {key, f"{key}_di"}
        self.made.add(key)
        return key

    def add(
        self,
        tag: str,
        key: str,
        name: str,
        beside: etree._Element,
        near: Point | None = None,
        split: str = "",
    ) -> etree._Element:
        """A new flow node in the scope and the lane of another one, drawn near it."""
        scope = beside.getparent()
        assert scope is not None
        node = scope.makeelement(bpmn(tag), {"id": key} | ({"name": name} if name else {}))
        layers.insert(scope, node, BEHIND)
        self._nodes[key] = node
        self._join_lane(key, beside.get("id", ""))
        self._draw(node, beside.get("id", ""), near, split)
        return node

    def connect(self, source: etree._Element, target: etree._Element, key: str = "") -> etree._Element:
        """A new flow from one element to another of the same scope."""
        scope = source.getparent()
        assert scope is not None
        ends = source.get("id", ""), target.get("id", "")
        key = self.fresh(key or f"{ends[0]}_{ends[1]}")
        flow = scope.makeelement(
            bpmn("sequenceFlow"), {"id": key, "sourceRef": ends[0], "targetRef": ends[1]}
        )
        layers.insert(scope, flow, BEHIND)
        self._nodes[key] = flow
        for way in WAYS:
            self._tell(flow, way)
        self.picture.add_edge(key, *ends)
        return flow

    def lead(self, flow: etree._Element, way: str, node: etree._Element) -> None:
        """Lets a flow come from (`outgoing`) or go to (`incoming`) another element, and draws it anew."""
        self._untell(flow, way)
        flow.set(WAYS[way], node.get("id", ""))
        self._tell(flow, way)
        self.picture.route(flow.get("id", ""), flow.get("sourceRef", ""), flow.get("targetRef", ""))

    def split(self, flow: etree._Element, tag: str, key: str, name: str) -> etree._Element:
        """A new element in the middle of a flow, before the element that it led to."""
        target = self.node(flow.get("targetRef"))
        assert target is not None
        edge = flow.get("id", "")
        node = self.add(tag, self.fresh(key), name, target, self.picture.middle(edge), edge)
        self.lead(flow, "incoming", node)
        self.connect(node, target)
        return node

    def unjoin(self, flow: etree._Element) -> None:
        """Lets the two elements forget a flow that will be something else."""
        for way in WAYS:
            self._untell(flow, way)
        self._nodes.pop(flow.get("id", ""), None)

    def drop(self, flow: etree._Element) -> None:
        """Takes a flow out, with its edge."""
        for way in WAYS:
            self._untell(flow, way)
        self.picture.remove(flow.get("id", ""))
        self._nodes.pop(flow.get("id", ""), None)
        layers.take_out(flow)

    def remove(self, node: etree._Element) -> None:
        """Takes anything else out, with its shape and from its lanes."""
        key = node.get("id", "")
        for inner in node.iter("*"):
            self.picture.remove(inner.get("id", ""))
        for lane in self.lanes(key):
            layers.take_out(lane)
        self._nodes.pop(key, None)
        layers.take_out(node)

    def lanes(self, key: str) -> list[etree._Element]:
        """The flowNodeRefs that put an element into its lanes."""
        return [ref for ref in self.root.iter(bpmn("flowNodeRef")) if (ref.text or "").strip() == key]

    def grow(self, key: str) -> None:
        """A small shape becomes one that has its name inside, as far as there is room."""
        self.picture.resize(key, TASK, self._edges(key))

    def shrink(self, key: str, sizes: Iterable[tuple[float, float]]) -> None:
        """The shape gets another size about its middle."""
        self.picture.resize(key, tuple(sizes), self._edges(key))

    def label(self, key: str) -> str:
        """What an analyst calls an element: its name, else its id."""
        node = self.node(key)
        return (name_of(node) if node is not None else None) or key

    def process_of(self, node: etree._Element) -> etree._Element | None:
        """The process around an element, or the element itself."""
        around_it = (node, *node.iterancestors())
        return next((one for one in around_it if one.tag == bpmn("process")), None)

    def pool_of(self, process: etree._Element) -> etree._Element | None:
        """The pool that a process is drawn in."""
        pools = self.root.iter(bpmn("participant"))
        return next((one for one in pools if one.get("processRef") == process.get("id")), None)

    def messages_of(self, key: str) -> Iterator[etree._Element]:
        """The message flows that begin or end at an element."""
        for flow in self.root.iter(bpmn("messageFlow")):
            if key in (flow.get("sourceRef"), flow.get("targetRef")):
                yield flow

    def declare(self, tag: str, key: str, **said: str) -> etree._Element:
        """A message, signal or error beside the processes, with a fresh id."""
        key = self.fresh(key)
        node = self.root.makeelement(bpmn(tag), {"id": key, **said})
        first = frozenset((bpmn("collaboration"), bpmn("process")))
        layers.before(self.root, node, first)
        self._nodes[key] = node
        return node

    def _draw(self, node: etree._Element, beside: str, near: Point | None, split: str) -> None:
        base = self.picture.box(beside)
        if base is None:
            return
        tag, key = local(node), node.get("id", "")
        sizes = ROUND if tag.endswith("Event") else DIAMOND if tag.endswith("Gateway") else TASK
        middle = near or Point(base.right + 60, base.centre.y)
        holders = self.picture.holders(beside)
        place = self.picture.place(sizes, middle, holders, split)
        self.picture.add_shape(key, place, beside, marked=tag == "exclusiveGateway")

    def _edges(self, key: str) -> Iterator[tuple[str, bool]]:
        """The lines at an element, with whether they begin there."""
        flows = (*self.incoming(key), *self.outgoing(key))
        for node in (*flows, *self._lines):
            for attribute in ("sourceRef", "targetRef"):
                if node.get(attribute) == key:
                    yield node.get("id", ""), attribute == "sourceRef"
        if (own := self.node(key)) is not None:
            for node in own.iterchildren(bpmn("dataInputAssociation"), bpmn("dataOutputAssociation")):
                yield node.get("id", ""), node.tag == bpmn("dataOutputAssociation")

    def _join_lane(self, key: str, beside: str) -> None:
        for reference in self.lanes(beside):
            lane = reference.getparent()
            if lane is not None:
                fresh = lane.makeelement(bpmn("flowNodeRef"))
                fresh.text = key
                layers.insert(lane, fresh, (bpmn("flowNodeRef"),))

    def _tell(self, flow: etree._Element, way: str) -> None:
        key = flow.get(WAYS[way], "")
        self._ends.setdefault((way, key), []).append(flow)
        node = self.node(key)
        if node is not None and is_node(node):
            told = node.makeelement(bpmn(way))
            told.text = flow.get("id")
            after = ("incoming", "outgoing")[: 1 + (way == "outgoing")]
            layers.insert(node, told, (*layers.EARLY, *map(bpmn, after)))

    def _untell(self, flow: etree._Element, way: str) -> None:
        key = flow.get(WAYS[way], "")
        told = self._ends.get((way, key), [])
        if flow in told:
            told.remove(flow)
        node = self.node(key)
        for one in () if node is None else [*node.iterchildren(bpmn(way))]:
            if (one.text or "").strip() == flow.get("id"):
                layers.take_out(one)
