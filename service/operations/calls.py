"""Called cases: which process a call activity means, what comes back, and what is kept when that fails."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Literal, Self

from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload

from service.diagram.model import Element
from service.engine.execution import Thrown
from service.errors import AlurError, Conflict, ExecutionFailed
from service.operations import deployments, incidents, inforce
from service.operations.identity import SYSTEM
from service.store.models import (
    TRIES,
    ActivityInstance,
    Job,
    ProcessDefinition,
    ProcessInstance,
    new_id,
    now,
)

MOST = 50
"""Cases that may be called within one transaction: more are a circle in which nobody waits."""
EVENTS = {"return": "call_returned", "error": "error_raised", "escalation": "escalation_raised"}
"""How the history of the calling case names what comes back."""


@dataclass(frozen=True)
class Due:
    """What is to go over between a case and the one that it calls at `wait`.

    `code`, `message` and `values` are those of an error or escalation.
    """

    kind: Literal["call", "return", "error", "escalation"]
    wait: str
    called: str = ""
    code: str = ""
    message: str = ""
    values: Mapping[str, Any] = field(default_factory=dict)

    @property
    def said(self) -> dict[str, str]:
        """What the history says of it."""
        return {"code": self.code} if self.code else {}

    @property
    def payload(self) -> dict[str, Any]:
        """Itself as plain values, for a job."""
        return {**vars(self), "values": dict(self.values)}

    @classmethod
    def of(cls, job: Job) -> Self:
        """What a job of one of these kinds is to do."""
        return cls(**job.payload)


def told(called: ProcessInstance, thrown: Sequence[Thrown]) -> Iterator[Due]:
    """What a called case tells the one that called it: what it did not catch, and that it is done."""
    wait = called.parent_wait or ""
    for one in thrown:
        if one.kind in ("escalation", "error"):
            yield Due(one.kind, wait, called.id, one.name, one.message, one.values)
    if called.status == "completed" and not any(one.kind == "error" for one in thrown):
        yield Due("return", wait, called.id)


def element(session: Session, caller: ProcessInstance, wait_id: str) -> Element:
    """The call activity where a case waits."""
    visited = session.get_one(ActivityInstance, wait_id)
    return deployments.diagram(session, caller.definition_id).elements[visited.element_id]


def definition(session: Session, caller: ProcessInstance, element: Element) -> ProcessDefinition:
    """The process that a call activity means, by its binding.

    ExecutionFailed where there is none, and where no case may begin on it: it is a draft, its day has
    not come, or it was withdrawn.
    """
    key, told = element.called or "", {"element": element.id, "name": element.name or ""}
    found = _bound(session, caller, element, key)
    if found is None:
        raise ExecutionFailed("case.nothing_to_call", **told, key=key)
    try:
        inforce.check(found)
    except Conflict as error:
        raise ExecutionFailed("revision.not_called", **told, reason=error.message) from error
    return found


def _bound(session: Session, caller: ProcessInstance, element: Element, key: str) -> ProcessDefinition | None:
    said = element.camunda
    query = select(ProcessDefinition).where(ProcessDefinition.key == key)
    match said.get("calledElementBinding", "latest"):
        case "deployment":
            query = query.where(ProcessDefinition.deployment_id == caller.definition.deployment_id)
        case "version":
            query = query.where(ProcessDefinition.version == int(said["calledElementVersion"]))
        case _:
            return inforce.find(session, key)
    return session.scalar(query.order_by(ProcessDefinition.version.desc()).limit(1))


def count(session: Session, element: Element) -> None:
    """One more call in this transaction; ExecutionFailed when there are too many."""
    session.info["calls"] = session.info.get("calls", 0) + 1
    if session.info["calls"] > MOST:
        raise ExecutionFailed("case.too_many_calls", element=element.id, name=element.name or "", limit=MOST)


def called(session: Session, caller_id: str, wait_id: str) -> ProcessInstance | None:
    """The case that was called at a wait of another one, and still goes on."""
    query = select(ProcessInstance).where(
        ProcessInstance.parent_id == caller_id,
        ProcessInstance.parent_wait == wait_id,
        ProcessInstance.status.in_(("active", "suspended")),
    )
    return session.scalar(query)


def of(session: Session, caller_id: str) -> Sequence[ProcessInstance]:
    """Every case that another one called, those that have ended too, oldest first."""
    query = select(ProcessInstance).where(ProcessInstance.parent_id == caller_id)
    query = query.options(joinedload(ProcessInstance.definition))
    return session.scalars(query.order_by(ProcessInstance.started_at, ProcessInstance.id)).all()


def stop(session: Session, caller: ProcessInstance, due: Due, element: Element, error: AlurError) -> None:
    """It cannot go over: the caller has an incident, and trying the job again mends it."""
    job = keep(session, caller, due, element, retries=0)
    kind = "call" if due.kind == "call" else "return"
    failure = ExecutionFailed(
        f"case.{kind}_failed", element=element.id, name=element.name or "", reason=error.message
    )
    incidents.open_(session, caller, failure, SYSTEM, job_id=job.id)


def keep(session: Session, caller: ProcessInstance, due: Due, element: Element, retries: int = TRIES) -> Job:
    """What is still to go over is a job; that of a call or a return has the id of its wait."""
    job = Job(
        id=new_id() if due.kind == "escalation" else due.wait,
        kind=due.kind,
        instance_id=caller.id,
        element_id=element.id,
        due_at=now(),
        retries=retries,
        payload=due.payload,
    )
    return session.merge(job)
