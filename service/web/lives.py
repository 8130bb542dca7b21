"""The revisions of an SOP as pages tell them: where each is in its life, who did what, who runs on it."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from flask import g

from service.diagram.sop import Facts
from service.operations import archive, deployments, identity, inforce, revisions, running
from service.operations.revisions import Stage
from service.store.models import DefinitionEvent, ProcessDefinition, now
from service.web.present import t


@dataclass(frozen=True)
class Revision:
    """A revision and where it is in its life."""

    definition: ProcessDefinition
    stage: Stage


@dataclass(frozen=True)
class Life:
    """A revision on its SOP's page: what its diagram says of it, who did what, how many cases run on it."""

    definition: ProcessDefinition
    stage: Stage
    facts: Facts
    deployed_by: str
    approved_by: str
    running: int


@dataclass(frozen=True)
class Line:
    """One line of a revision's history."""

    event: DefinitionEvent
    sentence: str
    reason: str


def waiting() -> list[ProcessDefinition]:
    """The drafts that the reader may approve."""
    if "to_approve" not in g:
        drafts = archive.drafts(g.session)
        g.to_approve = [one for one in drafts if revisions.may_approve(one, g.actor)]
    found: list[ProcessDefinition] = g.to_approve
    return found


def staged(definitions: Iterable[ProcessDefinition]) -> list[Revision]:
    """Revisions with where each is in its life now."""
    in_force, moment = {one.key: one.id for one in inforce.all_(g.session)}, now()
    return [Revision(one, revisions.stage(one, moment, in_force.get(one.key))) for one in definitions]


def lives(key: str) -> list[Life]:
    """Every revision of an SOP, the newest first."""
    found = revisions.of(g.session, key)
    events = archive.events(g.session, [one.id for one in found])
    counts = running.counted(g.session, [one.id for one in found])
    names = _names(found, events)
    return [
        Life(
            one.definition,
            one.stage,
            revisions.facts(deployments.diagram(g.session, one.definition.id)),
            names.get(one.definition.deployment.deployed_by, "Alur"),
            _approver(one.definition, events, names),
            counts.get(one.definition.id, 0),
        )
        for one in staged(found)
    ]


def told(definition: ProcessDefinition) -> list[Line]:
    """What was done to a revision, the newest first."""
    events = archive.events(g.session, [definition.id])
    names = _names([definition], events)
    return [_line(event, names) for event in events]


def _approver(
    definition: ProcessDefinition, events: Sequence[DefinitionEvent], names: Mapping[str, str]
) -> str:
    for event in events:
        if event.definition_id == definition.id and event.kind in ("approved", "restored"):
            return names.get(event.actor, event.actor)
    return ""


def _line(event: DefinitionEvent, names: Mapping[str, str]) -> Line:
    who = names.get(event.actor, event.actor) or t("web.event.nobody")
    return Line(event, t(f"revisions.event.{event.kind}", who=who), event.details.get("reason", ""))


def _names(found: Sequence[ProcessDefinition], events: Sequence[DefinitionEvent]) -> dict[str, str]:
    people = {one.deployment.deployed_by for one in found} | {event.actor for event in events}
    return identity.names(g.session, people - {""})
