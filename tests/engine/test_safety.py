"""No Python of SpiffWorkflow's can be reached from a diagram or from a stored state."""

import gc
import sys
from pathlib import Path

import pytest
from SpiffWorkflow.bpmn.script_engine import PythonScriptEngine

from service.diagram.read import read
from service.engine import codec
from service.engine.definition import compile
from service.engine.scope import NoScripts
from service.errors import ExecutionFailed, Refused
from tests.engine.drawing import draw, xml
from tests.engine.walking import Walk

ATTACKS = (
    "__import__('os').system('true')",
    "open('/etc/hostname').read()",
    "().__class__.__base__.__subclasses__()",
)
DIAGRAMS = Path(__file__).parent.parent / "diagrams"


def python_engines() -> set[int]:
    return {id(thing) for thing in gc.get_objects() if isinstance(thing, PythonScriptEngine)}


def test_a_running_case_holds_no_python_engine() -> None:
    before = python_engines()  # the tests that run the stock engine leave theirs behind
    walk = Walk(draw("start -> x1 -> a -> x2; x2 -> x1 [=ulang]; x2 -> end [default]"))
    execution = walk.do("a", {"ulang": True}).restored()
    assert python_engines() <= before
    assert isinstance(execution._case.script_engine, NoScripts)


@pytest.mark.parametrize("attack", ATTACKS)
def test_python_in_a_condition_is_refused_or_has_no_value(attack: str) -> None:
    try:
        definition = draw(f"start -> x1; x1 -> a [={attack} = 0]; x1 -> b [default]; a -> end; b -> end")
    except Refused:
        return
    with pytest.raises(ExecutionFailed):
        Walk(definition)


def test_a_state_of_another_format_is_refused() -> None:
    walk = Walk(draw("start -> a -> end"))
    for state in (
        '{"serializer_version": "1.1", "format": 0, "scopes": []}',
        walk.state.replace("1", "99", 1),
    ):
        with pytest.raises(ValueError, match="format"):
            codec.thaw(walk.definition, state, {})


def test_a_state_holds_no_spec_and_no_variable() -> None:
    walk = Walk(draw("start -> a -> end"), {"rahasia": "nilai panjang"})
    assert "rahasia" not in walk.state
    assert len(walk.state) < 200


def test_a_chain_of_a_thousand_steps_runs_within_the_usual_recursion() -> None:
    chain = " -> ".join(["start", *(f"t{n}" for n in range(1000)), "end"])
    walk = Walk(compile(read(xml(chain)).processes["proses"]))
    assert sys.getrecursionlimit() <= 1000
    for n in range(1000):
        walk.do(f"t{n}")
    assert walk.ended


@pytest.mark.parametrize("path", sorted(DIAGRAMS.glob("*.bpmn")), ids=lambda path: path.stem)
def test_every_accepted_diagram_compiles(path: Path) -> None:
    for process in read(path.read_bytes(), path.name).processes.values():
        if process.executable:
            assert compile(process).process.id == process.id
