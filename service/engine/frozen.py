"""Reads a frozen case without thawing it: which tokens rest where, under the old diagram's ids."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from service.engine import codec
from service.engine.elements import node_name


@dataclass(frozen=True)
class Row:
    """A frozen token: its element's id, what follows that in the spec's name, and the scope it is in.

    `scope` is the id of the token whose scope that is, None for the process itself, and `parent` the
    token beside which it stands: the boundary event's activity, the choice's gateway, the round's
    repeated activity.
    """

    scope: str | None
    id: str
    element: str
    suffix: str
    state: int
    parent: str | None
    internal: dict[str, Any]
    data: Any

    @property
    def way(self) -> str | None:
        """The flow by which it came."""
        return self.internal.get("via")


def rows(state: str) -> Iterator[Row]:
    """The tokens, the outer scope's before the inner's."""
    for scope, frozen in codec.scopes(state):
        for id_, name, *rest in frozen:
            element, mark, suffix = name.removeprefix(node_name("")).partition("#")
            yield Row(scope, id_, element, mark + suffix, *rest)


def standing(state: str) -> list[str]:
    """The elements where something rests or listens, each once."""
    return list(dict.fromkeys(row.element for row in rows(state)))


def shape(state: str) -> str:
    """What decides where a case can go: the same text for all cases whose tokens rest in the same way."""
    numbers: dict[str | None, int] = {None: -1}
    told = []
    for row in rows(state):
        numbers[row.id] = len(numbers)
        told.append((numbers[row.scope], numbers[row.parent], row.element, row.suffix, row.state, row.way))
    return repr(told)
