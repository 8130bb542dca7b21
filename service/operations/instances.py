"""Cases: started, found, looked into and cancelled."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload

from service import forms
from service.config import zone
from service.errors import Conflict, InvalidInput, NotAllowed, NotFound
from service.forms import Form, SentFile
from service.operations import deployments, documents, gate, history, inforce, sequences, starting
from service.operations.gate import advancing, locked
from service.operations.identity import Actor
from service.operations.visibility import seen_by
from service.store.models import ProcessDefinition, ProcessInstance, now

LONGEST_KEY = 200
"""Characters of a business key: it stands in lists, and on paper."""


def start(
    session: Session,
    definition: ProcessDefinition,
    actor: Actor,
    values: Mapping[str, Any],
    *,
    business_key: str | None = None,
    element: str | None = None,
) -> ProcessInstance:
    """A new case, run to its first waits; `element` is another start event than the plain one.

    NotAllowed for who may not start it, Conflict where nobody may: it is a draft, its day has not come,
    or it was withdrawn. ExecutionFailed where the diagram stops, and then there is no case.
    """
    _allow(definition, actor)
    inforce.check(definition)
    key = _business_key(session, definition, business_key)
    return gate.launch(session, definition, actor, values, key, element=element)


def begin(
    session: Session,
    definition: ProcessDefinition,
    actor: Actor,
    typed: Mapping[str, Any],
    files: Mapping[str, list[SentFile]] | None = None,
    *,
    business_key: str | None = None,
) -> ProcessInstance:
    """A new case from its start form; InvalidSubmission where the form is not filled in right."""
    inforce.check(definition)
    values = filled_in(start_form(session, definition, actor), {}, actor, typed, files)
    instance = start(session, definition, actor, values, business_key=business_key)
    documents.attach(session, documents.named_in(values), instance.id, actor)
    return instance


def filled_in(
    form: Form | None,
    data: Mapping[str, Any],
    actor: Actor,
    typed: Mapping[str, Any],
    files: Mapping[str, list[SentFile]] | None,
) -> dict[str, Any]:
    """The values that a form is to write; without one, only an administrator writes any (InvalidInput)."""
    if form:
        return forms.check(form, data, typed, files, zone=zone())
    if typed and not actor.admin:
        raise InvalidInput("case.no_form_for", names=", ".join(typed))
    return dict(typed)


def start_form(session: Session, definition: ProcessDefinition, actor: Actor) -> Form | None:
    """The form of the plain start event, if it names one; NotAllowed for who may not start a case."""
    _allow(definition, actor)
    event = starting.plain_start(deployments.diagram(session, definition.id))
    if event is None or not (event.camunda.get("formRef") or event.camunda.get("formKey")):
        return None
    return deployments.form_of(session, definition.id, event)


def _allow(definition: ProcessDefinition, actor: Actor) -> None:
    if not deployments.may_start(definition, actor):
        raise NotAllowed("case.may_not_start", name=definition.name)


def _business_key(session: Session, definition: ProcessDefinition, given: str | None) -> str:
    """The given one, or one like `KARTU-PEGAWAI-2026-0001`: the key, the year, a running number."""
    if given is None or not given.strip():
        year = now().astimezone(zone()).year
        number = sequences.draw(session, f"case:{definition.key}:{year}")
        return f"{definition.key.replace('_', '-').upper()}-{year}-{number:04d}"
    if len(given) > LONGEST_KEY:
        raise InvalidInput("case.long_key", limit=LONGEST_KEY)
    return given.strip()


def get(session: Session, id_: str, actor: Actor) -> ProcessInstance:
    """The case, for who may see it; NotFound for everybody else."""
    query = select(ProcessInstance).where(ProcessInstance.id == id_, seen_by(actor))
    instance = session.scalar(query.options(joinedload(ProcessInstance.definition)))
    if instance is None:
        raise NotFound("case.not_found")
    return instance


def visible(session: Session, instance: ProcessInstance, actor: Actor) -> bool:
    """Whether this person may see the case."""
    query = select(ProcessInstance.id).where(ProcessInstance.id == instance.id, seen_by(actor))
    return session.scalar(query) is not None


def find(
    session: Session,
    actor: Actor,
    *,
    status: str | None = None,
    definition_key: str | None = None,
    business_key: str | None = None,
    limit: int | None = 50,
    offset: int = 0,
) -> Sequence[ProcessInstance]:
    """The cases that this person may see, newest first."""
    query = select(ProcessInstance).where(seen_by(actor)).options(joinedload(ProcessInstance.definition))
    for column, value in (
        (ProcessInstance.status, status),
        (ProcessInstance.definition_key, definition_key),
        (ProcessInstance.business_key, business_key),
    ):
        if value is not None:
            query = query.where(column == value)
    query = query.order_by(ProcessInstance.started_at.desc(), ProcessInstance.id)
    return session.scalars(query.limit(limit).offset(offset)).all()


def cancel(session: Session, id_: str, actor: Actor, reason: str) -> ProcessInstance:
    """Ends a case before its end; only an administrator may, and the reason stays in the history."""
    if not actor.admin:
        raise NotAllowed("case.may_not_cancel")
    instance = locked(session, id_)
    if instance.status not in ("active", "suspended"):
        raise Conflict("case.not_active", number=instance.business_key)
    gate.end(session, instance, actor, reason)
    if instance.parent_id is not None and instance.parent_wait is not None:
        gate.abandon(session, instance, instance.parent_id, instance.parent_wait)
    return instance


def set_variables(
    session: Session,
    id_: str,
    actor: Actor,
    values: Mapping[str, Any],
    delete: Iterable[str] = (),
    *,
    reason: str = "",
) -> None:
    """Sets and removes variables of a running case from outside its forms; only an administrator may.

    What waits for a condition looks at it again; in a suspended case that is when it goes on.
    """
    if not actor.admin:
        raise NotAllowed("case.may_not_set")
    instance = locked(session, id_)
    removed = sorted(set(delete))
    told = {"values": dict(values), "removed": removed, **({"reason": reason} if reason else {})}
    if instance.status == "active":
        with advancing(session, instance, actor, "variables_set", **told) as execution:
            execution.write(values, removed)
        return
    if instance.status != "suspended":
        raise Conflict("case.not_active", number=instance.business_key)
    kept = {name: value for name, value in instance.variables.items() if name not in removed}
    instance.variables = {**kept, **values}
    instance.title = deployments.executable(session, instance.definition_id).title(instance.variables)
    history.record(session, instance, "variables_set", actor, **told)
