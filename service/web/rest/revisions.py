"""Revisions: where one stands, what was done to it, and approving, withdrawing and restoring it."""

from datetime import datetime

from flask import g

from service.operations import deployments, revisions
from service.operations.revisions import Stage
from service.store.models import DefinitionEvent, ProcessDefinition
from service.web.rest.routes import Routes
from service.web.rest.shapes import Answer, Asked, Moment, Text

ROUTES = Routes("Revision")


class EventAnswer(Answer):
    """What was done: deployed, approved, withdrawn, restored or took_effect; `effectiveAt` says from when."""

    kind: str
    at: Moment
    actor: str | None
    reason: str | None
    effective_at: Moment | None


class RevisionAnswer(Answer):
    """One version of a process as a revision of an SOP.

    The number, the three days and who approved it are what its diagram says, in its own words.
    """

    id: str
    key: str
    version: int
    stage: Stage
    effective_at: Moment | None
    approvers: list[str]
    deployed_by: str | None
    number: str
    made_on: str
    revised_on: str
    effective_on: str
    approved_by: str
    events: list[EventAnswer]


class ReasonBody(Asked):
    """Why."""

    reason: Text = ""


class ApproveBody(ReasonBody):
    """From when it counts: an ISO 8601 moment, or a day; without it, when it was wished, or now."""

    effective_at: Text | None = None


@ROUTES.get("/process-definition/{id}/revision")
def get(id: str) -> RevisionAnswer:
    """Where a revision stands: draft, scheduled, effective, superseded or withdrawn."""
    return _answer(deployments.definition(g.session, id))


@ROUTES.post("/process-definition/{id}/approve")
def approve(body: ApproveBody, id: str) -> RevisionAnswer:
    """Approves a draft that somebody else deployed."""
    at = revisions.moment(body.effective_at) if body.effective_at else None
    return _answer(revisions.approve(g.session, id, g.actor, at, body.reason))


@ROUTES.post("/process-definition/{id}/withdraw")
def withdraw(body: ReasonBody, id: str) -> RevisionAnswer:
    """Takes a revision out: no case begins on it any more, and the one before is in force again."""
    return _answer(revisions.withdraw(g.session, id, g.actor, body.reason))


@ROUTES.post("/process-definition/{id}/restore")
def restore(body: ReasonBody, id: str) -> RevisionAnswer:
    """Brings an earlier revision back into force, from now on."""
    return _answer(revisions.restore(g.session, id, g.actor, body.reason))


def _answer(row: ProcessDefinition) -> RevisionAnswer:
    facts = revisions.facts(deployments.diagram(g.session, row.id))
    return RevisionAnswer(
        id=row.id,
        key=row.key,
        version=row.version,
        stage=revisions.stage_of(g.session, row),
        effective_at=row.effective_at,
        approvers=row.approvers,
        deployed_by=row.deployment.deployed_by or None,
        events=[_event(event) for event in revisions.history(g.session, row.id)],
        **vars(facts),
    )


def _event(row: DefinitionEvent) -> EventAnswer:
    effective_at: datetime | None = row.details.get("effective_at")
    return EventAnswer(
        kind=row.kind,
        at=row.at,
        actor=row.actor or None,
        reason=row.details.get("reason") or None,
        effective_at=effective_at,
    )
