"""What a repair is, and what every repair of a kind is given and gives back."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from service.errors import Finding, Message


@dataclass(frozen=True)
class Repair:
    """One thing that was changed in the copy: which finding it answers, and where.

    `message.key` is `repair.<code>`: one sentence that says what is done and why.
    """

    code: str
    finding: str
    element: str | None = None
    name: str | None = None
    line: int | None = None
    params: Mapping[str, Any] = field(default_factory=dict)

    @property
    def message(self) -> Message:
        """What is done, and why."""
        places = {"element": self.element or "", "name": self.name or self.element or ""}
        return Message(f"repair.{self.code}", {**places, **self.params})


@dataclass(frozen=True)
class Repaired:
    """The copy under the file's own name, with new forms beside it; what was changed, and what is left."""

    file: str
    files: Mapping[str, bytes]
    repairs: tuple[Repair, ...]
    findings: tuple[Finding, ...]


Repairs = Iterator[Repair]


def of(finding: Finding, code: str, /, **params: Any) -> Repair:
    """A repair that answers a finding, at the same place."""
    named = {"name": finding.name} if finding.name else {}
    return Repair(code, finding.code, finding.element, finding.name, finding.line, {**named, **params})


Mend = Callable[[Any, Finding], Repairs]
"""A function that mends one finding on a drawing, or yields nothing where it cannot."""
