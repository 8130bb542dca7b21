"""What can be wrong with the ways of tokens, and where a token can be."""

from dataclasses import dataclass
from typing import Literal

Place = tuple[Literal["on", "in"], str]
"""A token `on` a sequence flow, by the flow's id, or `in` an element, by the element's."""


@dataclass(frozen=True)
class Flaw:
    """One fault, at an element, with the way of a token that comes to it.

    - `deadlock`: a gateway waits for tokens that never come; `lacking` are the flows that stay empty.
    - `multiplying`: each round leaves one token more at the element, and none of them can go on.
    - `livelock`: from the element on tokens move, but no way leads to an end any more.
    - `unsynchronised`: two tokens meet where nothing joins them, and what comes behind is done twice.
    - `dead`: there is a way to it on paper, but no token ever takes it.
    - `unexplored`: too many states; the scope was not looked at to its end, and `element` is its id.

    `path` are the ids of elements in the order in which the token came through them, the element last.
    """

    kind: Literal["deadlock", "unsynchronised", "livelock", "dead", "multiplying", "unexplored"]
    element: str
    path: tuple[str, ...] = ()
    lacking: tuple[str, ...] = ()
