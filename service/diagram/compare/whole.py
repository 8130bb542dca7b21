"""What differs in the SOP as a whole: its identity block, how it is started, its actors and their order."""

from collections.abc import Iterator

from service.diagram import sop
from service.diagram.compare.attributes import attributes, properties
from service.diagram.compare.fields import lane_name
from service.diagram.compare.pairs import Pairs
from service.diagram.compare.told import Difference
from service.diagram.model import Process
from service.differences import Change, exchanged, out_of_order, text, truth
from service.errors import Message

IDENTITY = Message("compare.identity")
PROCESS = Message("compare.process")
ACTORS = Message("compare.actors")
ITEMS = tuple(
    part
    for name in sop.IDENTITY
    for part in (
        [f"{one}{end}" for one in sop.SIGNED for end in ("", ".nama", ".nip")]
        if name in sop.SIGNED
        else [name]
    )
)
"""The items of the identity block as they are written, in its order."""


def whole(pairs: Pairs) -> Iterator[Difference]:
    """The identity block, then what else is said of the process, then its lanes."""
    old, new = pairs.old, pairs.new
    for change in properties(_printed(old), _printed(new), ITEMS):
        yield Difference(change, IDENTITY)
    changes = (
        *text("name", Message("compare.field.name"), old.name, new.name),
        *truth("executable", Message("compare.field.executable"), old.executable, new.executable),
        *attributes(old.camunda, new.camunda),
    )
    for change in changes:
        yield Difference(change, PROCESS)
    yield from lanes(pairs)


def _printed(process: Process) -> dict[str, str]:
    """The properties, with each item of the identity block on a line of its own, as it is printed."""
    listed = (item for item in sop.identity(process) if item.name not in ("judul", *sop.SIGNED))
    return {**process.properties, **{f"sop.{item.name}": "\n".join(item.lines) for item in listed}}


def lanes(pairs: Pairs) -> Iterator[Difference]:
    """Actors that came, went, have another name, stand in another group, or in another order."""
    back = {new: old for old, new in pairs.lanes.items()}
    for key in pairs.new.lanes:
        if key not in back:
            what = Message("compare.lane.added", {"name": lane_name(pairs.new, key)})
            yield Difference(Change("added", "lane", what), ACTORS, None, key)
        else:
            yield from _lane(pairs, back[key], key)
    for key in (key for key in pairs.old.lanes if key not in pairs.lanes):
        what = Message("compare.lane.removed", {"name": lane_name(pairs.old, key)})
        yield Difference(Change("removed", "lane", what), ACTORS, key, None)
    yield from _order(pairs, back)


def _lane(pairs: Pairs, old: str, new: str) -> Iterator[Difference]:
    before, after = pairs.old.lanes[old], pairs.new.lanes[new]
    for change in text("lane_name", Message("compare.field.name"), before.name, after.name):
        yield Difference(change, ACTORS, old, new)
    if (pairs.lanes.get(before.parent, "") if before.parent else None) != after.parent:
        label = Message("compare.lane.group", {"name": lane_name(pairs.new, new)})
        groups = lane_name(pairs.old, before.parent), lane_name(pairs.new, after.parent)
        yield Difference(exchanged("lane_group", label, *groups), ACTORS, old, new)


def _order(pairs: Pairs, back: dict[str, str]) -> Iterator[Difference]:
    """The columns of the table stand in the lanes' order."""
    before = [pairs.lanes[key] for key in pairs.old.lanes if key in pairs.lanes]
    moved = out_of_order(before, [key for key in pairs.new.lanes if key in back])
    if moved:
        names = ", ".join(lane.name or lane.id for lane in sop.columns(pairs.new))
        what = Message("compare.lane.order", {"new": names})
        yield Difference(Change("moved", "lane_order", what), ACTORS)
