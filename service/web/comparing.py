"""Two revisions of an SOP side by side: what differs, as a list by step and as marks on both diagrams."""

import difflib
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby

from flask import Blueprint, g, render_template
from flask.typing import ResponseReturnValue

from service.diagram.compare import ACTORS, Difference, Marks
from service.differences import KINDS, Kind
from service.errors import Message
from service.operations import comparing, deployments, revisions

blueprint = Blueprint("comparing", __name__)

SIGNS: dict[Kind, str] = {"added": "+", "removed": "−", "moved": "⇄", "changed": "≠"}
"""What stands beside the word for each kind, so that nobody needs the colours."""
LONG = 60
"""Characters from which on a text is shown with its words marked, not once as it was and once as it is."""
MOST_WORDS = 120


@dataclass(frozen=True)
class Group:
    """What differs at one step, or in the SOP as a whole; `old` and `new` are the ids that show it."""

    subject: Message
    changes: Sequence[Difference]
    old: Sequence[str]
    new: Sequence[str]


@blueprint.get("/sops/<new_id>/compare/<old_id>")
def show(new_id: str, old_id: str) -> ResponseReturnValue:
    """What `new_id` changes against `old_id`."""
    old, new = (deployments.definition(g.session, id_) for id_ in (old_id, new_id))
    found = comparing.compare(g.session, old_id, new_id)
    groups = list(grouped(found.changes))
    steps = [one for one in groups if one.subject != ACTORS]
    return render_template(
        "compare.html",
        old=old,
        new=new,
        revisions=revisions.of(g.session, new.key),
        groups=groups,
        counts={kind: count for kind, count in comparing.summary(found).items() if count},
        redrawn=found.redrawn,
        sides=(
            ("old", old, _marked(found.old_marks), _first(one.old for one in steps)),
            ("new", new, _marked(found.new_marks), _first(one.new for one in steps)),
        ),
        signs=SIGNS,
        pieces=pieces,
    )


def grouped(changes: Sequence[Difference]) -> Iterator[Group]:
    """The differences by what they are about, in their order."""
    for subject, each in groupby(changes, key=lambda one: one.subject):
        about = list(each)
        places = [pair for one in about for pair in ((one.old, one.new), *one.marked) if any(pair)]
        old, new = (dict.fromkeys(pair[side] for pair in places if pair[side]) for side in (0, 1))
        yield Group(subject, about, [*filter(None, old)], [*filter(None, new)])


def pieces(what: Message) -> list[tuple[str, str]]:
    """Of a long text that was changed in a few words: what is kept, went (`del`) and came (`ins`), in order.

    Nothing for any other sentence, which says it better as a whole.
    """
    old, new = what.params.get("old"), what.params.get("new")
    if what.key != "compare.from_to" or not isinstance(old, str) or not isinstance(new, str):
        return []
    before, after = old.split(), new.split()
    if max(len(old), len(new)) < LONG or max(len(before), len(after)) > MOST_WORDS:
        return []
    words = difflib.SequenceMatcher(None, before, after, autojunk=False)
    return list(_pieces(words, before, after)) if words.ratio() > 0.5 else []


def _pieces(
    words: difflib.SequenceMatcher[str], before: Sequence[str], after: Sequence[str]
) -> Iterator[tuple[str, str]]:
    for kind, start, end, begin, stop in words.get_opcodes():
        if kind == "equal":
            yield "kept", " ".join(after[begin:stop])
            continue
        if end > start:
            yield "del", " ".join(before[start:end])
        if stop > begin:
            yield "ins", " ".join(after[begin:stop])


def _first(ids: Iterable[Sequence[str]]) -> str:
    """The element of each group, which stands before its flows; a lane is too long to be looked at first."""
    return " ".join(each[0] for each in ids if each)


def _marked(marks: Marks) -> dict[Kind, str]:
    """The ids of each kind, with spaces between them."""
    return {kind: " ".join(key for key, mark in marks.items() if mark == kind) for kind in KINDS}
