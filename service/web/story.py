"""Tells a case: its steps in the order they came up, and its events as sentences."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from service.store.models import (
    ActivityInstance,
    HistoryEvent,
    Incident,
    Job,
    ProcessInstance,
    Subscription,
    UserTask,
)
from service.web.present import language, settings, t
from service.web.typed import shown

WORK = ("userTask", "manualTask", "task")
WAITING = ("receiveTask", "intermediateCatchEvent")
PROGRAMS = ("serviceTask",)
CALLS = ("callActivity",)
"""The kinds of element that an office would call a step; gateways and scripts are not."""
LONGEST = 80
"""Characters of a value within a sentence."""

Behind = UserTask | Subscription | Job | ProcessInstance
"""What a step waits for, or the case that was called there."""


@dataclass(frozen=True)
class Step:
    """One step of a case: done, cancelled, or where it stands now (`ended_at` is empty).

    `turn` and `returned` are as a task's; `task` is the open task behind it, `message` what it waits
    for, `topic` what a program elsewhere is to do, and `called` the case that was called there, if
    there is such a thing. `stuck` says that it was done, and the case stopped behind it.
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
    topic: str | None = None
    called: ProcessInstance | None = None
    stuck: bool = False

    @property
    def state(self) -> str:
        """`done`, `cancelled` or `now`."""
        if self.ended_at is None:
            return "now"
        return "cancelled" if self.cancelled else "done"


@dataclass(frozen=True)
class Line:
    """An event as a sentence, with what was changed and why where somebody said so."""

    at: datetime
    sentence: str
    more: str = ""
    reason: str = ""


def steps(
    visits: Sequence[ActivityInstance],
    events: Sequence[HistoryEvent],
    behind: Mapping[str, Behind],
    incidents: Sequence[Incident],
    names: Mapping[str, str],
) -> list[Step]:
    """The visits that are steps, in the order in which they were entered.

    `behind` tells by a visit's id what stands behind it: a task, something awaited, a program's work,
    or a case that was called.
    """
    parked = {incident.task_id: incident.opened_for for incident in incidents if incident.task_id}
    created = {event.task_id: event.details for event in events if event.kind == "task_created"}
    return [
        _step(visit, created.get(visit.task_id, {}), behind.get(visit.id), parked.get(visit.id), names)
        for visit in visits
        if visit.kind in (*WORK, *WAITING, *PROGRAMS, *CALLS) or isinstance(behind.get(visit.id), Job)
    ]


def marks(visits: Sequence[ActivityInstance], incidents: Sequence[Incident]) -> dict[str, str]:
    """The ids of the elements to mark on the diagram, as words in a row: `done`, `active` and `stuck`."""
    stuck = {incident.element_id for incident in incidents}
    active = {visit.element_id for visit in visits if not visit.ended_at} - stuck
    done = {visit.element_id for visit in visits if visit.ended_at and not visit.cancelled} - active - stuck
    words = {"done": done, "active": active, "stuck": stuck}
    return {name: " ".join(sorted(ids)) for name, ids in words.items()}


def _step(
    visit: ActivityInstance,
    created: Mapping[str, Any],
    behind: Behind | None,
    worker: str | None,
    names: Mapping[str, str],
) -> Step:
    name, item = visit.name or visit.element_id, created.get("item")
    task = behind if isinstance(behind, UserTask) else None
    who = worker or (task.assignee if task else visit.actor) or ""
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
        message=behind if isinstance(behind, Subscription) else None,
        topic=behind.topic if isinstance(behind, Job) else None,
        called=behind if isinstance(behind, ProcessInstance) else None,
        stuck=worker is not None,
    )


def line(event: HistoryEvent, names: Mapping[str, str]) -> Line:
    """What happened, in the reader's language."""
    sentence = _sentence(event, names.get(event.actor, event.actor) or t("web.event.nobody"))
    return Line(event.at, sentence, "; ".join(_more(event, names)), event.details.get("reason", ""))


def _sentence(event: HistoryEvent, who: str) -> str:
    step, told = event.element_name or event.element_id, event.details
    if event.kind == "decision_evaluated":
        return _decision(told, step)
    if event.kind == "instance_modified":
        source, target = (", ".join(f"“{one}”" for one in told[end]) or "–" for end in ("from", "to"))
        return t("web.event.instance_modified", who=who, source=source, target=target)
    if event.kind == "instance_migrated":
        return t("web.event.instance_migrated", who=who, **_revisions(told))
    return t(f"web.event.{event.kind}", who=who, step=step)


def _revisions(told: Mapping[str, Any]) -> dict[str, str]:
    """From which revision and to which; with their names where those are two processes."""
    ends = {end: told[end] for end in ("source", "target")}
    of = "_of" * (ends["source"]["key"] != ends["target"]["key"])
    return {
        end: t(f"migration.revision{of}", name=one["name"], version=one["version"])
        for end, one in ends.items()
    }


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


def _more(event: HistoryEvent, names: Mapping[str, str]) -> Iterator[str]:
    """What an operator changed: the values that were set, and what became of kept work."""
    told = event.details
    if event.kind == "variables_set":
        for name, value in told.get("values", {}).items():
            yield t("mend.told.set", name=name, value=_short(value))
        for name in told.get("removed", ()):
            yield t("mend.told.removed", name=name)
    if event.kind == "incident_opened" and "by" in told:
        yield t("mend.told.kept", who=names.get(told["by"], told["by"]) or t("web.event.nobody"))
    if event.kind == "instance_migrated":
        for step in told["steps"]:
            if step["old"] != step["new"]:
                yield t("migration.became", old=step["old"], new=step["new"])
    if event.kind == "instance_modified":
        for fate in ("kept", "dropped"):
            for work in told.get(fate, ()):
                yield t(f"mend.told.{fate}", who=names.get(work["by"], work["by"]) or t("web.event.nobody"))


def _short(value: Any) -> str:
    """A value in a sentence: long ones are cut."""
    text = shown(value, language(), settings().zone).text or "–"
    return text if len(text) <= LONGEST else f"{text[:LONGEST]} …"
