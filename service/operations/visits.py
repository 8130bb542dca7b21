"""The visits of elements by tokens: one row each, closed when the token goes on."""

from service.engine.execution import Step
from service.operations.change import Change
from service.store import rows
from service.store.models import ActivityInstance

AFTERWARDS = ("ended_at", "cancelled", "actor")
"""What becomes known of a visit when it ends."""


def write(change: Change) -> None:
    """Writes the steps of a change: the visits that began in it and those that ended, with one statement."""
    visits: dict[str, dict[str, object]] = {}
    for order, step in enumerate(change.execution.steps):
        if step.kind == "entered":
            visits[step.token] = _visit(change, step, order)
        elif visit := visits.get(step.token):
            visit |= {"ended_at": change.at, "cancelled": step.kind == "cancelled"}
        else:  # it began in an earlier change, where its row is
            ended = {"ended_at": change.at, "cancelled": step.kind == "cancelled", "actor": change.actor.id}
            visits[step.token] = _visit(change, step, order) | ended
    rows.put(change.session, ActivityInstance, list(visits.values()), AFTERWARDS)


def _visit(change: Change, step: Step, order: int) -> dict[str, object]:
    definition = change.execution.definition
    element = definition.element(step.element)
    wait = change.after.get(step.token) or change.before.get(step.token)
    return {
        "id": step.token,
        "instance_id": change.instance.id,
        "element_id": element.id,
        "name": element.name or "",
        "kind": element.type,
        "lane": (definition.process.lanes[element.lane].name or "") if element.lane else "",
        "order": order,
        "started_at": change.at,
        "ended_at": None,
        "cancelled": False,
        "actor": "",
        "task_id": step.token if wait and wait.kind == "user_task" else None,
    }
