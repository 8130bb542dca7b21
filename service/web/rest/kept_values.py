"""History: the values of a case, those it has or had when it ended."""

from typing import Any, Literal
from uuid import NAMESPACE_OID, uuid5

from flask import g

from service.operations import gate, instances
from service.store.models import ProcessInstance
from service.web.rest import variables
from service.web.rest.instances import visible
from service.web.rest.routes import Routes
from service.web.rest.shapes import Answer, Moment, Names, Page, Text, like
from service.web.rest.variables import VariablesQuery

ROUTES = Routes("History")


class HistoricVariableAnswer(Answer):
    """One value of a case."""

    id: str
    name: str
    type: str
    value: Any
    value_info: dict[str, Any]
    process_definition_key: str
    process_definition_id: str
    process_instance_id: str
    root_process_instance_id: str
    execution_id: str
    activity_instance_id: str
    case_definition_key: None = None
    case_definition_id: None = None
    case_instance_id: None = None
    case_execution_id: None = None
    task_id: None = None
    tenant_id: None = None
    error_message: None = None
    state: Literal["CREATED"] = "CREATED"
    create_time: Moment
    removal_time: None = None


class HistoricVariableQuery(Page, VariablesQuery):
    """Which values, of one case."""

    process_instance_id: Text
    variable_name: Text | None = None
    variable_name_in: Names | None = None
    variable_name_like: Text | None = None


@ROUTES.get("/history/variable-instance")
def values(query: HistoricVariableQuery) -> list[HistoricVariableAnswer]:
    """The values of a case: those it has, or had when it ended."""
    if not visible(query.process_instance_id):
        return []
    instance = instances.get(g.session, query.process_instance_id, g.actor)
    wanted = query.variable_name_in or ([query.variable_name] if query.variable_name else None)
    return query.cut(
        [
            _answer(instance, name, value)
            for name, value in gate.variables(g.session, instance.id).items()
            if (wanted is None or name in wanted) and like(name, query.variable_name_like)
        ]
    )


def _answer(instance: ProcessInstance, name: str, value: Any) -> HistoricVariableAnswer:
    return HistoricVariableAnswer(
        id=str(uuid5(NAMESPACE_OID, f"{instance.id}/{name}")),
        name=name,
        **dict(variables.answer(value)),
        process_definition_key=instance.definition_key,
        process_definition_id=instance.definition_id,
        process_instance_id=instance.id,
        root_process_instance_id=instance.root_id or instance.id,
        execution_id=instance.id,
        activity_instance_id=instance.id,
        create_time=instance.started_at,
    )
