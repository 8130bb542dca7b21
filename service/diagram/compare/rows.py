"""What differs in the order of the table's rows, and in the numbers before them."""

from collections.abc import Iterator, Mapping

from service.diagram import sop
from service.diagram.compare.pairs import Pairs, called, subject
from service.diagram.compare.told import Difference
from service.diagram.model import Element, Process
from service.differences import Change, out_of_order
from service.errors import Message

TABLE = Message("compare.table")


def moved(pairs: Pairs) -> Mapping[str, Difference]:
    """The rows that stand in another order, by the new element's id."""
    old, new = _rows(pairs.old), _rows(pairs.new)
    before = [pairs.elements[key] for key in old if pairs.elements.get(key) in new]
    after = [key for key in new if pairs.back.get(key) in old]
    away = out_of_order(before, after)
    return {key: _moved(pairs, key, before, after) for key in after if key in away}


def numbered(pairs: Pairs, told: Mapping[str, Difference]) -> Iterator[Difference]:
    """Other numbers of rows, all in one sentence: whatever is added or removed shifts the rest."""
    changed = []
    for old, new in pairs.elements.items():
        numbers = _number(pairs.old.elements[old]), _number(pairs.new.elements[new])
        if numbers[0] != numbers[1] and new not in told:
            changed.append(numbers)
    if changed:
        said = ", ".join(f"{old or '–'} → {new or '–'}" for old, new in changed)
        yield Difference(Change("changed", "no", Message("compare.numbers", {"numbers": said})), TABLE)


def _moved(pairs: Pairs, key: str, before: list[str], after: list[str]) -> Difference:
    old, new = pairs.back[key], pairs.new.elements[key]
    said = {"old": _after(pairs, before, key), "new": _after(pairs, after, key)}
    change = Change("moved", "order", Message("compare.order", said))
    return Difference(change, subject(pairs.new, new), old, key)


def _after(pairs: Pairs, order: list[str], key: str) -> Message:
    """Where a row stands: behind which other."""
    place = order.index(key)
    if not place:
        return Message("compare.order.first")
    return Message("compare.order.after", {"name": called(pairs.new, order[place - 1])})


def _rows(process: Process) -> list[str]:
    return [row.element for row in sop.rows(process)]


def _number(element: Element) -> str:
    return " ".join(element.properties.get("sop.no", "").split())
