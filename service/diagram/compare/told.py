"""Where something differs: what was changed, with the elements and flows that show it on the diagrams."""

from dataclasses import dataclass

from service.differences import Change, Kind
from service.errors import Message


@dataclass(frozen=True)
class Difference:
    """One sentence of the list. `old` and `new` are the ids of the element or lane that it is about.

    Neither is there for what is said of the SOP as a whole. `marked` lists what else the sentence is
    about, as (id in the old diagram or None, id in the new one or None): flows, of which the element
    itself says nothing then.
    """

    change: Change
    subject: Message
    old: str | None = None
    new: str | None = None
    marked: tuple[tuple[str | None, str | None], ...] = ()

    @property
    def kind(self) -> Kind:
        """What happened: to the thing that the sentence is about, not always to the element."""
        return self.change.kind

    @property
    def about(self) -> str:
        """What differs, in a word for programs."""
        return self.change.about

    @property
    def what(self) -> Message:
        """The sentence without its subject."""
        return self.change.what

    @property
    def message(self) -> Message:
        """The whole sentence: `Langkah 4 “Membuat konsep”: Waktu dari …`."""
        return Message("compare.about", {"subject": self.subject, "what": self.what})

    @property
    def mark(self) -> Kind:
        """What the diagrams show at the element: an element of which a part was added was changed."""
        whole = self.change.about in ("element", "lane", "order", "scope")
        return self.change.kind if whole else "changed"
