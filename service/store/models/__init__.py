"""The tables, in four families: repository, runtime, history and identity."""

from service.store.models.base import Base, UtcDateTime, Values, Words, new_id, now
from service.store.models.history import ActivityInstance, HistoryEvent
from service.store.models.identity import Holding, Person, Position
from service.store.models.repository import (
    DecisionDefinition,
    Deployment,
    FormDefinition,
    ProcessDefinition,
    Resource,
)
from service.store.models.runtime import (
    TRIES,
    Candidate,
    Document,
    EarlyMessage,
    Incident,
    Job,
    ProcessInstance,
    RequestKey,
    Sequence,
    Subscription,
    UserTask,
)
from service.store.models.variables import Variables

__all__ = [
    "TRIES",
    "ActivityInstance",
    "Base",
    "Candidate",
    "DecisionDefinition",
    "Deployment",
    "Document",
    "EarlyMessage",
    "FormDefinition",
    "HistoryEvent",
    "Holding",
    "Incident",
    "Job",
    "Person",
    "Position",
    "ProcessDefinition",
    "ProcessInstance",
    "RequestKey",
    "Resource",
    "Sequence",
    "Subscription",
    "UserTask",
    "UtcDateTime",
    "Values",
    "Variables",
    "Words",
    "new_id",
    "now",
]
