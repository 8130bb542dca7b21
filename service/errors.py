"""What can go wrong, in the product's words: one small tree, without HTTP and without a language."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Literal


@dataclass(frozen=True)
class Message:
    """A sentence that is still to be said: a key of `translations/` and what fills its places.

    A parameter may itself be a Message; it is said in the same language.
    """

    key: str
    params: Mapping[str, Any] = field(default_factory=dict)


class AlurError(Exception):
    """The root of the tree; carries the Message that the edge says in the reader's language."""

    def __init__(self, key: str, /, **params: Any) -> None:
        super().__init__(key, params)
        self.message = Message(key, params)


class NotFound(AlurError):
    """What was asked for does not exist, or the asker may not know that it does."""


class Unauthenticated(AlurError):
    """Nobody is signed in, or the name and password do not fit."""


class NotAllowed(AlurError):
    """Somebody is signed in, but this is not theirs to do."""


class Conflict(AlurError):
    """The thing has moved on since the asker last saw it."""


class Busy(AlurError):
    """The store could not serve this in time, or cannot be reached; asking again may work."""


class Undone(Busy):
    """The transaction met another one, or lost its connection, before its commit: nothing of it was done."""


class KeyReused(AlurError):
    """A request came with the key of another one: it is not that one said again, and is not done."""


class InvalidInput(AlurError):
    """The request itself cannot be understood or is out of its limits."""


class ExpressionError(AlurError):
    """A FEEL or JUEL expression cannot be read, or went over its limits."""


class DecisionFailed(AlurError):
    """A decision has no answer: there is none, its rules contradict each other, or a value does not fit."""


class InvalidSubmission(AlurError):
    """A form came back with mistakes; `fields` maps each field's path to its sentence.

    A path is the field's key with dots for groups and `[n]` for rows: `pegawai[0].nip`.
    """

    def __init__(self, fields: Mapping[str, Message]) -> None:
        super().__init__("form.invalid", count=len(fields))
        self.fields = dict(fields)


@dataclass(frozen=True)
class Finding:
    """One thing that a check says about a file, with the place and the remedy.

    `message.key` is `check.<code>`; its remedy is the key `check.<code>.remedy` with the same
    parameters.
    """

    code: str
    severity: Literal["error", "warning"]
    file: str = ""
    element: str | None = None
    name: str | None = None
    line: int | None = None
    params: Mapping[str, Any] = field(default_factory=dict)

    @property
    def message(self) -> Message:
        """What is wrong."""
        return Message(f"check.{self.code}", self._places())

    @property
    def remedy(self) -> Message:
        """How to mend it."""
        return Message(f"check.{self.code}.remedy", self._places())

    def _places(self) -> dict[str, Any]:
        return {"element": self.element or "", "name": self.name or self.element or "", **self.params}


class Refused(AlurError):
    """A file cannot be deployed; `findings` holds at least one error."""

    def __init__(self, findings: Sequence[Finding]) -> None:
        super().__init__("check.refused", count=sum(f.severity == "error" for f in findings))
        self.findings = tuple(findings)


class ExecutionFailed(AlurError):
    """An instance could not go on; names the element on the diagram where it stopped."""

    def __init__(self, key: str, /, *, element: str = "", name: str = "", **params: Any) -> None:
        super().__init__(key, element=element, name=name or element, **params)
        self.element = element
