"""Plans for taking cases over to another revision: which element becomes which, and why one cannot."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Self

from sqlalchemy.orm import Session

from service.diagram import matching
from service.engine.definition import Definition
from service.engine.passage import Passage, rests
from service.errors import InvalidInput, Message, NotAllowed
from service.operations import deployments
from service.operations.identity import ADMIN, Actor
from service.operations.recent import Recent
from service.store.models import ProcessDefinition

_PASSAGES: Recent[Passage] = Recent(100)


@dataclass(frozen=True)
class Instruction:
    """What rests at `source` will rest at `target`; with `renew` its timer is counted from then on."""

    source: str
    target: str
    renew: bool = False


@dataclass(frozen=True)
class Plan:
    """How cases go from one process definition to another; `variables` are set in each of them."""

    source_id: str
    target_id: str
    instructions: tuple[Instruction, ...] = ()
    variables: Mapping[str, Any] = field(default_factory=dict)

    @property
    def payload(self) -> dict[str, Any]:
        """Itself as plain values, for a batch."""
        said = [[one.source, one.target, one.renew] for one in self.instructions]
        return {"source": self.source_id, "target": self.target_id, "instructions": said} | {
            "variables": dict(self.variables)
        }

    @classmethod
    def of(cls, payload: Mapping[str, Any]) -> Self:
        """The plan that a batch keeps."""
        instructions = tuple(Instruction(*one) for one in payload["instructions"])
        return cls(payload["source"], payload["target"], instructions, payload["variables"])


@dataclass(frozen=True)
class Report:
    """An instruction that cannot be carried out, and why."""

    instruction: Instruction
    failures: tuple[Message, ...]


def generate(session: Session, source_id: str, target_id: str, renew: bool = False) -> Plan:
    """The plan that says itself: what has the same id and can take the same place stays.

    With `renew` every event's trigger is made anew. NotFound for an unknown process definition.
    """
    old, new = _both(session, source_id, target_id)
    targets = _fitting(old, new, matching.same(old.process, new.process))
    return Plan(source_id, target_id, _instructions(old, targets, renew=renew))


def suggest(session: Session, source_id: str, target_id: str) -> tuple[Instruction, ...]:
    """What `generate` leaves open and was likely renamed or replaced: for a person to confirm."""
    old, new = _both(session, source_id, target_id)
    same, likely = matching.same(old.process, new.process), matching.likely(old.process, new.process)
    known, targets = _fitting(old, new, same), _fitting(old, new, {**likely, **same})
    return _instructions(old, {one: other for one, other in targets.items() if one not in known})


def _fitting(old: Definition, new: Definition, pairs: Mapping[str, str]) -> dict[str, str]:
    """The pairs in which something can rest and stay; what one refuses may be what others rest on."""
    targets = {one.id: pairs[one.id] for one in rests(old) if one.id in pairs}
    while wrong := Passage(old, new, targets).wrong:
        targets = {one: other for one, other in targets.items() if one not in wrong}
    return targets


def _instructions(
    old: Definition, targets: Mapping[str, str], *, renew: bool = False
) -> tuple[Instruction, ...]:
    triggers = {key for key, one in old.process.elements.items() if one.events or one.type == "receiveTask"}
    return tuple(Instruction(one, other, renew and one in triggers) for one, other in targets.items())


def validate(session: Session, plan: Plan) -> list[Report]:
    """The instructions that no case could follow; InvalidInput for a plan that leads to where it begins."""
    found = passage(session, plan)
    times = Counter(one.source for one in plan.instructions)
    elements = found.old.process.elements
    reports = []
    for one in plan.instructions:
        failures = list(found.wrong.get(one.source, ()))
        if times[one.source] > 1:
            known = elements.get(one.source)
            name = (known and known.name) or one.source
            failures.append(Message("migration.twice", {"name": name}))
        if failures:
            reports.append(Report(one, tuple(failures)))
    return reports


def passage(session: Session, plan: Plan) -> Passage:
    """What the engine makes of a plan; made once for all cases that follow it."""

    def make() -> Passage:
        targets = {one.source: one.target for one in plan.instructions}
        renewed = frozenset(one.source for one in plan.instructions if one.renew)
        return Passage(*_both(session, plan.source_id, plan.target_id), targets, renewed)

    return _PASSAGES.get(f"{plan.source_id} {plan.target_id} {plan.instructions}", make)


def _both(session: Session, source_id: str, target_id: str) -> tuple[Definition, Definition]:
    if source_id == target_id:
        raise InvalidInput("migration.same")
    for id_ in (source_id, target_id):
        deployments.definition(session, id_)
    return deployments.executable(session, source_id), deployments.executable(session, target_id)


def may(target: ProcessDefinition, actor: Actor) -> bool:
    """Whether this person may take cases over to a revision: an administrator, or who may approve it."""
    return actor.admin or not actor.positions.isdisjoint(set(target.approvers) - {ADMIN})


def target(session: Session, plan: Plan, actor: Actor) -> ProcessDefinition:
    """The revision that a plan leads to; NotAllowed for strangers, InvalidInput where no case may go."""
    found = deployments.definition(session, plan.target_id)
    if not may(found, actor):
        raise NotAllowed("migration.may_not")
    if found.status != "approved":
        raise InvalidInput("migration.not_approved", name=found.name, version=found.version)
    if wrong := validate(session, plan):
        failure = wrong[0].failures[0]
        raise InvalidInput(failure.key, **failure.params)
    return found
