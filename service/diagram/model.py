"""What a BPMN file says, as plain data: processes, lanes, elements and flows, with the analyst's own ids."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any


@dataclass(frozen=True)
class EventDefinition:
    """What an event waits for or throws: `kind` is the XML name without `EventDefinition`.

    `name` is the name of the message, signal, error or escalation that is referred to, or a link's
    own, and `code` an error's or escalation's code; `timer` is `date`, `duration` or `cycle`, and
    `expression` its text or a conditional event's condition. `camunda` holds the attributes of the
    camunda namespace that stand on the definition itself (topic, errorCodeVariable …).
    """

    kind: str
    name: str | None = None
    timer: str | None = None
    expression: str | None = None
    code: str | None = None
    camunda: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Loop:
    """`kind` is `parallel`, `sequential` (multi-instance) or `standard`.

    `collection` and `variable` name the list and one item of it (camunda:collection,
    camunda:elementVariable); `cardinality` and `completion` are expressions. Of a standard loop
    `completion` is the condition under which it goes on, looked at before each round if
    `test_before`, and `maximum` the most rounds, as written.
    """

    kind: str
    collection: str | None = None
    variable: str | None = None
    cardinality: str | None = None
    completion: str | None = None
    test_before: bool = False
    maximum: str | None = None


@dataclass(frozen=True)
class Parameter:
    """One camunda:inputParameter or outputParameter.

    `value` is a text as written, plain or an expression, or a tuple (camunda:list) or mapping
    (camunda:map) of such.
    """

    name: str
    value: Any


@dataclass(frozen=True)
class Passed:
    """What goes into a called process or comes back: camunda:in or camunda:out.

    One variable (`source`), the value of an `expression`, or `all` variables; `target` is the name
    that it gets there.
    """

    target: str = ""
    source: str | None = None
    expression: str | None = None
    all: bool = False


@dataclass(frozen=True)
class Flow:
    """A sequence flow; `condition` is its expression as written, `language` what it says it is in.

    `parent` is the id of the process or sub-process that it is drawn in. `source` and `target` are
    as written: only a checked diagram's name elements that exist.
    """

    id: str
    name: str | None
    source: str
    target: str
    condition: str | None = None
    line: int | None = None
    parent: str = ""
    language: str | None = None


@dataclass(frozen=True)
class Lane:
    """A lane; its elements name it by id."""

    id: str
    name: str | None
    parent: str | None = None
    line: int | None = None


@dataclass(frozen=True)
class Element:
    """A flow node. `type` is the XML name (`userTask`), `parent` its process or sub-process id.

    `camunda` holds the attributes of the camunda namespace by local name (formRef, assignee …),
    `properties` the camunda:property values (sop.waktu …). `inputs` and `outputs` are its own
    mappings; a call activity has `called`, the key of the process, what is `passed_in` and
    `passed_out`, and the expression of the `business_key` it passes on.
    """

    id: str
    type: str
    name: str | None
    process: str
    parent: str
    line: int | None = None
    lane: str | None = None
    incoming: tuple[str, ...] = ()
    outgoing: tuple[str, ...] = ()
    default: str | None = None
    attached_to: str | None = None
    interrupting: bool = True
    triggered_by_event: bool = False
    events: tuple[EventDefinition, ...] = ()
    loop: Loop | None = None
    message: str | None = None
    script: str | None = None
    script_format: str | None = None
    inputs: tuple[Parameter, ...] = ()
    outputs: tuple[Parameter, ...] = ()
    called: str | None = None
    passed_in: tuple[Passed, ...] = ()
    passed_out: tuple[Passed, ...] = ()
    business_key: str | None = None
    camunda: Mapping[str, str] = field(default_factory=dict)
    properties: Mapping[str, str] = field(default_factory=dict)
    documentation: str | None = None
    annotations: tuple[str, ...] = ()


@dataclass(frozen=True)
class Process:
    """One process: its identity block is in `properties` (`sop.*`); ids are the keys of the maps."""

    id: str
    name: str | None
    executable: bool
    lanes: Mapping[str, Lane]
    elements: Mapping[str, Element]
    flows: Mapping[str, Flow]
    camunda: Mapping[str, str] = field(default_factory=dict)
    properties: Mapping[str, str] = field(default_factory=dict)
    line: int | None = None


@dataclass(frozen=True)
class Diagram:
    """A read file: its processes by id, and the parsed tree (an lxml element) for the engine.

    In `root` every sequence flow has an id.
    """

    processes: Mapping[str, Process]
    root: Any = field(repr=False)
