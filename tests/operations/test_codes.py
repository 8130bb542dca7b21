"""Every finding that can be told has files that have it, and mended ones that do not."""

import json
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import pytest

from service.diagram.model import Diagram
from service.diagram.read import read
from service.engine.definition import compile
from service.errors import Finding, Refused
from service.language import LANGUAGES, catalogue, say
from service.operations import deployments, resources
from service.store.database import Database
from tests.conftest import DIAGRAMS
from tests.dmn.drawing import Column, file, literal, table

Files = Mapping[str, bytes]
SEQUENCE = (DIAGRAMS / "sequence.bpmn").read_text("utf-8")
EXCLUSIVE = (DIAGRAMS / "exclusive.bpmn").read_text("utf-8")
DECISION = (DIAGRAMS / "decision.bpmn").read_text("utf-8")
UNIQUE = (DIAGRAMS.parent / "decisions" / "unique.dmn").read_bytes()
OF_RULES = sorted((*DIAGRAMS.glob("refused/*.bpmn"), *DIAGRAMS.glob("warned/*.bpmn")))
"""One diagram or more for each rule; the diagrams beside them have none of their findings."""
GOOD = {path: path.read_bytes() for path in sorted(DIAGRAMS.glob("*.bpmn"))}


def drawn(old: str = "", new: str = "", of: str = SEQUENCE) -> bytes:
    """A diagram with one thing put in the place of another."""
    assert old in of
    return of.replace(old, new, 1).encode()


def form(*parts: Mapping[str, Any], id_: str = "isian") -> bytes:
    return json.dumps({"id": id_, "components": parts}).encode()


def field(key: str = "keputusan", type_: str = "radio", **more: Any) -> dict[str, Any]:
    return {"type": type_, "id": f"f_{key}", "key": key, **more}


def opening(binding: str = "", of: str = SEQUENCE, task: str = "periksa") -> bytes:
    """A diagram with a task that names a form."""
    bound = f'camunda:formRefBinding="{binding}" camunda:formRefVersion="7" ' if binding else ""
    return drawn(f'id="{task}"', f'id="{task}" {bound}camunda:formRef="isian"', of)


def asking(key: str = "unique", binding: str = "latest") -> bytes:
    """A diagram with a task that names a decision."""
    bound = f'camunda:decisionRef="{key}" camunda:decisionRefBinding="{binding}"'
    task = f'<businessRuleTask id="susun" {bound} camunda:decisionRefVersion="7" camunda:resultVariable="x"'
    return drawn('<userTask id="susun"', task)


def one(name: str, wrong: bytes, mended: bytes) -> tuple[Files, Files]:
    return {name: wrong}, {name: mended}


def deep(levels: int) -> dict[str, Any]:
    part: dict[str, Any] = field()
    for _ in range(levels):
        part = {"type": "group", "components": [part]}
    return part


