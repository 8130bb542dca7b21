"""Messages and signals from outside, and what waits for them."""

from operator import attrgetter
from typing import Literal

from flask import g

from service.operations import early, messages
from service.operations.messages import Correlated
from service.store.models import Subscription
from service.web.rest.instances import InstanceAnswer, instance_answer, visible
from service.web.rest.routes import Routes
from service.web.rest.shapes import Answer, Asked, Moment, SentValue, Sorted, Text, matches
from service.web.rest.variables import sent_values

ROUTES = Routes("Message")
SORT = {"created": attrgetter("created_at")}


class MessageBody(Asked):
    """A message, and whom it is for: by business key, instance, or variables that must be equal.

    Alur's own: `timeToLive` (ISO 8601, days and hours) keeps it for who does not wait yet, and
    `messageId` lets it come only once.
    """

    message_name: Text
    business_key: Text | None = None
    process_instance_id: Text | None = None
    correlation_keys: dict[Text, SentValue] = {}
    local_correlation_keys: dict[Text, SentValue] = {}
    process_variables: dict[Text, SentValue] = {}
    all: bool = False
    result_enabled: bool = False
    time_to_live: Text | None = None
    message_id: Text | None = None


class SignalBody(Asked):
    """A signal: every case that waits for it gets it."""

    name: Text
    variables: dict[Text, SentValue] = {}


class ExecutionAnswer(Answer):
    """Camunda's execution; ours is the case."""

    id: str
    process_instance_id: str
    ended: bool
    tenant_id: None = None


class CorrelatedAnswer(Answer):
    """Where a message went: to a waiting case, or into a new one."""

    result_type: Literal["Execution", "ProcessDefinition"]
    execution: ExecutionAnswer | None
    process_instance: InstanceAnswer | None
    variables: None = None


class SubscriptionQuery(Sorted):
    """What waits for messages and signals; without `admin` in one case."""

    event_subscription_id: Text | None = None
    process_instance_id: Text | None = None
    event_type: Text | None = None
    event_name: Text | None = None
    activity_id: Text | None = None


class SubscriptionAnswer(Answer):
    """A case waits for this message or signal."""

    id: str
    event_type: str
    event_name: str
    execution_id: str
    process_instance_id: str
    activity_id: str
    created_date: Moment
    tenant_id: None = None


@ROUTES.post("/message", admin=True)
def correlate(body: MessageBody) -> list[CorrelatedAnswer] | None:
    """Brings a message to the case that waits for it, or begins one; 204, or 200 with where it went.

    That is nowhere yet for a message that is kept, and where it went before for an id that comes again.
    """
    found = messages.correlate(
        g.session,
        g.actor,
        body.message_name,
        business_key=body.business_key,
        keys=sent_values(body.correlation_keys),
        own=sent_values(body.local_correlation_keys),
        instance_id=body.process_instance_id,
        values=sent_values(body.process_variables),
        all=body.all,
        life=early.life(body.time_to_live) if body.time_to_live else None,
        message_id=body.message_id,
    )
    return [_correlated_answer(row) for row in found] if body.result_enabled else None


@ROUTES.post("/signal", admin=True)
def signal(body: SignalBody) -> None:
    """Sends a signal to every case that waits for it, a job each; to none is no error."""
    messages.signal(g.session, g.actor, body.name, sent_values(body.variables))


@ROUTES.get("/event-subscription")
def find(query: SubscriptionQuery) -> list[SubscriptionAnswer]:
    """What waits for messages and signals."""
    if not visible(query.process_instance_id):
        return []
    rows = messages.find(
        g.session, instance_id=query.process_instance_id, kind=query.event_type, name=query.event_name
    )
    asked = {"id": query.event_subscription_id, "element_id": query.activity_id}
    fitting = [row for row in rows if matches(row, asked)]
    return [_subscription_answer(row) for row in query.cut(query.sort(fitting, SORT))]


def _subscription_answer(row: Subscription) -> SubscriptionAnswer:
    return SubscriptionAnswer(
        id=row.id,
        event_type=row.kind,
        event_name=row.name,
        execution_id=row.instance_id,
        process_instance_id=row.instance_id,
        activity_id=row.element_id,
        created_date=row.created_at,
    )


def _correlated_answer(row: Correlated) -> CorrelatedAnswer:
    instance = instance_answer(row.instance)
    if row.started:
        return CorrelatedAnswer(result_type="ProcessDefinition", execution=None, process_instance=instance)
    execution = ExecutionAnswer(id=instance.id, process_instance_id=instance.id, ended=instance.ended)
    return CorrelatedAnswer(result_type="Execution", execution=execution, process_instance=None)
