"""Walks a repaired file on the real engine as staff would: at random, with its forms, until it ends."""

from random import Random
from typing import Any

from service import forms
from service.diagram.model import Process
from service.diagram.read import read
from service.diagram.repair import Repaired
from service.engine import definition
from service.forms.check import check
from tests.engine.walking import Walk

MOST_STEPS = 400
"""What a case may take that keeps choosing a way back; each choice is as likely as the others."""

TYPED = {"textfield": "kata", "number": 3, "checkbox": True, "datetime": "2026-03-04"}
"""What somebody types where nothing is chosen."""


def walks(repaired: Repaired, random: Random) -> list[int]:
    """The number of steps of one walk from each start of each process that runs."""
    diagram = read(repaired.files[repaired.file], repaired.file)
    running = [process for process in diagram.processes.values() if process.executable]
    assert running
    return [_walk(process, start, repaired, random) for process in running for start in _starts(process)]


def _starts(process: Process) -> list[str]:
    elements = process.elements.values()
    return [one.id for one in elements if one.type == "startEvent" and one.parent == process.id]


def _walk(process: Process, start: str, repaired: Repaired, random: Random) -> int:
    walk = Walk(definition.compile(process), element=start)
    for step in range(MOST_STEPS):
        if walk.ended:
            assert not walk.waits
            return step
        assert walk.waits, "it waits for nothing"
        wait = random.choice(walk.waits)
        walk.act(wait, _filled(process, wait.element.id, repaired, walk.variables, random))
    raise AssertionError(f"{process.id} does not end: {walk.open}")


def _filled(
    process: Process, element: str, repaired: Repaired, variables: dict[str, Any], random: Random
) -> dict[str, Any]:
    """What somebody chooses in the form of a step, as it is checked when it is sent."""
    name = process.elements[element].camunda.get("formRef")
    if name is None:
        return {}
    form = forms.read(repaired.files[f"{name}.form"], f"{name}.form")
    typed: dict[str, Any] = {}
    for component in form.components:
        if "values" not in component.props:
            typed[component.name[0]] = TYPED[component.type]
            continue
        values = [value["value"] for value in component.props["values"]]
        some = random.sample(values, random.randint(1, len(values)))
        typed[component.name[0]] = some if component.type == "checklist" else some[0]
    return check(form, variables, typed)
