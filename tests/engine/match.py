"""A match: the engine and the token game take the same steps and are compared after each."""

from collections.abc import Callable, Mapping
from typing import Any

from service.diagram.read import read
from service.engine.definition import Definition, compile
from service.engine.execution import Wait
from service.errors import ExecutionFailed
from tests.engine.token_game import Open, TokenGame, text
from tests.engine.walking import Walk


class Match:
    """Both players on one diagram; `failed` tells whether the last step failed, for both."""

    def __init__(self, xml: bytes, variables: Mapping[str, Any] | None = None, start: str = "") -> None:
        definition = compile(next(iter(read(xml).processes.values())))
        self.game = TokenGame(xml, dict(variables or {}), start)
        self._step(lambda: self._begin(definition, dict(variables or {}), start))

    def _begin(self, definition: Definition, variables: dict[str, Any], start: str) -> None:
        self.walk = Walk(definition, variables, element=start or None)

    @property
    def over(self) -> bool:
        """Whether there is nothing left to do."""
        return not hasattr(self, "walk") or self.walk.ended

    @property
    def waits(self) -> list[Wait]:
        """What somebody outside may do next."""
        return [] if self.over else [wait for wait in self.walk.waits if wait.kind != "conditional"]

    @property
    def open(self) -> list[str]:
        """The elements that are waiting, sorted."""
        return self.walk.open

    @property
    def variables(self) -> dict[str, Any]:
        """The case's variables."""
        return self.walk.variables

    def do(self, what: str | Wait, values: Mapping[str, Any] | None = None) -> "Match":
        """Completes or fires a wait, or the first one of an element."""
        wait = self._wait(what)
        self.game.complete(opened(wait), values or {})
        self._step(lambda: self.walk.act(wait, values))
        return self

    def write(self, values: Mapping[str, Any]) -> "Match":
        """Sets variables of the case."""
        self.game.write(values)
        self._step(lambda: self.walk.write(values))
        return self

    def raise_(self, what: str | Wait, kind: str, code: str) -> "Match":
        """An error or an escalation comes out of what is done outside."""
        wait = self._wait(what)
        self.game.raise_(opened(wait), kind, code)
        self._step(lambda: self.walk.raise_(wait.element.id, kind, code, self._place(wait)))
        return self

    def _wait(self, what: str | Wait) -> Wait:
        return what if isinstance(what, Wait) else next(w for w in self.waits if w.element.id == what)

    def _place(self, wait: Wait) -> int:
        return [w.id for w in self.walk.waits if w.element == wait.element].index(wait.id)

    def _step(self, step: Callable[[], object]) -> None:
        try:
            step()
        except ExecutionFailed as failed:
            self.failed = True
            self.game.agree_failed(tired=failed.message.key == "engine.budget")
            return
        self.failed = False
        walk = self.walk
        self.game.agree(map(opened, walk.waits), walk.variables, walk.end, walk.ended)


def opened(wait: Wait) -> Open:
    """A wait as the game sees it."""
    return Open(wait.element.id, wait.kind, text(dict(wait.locals or {})))
