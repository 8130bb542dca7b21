"""Reads a diagram's XML into the net that the token game plays on."""

from collections.abc import Iterator
from dataclasses import dataclass, field

from lxml import etree

BPMN = "{http://www.omg.org/spec/BPMN/20100524/MODEL}"
CAMUNDA = "{http://camunda.org/schema/1.0/bpmn}"
EXTENSIONS = f"{BPMN}extensionElements"
EVERY_ORDER = {"signal", "escalation", "error", "terminate", "conditional"}
"""Events after which it matters what else had moved before."""
UNFOLDED = {"process", "subProcess"}


@dataclass(frozen=True)
class Event:
    """What an event waits for or throws; `text` is a timer's or a condition's."""

    kind: str
    name: str | None = None
    code: str | None = None
    text: str | None = None
    camunda: dict[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Loop:
    """How often an activity is done; `go_on` is a standard loop's condition."""

    kind: str
    collection: str | None = None
    variable: str | None = None
    cardinality: str | None = None
    enough: str | None = None
    go_on: str | None = None
    before: bool = False
    most: str | None = None


@dataclass(frozen=True)
class Flow:
    """A sequence flow."""

    id: str
    source: str
    target: str
    test: str | None
    default: bool


@dataclass
class Node:
    """A flow node, or the process itself; `scope` is the node that it is drawn in."""

    id: str
    type: str
    scope: str
    camunda: dict[str, str]
    event: Event | None = None
    loop: Loop | None = None
    default: str | None = None
    host: str | None = None
    interrupting: bool = True
    by_event: bool = False
    script: str | None = None
    inputs: dict[str, str] = field(default_factory=dict)
    outputs: dict[str, str] = field(default_factory=dict)
    passed_out: list[dict[str, str]] = field(default_factory=list)
    incoming: list[Flow] = field(default_factory=list)
    outgoing: list[Flow] = field(default_factory=list)
    boundaries: list["Node"] = field(default_factory=list)
    starts: list["Node"] = field(default_factory=list)
    handlers: list["Node"] = field(default_factory=list)

    @property
    def kind(self) -> str:
        """The kind of its event, empty where it has none."""
        return self.event.kind if self.event else ""


class Net:
    """The nodes of one process by id; `root` is the process."""

    def __init__(self, xml: bytes) -> None:
        self.nodes: dict[str, Node] = {}
        tree = etree.fromstring(xml)
        declared = {node.get("id", ""): node for node in tree.iterchildren("*")}
        process = next(node for node in tree.iterchildren(f"{BPMN}process"))
        self.root = self._add(process, "", declared)
        self._scope(process, self.root.id, declared)
        for element in process.iter(f"{BPMN}sequenceFlow"):
            self._flow(element)
        for node in self.nodes.values():
            self._fasten(node)

    def _scope(self, parent: etree._Element, scope: str, declared: dict[str, etree._Element]) -> None:
        for element in parent.iterchildren("*"):
            if element.get("id") and element.tag != f"{BPMN}sequenceFlow":
                node = self._add(element, scope, declared)
                if node.type in UNFOLDED:
                    self._scope(element, node.id, declared)

    def _add(self, element: etree._Element, scope: str, declared: dict[str, etree._Element]) -> Node:
        own = {key.removeprefix(CAMUNDA): v for key, v in element.items() if key.startswith(CAMUNDA)}
        node = Node(
            id=element.get("id", ""),
            type=element.tag.removeprefix(BPMN),
            scope=scope,
            camunda=own,
            event=next(_events(element, declared), None),
            loop=_loop(element),
            default=element.get("default"),
            host=element.get("attachedToRef"),
            interrupting=element.get("cancelActivity", element.get("isInterrupting", "true")) == "true",
            by_event=element.get("triggeredByEvent") == "true",
            script=element.findtext(f"{BPMN}script"),
            inputs=_parameters(element, "inputParameter"),
            outputs=_parameters(element, "outputParameter"),
            passed_out=[dict(out.items()) for out in element.iterfind(f"{EXTENSIONS}/{CAMUNDA}out")],
        )
        if element.get("messageRef"):
            node.event = Event("message", declared[element.get("messageRef", "")].get("name"))
        self.nodes[node.id] = node
        return node

    def _flow(self, element: etree._Element) -> None:
        source, target = element.get("sourceRef", ""), element.get("targetRef", "")
        default = self.nodes[source].default == element.get("id")
        test = element.findtext(f"{BPMN}conditionExpression")
        flow = Flow(element.get("id", ""), source, target, test, default)
        self.nodes[source].outgoing.append(flow)
        self.nodes[target].incoming.append(flow)

    def _fasten(self, node: Node) -> None:
        if node.host:
            self.nodes[node.host].boundaries.append(node)
        elif node.type == "startEvent":
            self.nodes[node.scope].starts.append(node)
        elif node.by_event:
            self.nodes[node.scope].handlers.append(node)

    @property
    def order_matters(self) -> bool:
        """Whether tokens that move side by side can come in each other's way."""
        return any(
            node.kind in EVERY_ORDER or node.type == "scriptTask" or node.loop or node.outputs
            for node in self.nodes.values()
        )

    @property
    def is_conditional(self) -> bool:
        """Whether an event of it waits for a condition."""
        return any(node.kind == "conditional" for node in self.nodes.values())


def _events(element: etree._Element, declared: dict[str, etree._Element]) -> Iterator[Event]:
    for child in element.iterchildren("*"):
        kind = child.tag.removeprefix(BPMN)
        if not kind.endswith("EventDefinition"):
            continue
        kind = kind.removesuffix("EventDefinition")
        referred = declared.get(child.get(f"{kind}Ref", ""))
        name, code = child.get("name"), None
        if referred is not None:
            name, code = referred.get("name"), referred.get(f"{kind}Code")
        own = {key.removeprefix(CAMUNDA): v for key, v in child.items() if key.startswith(CAMUNDA)}
        yield Event(kind, name, code, "".join(map(str, child.itertext())).strip() or None, own)


def _loop(element: etree._Element) -> Loop | None:
    several = element.find(f"{BPMN}multiInstanceLoopCharacteristics")
    if several is not None:
        return Loop(
            kind="sequential" if several.get("isSequential") == "true" else "parallel",
            collection=several.get(f"{CAMUNDA}collection"),
            variable=several.get(f"{CAMUNDA}elementVariable"),
            cardinality=several.findtext(f"{BPMN}loopCardinality"),
            enough=several.findtext(f"{BPMN}completionCondition"),
        )
    standard = element.find(f"{BPMN}standardLoopCharacteristics")
    if standard is None:
        return None
    return Loop(
        kind="standard",
        go_on=standard.findtext(f"{BPMN}loopCondition"),
        before=standard.get("testBefore") == "true",
        most=standard.get("loopMaximum"),
    )


def _parameters(element: etree._Element, tag: str) -> dict[str, str]:
    path = f"{EXTENSIONS}/{CAMUNDA}inputOutput/{CAMUNDA}{tag}"
    return {found.get("name", ""): found.text or "" for found in element.iterfind(path)}
