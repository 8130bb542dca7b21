"""Tells a case: its steps in the order they came up, and its events as sentences."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from service.store.models import ActivityInstance, HistoryEvent, Subscription, UserTask
from service.web.present import t

WORK = ("userTask", "manualTask", "task")
WAITING = ("receiveTask", "intermediateCatchEvent")
"""The kinds of element that an office would call a step; gateways and scripts are not."""


@dataclass(frozen=True)
class Step:
    """One step of a case: done, cancelled, or where it stands now (`ended_at` is empty).

    `turn` and `returned` are as a task's; `task` is the open task behind it and `message` what it waits
    for, if it does.
    """

    name: str
    turn: int
    returned: bool
    lane: str
    who: str
    started_at: datetime
    ended_at: datetime | None
    cancelled: bool
    task: UserTask | None = None
    message: Subscription | None = None

    @property
    def state(self) -> str:
        """`done`, `cancelled` or `now`."""
        if self.ended_at is None:
            return "now"
        return "cancelled" if self.cancelled else "done"


@dataclass(frozen=True)
class Line:
    """An event as a sentence."""

    at: datetime
    sentence: str


def steps(
    visits: Sequence[ActivityInstance],
    events: Sequence[HistoryEvent],
    open_tasks: Sequence[UserTask],
    waiting: Sequence[Subscription],
    names: Mapping[str, str],
) -> list[Step]:
    """The visits that are steps, in the order in which they were entered."""
    created = {event.task_id: event.details for event in events if event.kind == "task_created"}
    tasks = {task.id: task for task in open_tasks}
    messages = {subscription.id: subscription for subscription in waiting}
    return [
        _step(visit, created.get(visit.task_id, {}), tasks.get(visit.id), messages.get(visit.id), names)
        for visit in visits
        if visit.kind in WORK or visit.kind in WAITING
    ]


def marks(visits: Sequence[ActivityInstance]) -> dict[str, str]:
    """The ids of the elements to mark on the diagram, as words in a row: `done` and `active`."""
    active = {visit.element_id for visit in visits if not visit.ended_at}
    done = {visit.element_id for visit in visits if visit.ended_at and not visit.cancelled}
    return {"done": " ".join(sorted(done - active)), "active": " ".join(sorted(active))}


def _step(
    visit: ActivityInstance,
    created: Mapping[str, Any],
    task: UserTask | None,
    message: Subscription | None,
    names: Mapping[str, str],
) -> Step:
    name, item = visit.name or visit.element_id, created.get("item")
    who = (task.assignee if task else visit.actor) or ""
    return Step(
        name=f"{name} · {item}" if item else name,
        turn=created.get("turn", 1),
        returned=created.get("returned", False),
        lane=visit.lane,
        who=names.get(who, who),
        started_at=visit.started_at,
        ended_at=visit.ended_at,
        cancelled=visit.cancelled,
        task=task,
        message=message,
    )


def sentence(event: HistoryEvent, names: Mapping[str, str]) -> str:
    """What happened, in the reader's language."""
    who = names.get(event.actor, event.actor) or t("web.event.nobody")
    step = event.element_name or event.element_id
    if event.kind == "decision_evaluated":
        return _decision(event.details, step)
    return t(f"web.event.{event.kind}", who=who, step=step)


def _decision(details: Mapping[str, Any], step: str) -> str:
    """Which rules fitted, of the decision and of those that it required: `Musim 1 (hujan), 3`."""
    told = []
    for made in details["steps"]:
        fitted = [
            f"{rule['number']} ({rule['annotation']})" if rule["annotation"] else str(rule["number"])
            for rule in made["rules"]
        ]
        told += [f"{made['name']} {', '.join(fitted)}"] * bool(fitted)
    rules = "; ".join(told) or "–"
    return t("web.event.decision_evaluated", decision=details["name"], step=step, rules=rules)
