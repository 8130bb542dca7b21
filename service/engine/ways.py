"""Which flow into a joining gateway continues which one of the old diagram, for tokens that came by it."""

from collections.abc import Container

from service.diagram.model import Process
from service.engine.passage import Passage


def ways(passage: Passage, join: str) -> dict[str, str]:
    """The new flow for each old one, as far as it is known.

    By the element that it comes from, by its id if it comes from an element that is new, by what
    lies before it where something may rest, and at last as the only one that is left.
    """
    old, new = passage.old.process, passage.new.process
    target = new.elements.get(passage.targets.get(join, ""))
    here = list(old.elements[join].incoming)
    there = list(target.incoming) if target else []
    found: dict[str, str] = {}
    for flow in sorted(here, key=lambda flow: flow not in there):
        source = passage.targets.get(old.flows[flow].source, old.flows[flow].source)
        free = [one for one in there if one not in found.values() and new.flows[one].source == source]
        if free:
            found[flow] = flow if flow in free else free[0]
    known = {*passage.targets.values(), *old.elements}
    for flow in here:
        if flow not in found and flow in there and new.flows[flow].source not in known:
            found[flow] = flow
    found |= _by_what_lies_before(passage, found, here, there)
    left, open_ = [flow for flow in here if flow not in found], set(there) - set(found.values())
    if len(left) == len(open_) == 1:
        found[left[0]] = open_.pop()
    return found


def _by_what_lies_before(
    passage: Passage, found: dict[str, str], here: list[str], there: list[str]
) -> dict[str, str]:
    """The others by the mapped elements from which they come; those that come from the same ones in turn."""
    ours: dict[frozenset[str], list[str]] = {}
    theirs: dict[frozenset[str], list[str]] = {}
    for flow in (flow for flow in here if flow not in found):
        before = _before(passage.old.process, flow, passage.targets)
        ours.setdefault(frozenset(passage.targets[one] for one in before), []).append(flow)
    continued = set(passage.targets.values())
    for flow in (flow for flow in there if flow not in found.values()):
        theirs.setdefault(_before(passage.new.process, flow, continued), []).append(flow)
    return {
        flow: other
        for before, flows in ours.items()
        if len(flows) == len(theirs.get(before, ()))
        for flow, other in zip(flows, theirs[before], strict=True)
    }


def _before(process: Process, flow: str, known: Container[str]) -> frozenset[str]:
    """The nearest known elements from which a token comes to a flow."""
    found, seen, ahead = set(), {flow}, [flow]
    while ahead:
        element = process.elements[process.flows[ahead.pop()].source]
        for one in filter(None, (element.id, element.attached_to)):
            if one in known:
                found.add(one)
                break
        else:
            fresh = [one for one in element.incoming if one not in seen]
            seen.update(fresh)
            ahead += fresh
    return frozenset(found)
