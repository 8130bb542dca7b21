"""Which element of a later revision is which of an earlier one: by id, or by what is told of it."""

import re
from collections import Counter
from collections.abc import Callable, Hashable, Iterator, Mapping
from dataclasses import dataclass
from unicodedata import normalize

from service.diagram.model import Element, Process
from service.diagram.rules.elements import EVENTS, GATEWAYS, PROGRAMMED, WORK, event_kind

JOINS = (GATEWAYS | {"complexGateway"}) - {"eventBasedGateway"}
"""Gateways that may be exchanged for each other; at an event-based one a token stands and waits."""
ROUNDS = 20
"""How often what was matched may help to match its neighbours."""
WORD = re.compile(r"\w+")

Family = tuple[str, ...]
Trait = Callable[["_Side", Element], Hashable | None]
"""What two elements must have in common; None where this one has nothing to go by."""


def family(element: Element) -> Family:
    """What an element can be replaced by: all people's work is one family, an event goes by its kind."""
    for name, types in (("work", WORK), ("gateway", JOINS), ("program", PROGRAMMED | {"scriptTask"})):
        if element.type in types:
            return (name,)
    if element.type in EVENTS:
        return element.type, event_kind(element)
    return element.type, "handler" if element.triggered_by_event else ""


def same(old: Process, new: Process) -> dict[str, str]:
    """The elements that have the same id in both and are of one family, old id by new."""
    return {
        key: key
        for key, element in old.elements.items()
        if (other := new.elements.get(key)) and family(element) == family(other)
    }


def likely(old: Process, new: Process) -> dict[str, str]:
    """Of the other elements those that were surely renamed or replaced: the new id by the old.

    By family and name, by the row of the table, then by what stands around them. Each is matched at
    most once, and only where nothing else on either side would do as well.
    """
    pairs = same(old, new)
    known = len(pairs)
    for _ in range(ROUNDS):
        if not (found := _next(old, new, pairs)):
            break
        pairs |= found
    return dict(list(pairs.items())[known:])


def words(text: str | None) -> str:
    """A text without case, punctuation and the number of its spaces: what makes two names the same."""
    return " ".join(WORD.findall(normalize("NFKC", text or "").casefold()))


@dataclass(frozen=True)
class _Side:
    """One of the two processes; `pairs` gives what an element of it is matched with a common name."""

    process: Process
    pairs: Mapping[str, str]

    def free(self) -> Iterator[Element]:
        return (one for key, one in self.process.elements.items() if key not in self.pairs)


def _next(old: Process, new: Process, pairs: Mapping[str, str]) -> dict[str, str]:
    """What the strongest trait that helps at all matches now."""
    left = _Side(old, {key: key for key in pairs})
    right = _Side(new, {target: key for key, target in pairs.items()})
    for trait in TRAITS:
        ours, theirs = _single(left, trait), _single(right, trait)
        if found := {key: theirs[value] for value, key in ours.items() if value in theirs}:
            return found
    return {}


def _single(side: _Side, trait: Trait) -> dict[Hashable, str]:
    """The free elements by what is told of them, as far as it is told of one alone."""
    told = {one.id: value for one in side.free() if (value := trait(side, one)) is not None}
    times = Counter(told.values())
    return {value: key for key, value in told.items() if times[value] == 1}


def _lane(side: _Side, element: Element) -> str:
    lane = side.process.lanes.get(element.lane or "")
    return words(lane.name) if lane else ""


def _around(side: _Side, element: Element) -> Hashable | None:
    """What comes before and after it, where all of that is matched already."""
    flows = side.process.flows
    before = [flows[key].source for key in element.incoming]
    after = [flows[key].target for key in element.outgoing]
    if element.attached_to:
        before.append(element.attached_to)
    if not (before or after) or not all(key in side.pairs for key in (*before, *after)):
        return None
    return tuple(sorted(side.pairs[key] for key in before)), tuple(sorted(side.pairs[key] for key in after))


def _named(side: _Side, element: Element) -> Hashable | None:
    return (family(element), name) if (name := words(element.name)) else None


def _named_in_lane(side: _Side, element: Element) -> Hashable | None:
    return (name, _lane(side, element)) if (name := _named(side, element)) else None


def _named_in_row(side: _Side, element: Element) -> Hashable | None:
    name, number = _named_in_lane(side, element), element.properties.get("sop.no")
    return (name, number) if name and number else None


def _named_in_place(side: _Side, element: Element) -> Hashable | None:
    name, around = _named(side, element), _around(side, element)
    return (name, around) if name and around else None


def _worded(side: _Side, element: Element) -> Hashable | None:
    activity = words(element.properties.get("sop.kegiatan"))
    return (family(element), activity) if activity else None


def _numbered(side: _Side, element: Element) -> Hashable | None:
    """The same row of the same actor; a number alone says little, for whatever is added shifts it."""
    number = words(element.properties.get("sop.no"))
    return (family(element), number, _lane(side, element)) if number else None


def _placed(side: _Side, element: Element) -> Hashable | None:
    around = _around(side, element)
    return (family(element), around, _lane(side, element)) if around else None


def _alone(side: _Side, element: Element) -> Hashable | None:
    """A start of its kind that is the only one of its process."""
    if element.type != "startEvent" or element.parent != side.process.id:
        return None
    starts = [one for one in side.process.elements.values() if one.type == "startEvent"]
    kin = [one for one in starts if one.parent == element.parent and family(one) == family(element)]
    return family(element) if len(kin) == 1 else None


TRAITS: tuple[Trait, ...] = (
    *(_named_in_row, _named_in_lane, _named_in_place, _named, _worded),
    *(_numbered, _alone, _placed),
)
"""From the surest to the one that is only likely."""
