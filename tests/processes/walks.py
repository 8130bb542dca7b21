"""What a walk through an SOP is: who starts it, each step with what is filled in, and where it ends."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

NIP = ("198001012005012001", "199002022015021002")
"""Two numbers of the right form that are nobody's."""


@dataclass(frozen=True)
class Step:
    """A step of the diagram, done by who holds its position; `sees` is what the form must show them.

    `item` names one of several instances by its label.
    """

    element: str
    values: Mapping[str, Any]
    sees: tuple[str, ...] = ()
    item: str = ""


@dataclass(frozen=True)
class Arrival:
    """A message from outside that the case waits for, recorded by this login."""

    message: str
    login: str


@dataclass(frozen=True)
class Walk:
    """A case from its start to one of its ends."""

    key: str
    starter: str
    steps: tuple[Step | Arrival, ...]
    end: str
    start: Mapping[str, Any] = field(default_factory=dict)
    variables: Mapping[str, Any] = field(default_factory=dict)


def agrees(who: str, **more: Any) -> dict[str, Any]:
    """A review that says yes."""
    return {f"keputusan_{who}": "setuju", **more}


def returns(who: str, note: str) -> dict[str, Any]:
    """A review that sends back, with its note."""
    return {f"keputusan_{who}": "tidak", f"catatan_{who}": note}


def disposisi(who: str, to: str, instructions: tuple[str, ...] = ("Proses lebih lanjut",)) -> dict[str, Any]:
    """A disposisi to somebody, with its instruction ticks."""
    return {f"disposisi_{who}_kepada": to, f"disposisi_{who}_instruksi": list(instructions)}
