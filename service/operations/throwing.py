"""What a case throws: messages and signals on their way to others."""

from collections.abc import Sequence

from sqlalchemy.orm import Session

from service.engine.execution import Thrown
from service.operations.identity import Actor
from service.store.models import ProcessInstance


def throw(session: Session, instance: ProcessInstance, thrown: Sequence[Thrown], actor: Actor) -> None:
    """Hands on what left a case."""
