"""A marking: which tokens stand where, what belongs to each, and the variables of the case."""

import json
from collections import ChainMap
from collections.abc import Iterator, Mapping
from typing import Any, NamedTuple, Self

from tests.engine.token_game.net import Net, Node

ROOT = 0
"""The id of the token that stands for the instance itself."""


class Token(NamedTuple):
    """A token on a node, inside another (`around`).

    `state` says what it does: `moving` goes on by itself, `joining` lies before a gateway on the flow
    `via`, `waiting` needs something from outside, `listening` is an event on a border or the start of
    an event sub-process, `open` is a scope, `several` the whole of a loop, `choosing` an event gateway.
    `own` are variables that only it sees; `memory` is what its node keeps there; `part` marks one
    round of a loop. Both mappings are never changed, only replaced.
    """

    node: str
    around: int
    state: str
    via: str = ""
    own: Mapping[str, Any] | None = None
    memory: Mapping[str, Any] | None = None
    part: bool = False


class Marking:
    """One state of the game."""

    def __init__(self, net: Net, variables: Mapping[str, Any]) -> None:
        self.net = net
        self.variables = variables
        self.tokens = {ROOT: Token(net.root.id, -1, "open")}
        self.end: str | None = None
        self.ended = False
        self.wrote = False
        self._last = ROOT

    def copy(self) -> Self:
        """The same marking, to be changed apart."""
        other = object.__new__(type(self))
        other.__dict__ |= self.__dict__
        other.tokens = dict(self.tokens)
        return other

    def key(self) -> str:
        """Equal for markings that differ in the tokens' ids only."""
        inside: dict[int, list[int]] = {}
        for number, token in self.tokens.items():
            inside.setdefault(token.around, []).append(number)
        return text([self.ended, self.end, self.variables, self._within(ROOT, inside)])

    def _within(self, around: int, inside: Mapping[int, list[int]]) -> list[str]:
        found = ((self.tokens[number], number) for number in inside.get(around, ()))
        return sorted(text([token[0], *token[2:], self._within(number, inside)]) for token, number in found)

    def node(self, number: int) -> Node:
        """The node that a token stands on."""
        return self.net.nodes[self.tokens[number].node]

    def put(self, node: str, around: int, state: str, **more: Any) -> int:
        """A new token's id."""
        self._last += 1
        self.tokens[self._last] = Token(node, around, state, **more)
        return self._last

    def change(self, number: int, **more: Any) -> None:
        """Changes what is known of a token."""
        self.tokens[number] = self.tokens[number]._replace(**more)

    def remember(self, number: int, **more: Any) -> None:
        """Changes what a node keeps with its token."""
        self.change(number, memory={**(self.tokens[number].memory or {}), **more})

    def inside(self, around: int) -> Iterator[tuple[int, Token]]:
        """The tokens directly inside another, oldest first."""
        return iter([(number, token) for number, token in self.tokens.items() if token.around == around])

    def withdraw(self, number: int) -> None:
        """Takes a token away with everything inside it."""
        for inner, _ in self.inside(number):
            self.withdraw(inner)
        del self.tokens[number]

    def owners(self, number: int) -> Iterator[int]:
        """A token and those that it is in, from the inside out, the instance left out.

        An event on a border is not in what it is on.
        """
        while number != ROOT:
            yield number
            around = self.tokens[number].around
            on_border = self.tokens[number].state == "listening" and self.node(number).host
            number = self.tokens[around].around if on_border else around

    def sees(self, number: int) -> Mapping[str, Any]:
        """The variables that an expression sees at a token."""
        return ChainMap(self.local(number), dict(self.variables))

    def local(self, number: int) -> dict[str, Any]:
        """The variables that not everybody sees."""
        return dict(ChainMap(*(dict(self.tokens[n].own or {}) for n in self.owners(number))))

    def write(self, number: int, values: Mapping[str, Any], outside: bool = False) -> None:
        """Sets variables where a token has them; a new one in its instance of several, else in the case.

        `outside`: what an activity hands out does not stay with it.
        """
        for name, value in values.items():
            self.wrote = True
            for owner in self._writers(number, outside):
                token = self.tokens[owner]
                if self._collects(owner) or name in (token.own or {}):
                    self.change(owner, own={**(token.own or {}), name: value})
                    if self._collects(owner):
                        self.remember(owner, written=(*token.memory["written"], name))
                    break
            else:
                self.variables = {**self.variables, name: value}

    def _writers(self, number: int, outside: bool) -> Iterator[int]:
        for owner in self.owners(number):
            if owner != number or not outside or self._collects(owner):
                yield owner
            if self._collects(owner):
                return

    def _collects(self, number: int) -> bool:
        return "written" in (self.tokens[number].memory or {})


def text(value: Any) -> str:
    """A text that is the same for the same value."""
    return json.dumps(value, sort_keys=True, default=repr)
