"""What was deployed: sets of files, with the processes, forms and decisions in them, ready to be used."""

import hashlib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Literal
from uuid import uuid4

from sqlalchemy import Select, and_, func, select
from sqlalchemy.orm import Session

from service import forms
from service.diagram.model import Element, Process
from service.diagram.read import read as read_diagram
from service.dmn.model import Decision
from service.engine import definition as engine
from service.errors import Finding, InvalidInput, NotFound, Refused
from service.forms import Form
from service.operations import identity, references, resources, schedules, starting
from service.operations.identity import SYSTEM, Actor
from service.operations.recent import Recent
from service.operations.references import newest
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


def deploy(
    session: Session,
    name: str,
    files: Mapping[str, bytes],
    *,
    source: str = "",
    actor: Actor = SYSTEM,
    duplicates: Literal["deploy", "filter"] = "deploy",
) -> Deployed:
    """Checks the files, then keeps all of them, with a new version of each process, form and decision.

    Refused with every finding, and nothing is kept, when one is an error. With `filter`, the
    latest deployment of the same name is given back if its files are the same, byte for byte.
    """
    if not files:
        raise InvalidInput("deployment.empty")
    if duplicates == "filter" and (earlier := _same(session, name, files)):
        return Deployed(earlier, unchanged=True)
    read = resources.read(files)
    findings = (*read.findings, *references.missing(session, read))
    if any(finding.severity == "error" for finding in findings):
        raise Refused(findings)
    deployment = Deployment(name=name, source=source, deployed_by=actor.id)
    session.add(deployment)
    session.flush()
    session.add_all(_resources(deployment, files))
    kept = tuple(_keep_form(session, deployment, file, form) for file, form in read.forms.items())
    decided = tuple(
        _keep_decision(session, deployment, file, decision)
        for file, definitions in read.decisions.items()
        for decision in definitions.decisions.values()
    )
    made = tuple(_define(session, deployment, file, process) for file, process in read.processes())
    session.flush()
    for definition, (_, process) in zip(made, read.processes(), strict=True):
        schedules.renew(session, definition, process)
    return Deployed(deployment, made, kept, decided, findings)


def find(session: Session) -> Sequence[Deployment]:
    """Every deployment, newest first."""
    return session.scalars(select(Deployment).order_by(Deployment.deployed_at.desc(), Deployment.id)).all()


def definitions(session: Session, key: str | None = None, latest: bool = True) -> Sequence[ProcessDefinition]:
    """The latest version of each process, or every version, by name, newest first."""
    query = select(ProcessDefinition)
    if key is not None:
        query = query.where(ProcessDefinition.key == key)
    if latest:
        newest = select(ProcessDefinition.key, func.max(ProcessDefinition.version)).group_by(
            ProcessDefinition.key
        )
        last = newest.subquery("newest")
        query = query.join(
            last, and_(ProcessDefinition.key == last.c.key, ProcessDefinition.version == last.c[1])
        )
    order = (ProcessDefinition.name, ProcessDefinition.key, ProcessDefinition.version.desc())
    return session.scalars(query.order_by(*order)).all()


def definition(session: Session, id_: str) -> ProcessDefinition:
    """The process definition with this id; NotFound if there is none."""
    if (found := session.get(ProcessDefinition, id_)) is None:
        raise NotFound("deployment.no_definition", id=id_)
    return found


def latest(session: Session, key: str) -> ProcessDefinition:
    """The latest version of the process with this key; NotFound if there is none."""
    if not (found := definitions(session, key)):
        raise NotFound("deployment.no_process", key=key)
    return found[0]


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
    return _form(session, query)


def _own_form(session: Session, definition_id: str, ref: str) -> Form | None:
    own = select(ProcessDefinition.deployment_id).where(ProcessDefinition.id == definition_id)
    query = select(FormDefinition).where(FormDefinition.key == ref)
    return _form(session, query.where(FormDefinition.deployment_id == own.scalar_subquery()))


def _form(session: Session, query: Select[FormDefinition]) -> Form | None:
    row = session.scalars(query.order_by(FormDefinition.version.desc()).limit(1)).first()
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
    """The processes, in their latest version, that this person may start by hand, by name."""
    return [
        found
        for found in definitions(session)
        if may_start(found, actor) and starting.by_hand(diagram(session, found.id))
    ]


def _same(session: Session, name: str, files: Mapping[str, bytes]) -> Deployment | None:
    query = select(Deployment).where(Deployment.name == name)
    last = session.scalars(query.order_by(Deployment.deployed_at.desc()).limit(1)).first()
    if last is None:
        return None
    kept = session.execute(select(Resource.name, Resource.sha256).where(Resource.deployment_id == last.id))
    sent = {file: hashlib.sha256(content).hexdigest() for file, content in files.items()}
    return last if {row.name: row.sha256 for row in kept} == sent else None


def _resources(deployment: Deployment, files: Mapping[str, bytes]) -> Iterator[Resource]:
    for name, content in files.items():
        sha256 = hashlib.sha256(content).hexdigest()
        yield Resource(deployment_id=deployment.id, name=name, sha256=sha256, content=content)


def _keep_form(session: Session, deployment: Deployment, file: str, form: Form) -> FormDefinition:
    version = newest(session, FormDefinition, form.id) + 1
    row = FormDefinition(key=form.id, version=version, deployment_id=deployment.id, resource_name=file)
    session.add(row)
    return row


def _keep_decision(
    session: Session, deployment: Deployment, file: str, decision: Decision
) -> DecisionDefinition:
    version = newest(session, DecisionDefinition, decision.id) + 1
    row = DecisionDefinition(
        id=f"{decision.id}:{version}:{uuid4()}",
        key=decision.id,
        version=version,
        name=decision.name,
        deployment_id=deployment.id,
        resource_name=file,
    )
    session.add(row)
    return row


def _define(session: Session, deployment: Deployment, file: str, process: Process) -> ProcessDefinition:
    version = newest(session, ProcessDefinition, process.id) + 1
    office = starting.office(process)
    row = ProcessDefinition(
        id=f"{process.id}:{version}:{uuid4()}",
        key=process.id,
        version=version,
        name=process.name or process.id,
        office=office,
        deployment=deployment,
        resource_name=file,
        starters=starting.starters(process),
    )
    session.add(row)
    for lane in starting.lanes_with_work(process):
        identity.ensure_position(session, office, lane)
    for group in starting.groups(process):
        identity.ensure_group(session, group)
    return row


def _read_form(session: Session, row: FormDefinition) -> Form:
    return forms.read(content(session, row), row.resource_name)
