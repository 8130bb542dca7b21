"""Turns what a page's form posts, names and texts, into what was typed, nested and of its kind.

A control's name is its place: `pegawai[0].nip`. Beside the fields the page sends `_shown` (the places
that it drew, for a browser sends nothing of an empty box), `pegawai[0]._row` (which of the case's rows
this is), and its buttons: `_add` a row to the list it names, `_remove` the row it names, `_discard` the
document it names, `_refresh` to have the fields drawn anew. Other names that begin with `_` are the
page's own.
"""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

from service.forms.numbers import canonical, decimal
from service.forms.places import Path, unspell
from service.forms.schema import CHOICES, KEYED, PICKS, Component, Form
from service.forms.state import ORIGIN, grows

CHANGES = ("_add", "_remove", "_refresh", "_discard")
TICKED = {"true", "on", "1"}

Node = dict[str | int, Any]


class Rows(Node):
    """A list's rows by their number, while some may still be missing."""


@dataclass(frozen=True)
class Posted:
    """What was typed, whether a button only changes the page, and the document to throw away."""

    typed: dict[str, Any]
    change: bool
    discarded: str = ""


def posted(form: Form, pairs: Iterable[tuple[str, str]], language: str) -> Posted:
    """What a page's form posted, as `check` and `view` take it.

    A text that its field cannot take stays a text, and a name that the form does not have stays
    too, for `check` to say so. Of several documents a field for one takes the last.
    """
    names: dict[str, list[str]] = {}
    for name, text in pairs:
        names.setdefault(name, []).append(text)
    discarded = names.get("_discard", [""])[-1]
    page = _Page(form, language)
    for name, texts in names.items():
        page.take(name, [text for text in texts if not discarded or text != discarded])
    for name in names.get("_shown", ()):
        page.shown(name)
    for name in names.get("_remove", ()):
        page.remove(name)
    for name in names.get("_add", ()):
        page.add(name)
    typed = page.strangers | {str(key): value for key, value in _lists(page.tree).items()}
    return Posted(typed, any(change in names for change in CHANGES), discarded)


def file_field(form: Form, name: str) -> bool:
    """Whether a name is that of a file field."""
    component = places(form).get(_general(name))
    return component is not None and component.type == "filepicker"


def lost(old: Form, new: Form | None, pairs: Iterable[tuple[str, str]]) -> list[tuple[str, str]]:
    """What was posted for an older form into fields that a newer one has not, by the fields' titles.

    Documents are left out: they stay with the person who sent them.
    """
    kept = places(new) if new else {}
    gone = {place: field for place, field in places(old).items() if place not in kept}
    sent = ((gone.get(_general(name)), text) for name, text in pairs if text)
    return [(field.title, text) for field, text in sent if field and field.type != "filepicker"]


def places(form: Form) -> dict[str, Component]:
    """The fields and lists of a form by their place, rows without their number: `pegawai[].nip`."""
    found: dict[str, Component] = {}
    _places(form.components, "", found)
    return found


def _places(components: Sequence[Component], base: str, found: dict[str, Component]) -> None:
    for component in components:
        place = ".".join(part for part in (base, *component.name) if part)
        if component.type in KEYED or component.repeats:
            found[place] = component
        _places(component.components, f"{place}[]" if component.repeats else place, found)


def _general(name: str) -> str:
    return re.sub(r"\[\d{1,9}\]", "[]", name)


class _Page:
    """The tree of what was typed, while it grows; rows are keyed by their number."""

    def __init__(self, form: Form, language: str) -> None:
        self.places = places(form)
        self.language = language
        self.tree: Node = {}
        self.strangers: dict[str, Any] = {}

    def take(self, name: str, texts: Sequence[str]) -> None:
        component = self.places.get(_general(name))
        if component and not component.repeats:
            self.put(unspell(name), _value(component, texts, self.language))
        elif name.endswith(f"].{ORIGIN}") and self.list_of(name.removesuffix(f".{ORIGIN}")):
            number = "".join(texts[-1:])
            self.put(unspell(name), int(number) if re.fullmatch(r"[0-9]{1,9}", number) else None)
        elif not name.startswith("_") and name != "csrf_token":
            self.strangers[name] = texts

    def shown(self, name: str) -> None:
        """A control or list was on the page: where it sent nothing, it is empty."""
        component = self.places.get(_general(name))
        if component:
            nothing: Any = Rows() if component.repeats else _value(component, (), self.language)
            path = unspell(name)
            self.holder(path).setdefault(path[-1], nothing)

    def remove(self, name: str) -> None:
        component = self.list_of(name)
        if component and grows(component):
            *place, index = unspell(name)
            self.holder((*place, index)).pop(index, None)

    def add(self, name: str) -> None:
        component = self.places.get(_general(name))
        if component and component.repeats and grows(component):
            rows = self.holder((*unspell(name), 0))
            rows[max((key for key in rows if isinstance(key, int)), default=-1) + 1] = {ORIGIN: None}

    def list_of(self, row: str) -> Component | None:
        """The list that a row's name names."""
        component = self.places.get(_general(row).removesuffix("[]")) if row.endswith("]") else None
        return component if component and component.repeats else None

    def put(self, path: Path, value: Any) -> None:
        self.holder(path)[path[-1]] = value

    def holder(self, path: Path) -> Node:
        """The node that a place is in, made where it is missing."""
        node = self.tree
        for part, following in pairwise(path):
            node = node.setdefault(part, Rows() if isinstance(following, int) else {})
        return node


def _lists(node: Any) -> Any:
    """The tree with its rows as lists, without gaps."""
    if not isinstance(node, dict):
        return node
    if isinstance(node, Rows):
        return [_lists(node[key]) for key in sorted(node)]
    return {key: _lists(value) for key, value in node.items()}


def _value(component: Component, texts: Sequence[str], language: str) -> Any:
    """What the texts of a control mean."""
    text = texts[-1] if texts else ""
    match component.type:
        case "checkbox":
            return text in TICKED
        case "number":
            return _number(component, text.strip(), language)
        case "textfield" | "textarea":
            return text.replace("\r\n", "\n")
        case "filepicker":
            ids = [item for item in texts if item]
            return ids if component.get("multiple") else ids[-1:]
        case kind if kind in PICKS:
            return [item for item in texts if item]
        case kind if kind in CHOICES:
            return text or None
    return text.strip() or None


def _number(component: Component, text: str, language: str) -> Any:
    plain = canonical(text, language)
    exact = decimal(plain)
    if exact is None or component.get("serializeToString"):
        return plain or None
    return int(exact) if exact == exact.to_integral_value() else float(exact)
