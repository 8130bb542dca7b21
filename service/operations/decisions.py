"""Decisions, as cases make them."""

from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy.orm import Session

from service.dmn import Decide, Decided
from service.errors import DecisionFailed
from service.operations.identity import Actor
from service.store.models import ProcessInstance


def port(session: Session, definition_id: str) -> Decide:
    """How the cases of a process definition find their decisions."""

    def decide(key: str, binding: str, version: str | None, context: Mapping[str, Any]) -> Decided:
        raise DecisionFailed("dmn.unknown", name=key)

    return decide


def record(
    session: Session, instance: ProcessInstance, decided: Sequence[tuple[str, Decided]], actor: Actor
) -> None:
    """Notes each decision in the case's history."""
