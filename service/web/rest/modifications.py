"""Where an instance's tokens stand, and an operator's moving of them."""

from typing import Any, Literal

from flask import g

from service.engine.mending import Token
from service.errors import InvalidInput
from service.operations import incidents, moving
from service.operations.moving import Move
from service.store.models import ProcessInstance
from service.web.rest.instances import under_way
from service.web.rest.routes import Routes
from service.web.rest.shapes import Answer, Asked, SentValue, Text
from service.web.rest.variables import sent_values

ROUTES = Routes("Process instance")
SEVERAL = "#multiInstanceBody"
"""What Camunda adds to the id of an element around its several instances."""


class InstructionBody(Asked):
    """One thing to do: a token put before an element, after it or on a flow, or tokens taken away.

    What is cancelled is always what was there before, whatever else the instructions put there.
    """

    type: Literal["startBeforeActivity", "startAfterActivity", "startTransition", "cancel"]
    activity_id: Text | None = None
    transition_id: Text | None = None
    activity_instance_id: Text | None = None
    transition_instance_id: Text | None = None
    cancel_current_active_activity_instances: bool = True
    variables: dict[Text, SentValue] = {}

    def move(self) -> Move:
        """The same in the product's words; InvalidInput where the instruction does not say what it moves."""
        values = sent_values(self.variables)
        match self.type:
            case "cancel":
                token = self.activity_instance_id or self.transition_instance_id
                if bool(token) == bool(self.activity_id):
                    raise InvalidInput("rest.cancel_one")
                return Move("remove", self.activity_id or "", token or "")
            case "startTransition":
                return Move("along", self._named(self.transition_id, "transitionId"), values=values)
            case "startBeforeActivity":
                return Move("before", self._named(self.activity_id, "activityId"), values=values)
        return Move("after", self._named(self.activity_id, "activityId"), values=values)

    def _named(self, place: str | None, name: str) -> str:
        if not place:
            raise InvalidInput("rest.missing", name=name)
        return place


class ModificationBody(Asked):
    """What to do, in this order; there are no listeners to skip, and mappings cannot be skipped."""

    instructions: list[InstructionBody]
    skip_custom_listeners: bool = False
    skip_io_mappings: Literal[False] = False
    annotation: Text = ""


class TokenIncident(Answer):
    """An incident where a token stands."""

    id: str
    activity_id: str


class ActivityInstanceAnswer(Answer):
    """A token with what stands inside it; at the top the process itself."""

    id: str
    parent_activity_instance_id: str | None
    activity_id: str
    activity_name: str | None
    name: str | None
    activity_type: str
    process_instance_id: str
    process_definition_id: str
    child_activity_instances: list["ActivityInstanceAnswer"]
    child_transition_instances: list[str] = []
    execution_ids: list[str]
    incident_ids: list[str]
    incidents: list[TokenIncident]


@ROUTES.post("/process-instance/{id}/modification", admin=True)
def move(id: str, body: ModificationBody) -> None:
    """Puts tokens somewhere and takes tokens away, all or nothing.

    What a person typed at a stopped step is written first.
    """
    moves = [instruction.move() for instruction in body.instructions]
    if not moves:
        raise InvalidInput("rest.missing", name="instructions")
    moving.move(g.session, under_way(id).id, g.actor, moves, reason=body.annotation)


@ROUTES.get("/process-instance/{id}/activity-instances")
def activity_instances(id: str) -> ActivityInstanceAnswer:
    """Where the tokens of an instance stand, each inside its sub-process."""
    instance = under_way(id)
    inside: dict[str | None, list[Token]] = {}
    for token in moving.standing(g.session, instance):
        inside.setdefault(token.parent, []).append(token)
    stopped: dict[str, list[str]] = {}
    for incident in incidents.find(g.session, instance_id=instance.id):
        stopped.setdefault(incident.task_id or incident.job_id or "", []).append(incident.id)
    definition = instance.definition
    return ActivityInstanceAnswer(
        id=instance.id,
        parent_activity_instance_id=None,
        activity_id=definition.id,
        activity_name=definition.name,
        name=definition.name,
        activity_type="processDefinition",
        child_activity_instances=[_answer(one, instance, inside, stopped) for one in inside.get(None, ())],
        incident_ids=[],
        incidents=[],
        **_shared(instance),
    )


def _answer(
    token: Token,
    instance: ProcessInstance,
    inside: dict[str | None, list[Token]],
    stopped: dict[str, list[str]],
) -> ActivityInstanceAnswer:
    element, children = token.element, inside.get(token.id, [])
    around = any(child.item for child in children)
    here = stopped.get(token.id, [])
    return ActivityInstanceAnswer(
        id=token.id,
        parent_activity_instance_id=token.parent or instance.id,
        activity_id=element.id + SEVERAL * around,
        activity_name=element.name,
        name=element.name,
        activity_type="multiInstanceBody" if around else element.type,
        child_activity_instances=[_answer(child, instance, inside, stopped) for child in children],
        incident_ids=here,
        incidents=[TokenIncident(id=one, activity_id=element.id) for one in here],
        **_shared(instance),
    )


def _shared(instance: ProcessInstance) -> dict[str, Any]:
    return {
        "process_instance_id": instance.id,
        "process_definition_id": instance.definition_id,
        "execution_ids": [instance.id],
    }
