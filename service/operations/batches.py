"""Many cases taken over one after the other, each in a transaction of its own, by the worker."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session, joinedload

from service.errors import AlurError, Busy, InvalidInput, Message, NotFound
from service.operations import incidents, migrations, plans, previews
from service.operations.identity import Actor
from service.operations.plans import Plan
from service.store import rows
from service.store.models import Batch, BatchCase, Job, ProcessInstance, new_id, now

KIND = "migrate"
"""The kind of its jobs: one for each case."""


@dataclass(frozen=True)
class Progress:
    """How far a batch has come, in cases."""

    batch: Batch
    waiting: int
    done: int
    refused: int

    @property
    def total(self) -> int:
        """All its cases."""
        return self.waiting + self.done + self.refused


def batch(
    session: Session,
    plan: Plan,
    instance_ids: Collection[str] | None,
    actor: Actor,
    reason: str = "",
) -> Batch:
    """Has these cases taken over by the worker, or all that run on the source; each that cannot go stays.

    InvalidInput for a plan that no case could follow or a case that is unknown, NotAllowed for who
    may not.
    """
    plans.target(session, plan, actor)
    ids = _ids(session, plan, instance_ids)
    begun = Batch(
        id=new_id(),
        source_id=plan.source_id,
        target_id=plan.target_id,
        plan=plan.payload,
        reason=reason,
        started_by=actor.id,
    )
    session.add(begun)
    session.flush()
    rows.add(session, BatchCase, [{"batch_id": begun.id, "instance_id": id_} for id_ in ids])
    moment = now()
    rows.add(session, Job, [_job(begun, id_, moment) for id_ in ids])
    return begun


def _job(begun: Batch, case_id: str, due: datetime) -> rows.Row:
    """Not the case's own: those of a suspended case wait, and it is to go over as well."""
    return {
        "id": new_id(),
        "kind": KIND,
        "definition_id": begun.source_id,
        "element_id": "",
        "due_at": due,
        "payload": {"batch": begun.id, "case": case_id},
    }


def _ids(session: Session, plan: Plan, instance_ids: Collection[str] | None) -> Sequence[str]:
    if instance_ids is None:
        running = previews.running(plan.source_id).with_only_columns(ProcessInstance.id)
        return session.scalars(running).all()
    asked = list(dict.fromkeys(instance_ids))
    known = set(session.scalars(select(ProcessInstance.id).where(ProcessInstance.id.in_(asked))))
    if missing := [id_ for id_ in asked if id_ not in known]:
        raise InvalidInput("migration.no_case", id=missing[0])
    return asked


def do(session: Session, job: Job, _: Actor) -> bool:
    """Takes one case of a batch over; what became of it is kept beside.

    In the name of who began it, who was allowed to then, and may have left since.
    """
    case = session.get_one(BatchCase, (job.payload["batch"], job.payload["case"]))
    begun = session.get_one(Batch, case.batch_id)
    try:
        actor = Actor(begun.started_by, begun.started_by, admin=True)
        migrations.migrate(session, Plan.of(begun.plan), case.instance_id, actor, begun.reason)
    except Busy:
        raise
    except AlurError as error:
        _refuse(case, error)
    else:
        case.status, case.ended_at = "done", now()
    return True


def give_up(session: Session, job: Job, error: AlurError) -> None:
    """A case that a mistake of ours stopped again and again stays where it is, and its batch says so."""
    _refuse(session.get_one(BatchCase, (job.payload["batch"], job.payload["case"])), error)
    session.delete(job)


def _refuse(case: BatchCase, error: AlurError) -> None:
    case.status, case.ended_at = "refused", now()
    case.sentence = error.message.key
    case.details = {name: incidents.plain(value) for name, value in error.message.params.items()}


def find(session: Session, id_: str) -> Batch:
    """The batch; NotFound where there is none."""
    if (found := session.get(Batch, id_)) is None:
        raise NotFound("migration.no_batch")
    return found


def progress(session: Session, batch_id: str) -> Progress:
    """How far a batch has come; NotFound where there is none."""
    found = find(session, batch_id)
    query = select(BatchCase.status, func.count().label("cases")).where(BatchCase.batch_id == batch_id)
    counts = {row.status: row.cases for row in session.execute(query.group_by(BatchCase.status))}
    return Progress(found, *(counts.get(status, 0) for status in ("waiting", "done", "refused")))


def refused(
    session: Session, batch_id: str, *, limit: int | None = None, offset: int = 0
) -> Sequence[BatchCase]:
    """The cases that stayed where they are, with their reasons (`why`)."""
    query = select(BatchCase).where(BatchCase.batch_id == batch_id, BatchCase.status == "refused")
    query = query.options(joinedload(BatchCase.instance).joinedload(ProcessInstance.definition))
    return session.scalars(query.order_by(BatchCase.instance_id).limit(limit).offset(offset)).all()


def why(case: BatchCase) -> Message:
    """What kept a case, to be said in the reader's language."""
    return Message(case.sentence, incidents.spoken(case.details))


def of(session: Session, definition_id: str) -> Sequence[Batch]:
    """The batches that led from or to a revision, newest first."""
    query = select(Batch).where((Batch.source_id == definition_id) | (Batch.target_id == definition_id))
    return session.scalars(query.order_by(Batch.started_at.desc(), Batch.id)).all()
