"""Every rule finds its own fault and no other, and says it in both languages with a remedy."""

import ast
import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from service.diagram import check as table
from service.diagram.check import check
from service.diagram.parts import TIMERS
from service.diagram.read import NODES
from service.diagram.rules import elements, expressions
from service.errors import Finding
from service.language import LANGUAGES, say

DIAGRAMS = Path(__file__).parents[1] / "diagrams"
SERVICE = Path(table.__file__).parent
GOOD = sorted(DIAGRAMS.glob("*.bpmn"))
REFUSED = sorted((DIAGRAMS / "refused").glob("*.bpmn"))
WARNED = sorted((DIAGRAMS / "warned").glob("*.bpmn"))
RULES = ("check", "check_sound", "check_sop")
"""The files of the catalogue with the sentences of the rules."""
FLOODS = {
    "unexplored",
    "too_large",
    "too_deep",
    "too_many_attributes",
    "too_many_elements",
    "too_many_expressions",
}
"""Codes whose file would be too big to keep; it is made here and in test_read.py."""
MAKERS = {"error", "warning", "flow_error", "node_error", "node_warning", "Finding", "_circle", "_error"}
OTHER_ROOT = "not_bpmn"
"""The code that `parse` is given for a root that it was not to find."""
COMPILED = {"unsupported", "expression"}
"""What the engine says itself, should it be given a diagram that was not checked."""
SCHEMA = {"not_valid"}
"""What it says of the file as such."""


def findings(path: Path) -> tuple[Finding, ...]:
    return check(path.read_bytes(), path.name)[1]


def code_of(path: Path) -> str:
    """`bad_timer-weeks.bpmn` is the second diagram for `bad_timer`."""
    return path.stem.partition("-")[0]


def sentences(*areas: str) -> dict[str, dict[str, str]]:
    """Some files of the catalogue."""
    read: dict[str, dict[str, str]] = {}
    for area in areas:
        path = SERVICE.parent / "translations" / f"{area}.json"
        read |= json.loads(path.read_text(encoding="utf-8"))
    return read


def codes(room: Path) -> Iterator[str]:
    """Every code that the files of a room write."""
    for path in room.rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            match node:
                case ast.Call(ast.Name(maker), [ast.Constant(str(code)), *_]) if maker in MAKERS:
                    yield code


@pytest.mark.parametrize("path", GOOD, ids=lambda path: path.stem)
def test_a_good_diagram_has_no_findings(path: Path) -> None:
    assert findings(path) == ()


@pytest.mark.parametrize("path", REFUSED, ids=lambda path: path.stem)
def test_a_refused_diagram_has_this_error_only(path: Path) -> None:
    assert {(found.code, found.severity) for found in findings(path)} == {(code_of(path), "error")}


@pytest.mark.parametrize("path", WARNED, ids=lambda path: path.stem)
def test_a_diagram_with_a_warning_has_this_warning_only(path: Path) -> None:
    assert {(found.code, found.severity) for found in findings(path)} == {(code_of(path), "warning")}


@pytest.mark.parametrize("path", [*REFUSED, *WARNED], ids=lambda path: path.stem)
def test_a_finding_names_its_file_and_line_and_can_be_said(path: Path) -> None:
    for found in findings(path):
        assert found.file == path.name
        assert found.line or found.element or found.code == "no_process"
        for language in LANGUAGES:
            assert "{" not in say(found.message, language).replace("${", "")
            assert say(found.remedy, language)


@pytest.mark.parametrize("path", [*REFUSED, *WARNED], ids=lambda path: path.stem)
def test_the_line_is_where_the_element_stands(path: Path) -> None:
    lines = path.read_bytes().decode("utf-8", "replace").splitlines()
    for found in findings(path):
        if found.element and found.line:
            assert f'id="{found.element}"' in lines[found.line - 1]


def test_every_code_has_its_sentences_and_a_diagram() -> None:
    written = {*codes(SERVICE), OTHER_ROOT}
    said = {key.split(".")[1] for key in sentences(*RULES) if key.endswith(".remedy")}
    assert {*codes(SERVICE.parent / "engine")} == COMPILED | SCHEMA
    assert said == written | COMPILED
    assert written == {code_of(path) for path in (*REFUSED, *WARNED)} | FLOODS


def test_every_rule_is_in_the_table_once() -> None:
    listed = [rule.__name__ for rule in (*table.OF_FILE, *table.OF_PROCESS)]
    rules = [name for path in (SERVICE / "rules").glob("*.py") for name in _rules(path)]
    assert sorted(listed) == sorted(rules)


def test_every_kind_of_element_event_timer_and_place_has_its_word() -> None:
    kinds = {f"check.kind.{kind}" for kind in (*NODES, "eventSubProcess")}
    events = {f"check.event.{event}" for event in (*elements.KNOWN, "unknown")}
    timers = {f"check.timer.{timer}" for timer in TIMERS.values()}
    places = {f"check.where.{place}" for place in (*expressions.PEOPLE, *expressions.OUTSIDE)}
    places |= {"check.place.handler", "check.place.inner"}
    assert kinds | events | timers | places <= sentences("check").keys()


def test_a_process_beside_an_executable_one_is_not_checked() -> None:
    diagram, found = check((DIAGRAMS / "two_pools.bpmn").read_bytes())
    assert found == ()
    assert diagram
    assert diagram.processes.keys() == {"two_pools", "pemohon"}


def test_a_flood_of_expressions_is_refused_before_it_is_read() -> None:
    xml = (DIAGRAMS / "exclusive.bpmn").read_text(encoding="utf-8")
    long = "=" + " + ".join(["1"] * 20_000)
    flood = xml.replace('=keputusan = "setuju"', long)
    assert {found.code for found in check(flood.encode())[1]} == {"too_many_expressions"}


def test_errors_come_before_warnings_and_then_in_the_files_order() -> None:
    xml = (DIAGRAMS / "refused" / "dead_end.bpmn").read_text(encoding="utf-8")
    xml = xml.replace(' camunda:candidateGroups="staf"', "").replace(
        '<endEvent id="selesai" name="Selesai" />', ""
    )
    found = check(xml.encode())[1]
    assert [one.severity for one in found] == sorted(one.severity for one in found)
    lines = [one.line or 0 for one in found if one.severity == "error"]
    assert len(lines) > 1
    assert lines == sorted(lines)


@pytest.mark.parametrize("area", ["check", "check_sop", "check_files", "sop"])
def test_every_sentence_is_there_in_both_languages(area: str) -> None:
    assert all(set(said) == set(LANGUAGES) and all(said.values()) for said in sentences(area).values())


def _rules(path: Path) -> Iterator[str]:
    """Public functions that yield findings."""
    for node in ast.parse(path.read_text(encoding="utf-8")).body:
        match node:
            case ast.FunctionDef(name, returns=ast.Subscript(ast.Name("Iterator"), ast.Name("Finding"))):
                if not name.startswith("_"):
                    yield name
