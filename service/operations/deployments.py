"""What was deployed: sets of files, with the processes, forms and decisions in them, ready to be used."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from sqlalchemy import select
from sqlalchemy.orm import Session

from service import config, forms
from service.diagram.model import Element, Process
from service.diagram.read import read as read_diagram
from service.engine import definition as engine
from service.errors import Finding, InvalidInput, NotFound, Refused
from service.forms import Form
from service.operations import inforce, references, resources, schedules, staffing, starting, storing
from service.operations.identity import SYSTEM, Actor
from service.operations.recent import Recent
from service.operations.resources import Resources
from service.store.models import (
    DecisionDefinition,
    Deployment,
    FormDefinition,
    ProcessDefinition,
    Resource,
)

_DIAGRAMS: Recent[Process] = Recent(300)
_EXECUTABLES: Recent[engine.Definition] = Recent(300)
_FORMS: Recent[Form] = Recent(1000)
_OWN_FORMS: Recent[Form | None] = Recent(1000)
"""The forms, or their lack, that come with a process definition, by its id and theirs."""


@dataclass(frozen=True)
class Deployed:
    """What a deployment brought; `unchanged` says that it is an earlier one with the very same files."""

    deployment: Deployment
    definitions: tuple[ProcessDefinition, ...] = ()
    forms: tuple[FormDefinition, ...] = ()
    decisions: tuple[DecisionDefinition, ...] = ()
    findings: tuple[Finding, ...] = ()
    unchanged: bool = False


def may_deploy(actor: Actor) -> bool:
    """Whether this person may deploy: an administrator, and who holds a position that is set for it."""
    return actor.admin or not actor.positions.isdisjoint(config.analysts())


def examine(session: Session, files: Mapping[str, bytes]) -> tuple[Resources, tuple[Finding, ...]]:
    """What the files are, and every finding that a deployment of them would have; keeps nothing."""
    read = resources.read(files)
    findings = (*read.findings, *references.missing(session, read), *staffing.unheld(session, read))
    return read, tuple(sorted(findings, key=lambda finding: finding.severity != "error"))


def deploy(
    session: Session,
    name: str,
    files: Mapping[str, bytes],
    *,
    source: str = "",
    actor: Actor = SYSTEM,
    duplicates: Literal["deploy", "filter"] = "deploy",
    approvers: Sequence[str] = (),
    effective_at: datetime | None = None,
) -> Deployed:
    """Checks the files, then keeps all of them, with a new version of each process, form and decision.

    Refused with every finding, and nothing is kept, when one is an error. With `filter`, the
    latest deployment of the same name is given back if its files are the same, byte for byte.
    With `approvers` (candidate groups, or `admin`) the processes are drafts until one of them approves;
    otherwise they take effect at `effective_at`, or on the day that they name, or at once.
    """
    if not files:
        raise InvalidInput("deployment.empty")
    if duplicates == "filter" and (earlier := storing.same(session, name, files)):
        return Deployed(earlier, unchanged=True)
    read, findings = examine(session, files)
    if any(finding.severity == "error" for finding in findings):
        raise Refused(findings)
    inforce.hold(session)
    if duplicates == "filter" and (twin := storing.same(session, name, files)):
        return Deployed(twin, unchanged=True)
    deployment = Deployment(name=name, source=source, deployed_by=actor.id)
    session.add(deployment)
    session.flush()
    return _kept(session, deployment, read, findings, approvers, effective_at, actor)


def _kept(
    session: Session,
    deployment: Deployment,
    read: Resources,
    findings: tuple[Finding, ...],
    approvers: Sequence[str],
    effective_at: datetime | None,
    actor: Actor,
) -> Deployed:
    session.add_all(storing.resources(deployment, read.contents))
    kept = tuple(storing.form(session, deployment, file, form) for file, form in read.forms.items())
    decided = tuple(
        storing.decision(session, deployment, file, decision)
        for file, definitions in read.decisions.items()
        for decision in definitions.decisions.values()
    )
    made = []
    for file, process in read.processes():
        row = storing.process(session, deployment, file, process, approvers, effective_at)
        session.flush()
        inforce.record(session, row, "deployed", actor, deployment.deployed_at, effective_at=row.effective_at)
        schedules.plan(session, row, process, actor)
        made.append(row)
    session.flush()
    return Deployed(deployment, tuple(made), kept, decided, findings)


def find(session: Session) -> Sequence[Deployment]:
    """Every deployment, newest first."""
    return session.scalars(select(Deployment).order_by(Deployment.deployed_at.desc(), Deployment.id)).all()


def definitions(session: Session, key: str | None = None, latest: bool = True) -> Sequence[ProcessDefinition]:
    """Of each process the revision in force, by name; or every version, by name, the newest first."""
    if latest and key is None:
        return inforce.all_(session)
    if latest and key is not None:
        found = inforce.find(session, key)
        return [found] if found else []
    query = select(ProcessDefinition)
    if key is not None:
        query = query.where(ProcessDefinition.key == key)
    order = (ProcessDefinition.name, ProcessDefinition.key, ProcessDefinition.version.desc())
    return session.scalars(query.order_by(*order)).all()


def definition(session: Session, id_: str) -> ProcessDefinition:
    """The process definition with this id; NotFound if there is none."""
    if (found := session.get(ProcessDefinition, id_)) is None:
        raise NotFound("deployment.no_definition", id=id_)
    return found


def latest(session: Session, key: str) -> ProcessDefinition:
    """The revision of the process with this key that is in force; NotFound where there is none."""
    return inforce.get(session, key)


def xml(session: Session, definition_id: str) -> bytes:
    """The file of this process definition, byte for byte as it was deployed."""
    return content(session, definition(session, definition_id))


def content(session: Session, of: ProcessDefinition | FormDefinition | DecisionDefinition) -> bytes:
    """The file that a definition came in, byte for byte as it was deployed."""
    query = select(Resource.content).where(
        Resource.deployment_id == of.deployment_id, Resource.name == of.resource_name
    )
    return session.scalars(query).one()


def diagram(session: Session, definition_id: str) -> Process:
    """What the diagram of this process definition says."""

    def make() -> Process:
        found = definition(session, definition_id)
        return read_diagram(xml(session, definition_id), found.resource_name).processes[found.key]

    return _DIAGRAMS.get(definition_id, make)


def executable(session: Session, definition_id: str) -> engine.Definition:
    """The form of this process definition that the engine runs; shared, never changed."""
    return _EXECUTABLES.get(definition_id, lambda: engine.compile(diagram(session, definition_id)))


def form(
    session: Session, definition_id: str, ref: str, binding: str = "deployment", version: int | None = None
) -> Form | None:
    """The form with this id: of the definition's own deployment, the latest, or of this version."""
    if binding == "deployment":
        return _OWN_FORMS.get(f"{definition_id} {ref}", lambda: _own_form(session, definition_id, ref))
    query = select(FormDefinition).where(FormDefinition.key == ref)
    if binding == "version":
        query = query.where(FormDefinition.version == version)
    return _form(session, inforce.newest(session, query, FormDefinition))


