"""The check and the engine agree: what has no errors compiles and runs, and what does not run is refused."""

from datetime import UTC, datetime
from pathlib import Path

import pytest
from hypothesis import given, settings

from service.diagram.check import check
from service.diagram.model import Element, Process
from service.diagram.read import NODES, read
from service.diagram.rules import elements
from service.diagram.rules.whole import checked
from service.engine.compiling import KINDS
from service.engine.definition import compile
from service.engine.execution import Budget, Execution, Wait
from service.errors import DecisionFailed, ExecutionFailed, Refused
from tests.diagram.test_hostile import reworded

GOOD = sorted((Path(__file__).parents[1] / "diagrams").glob("*.bpmn"))
STEPS = 12
REFUSED = sorted(GOOD[0].parent.glob("refused/unsupported_element*.bpmn"))
NOW = datetime(2026, 1, 5, 1, 0, tzinfo=UTC)
LACKING = {f"engine.{what}" for what in ("condition", "no_path", "loop_condition", "collection", "timer")}
LACKING |= {"engine.decision", "engine.expression", "engine.uncaught"}
"""What stops a case in which nobody has filled in anything, and an error that the check has warned of."""
WORK = ("user_task", "external", "call")


def processes(xml: bytes) -> list[Process]:
    """The processes of a file that may be deployed; none where it has an error."""
    diagram, findings = check(xml)
    refused = diagram is None or any(found.severity == "error" for found in findings)
    return [] if diagram is None or refused else checked(diagram)


def drawn() -> list[Element]:
    """Every element of the good diagrams."""
    return [
        element
        for path in GOOD
        for process in processes(path.read_bytes())
        for element in process.elements.values()
    ]


def starts(process: Process) -> list[Element]:
    """The events that begin the process."""
    return [one for one in process.elements.values() if one.type == "startEvent" and one.parent == process.id]


def undecided(key: str, *_: object) -> None:
    """No decision is deployed here."""
    raise DecisionFailed("dmn.unknown", key=key)


def test_the_check_lets_pass_exactly_what_the_engine_knows() -> None:
    assert KINDS.keys() == elements.SUPPORTED
    assert elements.SUPPORTED < NODES


def test_each_kind_of_element_and_of_event_is_in_a_good_diagram() -> None:
    seen = drawn()
    assert {element.type for element in seen} == elements.SUPPORTED
    for kind, events in elements.EVENTS.items():
        assert {elements.event_kind(one) for one in seen if one.type == kind} >= set(events)
    handlers = {one.id for one in seen if one.triggered_by_event}
    begun = {elements.event_kind(one) for one in seen if one.type == "startEvent" and one.parent in handlers}
    assert begun == set(elements.HANDLED)


@pytest.mark.parametrize("path", GOOD, ids=lambda path: path.stem)
def test_a_good_diagram_runs_from_each_start_as_far_as_its_variables_go(path: Path) -> None:
    (process,) = processes(path.read_bytes())
    definition = compile(process)
    for start in starts(process):
        _walk(Execution.start(definition, {}, NOW, element=start.id, decide=undecided))


@pytest.mark.parametrize("path", REFUSED, ids=lambda path: path.stem)
def test_an_element_that_is_refused_as_a_kind_is_none_that_could_run(path: Path) -> None:
    (process,) = read(path.read_bytes()).processes.values()
    with pytest.raises(Refused):
        compile(process)


@settings(max_examples=300, deadline=None)
@given(reworded())
def test_whatever_is_found_without_errors_compiles_and_runs(xml: bytes) -> None:
    for process in processes(xml):
        definition = compile(process)
        for start in starts(process):
            _walk(Execution.start(definition, {}, NOW, element=start.id, decide=undecided))


def _walk(execution: Execution) -> None:
    """Does one after another of what waits; only what the diagram's values lack may stop it."""
    try:
        for step in range(STEPS):
            execution.advance(Budget())
            waits = [wait for wait in execution.waits() if wait.kind != "conditional"]
            if execution.ended or not waits:
                return
            _act(execution, waits[step % len(waits)])
    except ExecutionFailed as stopped:
        assert stopped.message.key in LACKING


def _act(execution: Execution, wait: Wait) -> None:
    if wait.kind in WORK:
        execution.complete(wait.id, {})
    else:
        execution.fire(wait.id)
