"""What differs between two revisions of a process, in the words and the order of the SOP's table."""

from collections.abc import Iterator, Mapping, Sequence

from service.diagram.compare import rows, ways
from service.diagram.compare.fields import differing, lane_name
from service.diagram.compare.pairs import Pairs, subject
from service.diagram.compare.told import Difference
from service.diagram.compare.whole import ACTORS, whole
from service.diagram.model import Element
from service.diagram.rules.elements import WORK
from service.differences import KINDS, Change, Kind
from service.errors import Message

__all__ = ["ACTORS", "Difference", "Pairs", "compare", "marks"]

Marks = Mapping[str, Kind]


def compare(pairs: Pairs, more: Mapping[str, Sequence[Change]]) -> Iterator[Difference]:
    """Everything that differs, in the order in which the SOP is read; what is gone, where it was.

    `more` is what else differs at an element that is in both, by its new id: its form, its decision.
    """
    yield from whole(pairs)
    order = rows.moved(pairs)
    yield from rows.numbered(pairs, order)
    for old, new in pairs.reading:
        if old and new:
            yield from _both(pairs, old, new, order, more.get(new.id, ()))
        elif new:
            yield from _added(pairs, new)
        elif old:
            yield _removed(pairs, old)


def marks(differences: Sequence[Difference]) -> tuple[Marks, Marks]:
    """What is to be coloured in the old diagram and in the new one: elements, lanes and flows by id."""
    found: tuple[dict[str, Kind], dict[str, Kind]] = ({}, {})
    for one in sorted(differences, key=lambda one: KINDS.index(one.mark)):
        for ids in one.marked or ((one.old, one.new),):
            for side, key in zip(found, ids, strict=True):
                if key:
                    side.setdefault(key, _kind(one, ids))
    return found


def _kind(one: Difference, ids: tuple[str | None, str | None]) -> Kind:
    """A flow that stands in one diagram only came or went."""
    if one.marked and one.about == "flow":
        return "removed" if ids[0] else "added"
    return one.mark


def _both(
    pairs: Pairs, old: Element, new: Element, order: Mapping[str, Difference], more: Sequence[Change]
) -> Iterator[Difference]:
    if new.id in order:
        yield order[new.id]
    for change in (*differing(pairs, old, new), *more):
        yield Difference(change, subject(pairs.new, new), old.id, new.id)
    yield from ways.followed(pairs, old, new)


def _added(pairs: Pairs, new: Element) -> Iterator[Difference]:
    yield Difference(_whole(pairs, new, "added"), subject(pairs.new, new), None, new.id)
    yield from ways.leads(pairs.new, new)


def _removed(pairs: Pairs, old: Element) -> Difference:
    marked = tuple((key, None) for key in (old.id, *old.outgoing))
    return Difference(_whole(pairs, old, "removed"), subject(pairs.old, old, gone=True), old.id, None, marked)


def _whole(pairs: Pairs, element: Element, kind: Kind) -> Change:
    """An element that came or went; of people's work, who does it and in what time."""
    if element.type not in WORK:
        return Change(kind, "element", Message(f"compare.{kind}"))
    process = pairs.new if kind == "added" else pairs.old
    time = element.properties.get("sop.waktu") or "–"
    said = {"lane": lane_name(process, element.lane), "time": time}
    return Change(kind, "element", Message(f"compare.{kind}_step", said))
