"""What a new revision of an SOP changes against the one in force, and which running cases it concerns."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from flask import g

from service.diagram.model import Process
from service.differences import Kind
from service.errors import Message
from service.operations import comparing, running
from service.operations.comparing import Upcoming
from service.operations.resources import Resources
from service.operations.running import Step
from service.store.models import ProcessDefinition

LOOK = {"added": "ok", "removed": "danger", "changed": "warn", "moved": ""}
"""The badge of each kind of change; none of them says it by its colour alone."""


@dataclass(frozen=True)
class Change:
    """Of a process against `before`, the revision in force, if there is one: what changed, in sentences.

    `running` are the revisions on which cases run, with where they stand.
    """

    process: Process
    before: ProcessDefinition | None
    counts: Mapping[Kind, int]
    sentences: Sequence[Message]
    running: Sequence[tuple[ProcessDefinition, Sequence[Step]]]
    running_count: int

    @property
    def counted(self) -> list[tuple[str, Message]]:
        """How many things of each kind changed, each with the look of its badge."""
        return [
            (LOOK[kind], Message(f"deploying.change.{kind}", {"count": count}))
            for kind, count in self.counts.items()
            if count
        ]

    @property
    def same(self) -> bool:
        """Whether nothing changed that an office would notice."""
        return not self.sentences


def changes(read: Resources, file: str) -> list[Change]:
    """What deploying these files would change today, for each process of one of them."""
    alone = replace(read, diagrams={file: read.diagrams[file]})
    return [_change(one) for one in comparing.upcoming(g.session, alone)]


def _change(one: Upcoming) -> Change:
    on_older = running.revisions(g.session, one.process.id)
    compared = one.comparison
    return Change(
        one.process,
        one.definition,
        comparing.summary(compared) if compared else {},
        [each.message for each in compared.changes] if compared else [],
        [(definition, running.steps(g.session, definition.id)) for definition, _ in on_older],
        sum(count for _, count in on_older),
    )