SEQUENCED, FORM = {"a.bpmn": drawn()}, {"isian.form": form(field("catatan", "textfield"))}
LANE = '<laneSet id="l"><lane id="lane" name="Staf"><flowNodeRef>susun</flowNodeRef></lane></laneSet>'
LANED = drawn("<startEvent", LANE + "<startEvent")
CHOOSING = opening(of=EXCLUSIVE)
LONG = drawn('=keputusan = "setuju"', "=" + " + ".join(["1"] * 20_000), EXCLUSIVE)
NESTED = drawn("<startEvent", "<documentation/>" + "<extensionElements>" * 70 + "</extensionElements>" * 70)
CASES: dict[str, tuple[Files, Files]] = {
    "too_large": one("a.bpmn", b" " * (2 * 1024 * 1024 + 1), drawn()),
    "too_deep": one("a.bpmn", NESTED, drawn()),
    "too_many_attributes": one(
        "a.bpmn", drawn("<process", "<process " + " ".join(f'a{n}="1"' for n in range(60))), drawn()
    ),
    "too_many_elements": one(
        "a.bpmn",
        drawn("<endEvent", "".join(f'<task id="t{n}"/>' for n in range(2001)) + "<endEvent"),
        drawn(),
    ),
    "too_many_expressions": one("a.bpmn", LONG, drawn()),
    "not_valid": one("a.bpmn", drawn("<process", '<process besar="ya"'), drawn()),
    "lane_no_position": one("a.bpmn", LANED.replace(b'"Staf"', b'"???"'), LANED),
    "unknown_variable": (
        {"a.bpmn": CHOOSING, "isian.form": form(field("putusan", "textfield"))},
        {"a.bpmn": CHOOSING, "isian.form": form(field())},
    ),
    "form_unknown_variable": (
        {"a.bpmn": opening(), "isian.form": form({"type": "text", "text": "{{nama}}"})},
        {"a.bpmn": opening(), "isian.form": form({"type": "text", "text": "{{nama}}"}, field("nama"))},
    ),
    "form_unused": ({**SEQUENCED, **FORM}, {"a.bpmn": opening(), **FORM}),
    "field_unread": (
        {"a.bpmn": opening(), "isian.form": form(field())},
        {"a.bpmn": CHOOSING, "isian.form": form(field())},
    ),
    "form_later": ({"a.bpmn": opening("latest")}, {"a.bpmn": opening("latest"), **FORM}),
    "decision_later": ({"a.bpmn": asking()}, {"a.bpmn": asking(), "b.dmn": UNIQUE}),
    "form_missing": ({"a.bpmn": opening()}, {"a.bpmn": opening(), **FORM}),
    "decision_missing": (
        {"a.bpmn": asking(binding="deployment")},
        {"a.bpmn": asking(binding="deployment"), "b.dmn": UNIQUE},
    ),
    "duplicate_process": ({**SEQUENCED, "b.bpmn": drawn()}, SEQUENCED),
    "duplicate_form": ({**FORM, "b.form": FORM["isian.form"]}, FORM),
    "duplicate_decision": ({"a.dmn": UNIQUE, "b.dmn": UNIQUE}, {"a.dmn": UNIQUE}),
    "file_name": ({"../a.bpmn": drawn()}, SEQUENCED),
    "unknown_kind": ({"a.exe": b""}, {"a.txt": b""}),
    "starter_users": one(
        "a.bpmn", drawn("<process", '<process camunda:candidateStarterUsers="siti"'), drawn()
    ),
    "form_json": one("a.form", b"{", form()),
    "form_text": one(
        "a.form", b'{"components": [], "id": "\\u0000"}', b'{"components": [], "id": "\\u00e9"}'
    ),
    "form_no_components": one("a.form", b"{}", form()),
    "form_component_broken": one("a.form", b'{"components": ["x"]}', form()),
    "form_component_unknown": one("a.form", form(field(type_="range")), form(field())),
    "form_expression": one("a.form", form(field(readonly="=(")), form(field(readonly="=true"))),
    "form_id_twice": one("a.form", form(field(id="x"), field("b", id="x")), form(field(), field("b"))),
    "form_key_missing": one("a.form", form({"type": "radio"}), form(field())),
    "form_key_twice": one("a.form", form(field(), field(id="x")), form(field())),
    "form_key_unusable": one("a.form", form(field("a[0]")), form(field("a"))),
    "form_large": one("a.form", form(deep(30)), form(deep(3))),
    "form_too_many_expressions": one(
        "a.form", form(field(label="{{a}}" * 9000)), form(field(label="{{a}}" * 90))
    ),
    "form_pattern": one(
        "a.form", form(field(validate={"pattern": "("})), form(field(validate={"pattern": "."}))
    ),
    "form_property": one("a.form", form(field(validate=[])), form(field(validate={}))),
}
"""Files that have a finding, and the mended ones."""

