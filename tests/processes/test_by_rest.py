"""Each SOP is walked from its start to each of its ends by a program, over the REST interface."""

from typing import Any

import pytest
from flask import Flask

from tests.processes import karpeg, ktp, usulan
from tests.processes.walks import Arrival, Step, Walk
from tests.rest.client import Client, values

WALKS = {**karpeg.WALKS, **ktp.WALKS, **usulan.WALKS}


@pytest.mark.parametrize("walk", WALKS.values(), ids=WALKS)
def test_a_program_walks_the_sop(office: Flask, walk: Walk) -> None:
    starter, admin = Client(office, walk.starter), Client(office, "admin")
    verb = "submit-form" if walk.start else "start"
    case = starter("POST", f"/process-definition/key/{walk.key}/{verb}", values(**walk.start))
    for step in walk.steps:
        if isinstance(step, Arrival):
            message = {"messageName": step.message, "businessKey": case["businessKey"]}
            admin("POST", "/message", message, status=204)
        else:
            do(office, case["id"], step)
    ended = admin("GET", f"/history/process-instance/{case['id']}")
    assert ended["state"] == "COMPLETED"
    assert admin("GET", "/history/activity-instance", processInstanceId=case["id"], activityId=walk.end)
    kept = admin("GET", "/history/variable-instance", processInstanceId=case["id"])
    found = {variable["name"]: variable["value"] for variable in kept}
    assert {name: found[name] for name in walk.variables} == dict(walk.variables)
    assert admin("GET", "/task", processInstanceId=case["id"]) == []


def do(office: Flask, case: str, step: Step) -> None:
    """Whoever holds the position finds the task among their own, claims it, sees the form, completes it."""
    admin = Client(office, "admin")
    open_ = [
        task
        for task in admin("GET", "/task", processInstanceId=case, taskDefinitionKey=step.element)
        if step.item in task["name"] or step.item in str(seen(admin, task))
    ]
    assert open_, (step.element, admin("GET", "/task", processInstanceId=case))
    task = open_[0]
    (link,) = admin("GET", f"/task/{task['id']}/identity-links")
    holder = Client(office, link["groupId"])
    offered = holder("GET", "/task", candidateGroup=link["groupId"], processInstanceId=case)
    assert task["id"] in [found["id"] for found in offered]
    holder("POST", f"/task/{task['id']}/claim", {"userId": link["groupId"]}, status=204)
    assert holder("GET", f"/task/{task['id']}/deployed-form")["components"]
    for text in step.sees:
        assert text in str(seen(holder, task))
    holder("POST", f"/task/{task['id']}/submit-form", values(**step.values), status=204)


def seen(client: Client, task: dict[str, Any]) -> Any:
    """The values that the form of a task may show."""
    return client("GET", f"/task/{task['id']}/form-variables")
