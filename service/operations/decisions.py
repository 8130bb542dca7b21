"""Decisions: which were deployed, what they give, and that they were made."""

from collections.abc import Iterator, Mapping, Sequence
from itertools import islice
from textwrap import shorten
from typing import Any

from sqlalchemy import and_, func, select
from sqlalchemy.orm import Session

from service import dmn
from service.dmn import Decide, Decided, Definitions, Evaluated
from service.errors import DecisionFailed, NotAllowed, NotFound
from service.operations import deployments, history, inforce
from service.operations.identity import Actor
from service.operations.recent import Recent
from service.store.models import DecisionDefinition, ProcessDefinition, ProcessInstance

LONGEST = 200
"""Characters of a text that the history keeps of what went into a decision or came out."""
MOST = 20
"""Rules and rows of one decision that the history keeps."""

_FILES: Recent[Definitions] = Recent(300)


def definitions(
    session: Session, key: str | None = None, latest: bool = True
) -> Sequence[DecisionDefinition]:
    """The latest version of each decision, or every version, by name, newest first."""
    query = select(DecisionDefinition)
    if key is not None:
        query = query.where(DecisionDefinition.key == key)
    if latest:
        newest = select(DecisionDefinition.key, func.max(DecisionDefinition.version))
        last = newest.group_by(DecisionDefinition.key).subquery("newest")
        query = query.join(
            last, and_(DecisionDefinition.key == last.c.key, DecisionDefinition.version == last.c[1])
        )
    order = (DecisionDefinition.name, DecisionDefinition.key, DecisionDefinition.version.desc())
    return session.scalars(query.order_by(*order)).all()


def definition(session: Session, id_: str) -> DecisionDefinition:
    """The decision definition with this id; NotFound if there is none."""
    if (found := session.get(DecisionDefinition, id_)) is None:
        raise NotFound("deployment.no_decision", id=id_)
    return found


def latest(session: Session, key: str) -> DecisionDefinition:
    """The latest version of the decision with this key; NotFound if there is none."""
    if not (found := definitions(session, key)):
        raise NotFound("deployment.no_decision_key", key=key)
    return found[0]


def file(session: Session, row: DecisionDefinition) -> Definitions:
    """The file that a decision came in, with the decisions that it requires."""
    key = f"{row.deployment_id} {row.resource_name}"
    return _FILES.get(key, lambda: dmn.read(deployments.content(session, row), row.resource_name))


def evaluate(session: Session, row: DecisionDefinition, actor: Actor, values: Mapping[str, Any]) -> Decided:
    """What a decision gives for these variables, outside of any case and without a trace.

    NotAllowed but for an administrator: a table can tell what an office does not tell everybody.
    DecisionFailed when it has no answer.
    """
    if not actor.admin:
        raise NotAllowed("dmn.may_not_evaluate")
    return _decided(session, row, values)


def port(session: Session, definition_id: str) -> Decide:
    """How the cases of a process definition make decisions: by key and binding, over their variables."""

    def decide(key: str, binding: str, version: str | None, context: Mapping[str, Any]) -> Decided:
        return _decided(session, bound(session, definition_id, key, binding, version), context)

    return decide


def record(
    session: Session, instance: ProcessInstance, decided: Sequence[tuple[str, Decided]], actor: Actor
) -> None:
    """Notes each decision, by the id of the element that asked for it, in the case's history.

    The event's details: the decision's key, name and version, `steps` with what went into it and into
    those that it required and which rules hit, the `rows` that came out, and the variables `missing`.
    """
    if not decided:
        return
    elements = deployments.diagram(session, instance.definition_id).elements
    for element_id, one in decided:
        history.record(
            session,
            instance,
            "decision_evaluated",
            actor,
            element_id=element_id,
            element_name=elements[element_id].name or "",
            decision=one.key,
            name=one.name,
            version=one.version,
            steps=list(_steps(one.steps)),
            rows=[_brief(row) for row in one.rows[:MOST]],
            missing=list(one.missing),
        )


def bound(
    session: Session, definition_id: str, key: str, binding: str, version: str | None
) -> DecisionDefinition:
    """The version that a diagram means: of its own deployment, the latest, or this one."""
    query = select(DecisionDefinition).where(DecisionDefinition.key == key)
    if binding == "deployment":
        own = select(ProcessDefinition.deployment_id).where(ProcessDefinition.id == definition_id)
        query = query.where(DecisionDefinition.deployment_id == own.scalar_subquery())
    if binding == "version":
        query = query.where(DecisionDefinition.version == int(version or "0"))
    row = inforce.newest(session, query, DecisionDefinition)
    if row is None:
        raise DecisionFailed("dmn.no_decision", key=key)
    return row


def _decided(session: Session, row: DecisionDefinition, values: Mapping[str, Any]) -> Decided:
    return dmn.evaluate(file(session, row), row.key, values, row.version)


def _steps(steps: Sequence[Evaluated]) -> Iterator[dict[str, Any]]:
    for step in steps:
        rules = [
            {"rule": hit.rule, "number": hit.number, "annotation": hit.annotation}
            for hit in islice(step.hits, MOST)
        ]
        yield {"decision": step.key, "name": step.name, "inputs": _brief(step.inputs), "rules": rules}


def _brief(said: Mapping[str, Any]) -> dict[str, Any]:
    """What was said, without what would swell the history: lists, contexts and the ends of long texts."""
    return {
        name: shorten(value, LONGEST) if isinstance(value, str) else value
        for name, value in said.items()
        if not isinstance(value, list | tuple | dict)
    }
