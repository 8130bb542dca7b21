"""A match in which the case goes over to other diagrams on its way, while the token game plays on."""

from collections.abc import Callable, Mapping
from typing import Any

from lxml import etree

from service.diagram.read import read
from service.engine import ahead, migrating
from service.engine.definition import Definition, compile
from service.engine.execution import Wait
from service.engine.migrating import Obstacle
from service.engine.passage import Passage, rests
from service.errors import ExecutionFailed
from tests.engine.match import Match
from tests.engine.token_game import Open, text
from tests.engine.walking import Walk

REFERENCES = ("id", "sourceRef", "targetRef", "attachedToRef", "default")
PREFIX = "z_"


def compiled(xml: bytes) -> Definition:
    """The executable form of the only process in a file."""
    return compile(next(iter(read(xml).processes.values())))


def renamed(xml: bytes) -> bytes:
    """The same diagram, with other ids in the process."""
    root = etree.fromstring(xml)
    process = next(child for child in root if child.tag.endswith("}process"))
    for node in process.iterdescendants():
        for name in REFERENCES:
            if name in node.attrib:
                node.set(name, PREFIX + node.get(name))
    return bytes(etree.tostring(root))


def fitting(old: Definition, new: Definition, prefix: str = "") -> Passage:
    """The way over by equal ids, or by ids with a prefix, as far as the engine lets it."""
    targets = {one.id: there for one in rests(old) if (there := prefix + one.id) in new.process.elements}
    while wrong := Passage(old, new, targets).wrong:
        targets = {one: other for one, other in targets.items() if one not in wrong}
    return Passage(old, new, targets)


def hindrances(passage: Passage, state: str) -> list[Obstacle]:
    """Why a frozen case cannot go over."""
    return migrating.obstacles(passage, state) or list(ahead.dead_ends(passage, state))


def carry(walk: Walk, passage: Passage) -> None:
    """Takes the walk over; it goes on only where a condition holds now."""
    execution = migrating.carry(passage, walk.state, dict(walk.variables), walk.now)
    walk.definition = passage.new
    walk.keep(execution)


class Carried(Match):
    """A match whose engine may change its diagram; the game knows it by the old ids."""

    def carry(self, xml: bytes, prefix: str = "") -> None:
        """Goes over to another file of the same diagram."""
        passage = fitting(self.walk.definition, compiled(xml), prefix)
        assert hindrances(passage, self.walk.state) == []
        before = [(wait.id, wait.kind, wait.due) for wait in self.walk.waits]
        carry(self.walk, passage)
        assert [(wait.id, wait.kind, wait.due) for wait in self.walk.waits] == before

    def _step(self, step: Callable[[], object]) -> None:
        try:
            step()
        except ExecutionFailed as failed:
            self.failed = True
            self.game.agree_failed(tired=failed.message.key == "engine.budget")
            return
        self.failed = False
        walk, end = self.walk, (self.walk.end or "").removeprefix(PREFIX) or None
        self.game.agree(map(opened, walk.waits), _known(walk.variables), end, walk.ended)

    def do(self, what: str | Wait, values: Mapping[str, Any] | None = None) -> "Carried":
        """As in Match."""
        assert isinstance(what, Wait)
        self.game.complete(opened(what), values or {})
        self._step(lambda: self.walk.act(what, values))
        return self


def opened(wait: Wait) -> Open:
    """A wait as the game sees it."""
    return Open(wait.element.id.removeprefix(PREFIX), wait.kind, text(_known(wait.locals)))


def _known(variables: Mapping[str, Any]) -> dict[str, Any]:
    """Results are gathered under an element's id: under the last one that it had."""
    there = {name.removeprefix(PREFIX) for name in variables if name.startswith(PREFIX)}
    return {
        name.removeprefix(PREFIX): value
        for name, value in variables.items()
        if name.startswith(PREFIX) or name not in there
    }