N, X = [Column("n")], [Column("x")]
RULES = [(["> 1"], ["1"])]
GOOD_TABLE = table(N, X, RULES)
TABLES = {
    "no_decision": "",
    "no_id": GOOD_TABLE.replace(' id="tabel"', ""),
    "twice": literal("1") + literal("2"),
    "empty": '<decision id="kosong" name="Kosong"/>',
    "unsupported": GOOD_TABLE + '<decisionService id="layanan"/>',
    "language": GOOD_TABLE.replace("<inputExpression>", '<inputExpression expressionLanguage="groovy">'),
    "juel_test": table(N, X, [(["${n > 1}"], ["1"])]),
    "unreadable": table(N, X, [(["> (1"], ["1"])]),
    "too_many_expressions": table(N, X, [([f"> {n}"], [f'"{n} {"x" * 400}"']) for n in range(200)]),
    "no_input": table([Column("")], X, RULES),
    "cells": table(N, X, [(["> 1", "> 2"], ["1"])]),
    "type": table([Column("n", "uang")], X, RULES),
    "hit_policy": table(N, X, RULES, "SEMBARANG"),
    "aggregation": table(N, X, RULES, "FIRST", "SUM"),
    "aggregated_outputs": table(N, [*X, Column("y")], [(["> 1"], ["1", "2"])], "COLLECT", "SUM"),
    "no_priorities": table(N, X, RULES, "PRIORITY"),
    "no_output": table(N, [], [(["> 1"], [])]),
    "output_names": table(N, [*X, *X], [(["> 1"], ["1", "2"])]),
    "no_rules": table(N, X, []),
    "unlisted": table(N, [Column("x", values='"a","b"')], [(["> 1"], ['"c"'])]),
    "value_type": table(N, [Column("x", "number")], [(["> 1"], ['"satu"'])]),
    "unknown_requirement": literal("1", requires=["lain"]),
    "circle": literal("1", "a", requires=["b"]) + literal("1", "b", requires=["a"]),
}
DECIDED = {f"dmn_{code}": one("a.dmn", file(xml), file(GOOD_TABLE)) for code, xml in TABLES.items()}
DECIDED["dmn_not_dmn"] = one("a.dmn", b"<definitions/>", file(GOOD_TABLE))
KEPT: dict[str, tuple[Files, Files]] = {
    "form_missing_latest": ({"a.bpmn": opening("latest")}, {"a.bpmn": opening("latest"), **FORM}),
    "form_missing_version": ({"a.bpmn": opening("version")}, {"a.bpmn": opening("latest"), **FORM}),
    "decision_missing_latest": ({"a.bpmn": asking()}, {"a.bpmn": asking(), "b.dmn": UNIQUE}),
    "decision_missing_version": (
        {"a.bpmn": asking(binding="version")},
        {"a.bpmn": asking(), "b.dmn": UNIQUE},
    ),
    "no_holder": ({"a.bpmn": LANED}, {"a.bpmn": drawn()}),
}
"""Those that only a database can tell."""
ELSEWHERE = {"file_unread", "unexplored"}
"""Of a file that is not there: tests/cli/test_checking.py; of too many states: tests/diagram."""
UNCHECKED = {
    "unsupported": DIAGRAMS / "refused" / "unsupported_element-transaction.bpmn",
    "expression": DIAGRAMS / "refused" / "unreadable.bpmn",
}
"""What the engine says itself of a diagram that was not checked."""


def rule_of(path: Path) -> str:
    return path.stem.partition("-")[0]


def told(files: Files) -> Iterator[Finding]:
    """What the check says without a database."""
    found = resources.read(files)
    yield from (*found.findings, *resources.unsettled(found))


def codes(findings: Iterator[Finding]) -> set[str]:
    """The codes, each with two sentences in both languages and no place left open."""
    seen = set()
    for finding in findings:
        seen.add(finding.code)
        for message in (finding.message, finding.remedy):
            assert all(say(message, language).strip() for language in LANGUAGES)
    return seen


def test_every_code_of_the_catalogue_is_shown_here() -> None:
    said = {key.split(".")[1] for key in catalogue() if key.startswith("check.") and key.endswith(".remedy")}
    shown = {rule_of(path) for path in OF_RULES} | CASES.keys() | DECIDED.keys() | KEPT.keys()
    assert said == shown | UNCHECKED.keys() | ELSEWHERE


@pytest.mark.parametrize("code", [*CASES, *DECIDED])
def test_wrong_files_have_the_finding_and_mended_ones_do_not(code: str) -> None:
    wrong, mended = (CASES | DECIDED)[code]
    assert code in codes(told(wrong))
    assert code not in codes(told(mended))


@pytest.mark.parametrize("path", OF_RULES, ids=lambda path: path.stem)
def test_a_diagram_of_a_rule_has_its_finding_with_all_other_checks_too(path: Path) -> None:
    assert rule_of(path) in codes(told({path.name: path.read_bytes()}))


def test_good_diagrams_have_no_finding_of_any_rule() -> None:
    rules = {rule_of(path) for path in OF_RULES}
    for path, content in GOOD.items():
        assert codes(told({path.name: content})).isdisjoint(rules), path


@pytest.mark.parametrize("code", KEPT)
def test_the_database_tells_the_rest(database: Database, code: str) -> None:
    wrong, mended = KEPT[code]
    for files, found in ((wrong, True), (mended, False)):
        with database.transaction() as session:
            findings = deployments.examine(session, files)[1]
        assert (code in codes(iter(findings))) == found


@pytest.mark.parametrize("code", UNCHECKED)
def test_the_engine_refuses_what_was_not_checked(code: str) -> None:
    diagram: Diagram = read(UNCHECKED[code].read_bytes())
    (process,) = diagram.processes.values()
    with pytest.raises(Refused) as refused:
        compile(process)
    assert codes(iter(refused.value.findings)) == {code}
