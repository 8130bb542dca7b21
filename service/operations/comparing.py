"""What a revision changes: against another one that is deployed, or before it is deployed at all."""

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from sqlalchemy.orm import Session

from service.diagram import compare as diagrams
from service.diagram.compare import Difference, Marks, Pairs
from service.diagram.model import Element, Process
from service.diagram.pictures import redrawn
from service.diagram.rules.elements import WORK
from service.differences import KINDS, Change, Kind
from service.dmn import Definitions
from service.dmn import compare as tables
from service.errors import DecisionFailed, Message, NotFound
from service.forms import Form
from service.forms import compare as forms
from service.operations import decisions, deployments
from service.operations.references import referred
from service.operations.resources import Resources
from service.store.models import ProcessDefinition

ASKING = WORK | {"startEvent"}
"""What may have a form."""


@dataclass(frozen=True)
class Attached:
    """What the elements of a process ask for, by their ids: forms, and decisions by key with their file."""

    forms: Mapping[str, Form] = field(default_factory=dict)
    decisions: Mapping[str, tuple[str, Definitions]] = field(default_factory=dict)


@dataclass(frozen=True)
class Comparison:
    """What differs, in the order in which an SOP is read, and what of it the two diagrams show.

    The marks are by id of element, lane or flow. `redrawn` says that the picture itself is another one.
    """

    changes: tuple[Difference, ...]
    old_marks: Marks
    new_marks: Marks
    redrawn: bool = False


@dataclass(frozen=True)
class Upcoming:
    """A process of files that are not deployed, and what it changes against the revision in force, if any."""

    process: Process
    definition: ProcessDefinition | None = None
    comparison: Comparison | None = None


def compare(session: Session, old_id: str, new_id: str) -> Comparison:
    """What differs between two process definitions; NotFound where there is none of such an id.

    Each form and decision is the one that the revision would be given now: of its own deployment, the
    latest, or a version.
    """
    old, new = (deployments.diagram(session, id_) for id_ in (old_id, new_id))
    drawings = (deployments.xml(session, id_) for id_ in (old_id, new_id))
    attached = (_attached(session, old_id, old), _attached(session, new_id, new))
    return between(old, new, *attached, redrawn=redrawn(*drawings))


def upcoming(session: Session, read: Resources) -> list[Upcoming]:
    """What each process of these files would change; nothing is kept."""
    return [_upcoming(session, read, file, process) for file, process in read.processes()]


def between(
    old: Process, new: Process, before: Attached, after: Attached, *, redrawn: bool = False
) -> Comparison:
    """What differs between two processes with what is attached to each."""
    pairs = Pairs(old, new)
    more = {target: [*_more(before, after, key, target)] for key, target in pairs.elements.items()}
    changes = tuple(diagrams.compare(pairs, more))
    return Comparison(changes, *diagrams.marks(changes), redrawn=redrawn)


def summary(comparison: Comparison) -> dict[Kind, int]:
    """How many things were added, removed, moved and changed."""
    counts = Counter(one.kind for one in comparison.changes)
    return {kind: counts[kind] for kind in KINDS}


def _upcoming(session: Session, read: Resources, file: str, process: Process) -> Upcoming:
    try:
        present = deployments.latest(session, process.id)
    except NotFound:
        return Upcoming(process)
    old = deployments.diagram(session, present.id)
    drawn = redrawn(deployments.xml(session, present.id), read.contents[file])
    attached = _attached(session, present.id, old), _to_be_attached(session, read, process)
    return Upcoming(process, present, between(old, process, *attached, redrawn=drawn))


def _attached(session: Session, definition_id: str, process: Process) -> Attached:
    """What a process definition would be given now."""
    found = {one.id: deployments.form_of(session, definition_id, one) for one in _asking(process)}
    decided: dict[str, tuple[str, Definitions]] = {}
    for element, kind, key, binding, version in referred(process):
        if kind == "decision":
            try:
                row = decisions.bound(session, definition_id, key, binding, version)
            except DecisionFailed:
                continue
            decided[element.id] = key, decisions.file(session, row)
    return Attached({key: form for key, form in found.items() if form}, decided)


def _to_be_attached(session: Session, read: Resources, process: Process) -> Attached:
    """What a process would be given if these files were deployed now."""
    own = {form.id: form for form in read.forms.values()}
    found = {one.id: _to_be_given(session, own, one) for one in _asking(process)}
    sent = {key: file for file in read.decisions.values() for key in file.decisions}
    decided: dict[str, tuple[str, Definitions]] = {}
    for element, kind, key, binding, version in referred(process):
        if kind != "decision":
            continue
        if key in sent and binding != "version":
            decided[element.id] = key, sent[key]
        elif binding != "deployment":
            try:
                row = decisions.bound(session, "", key, binding, version)
            except DecisionFailed:
                continue
            decided[element.id] = key, decisions.file(session, row)
    return Attached({key: form for key, form in found.items() if form}, decided)


def _to_be_given(session: Session, own: Mapping[str, Form], element: Element) -> Form | None:
    key = element.camunda.get("formRef")
    binding = element.camunda.get("formRefBinding", "deployment") if key else "deployment"
    version = element.camunda.get("formRefVersion", "")
    form = own.get(key or element.id)
    if binding == "deployment" or (form and binding == "latest"):
        return form
    return deployments.form(session, "", key or "", binding, int(version) if version.isdecimal() else None)


def _asking(process: Process) -> Iterator[Element]:
    return (element for element in process.elements.values() if element.type in ASKING)


def _more(before: Attached, after: Attached, old: str, new: str) -> Iterator[Change]:
    """What differs in the form and in the decision of an element that is in both."""
    asked, asks = before.forms.get(old), after.forms.get(new)
    if asked and asks:
        yield from forms.compare(asked, asks)
    elif form := asked or asks:
        kind: Kind = "added" if asks else "removed"
        yield Change(kind, "form", Message(f"compare.whole_form.{kind}", {"form": form.id}))
    used, uses = before.decisions.get(old), after.decisions.get(new)
    if used and uses and used[0] == uses[0]:
        yield from tables.compare(used[1], uses[1], used[0])
