"""In which order decisions are evaluated: what is required comes before what requires it."""

from collections.abc import Callable, Mapping, Sequence
from typing import TypeVar

from service import feel
from service.dmn.model import Decision, Definitions, Function

T = TypeVar("T")


def required(definitions: Definitions, key: str) -> list[Decision]:
    """The decision with this id, last, and every other that it needs, each once."""
    return _before([key], definitions.decisions, lambda decision: decision.requires)


def functions(definitions: Definitions, decision: Decision) -> feel.Functions:
    """The functions that a decision may call, and those that these call, ready to be evaluated in order."""
    needed = _before(decision.knowledge, definitions.functions, lambda function: function.knowledge)
    return [(function.name, function.text) for function in needed]


def circle(definitions: Definitions, start: Decision | Function) -> bool:
    """Whether something requires itself, however far round."""
    if isinstance(start, Decision):
        return start.id in _reached(start.requires, definitions.decisions, lambda each: each.requires)
    return start.id in _reached(start.knowledge, definitions.functions, lambda each: each.knowledge)


def _before(keys: Sequence[str], all_: Mapping[str, T], needs: Callable[[T], Sequence[str]]) -> list[T]:
    """The things with these keys behind all that they need; without recursion, chains may be long."""
    found: list[T] = []
    seen = set[str]()
    open_ = [(key, False) for key in reversed(keys)]
    while open_:
        key, ready = open_.pop()
        if ready:
            found.append(all_[key])
        elif key not in seen:
            seen.add(key)
            open_.append((key, True))
            open_ += [(need, False) for need in reversed(needs(all_[key]))]
    return found


def _reached(keys: Sequence[str], all_: Mapping[str, T], needs: Callable[[T], Sequence[str]]) -> set[str]:
    seen, open_ = set[str](), list(keys)
    while open_:
        key = open_.pop()
        if key not in seen:
            seen.add(key)
            open_ += needs(all_[key]) if key in all_ else ()
    return seen
