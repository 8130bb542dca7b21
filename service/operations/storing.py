"""What a deployment brings becomes rows: its files, and a new version of each process, form and decision."""

import hashlib
from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime, time
from uuid import uuid4

from sqlalchemy import select
from sqlalchemy.orm import Session

from service.config import zone
from service.diagram import dates, sop
from service.diagram.model import Process
from service.dmn.model import Decision
from service.forms import Form
from service.operations import identity, starting
from service.operations.positions import position_id
from service.operations.references import newest
from service.store.models import (
    DecisionDefinition,
    Deployment,
    FormDefinition,
    ProcessDefinition,
    Resource,
    now,
)


def same(session: Session, name: str, files: Mapping[str, bytes]) -> Deployment | None:
    """The latest deployment of this name, if its files are these, byte for byte."""
    query = select(Deployment).where(Deployment.name == name)
    last = session.scalars(query.order_by(Deployment.deployed_at.desc()).limit(1)).first()
    if last is None:
        return None
    kept = session.execute(select(Resource.name, Resource.sha256).where(Resource.deployment_id == last.id))
    sent = {file: hashlib.sha256(content).hexdigest() for file, content in files.items()}
    return last if {row.name: row.sha256 for row in kept} == sent else None


def resources(deployment: Deployment, files: Mapping[str, bytes]) -> Iterator[Resource]:
    """The files as they came."""
    for name, content in files.items():
        sha256 = hashlib.sha256(content).hexdigest()
        yield Resource(deployment_id=deployment.id, name=name, sha256=sha256, content=content)


def form(session: Session, deployment: Deployment, file: str, form: Form) -> FormDefinition:
    """The next version of a form."""
    version = newest(session, FormDefinition, form.id) + 1
    row = FormDefinition(key=form.id, version=version, deployment_id=deployment.id, resource_name=file)
    session.add(row)
    return row


def decision(session: Session, deployment: Deployment, file: str, decision: Decision) -> DecisionDefinition:
    """The next version of a decision."""
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


def process(
    session: Session,
    deployment: Deployment,
    file: str,
    process: Process,
    approvers: Sequence[str],
    wished: datetime | None,
) -> ProcessDefinition:
    """The next revision of a process, with the positions that its diagram gives work to.

    Where nobody must approve it, it takes effect at the moment that is wished; else at the day that
    its diagram names, if that is still to come; else at once. A draft keeps a wish for later.
    """
    version, office, moment = (
        newest(session, ProcessDefinition, process.id) + 1,
        starting.office(process),
        now(),
    )
    at = max(wished or _named_day(process) or moment, moment)
    groups = approvers_of(approvers, office)
    row = ProcessDefinition(
        id=f"{process.id}:{version}:{uuid4()}",
        key=process.id,
        version=version,
        name=process.name or process.id,
        office=office,
        deployment=deployment,
        resource_name=file,
        starters=starting.starters(process),
        approvers=groups,
        status="draft" if groups else "approved",
        effective_at=None if groups and at == moment else at,
    )
    session.add(row)
    for lane in starting.lanes_with_work(process):
        identity.ensure_position(session, office, lane)
    for group in (*starting.groups(process), *groups):
        if group != identity.ADMIN:
            identity.ensure_group(session, group)
    return row


def _named_day(process: Process) -> datetime | None:
    """A day begins at midnight in the office's zone."""
    day = dates.day(sop.facts(process).effective_on)
    return datetime.combine(day, time(), zone()) if day else None


def approvers_of(named: Sequence[str], office: str) -> list[str]:
    """`{kantor}.kepala` is the position of the diagram's own office."""
    own = "{kantor}."
    groups = (position_id(office, n.removeprefix(own)) if n.startswith(own) else n for n in named)
    return list(dict.fromkeys(groups))
