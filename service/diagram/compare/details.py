"""What differs in the parts of an element: what it waits for, how often it is done, its mappings."""

import json
from collections import Counter
from collections.abc import Iterator, Sequence
from itertools import zip_longest

from service.diagram.compare.attributes import attributes
from service.diagram.model import Element, EventDefinition, Loop, Parameter, Passed
from service.diagram.rules.elements import KNOWN
from service.differences import Change, code, exchanged, listed, truth
from service.errors import Message

NO_EVENT = EventDefinition("none")
NO_LOOP = Loop("none")
NAMED_KINDS = ("message", "signal", "error", "escalation", "link")
LOOPED = ("collection", "variable", "cardinality", "completion", "maximum")
"""The texts of a loop."""


def events(old: Sequence[EventDefinition], new: Sequence[EventDefinition]) -> Iterator[Change]:
    """What an event waits for or throws: of which kind it is, and all that is said of it."""
    for before, after in zip_longest(old, new, fillvalue=NO_EVENT):
        if before.kind != after.kind:
            yield exchanged("event", Message("compare.field.event"), _kind(before), _kind(after))
        yield from code("event_name", _event_label(before, after), before.name, after.name)
        if before.kind == after.kind and before.timer != after.timer:
            yield exchanged("timer", Message("compare.field.timer"), _timer(before), _timer(after))
        condition = "conditional" in (before.kind, after.kind)
        label = Message("compare.field.condition" if condition else "compare.field.time")
        yield from code("expression", label, before.expression, after.expression)
        yield from code("code", Message("compare.field.code"), before.code, after.code)
        yield from attributes(before.camunda, after.camunda)


def loops(old: Loop | None, new: Loop | None) -> Iterator[Change]:
    """How often an activity is done, and for what."""
    before, after = old or NO_LOOP, new or NO_LOOP
    if before.kind != after.kind:
        kinds = (Message(f"compare.loop.{one.kind}") for one in (before, after))
        yield exchanged("loop", Message("compare.field.loop"), *kinds)
    for name in LOOPED:
        yield from code(name, Message(f"compare.loop.{name}"), getattr(before, name), getattr(after, name))
    yield from truth(
        "test_before", Message("compare.loop.test_before"), before.test_before, after.test_before
    )


def mappings(old: Element, new: Element) -> Iterator[Change]:
    """What goes into an activity and what comes out of it."""
    yield from _parameters("inputs", old.inputs, new.inputs)
    yield from _parameters("outputs", old.outputs, new.outputs)
    for about, before, after in (
        ("passed_in", old.passed_in, new.passed_in),
        ("passed_out", old.passed_out, new.passed_out),
    ):
        label = Message(f"compare.field.{about}")
        yield from listed(about, label, [*map(_passed, before)], [*map(_passed, after)])


def _parameters(about: str, old: Sequence[Parameter], new: Sequence[Parameter]) -> Iterator[Change]:
    before, after = _numbered(old), _numbered(new)
    for key in dict.fromkeys((*before, *after)):
        label = Message(f"compare.field.{about}", {"name": key[0]})
        yield from code(about, label, before.get(key), after.get(key))
    kept = [key for key in before if key in after]
    if kept != [key for key in after if key in before]:
        yield Change(
            "changed", about, Message("compare.reordered", {"label": Message(f"compare.field.{about}_order")})
        )


def _numbered(parameters: Sequence[Parameter]) -> dict[tuple[str, int], str]:
    """The values by name, and for names that come again by how often they did."""
    seen: Counter[str] = Counter()
    found: dict[tuple[str, int], str] = {}
    for one in parameters:
        value = one.value if isinstance(one.value, str) else json.dumps(one.value, ensure_ascii=False)
        found[one.name, seen[one.name]] = value or '""'
        seen[one.name] += 1
    return found


def _passed(one: Passed) -> str:
    expression = f"= {one.expression}" if one.expression is not None else None
    sources = ("*" if one.all else None, one.source, expression)
    return f"{' '.join(filter(None, sources))} → {one.target or '*'}"


def _kind(event: EventDefinition) -> Message:
    return Message(f"check.event.{event.kind if event.kind in KNOWN else 'unknown'}")


def _timer(event: EventDefinition) -> Message:
    return Message(f"compare.timer.{event.timer or 'none'}")


def _event_label(old: EventDefinition, new: EventDefinition) -> Message:
    kind = new.kind if new.kind in NAMED_KINDS else old.kind
    return Message(f"compare.named.{kind if kind in NAMED_KINDS else 'message'}")
