"""Two revisions of an SOP side by side: what differs, as a list by step and as marks on both diagrams."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby

from flask import Blueprint, g, render_template
from flask.typing import ResponseReturnValue

from service.diagram.compare import Difference, Marks
from service.differences import KINDS, Kind
from service.errors import Message
from service.operations import comparing, deployments, revisions

blueprint = Blueprint("comparing", __name__)

SIGNS: dict[Kind, str] = {"added": "+", "removed": "−", "moved": "⇄", "changed": "≠"}
"""What stands beside the word for each kind, so that nobody needs the colours."""


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
    return render_template(
        "compare.html",
        old=old,
        new=new,
        revisions=revisions.of(g.session, new.key),
        groups=groups,
        counts={kind: count for kind, count in comparing.summary(found).items() if count},
        redrawn=found.redrawn,
        sides=(
            ("old", old, _marked(found.old_marks), _first(one.old for one in groups)),
            ("new", new, _marked(found.new_marks), _first(one.new for one in groups)),
        ),
        signs=SIGNS,
    )


def grouped(changes: Sequence[Difference]) -> Iterator[Group]:
    """The differences by what they are about, in their order."""
    for subject, each in groupby(changes, key=lambda one: one.subject):
        about = list(each)
        places = [pair for one in about for pair in ((one.old, one.new), *one.marked) if any(pair)]
        old, new = (dict.fromkeys(pair[side] for pair in places if pair[side]) for side in (0, 1))
        yield Group(subject, about, [*filter(None, old)], [*filter(None, new)])


def _first(ids: Iterable[Sequence[str]]) -> str:
    """The element of each group, which stands before its flows."""
    return " ".join(each[0] for each in ids if each)


def _marked(marks: Marks) -> dict[Kind, str]:
    """The ids of each kind, with spaces between them."""
    return {kind: " ".join(key for key, mark in marks.items() if mark == kind) for kind in KINDS}
