"""The tables, in five families: repository, runtime, batches, history and identity."""

from service.store.models.base import Base, UtcDateTime, Values, Words, new_id, now
from service.store.models.batches import Batch, BatchCase
from service.store.models.history import ActivityInstance, HistoryEvent
from service.store.models.identity import AccessToken, Holding, Person, Position
from service.store.models.repository import (
    DecisionDefinition,
    DefinitionEvent,
    Deployment,
    FormDefinition,
    ProcessDefinition,
    Resource,
    Upload,
    UploadFile,
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
    "AccessToken",
    "ActivityInstance",
    "Base",
    "Batch",
    "BatchCase",
    "Candidate",
    "DecisionDefinition",
    "DefinitionEvent",
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
    "Upload",
    "UploadFile",
    "UserTask",
    "UtcDateTime",
    "Values",
    "Variables",
    "Words",
    "new_id",
    "now",
]
