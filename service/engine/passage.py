"""The way over from one definition to another: where tokens rest, and what may take which place."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property

from service.diagram.model import Element, Process
from service.engine.activities import Call, External, SubProcess, Work
from service.engine.definition import Definition
from service.engine.elements import Node, node_name
from service.engine.events import Boundary, Catching
from service.engine.gateways import EventGateway, Joining
from service.errors import Message

Kind = tuple[str, str, str]
"""What rests there, the event that it waits for or the type of a join, and the kind of its loop."""


@dataclass(frozen=True)
class Passage:
    """From `old` to `new`: which element becomes which, by their ids; `renewed` are counted from now."""

    old: Definition
    new: Definition
    targets: Mapping[str, str]
    renewed: frozenset[str] = field(default_factory=frozenset)

    @cached_property
    def wrong(self) -> dict[str, tuple[Message, ...]]:
        """What is wrong with each pair that cannot be, by the old element's id."""
        found = {source: tuple(failures(self, source, target)) for source, target in self.targets.items()}
        return {source: messages for source, messages in found.items() if messages}

    def followed(self, ids: Iterable[str]) -> set[str]:
        """The new elements that continue these old ones."""
        return {self.targets[one] for one in ids if one in self.targets}


def rests(definition: Definition) -> Iterator[Element]:
    """The elements where a token can stay until something comes from outside."""
    return (one for one in definition.process.elements.values() if kind(definition, one))


def kind(definition: Definition, element: Element) -> Kind | None:
    """What may take this element's place must be of the same kind; None where no token ever rests."""
    if element.type == "startEvent":
        begins = _handler(definition.process, element)
        return ("trigger", element.events[0].kind, "") if begins else None
    loop = element.loop.kind if element.loop else ""
    match node(definition, element):
        case Boundary(event=event):
            return "boundary", event.kind, ""
        case Catching(event=event):
            return "catch", event.kind, loop
        case Work():
            return "work", "", loop
        case External():
            return "external", "", loop
        case Call():
            return "call", "", loop
        case SubProcess():
            return "handler" if element.triggered_by_event else "scope", "", loop
        case EventGateway():
            return "race", "", ""
        case Joining():
            return "join", element.type, ""
    return None


def node(definition: Definition, element: Element) -> Node:
    """What runs an element: of a repeated one, each of its rounds."""
    inside = definition.scopes.get(element.parent, definition.spec)
    found: Node = inside.task_specs[node_name(element.id) + "#item" * bool(element.loop)]
    return found


def failures(passage: Passage, source: str, target: str) -> Iterator[Message]:
    """Why this old element cannot become this new one, whatever stands there."""
    one, other = passage.old.process.elements.get(source), passage.new.process.elements.get(target)
    if one is None:
        yield Message("migration.no_source", {"element": source})
    if other is None:
        yield Message("migration.no_target", {"element": target})
    if one is None or other is None:
        return
    names = {"name": one.name or one.id, "other": other.name or other.id}
    ours, theirs = kind(passage.old, one), kind(passage.new, other)
    if ours is None:
        yield Message("migration.nothing_rests", names)
    elif theirs != ours:
        yield Message(f"migration.{_difference(ours, theirs)}", names)
    else:
        yield from (Message(f"migration.{what}", names) for what in _misplaced(passage, one, other))
        if source in passage.renewed and not one.events and one.type != "receiveTask":
            yield Message("migration.no_trigger", names)


def _difference(ours: Kind, theirs: Kind | None) -> str:
    if theirs is None or ours[0] != theirs[0]:
        return "other_kind"
    if ours[2] != theirs[2]:
        return "other_loop"
    return "other_join" if ours[0] == "join" else "other_event"


def _misplaced(passage: Passage, one: Element, other: Element) -> Iterator[str]:
    """Where the two do not stand in the same surroundings."""
    old, new = passage.old.process, passage.new.process
    around, there = _scope(old, one), _scope(new, other)
    if (new.id if around == old.id else passage.targets.get(around)) != there:
        yield "other_scope"
    if one.attached_to and passage.targets.get(one.attached_to) != other.attached_to:
        yield "other_host"
    if not _same_race(passage, one, other):
        yield "other_race"
    if one.loop and other.loop and _list(one) != _list(other):
        yield "other_list"
    rivals = [source for source, target in passage.targets.items() if target == other.id]
    if len(rivals) > 1 and kind(passage.old, one) == ("join", one.type, ""):
        yield "joins_meet"


def _scope(process: Process, element: Element) -> str:
    """Where its token is: what begins an event sub-process listens in the scope around that."""
    handler = _handler(process, element)
    return handler.parent if handler else element.parent


def _handler(process: Process, element: Element) -> Element | None:
    """The event sub-process that this start event begins."""
    around = process.elements.get(element.parent)
    begins = element.type == "startEvent" and around is not None and around.triggered_by_event
    return around if begins else None


def _same_race(passage: Passage, one: Element, other: Element) -> bool:
    """Whether both are choices behind gateways that continue each other, or neither is a choice."""
    ours, theirs = race(passage.old.process, one), race(passage.new.process, other)
    return theirs is None if ours is None else passage.targets.get(ours) == theirs


def race(process: Process, element: Element) -> str | None:
    """The event-based gateway that an event is a choice of."""
    if element.type not in ("intermediateCatchEvent", "receiveTask"):
        return None
    sources = (process.flows[flow].source for flow in element.incoming)
    return next((one for one in sources if process.elements[one].type == "eventBasedGateway"), None)


def _list(element: Element) -> tuple[str | None, str | None]:
    """Where the results of several instances go, and what each of them calls its item."""
    assert element.loop
    return element.loop.collection, element.loop.variable
