"""What Alur understood of a diagram, in an office's words: its steps, its people, its forms, its choices."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from flask import g

from service.diagram import sop
from service.diagram.model import Element, Process
from service.diagram.rules.elements import WORK
from service.errors import InvalidInput
from service.operations import identity, references, starting, storing
from service.operations.positions import position_id
from service.store.models import Person
from service.web.present import settings, t

CHOICES = ("exclusiveGateway", "inclusiveGateway")


@dataclass(frozen=True)
class Post:
    """A position that gets work, and who holds it now."""

    name: str
    id: str
    holders: tuple[Person, ...]
    steps: int


@dataclass(frozen=True)
class Understood:
    """A process of a file as its analyst should recognise it.

    `forms` maps the id of a form to the steps that show it, `decisions` a decision's key likewise;
    `choices` are the questions at its gateways.
    """

    file: str
    process: Process
    rows: tuple[sop.Row, ...]
    posts: tuple[Post, ...]
    forms: Mapping[str, tuple[str, ...]]
    decisions: Mapping[str, tuple[str, ...]]
    choices: tuple[str, ...]

    @property
    def said(self) -> tuple[tuple[str, str], ...]:
        """What the diagram says of its own revision, with the label of each."""
        facts = sop.facts(self.process)
        labels = ("sop.nomor", "sop.tanggal_revisi", "sop.tanggal_efektif", "sop.disahkan_oleh")
        return tuple(
            zip(labels, (facts.number, facts.revised_on, facts.effective_on, facts.approved_by), strict=True)
        )


def understood(file: str, process: Process) -> Understood:
    """What there is to tell of a process, with who would get its work today."""
    return Understood(
        file,
        process,
        sop.rows(process),
        tuple(_posts(process)),
        _named(process, "form"),
        _named(process, "decision"),
        tuple(_choices(process)),
    )


def _posts(process: Process) -> Iterator[Post]:
    office = starting.office(process)
    work = [one for one in process.elements.values() if one.type in WORK]
    for name in starting.lanes_with_work(process):
        try:
            id_ = position_id(office, name)
        except InvalidInput:
            continue
        steps = sum(_lane(process, one) == name for one in work)
        yield Post(name, id_, tuple(identity.holders(g.session, id_)), steps)
    for group in starting.groups(process):
        steps = sum(group in one.camunda.get("candidateGroups", "").split(",") for one in work)
        yield Post(group, group, tuple(identity.holders(g.session, group)), steps)


def _lane(process: Process, element: Element) -> str | None:
    lane = process.lanes.get(element.lane or "")
    return lane.name if lane else None


def _named(process: Process, kind: str) -> dict[str, tuple[str, ...]]:
    found: dict[str, list[str]] = {}
    for reference in references.referred(process):
        if reference.kind == kind:
            found.setdefault(reference.key, []).append(reference.element.name or reference.element.id)
    return {key: tuple(names) for key, names in found.items()}


def _choices(process: Process) -> Iterator[str]:
    for element in process.elements.values():
        if element.type in CHOICES and len(element.outgoing) > 1:
            yield element.name or element.id


def approvers(processes: Sequence[Process]) -> list[str]:
    """Who must approve revisions of these processes by today's settings, in words; nobody is no words."""
    offices = [starting.office(process) for process in processes]
    return said_groups(
        [group for one in offices for group in storing.approvers_of(settings().approvers, one)]
    )


def said_groups(groups: Sequence[str]) -> list[str]:
    """What candidate groups are called, each once."""
    names = {position.id: position.name for position in identity.positions(g.session)} if groups else {}
    named = dict.fromkeys(groups)
    return [t("web.demo.admin") if one == identity.ADMIN else names.get(one, one) for one in named]
