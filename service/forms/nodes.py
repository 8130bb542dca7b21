"""What the page draws: a tree of plain values in which everything is decided already."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Node:
    """One thing on the page: `kind` is its macro, `columns` of 16 its width, 0 for an equal share."""

    kind: str
    id: str
    label: str
    columns: int


Lines = tuple[tuple[Node, ...], ...]
"""Nodes in lines: those of one line stand side by side where there is room."""


@dataclass(frozen=True)
class Choice:
    """One box, button or entry to choose."""

    id: str
    token: str
    label: str
    checked: bool


@dataclass(frozen=True)
class Attachment:
    """A document; `size` is in words, empty where it is not known."""

    id: str
    name: str
    size: str


@dataclass(frozen=True)
class Field(Node):
    """A field. `name` is its control's; the control of a read-only one has none and is not sent.

    `value` is the control's text, `words` the same spelled out, `input` the control's type.
    """

    path: str
    name: str
    value: str = ""
    words: str = ""
    description: str = ""
    error: str = ""
    required: bool = False
    readonly: bool = False
    prefix: str = ""
    suffix: str = ""
    input: str = "text"
    least: str = ""
    choices: tuple[Choice, ...] = ()
    files: tuple[Attachment, ...] = ()
    accept: str = ""
    multiple: bool = False

    @property
    def described_by(self) -> str:
        """The ids of the words that belong to the control."""
        parts = (("description", self.description), ("words", self.words), ("error", self.error))
        return " ".join(f"{self.id}-{part}" for part, said in parts if said)


@dataclass(frozen=True)
class Group(Node):
    """Fields that belong together."""

    lines: Lines
    outline: bool
    error: str = ""


@dataclass(frozen=True)
class Row:
    """One row of a list; `origin` is its number in the case's list, empty for a new one."""

    path: str
    number: int
    origin: str
    lines: Lines


@dataclass(frozen=True)
class Listing(Node):
    """A list of rows; `more` and `fewer` say whether rows may be added and taken away."""

    path: str
    rows: tuple[Row, ...]
    more: bool
    fewer: bool
    outline: bool
    error: str = ""


@dataclass(frozen=True)
class Still(Node):
    """Something to read: made and cleaned HTML, an image, a link, a table, or documents."""

    html: str = ""
    source: str = ""
    head: tuple[str, ...] = ()
    body: tuple[tuple[str, ...], ...] = ()
    files: tuple[Attachment, ...] = ()


@dataclass(frozen=True)
class Complaint:
    """One line of the summary of mistakes; `id` is empty where no control can be pointed at."""

    id: str
    label: str
    sentence: str


@dataclass(frozen=True)
class FormView:
    """A form, ready to be drawn.

    `dynamic` asks the page to draw the fields anew when something is changed, `multipart` says that
    it sends files, and `buttons` that the fields have buttons of their own.
    """

    id: str
    lines: Lines
    errors: tuple[Complaint, ...]
    dynamic: bool
    multipart: bool
    buttons: bool
