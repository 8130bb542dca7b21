"""Looks ahead: whether a case that goes over to another definition can still end there."""

from collections.abc import Iterator

from service.diagram.model import Process
from service.diagram.soundness import Flaw, Place, explore
from service.engine import frozen
from service.engine.frozen import Row
from service.engine.migrating import Obstacle, joins
from service.engine.passage import Passage
from service.engine.ways import ways
from service.errors import Message

GRAVE = ("deadlock", "multiplying", "livelock")
"""The flaws with which a case does not end."""


def dead_ends(passage: Passage, state: str) -> Iterator[Obstacle]:
    """Where a frozen case that meets no other obstacle would never end, and could have ended before.

    Each open scope is played on from where its tokens are; those that are still to be opened were
    found sound when the diagram was deployed.
    """
    rows = list(frozen.rows(state))
    elements = {row.id: row.element for row in rows}
    for host in dict.fromkeys(row.scope for row in rows):
        inside = [row for row in rows if row.scope == host and not row.parent]
        scope = elements[host] if host else None
        there = [place for row in inside for place in _there(passage, row)]
        if flaws := _grave(passage.new.process, passage.targets[scope] if scope else None, there):
            here = [place for row in inside for place in _here(passage, row)]
            before = _grave(passage.old.process, scope, here)
            for flaw in _fresh(passage, before, flaws):
                yield Obstacle(inside[0].element, _told(passage.new.process, flaw))


def _here(passage: Passage, row: Row) -> Iterator[Place]:
    if joins(passage, row) and row.way:
        yield "on", row.way
    elif row.suffix != "#trigger":
        yield "in", row.element


def _there(passage: Passage, row: Row) -> Iterator[Place]:
    if row.element not in passage.targets:
        return
    for where, key in _here(passage, row):
        if where == "on":
            yield "on", ways(passage, row.element)[key]
        else:
            yield "in", passage.targets[key]


def _grave(process: Process, scope: str | None, marking: list[Place]) -> list[Flaw]:
    found = explore(process, scope or process.id, marking)
    return [flaw for flaw in found if flaw.kind in GRAVE]


def _fresh(passage: Passage, before: list[Flaw], after: list[Flaw]) -> Iterator[Flaw]:
    """The flaws that the old diagram did not have from here: what was wrong before does not hold a case back.

    One at an element that nothing rests on, and that has another id now, may be any of the same kind.
    """
    known = {(flaw.kind, passage.targets.get(flaw.element, flaw.element)) for flaw in before}
    renamed = [
        flaw.kind
        for flaw in before
        if flaw.element not in passage.targets and flaw.element not in passage.new.process.elements
    ]
    for flaw in after:
        if (flaw.kind, flaw.element) in known:
            continue
        if flaw.kind in renamed:
            renamed.remove(flaw.kind)
            continue
        yield flaw


def _told(process: Process, flaw: Flaw) -> Message:
    """The way there by the elements' names; those without one are left out."""
    named = [name for id_ in flaw.path if id_ in process.elements and (name := process.elements[id_].name)]
    element = process.elements.get(flaw.element)
    name = (element and element.name) or flaw.element
    return Message(f"migration.{flaw.kind}", {"name": name, "path": " → ".join(named) or name})