def _own_form(session: Session, definition_id: str, ref: str) -> Form | None:
    own = select(ProcessDefinition.deployment_id).where(ProcessDefinition.id == definition_id)
    query = select(FormDefinition).where(FormDefinition.key == ref)
    return _form(session, session.scalar(query.where(FormDefinition.deployment_id == own.scalar_subquery())))


def _form(session: Session, row: FormDefinition | None) -> Form | None:
    return None if row is None else _FORMS.get(row.id, lambda: _read_form(session, row))


def form_of(session: Session, definition_id: str, element: Element) -> Form | None:
    """The form that the element names; if it names none, the one of its deployment with the element's id."""
    if ref := element.camunda.get("formRef"):
        version = element.camunda.get("formRefVersion", "")
        binding = element.camunda.get("formRefBinding", "deployment")
        return form(session, definition_id, ref, binding, int(version) if version.isdecimal() else None)
    return form(session, definition_id, element.id)


def may_start(definition: ProcessDefinition, actor: Actor) -> bool:
    """Whether this person may start a case: who holds a position that may, and an administrator."""
    return actor.admin or not actor.positions.isdisjoint(definition.starters)


def startable(session: Session, actor: Actor) -> list[ProcessDefinition]:
    """The processes, in the revision in force, that this person may start by hand, by name."""
    return [
        found
        for found in definitions(session)
        if may_start(found, actor) and starting.by_hand(diagram(session, found.id))
    ]


def _read_form(session: Session, row: FormDefinition) -> Form:
    return forms.read(content(session, row), row.resource_name)
