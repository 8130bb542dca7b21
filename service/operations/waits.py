"""Keeps the rows in step with the engine: what an instance waits for, and which elements were visited.

The frozen instance is the truth; these rows are its waits, found again after each advance.
"""

from sqlalchemy import delete, update

from service.engine.execution import Wait
from service.operations import bell, early, incidents, offers, visits
from service.operations.change import Change
from service.operations.offers import Offer
from service.store.models import Job, Subscription, UserTask


def follow(change: Change, arisen: list[Offer]) -> None:
    """Adds rows for the waits that are new and closes those of the waits that are gone."""
    offers.add(change, arisen)
    for wait in change.new:
        _listen(change, wait)
    _close(change, change.gone)
    for id_, wait in change.after.items():
        if id_ in change.before and wait.due != change.before[id_].due:
            change.session.execute(update(Job).where(Job.id == id_).values(due_at=wait.due))
    visits.write(change)


def _listen(change: Change, wait: Wait) -> None:
    row: Job | Subscription
    if wait.kind in ("timer", "external"):
        row = Job(
            id=wait.id,
            instance_id=change.instance.id,
            kind=wait.kind,
            element_id=wait.element.id,
            topic=wait.name if wait.kind == "external" else None,
            priority=wait.priority,
            payload={"local": dict(wait.locals)} if wait.kind == "external" and wait.locals else {},
            due_at=wait.due or change.at,
        )
        if wait.kind == "external":
            bell.ring_after(change.session)
    elif wait.kind in ("message", "signal"):
        row = Subscription(
            id=wait.id,
            instance_id=change.instance.id,
            kind=wait.kind,
            name=wait.name,
            element_id=wait.element.id,
            element_name=wait.element.name or wait.name,
            created_at=change.at,
        )
        if wait.kind == "message":
            variables, where = change.execution.variables, (wait.id, wait.name, wait.element.id)
            early.take(change.session, change.instance, *where, variables, wait.locals)
    else:  # people's work has its tasks already, a call its case, and a condition is looked at by the engine
        return
    change.session.add(row)


def _close(change: Change, waits: list[Wait]) -> None:
    """Messages, signals and jobs vanish; work that nobody did is told as cancelled."""
    gone = {kind: [wait.id for wait in waits if wait.kind == kind] for kind in {wait.kind for wait in waits}}
    if ids := [*gone.get("timer", ()), *gone.get("external", ()), *gone.get("call", ())]:
        change.session.execute(delete(Job).where(Job.id.in_(ids)))
        incidents.close(change.session, change.instance, ids, change.actor)
    if ids := [*gone.get("message", ()), *gone.get("signal", ())]:
        change.session.execute(delete(Subscription).where(Subscription.id.in_(ids)))
    taken = {step.token for step in change.execution.steps if step.kind == "cancelled"}
    if ids := [id_ for id_ in gone.get("user_task", ()) if id_ in taken]:
        change.session.execute(
            update(UserTask).where(UserTask.id.in_(ids)).values(status="cancelled", ended_at=change.at)
        )
        incidents.close(change.session, change.instance, ids, change.actor)
        for wait in waits:
            if wait.id in ids:
                change.tell(
                    "task_cancelled",
                    change.actor,
                    element_id=wait.element.id,
                    element_name=wait.element.name or "",
                    task_id=wait.id,
                )
