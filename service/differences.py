"""What differs between two things, said one by one: what was added, removed, changed or moved."""

from bisect import bisect_left
from collections import Counter
from collections.abc import Hashable, Iterator, Sequence
from dataclasses import dataclass
from typing import Literal

from service.errors import Message

Kind = Literal["added", "removed", "changed", "moved"]
KINDS: tuple[Kind, ...] = ("added", "removed", "moved", "changed")
"""In the order in which they are counted, and in which the first one marks an element."""


@dataclass(frozen=True)
class Change:
    """One thing that differs. `about` names it for programs (`waktu`, `lane`, `field` …)."""

    kind: Kind
    about: str
    what: Message


def text(about: str, label: Message, old: str | None, new: str | None) -> Iterator[Change]:
    """How a text for people was changed, line by line if it has several; nothing where only its spaces were.

    A text that is missing is an empty one.
    """
    before, after = _lines(old), _lines(new)
    if before == after:
        return
    if len(before) > 1 or len(after) > 1:
        yield from listed(about, label, before, after)
    elif not before:
        yield Change("changed", about, Message("compare.set", {"label": label, "new": after[0]}))
    elif not after:
        yield Change("changed", about, Message("compare.emptied", {"label": label, "old": before[0]}))
    else:
        yield exchanged(about, label, before[0], after[0])


def code(about: str, label: Message, old: str | None, new: str | None) -> Iterator[Change]:
    """How a text for the engine was changed; a space may count there, but for those around it."""
    if told := tuple(text(about, label, old, new)):
        yield from told
    elif (old or "").strip() != (new or "").strip():
        yield Change("changed", about, Message("compare.spaces", {"label": label}))


def exchanged(about: str, label: Message, old: str | Message, new: str | Message) -> Change:
    """One value came in the place of another."""
    return Change("changed", about, Message("compare.from_to", {"label": label, "old": old, "new": new}))


def listed(about: str, label: Message, old: Sequence[str], new: Sequence[str]) -> Iterator[Change]:
    """What a list has lost and gained, or that it has another order."""
    lost = list((Counter(old) - Counter(new)).elements())
    gained = list((Counter(new) - Counter(old)).elements())
    if len(lost) == len(gained) == 1:
        yield exchanged(about, label, lost[0], gained[0])
        return
    for line in lost:
        yield Change("changed", about, Message("compare.lost", {"label": label, "old": line}))
    for line in gained:
        yield Change("changed", about, Message("compare.gained", {"label": label, "new": line}))
    if old != new and not lost and not gained:
        yield Change("changed", about, Message("compare.reordered", {"label": label}))


def truth(about: str, label: Message, old: bool, new: bool) -> Iterator[Change]:
    """Whether something holds."""
    if old != new:
        yield exchanged(about, label, *(Message("compare.yes" if it else "compare.no") for it in (old, new)))


def out_of_order(old: Sequence[Hashable], new: Sequence[Hashable]) -> set[Hashable]:
    """The fewest items that one must move to bring the old order into the new one.

    Both sequences hold the same items, each once: what is not in a longest row that goes up.
    """
    place = {item: index for index, item in enumerate(old)}
    lasts: list[int] = []
    ends: list[Hashable] = []
    before: dict[Hashable, Hashable | None] = {}
    for item in new:
        at = bisect_left(lasts, place[item])
        before[item] = ends[at - 1] if at else None
        lasts[at : at + 1], ends[at : at + 1] = [place[item]], [item]
    kept: set[Hashable] = set()
    item = ends[-1] if ends else None
    while item is not None:
        kept.add(item)
        item = before[item]
    return set(new) - kept


def _lines(written: str | None) -> list[str]:
    """The lines of a text with single spaces, as it is read and printed."""
    return [words for line in (written or "").splitlines() if (words := " ".join(line.split()))]
