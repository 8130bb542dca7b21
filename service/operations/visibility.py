"""Who may see a case, and with it its documents and its history."""

from sqlalchemy import ColumnElement, and_, exists, or_

from service.operations.identity import Actor
from service.store.models import Candidate, ProcessInstance, UserTask


def seen_by(actor: Actor) -> ColumnElement[bool]:
    """A case is seen by who started it, and by who has, had or could take work in it."""
    if actor.admin:
        return ProcessInstance.id.is_not(None)
    group = and_(Candidate.kind == "group", Candidate.name.in_(actor.positions))
    user = and_(Candidate.kind == "user", Candidate.name == actor.id)
    work = exists().where(
        UserTask.instance_id == ProcessInstance.id,
        or_(
            UserTask.assignee == actor.id,
            UserTask.completed_by == actor.id,
            exists().where(Candidate.task_id == UserTask.id, or_(group, user)),
        ),
    )
    return or_(ProcessInstance.started_by == actor.id, work)
