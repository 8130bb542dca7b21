"""What differs in the ways out of an element: where they lead, under which conditions, in which order."""

from collections.abc import Iterator

from service.diagram.compare.pairs import Pairs, called, subject
from service.diagram.compare.told import Difference
from service.diagram.model import Element, Flow, Process
from service.differences import Change, code, exchanged, text
from service.errors import Message


def followed(pairs: Pairs, old: Element, new: Element) -> Iterator[Difference]:
    """Every difference in what comes after an element that is in both."""
    yield from _targets(pairs, old, new)
    for key in old.outgoing:
        if key in pairs.flows:
            yield from _said(pairs, pairs.old.flows[key], pairs.new.flows[pairs.flows[key]], old, new)
    yield from _default(pairs, old, new)
    yield from _order(pairs, old, new)


def leads(process: Process, element: Element) -> Iterator[Difference]:
    """Where an element that was added leads."""
    flows = [process.flows[key] for key in element.outgoing]
    if flows:
        what = Message("compare.then", {"new": _ways(process, flows)})
        marked = tuple((None, flow.id) for flow in flows)
        yield Difference(Change("added", "flow", what), subject(process, element), None, element.id, marked)


def _targets(pairs: Pairs, old: Element, new: Element) -> Iterator[Difference]:
    """The flows that are gone and those that are new."""
    lost = [pairs.old.flows[key] for key in old.outgoing if key not in pairs.flows]
    gained = [pairs.new.flows[key] for key in new.outgoing if key not in pairs.kept_flows]
    if not (lost or gained):
        return
    key = "compare.then_now" if lost and gained else "compare.then_also" if gained else "compare.then_no_more"
    said = {"old": _ways(pairs.old, lost), "new": _ways(pairs.new, gained)}
    marked = (*((flow.id, None) for flow in lost), *((None, flow.id) for flow in gained))
    change = Change("changed", "flow", Message(key, said))
    yield Difference(change, subject(pairs.new, new), old.id, new.id, marked)


def _said(pairs: Pairs, before: Flow, after: Flow, old: Element, new: Element) -> Iterator[Difference]:
    """The words and the condition of a way that is in both."""
    way = {"way": _way(pairs.new, after)}
    changes = [
        *text(
            "way",
            Message("compare.way.name", {"way": called(pairs.new, after.target)}),
            before.name,
            after.name,
        ),
        *code("condition", Message("compare.way.condition", way), before.condition, after.condition),
    ]
    if before.condition and after.condition:
        label = Message("compare.way.language", way)
        changes += code("condition_language", label, before.language, after.language)
    for change in changes:
        yield Difference(change, subject(pairs.new, new), old.id, new.id, ((before.id, after.id),))


def _default(pairs: Pairs, old: Element, new: Element) -> Iterator[Difference]:
    """The way that is taken where no condition holds."""
    if (pairs.flows.get(old.default, "") if old.default else None) == new.default:
        return
    ways = _default_way(pairs.old, old), _default_way(pairs.new, new)
    change = exchanged("default", Message("compare.way.default"), *ways)
    marked = (
        (old.default if old.default in pairs.old.flows else None, None),
        (None, new.default if new.default in pairs.new.flows else None),
    )
    yield Difference(change, subject(pairs.new, new), old.id, new.id, marked)


def _default_way(process: Process, element: Element) -> str | Message:
    flow = process.flows.get(element.default or "")
    return _way(process, flow) if flow else Message("compare.no_way")


def _order(pairs: Pairs, old: Element, new: Element) -> Iterator[Difference]:
    """The order of the conditions of an exclusive gateway, where the first that holds is taken."""
    if new.type != "exclusiveGateway":
        return
    before = [
        pairs.flows[key] for key in old.outgoing if key in pairs.flows and pairs.old.flows[key].condition
    ]
    after = [key for key in new.outgoing if pairs.new.flows[key].condition]
    both = {*before} & {*after}
    if [key for key in before if key in both] != [key for key in after if key in both]:
        ways = _ways(pairs.new, [pairs.new.flows[key] for key in after])
        change = Change("changed", "condition_order", Message("compare.way.order", {"new": ways}))
        yield Difference(change, subject(pairs.new, new), old.id, new.id)


def _ways(process: Process, flows: list[Flow]) -> str:
    return ", ".join(_full(process, flow) for flow in flows)


def _way(process: Process, flow: Flow) -> str:
    """What people call a way: what stands at it, else where it leads."""
    return flow.name or called(process, flow.target)


def _full(process: Process, flow: Flow) -> str:
    """Where a way leads, and when it is taken."""
    when = " · ".join(filter(None, (flow.name, flow.condition)))
    return f"“{called(process, flow.target)}”" + (f" ({when})" if when else "")
