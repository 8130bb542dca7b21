"""What differs between two revisions of one element, in the order of the SOP's table."""

from collections.abc import Iterator

from service.diagram import sop
from service.diagram.compare import details
from service.diagram.compare.attributes import attributes, properties
from service.diagram.compare.pairs import Pairs, called
from service.diagram.model import Element, Process
from service.diagram.rules.finding import kind
from service.differences import Change, code, exchanged, text, truth
from service.errors import Message

COLUMNS = tuple(name for name in sop.COLUMNS if name != "no")
TEXTS = ("message", "script", "script_format", "called", "business_key")
"""Fields of the model that are one text."""


def differing(pairs: Pairs, old: Element, new: Element) -> Iterator[Change]:
    """Everything that differs but the row's number, what the form asks and the ways out."""
    if old.type != new.type or old.triggered_by_event != new.triggered_by_event:
        yield exchanged("type", _label("type"), kind(old), kind(new))
    yield from text("name", _label("name"), old.name, new.name)
    yield from _actor(pairs, old, new)
    yield from _place(pairs, old, new)
    yield from properties(old.properties, new.properties, COLUMNS, skipped=("sop.no",))
    yield from attributes(old.camunda, new.camunda)
    yield from details.events(old.events, new.events)
    yield from truth("interrupting", _label("interrupting"), old.interrupting, new.interrupting)
    yield from details.loops(old.loop, new.loop)
    for name in TEXTS:
        yield from code(name, _label(name), getattr(old, name), getattr(new, name))
    yield from details.mappings(old, new)
    yield from text("documentation", _label("documentation"), old.documentation, new.documentation)
    yield from text("note", _label("note"), "\n".join(old.annotations), "\n".join(new.annotations))


def lane_name(process: Process, key: str | None) -> str | Message:
    """What a lane is called; that there is none."""
    lane = process.lanes.get(key or "")
    return Message("compare.no_lane") if lane is None else lane.name or lane.id


def _actor(pairs: Pairs, old: Element, new: Element) -> Iterator[Change]:
    """The lane, unless it only went along with what it lies in or is attached to."""
    expected = pairs.lanes.get(old.lane, "") if old.lane else None
    if expected == new.lane or any(
        _goes_along(pairs, old, new, host) for host in (old.attached_to, old.parent)
    ):
        return
    names = {"old": lane_name(pairs.old, old.lane), "new": lane_name(pairs.new, new.lane)}
    yield Change("moved", "lane", Message("compare.moved", names))


def _goes_along(pairs: Pairs, old: Element, new: Element, host: str | None) -> bool:
    before = pairs.old.elements.get(host or "")
    after = pairs.new.elements.get(pairs.elements.get(host or "", ""))
    return bool(before and after and before.lane == old.lane and after.lane == new.lane)


def _place(pairs: Pairs, old: Element, new: Element) -> Iterator[Change]:
    """The sub-process that it lies in, and the activity that it is attached to."""
    if pairs.scopes.get(old.parent) != new.parent:
        names = {"old": _scope_name(pairs.old, old.parent), "new": _scope_name(pairs.new, new.parent)}
        yield Change("moved", "scope", Message("compare.moved", names))
    expected = pairs.elements.get(old.attached_to, "") if old.attached_to else None
    if expected != new.attached_to:
        hosts = called(pairs.old, old.attached_to or ""), called(pairs.new, new.attached_to or "")
        yield exchanged("attached", _label("attached"), *hosts)


def _scope_name(process: Process, key: str) -> str | Message:
    return called(process, key) if key in process.elements else Message("compare.top")


def _label(name: str) -> Message:
    return Message(f"compare.field.{name}")
