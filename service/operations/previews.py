"""The dry run of a plan: how many cases stand where, which would go over, and why the others cannot."""

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass

from sqlalchemy import Select, select
from sqlalchemy.orm import Session, joinedload, undefer_group

from service.engine import frozen, migrating
from service.engine.passage import Passage, kind, race
from service.errors import AlurError, Message
from service.operations import migrations, plans
from service.operations.plans import Plan
from service.store.models import ProcessInstance, now

UNMAPPED = "migration.unmapped"
"""What a mapping mends: the step has none yet."""


@dataclass(frozen=True)
class Refusal:
    """Why so many cases cannot go over, and which."""

    reason: Message
    ids: tuple[str, ...]

    @property
    def count(self) -> int:
        """How many."""
        return len(self.ids)

    @property
    def unmapped(self) -> bool:
        """Whether it only wants a mapping of the step where they stand."""
        return self.reason.key == UNMAPPED


@dataclass(frozen=True)
class Standing:
    """One step of the old revision: how many cases stand there, and how many of those would go over.

    `target` is what it becomes, by the plan. `refused` are the others, the most first.
    """

    element: str
    name: str
    target: str | None
    standing: int
    going: int
    refused: tuple[Refusal, ...]


@dataclass(frozen=True)
class Preview:
    """All cases together, and step by step in the order of the way; `going` and `refused` are cases."""

    cases: int
    going: tuple[str, ...]
    refused: tuple[Refusal, ...]
    steps: tuple[Standing, ...]

    @property
    def unmapped(self) -> int:
        """How many cases would only need a mapping."""
        return sum(refusal.count for refusal in self.refused if refusal.unmapped)


@dataclass(frozen=True)
class _Seen:
    """What was found of one case."""

    id: str
    elements: Sequence[str]
    reason: Message | None


def preview(session: Session, plan: Plan, instance_ids: Collection[str] | None = None) -> Preview:
    """What `migrate` would do with all cases that run on the source, or with these; nothing is written.

    Cases whose tokens rest in the same way are judged together; then each that may go is tried.
    """
    passage, seen = plans.passage(session, plan), []
    for instance in session.scalars(_cases(plan.source_id, instance_ids)):
        reason = migrations.judged(plan, passage, instance.state)
        reason = reason or _tried(session, plan, passage, instance)
        seen.append(_Seen(instance.id, frozen.standing(instance.state), reason))
    going = tuple(case.id for case in seen if not case.reason)
    return Preview(len(seen), going, _refusals(seen), tuple(_steps(passage, seen)))


def _cases(source_id: str, instance_ids: Collection[str] | None) -> Select[ProcessInstance]:
    query = running(source_id).options(undefer_group("frozen"), joinedload(ProcessInstance.definition))
    return query if instance_ids is None else query.where(ProcessInstance.id.in_(instance_ids))


def running(source_id: str) -> Select[ProcessInstance]:
    """The cases of a process definition that have not ended, in the order in which they are taken over."""
    query = select(ProcessInstance).where(ProcessInstance.definition_id == source_id)
    query = query.where(ProcessInstance.status.in_(("active", "suspended")))
    return query.order_by(ProcessInstance.started_at, ProcessInstance.id)


def _tried(session: Session, plan: Plan, passage: Passage, instance: ProcessInstance) -> Message | None:
    try:
        execution = migrations.tried(session, plan, passage, instance, now())
        migrations.same_calls(session, instance, execution)
    except AlurError as error:
        return error.message
    return None


def _refusals(seen: Collection[_Seen]) -> tuple[Refusal, ...]:
    found: list[tuple[Message, list[str]]] = []
    for case in seen:
        if case.reason is None:
            continue
        ids = next((ids for reason, ids in found if reason == case.reason), None)
        if ids is None:
            found.append((case.reason, ids := []))
        ids.append(case.id)
    refusals = [Refusal(reason, tuple(ids)) for reason, ids in found]
    return tuple(sorted(refusals, key=lambda refusal: -refusal.count))


def _steps(passage: Passage, seen: Collection[_Seen]) -> Iterator[Standing]:
    here: dict[str, list[_Seen]] = {}
    for case in seen:
        for rested_on in case.elements:
            here.setdefault(rested_on, []).append(case)
    far = passage.old.distances
    for element_id in sorted(here, key=lambda id_: (far.get(id_, len(far)), id_)):
        element, cases = passage.old.element(element_id), here[element_id]
        rested = kind(passage.old, element)
        listens = rested is not None and rested[0] in migrating.BESIDE
        if listens or race(passage.old.process, element):
            continue
        name, target = element.name or element.id, passage.targets.get(element_id)
        going = sum(not case.reason for case in cases)
        yield Standing(element_id, name, target, len(cases), going, _refusals(cases))
