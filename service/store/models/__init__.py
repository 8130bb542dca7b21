"""The tables, in four families: repository, runtime, history and identity."""

from service.store.models.base import Base, UtcDateTime, Values, Words, new_id, now
from service.store.models.history import ActivityInstance, HistoryEvent
from service.store.models.identity import Holding, Person, Position
from service.store.models.repository import Deployment, FormDefinition, ProcessDefinition, Resource
from service.store.models.runtime import (
    TRIES,
    Candidate,
    Document,
    Incident,
    Job,
    ProcessInstance,
    Sequence,
    Subscription,
    UserTask,
)

__all__ = [
    "TRIES",
    "ActivityInstance",
    "Base",
    "Candidate",
    "Deployment",
    "Document",
    "FormDefinition",
    "HistoryEvent",
    "Holding",
    "Incident",
    "Job",
    "Person",
    "Position",
    "ProcessDefinition",
    "ProcessInstance",
    "Resource",
    "Sequence",
    "Subscription",
    "UserTask",
    "UtcDateTime",
    "Values",
    "Words",
    "new_id",
    "now",
]
