"""A file of decisions that could not be run right is refused, with the place and the remedy."""

from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from service import dmn
from service.dmn.nodes import MODELS
from service.errors import Finding
from service.language import LANGUAGES, say
from tests.dmn.drawing import Column, file, literal, table

DECISIONS = sorted((Path(__file__).parent.parent / "decisions").glob("*.dmn"))
N, X = [Column("n")], [Column("x")]
GOOD = table(N, X, [(["> 1"], ["1"])])


def found(xml: bytes) -> list[Finding]:
    return list(dmn.check(xml, "a.dmn")[1])


def codes(*decisions: str) -> list[str]:
    """The codes of the findings, each of which can be said and tells where it is."""
    findings = found(file(*decisions))
    for finding in findings:
        assert (finding.file, finding.line is not None) == ("a.dmn", True)
        for language in LANGUAGES:
            assert say(finding.message, language)
            assert say(finding.remedy, language)
    return [finding.code.removeprefix("dmn_") for finding in findings]


@pytest.mark.parametrize("path", DECISIONS, ids=lambda path: path.stem)
def test_a_file_of_camunda_modeler_is_taken(path: Path) -> None:
    assert found(path.read_bytes()) == []


@pytest.mark.parametrize("model", MODELS)
def test_every_version_of_dmn_is_read(model: str) -> None:
    xml = file(GOOD).replace(MODELS[3].encode(), model.encode())
    assert found(xml) == []
    assert dmn.evaluate(dmn.read(xml), "tabel", {"n": 2}).value == 1


@pytest.mark.parametrize(
    ("decision", "code"),
    [
        ("", "no_decision"),
        (GOOD.replace(' id="tabel"', ""), "no_id"),
        ('<decision id="kosong" name="Kosong"/>', "empty"),
        ('<decision id="k"><context><contextEntry id="e"/></context></decision>', "empty"),
        ('<decision id="k"><conditional><if/></conditional></decision>', "empty"),
        ('<decision id="k"><list><decisionTable/></list></decision>', "unsupported"),
        (GOOD + '<decisionService id="layanan"/>', "unsupported"),
        (GOOD + '<import namespace="x" importType="y"/>', "unsupported"),
        (GOOD + '<businessKnowledgeModel id="b" name="b"/>', "empty"),
        (
            '<businessKnowledgeModel id="b" name="b"><encapsulatedLogic kind="Java">'
            "<literalExpression><text>1</text></literalExpression></encapsulatedLogic></businessKnowledgeModel>"
            + GOOD,
            "unsupported",
        ),
        (GOOD.replace("<inputExpression>", '<inputExpression expressionLanguage="groovy">'), "language"),
        (table(N, X, [(["${n > 1}"], ["1"])]), "juel_test"),
        (GOOD.replace("<inputEntry>", '<inputEntry expressionLanguage="juel">'), "juel_test"),
        (table(N, X, [(["> (1"], ["1"])]), "unreadable"),
        (table(N, X, [(["> 1"], ["1 +"])]), "unreadable"),
        (table(N, X, [(["> 1"], ["${bean.tidakAda()}"])]), "unreadable"),
        (table([Column("n +")], X, [(["> 1"], ["1"])]), "unreadable"),
        (table(N, [Column("x", default="1 +")], [(["> 1"], ["1"])]), "unreadable"),
        (literal("1 +"), "unreadable"),
        (table([Column("")], X, [(["> 1"], ["1"])]), "no_input"),
        (table(N, X, [(["> 1", "> 2"], ["1"])]), "cells"),
        (table(N, X, [(["> 1"], [])]), "cells"),
        (table([Column("n", "uang")], X, [(["> 1"], ["1"])]), "type"),
        (table(N, X, [(["> 1"], ["1"])], "SEMBARANG"), "hit_policy"),
        (table(N, X, [(["> 1"], ["1"])], "FIRST", "SUM"), "aggregation"),
        (table(N, X, [(["> 1"], ["1"])], "COLLECT", "RATA"), "aggregation"),
        (table(N, [*X, Column("y")], [(["> 1"], ["1", "2"])], "COLLECT", "SUM"), "aggregated_outputs"),
        (table(N, X, [(["> 1"], ["1"])], "PRIORITY"), "no_priorities"),
        (table(N, [Column("x", values="[1..3]")], [(["> 1"], ["1"])], "OUTPUT ORDER"), "no_priorities"),
        (table(N, [], [(["> 1"], [])]), "no_output"),
        (table(N, [*X, *X], [(["> 1"], ["1", "2"])]), "output_names"),
        (table(N, X, []), "no_rules"),
        (table(N, [Column("x", values='"a","b"')], [(["> 1"], ['"c"'])]), "unlisted"),
        (table(N, [Column("x", values="[1..3]")], [(["> 1"], ["4"])]), "unlisted"),
        (table(N, [Column("x", values="1,2", default="3")], [(["> 1"], ["2"])]), "unlisted"),
        (table(N, [Column("x", "number")], [(["> 1"], ['"satu"'])]), "value_type"),
        (literal("1", requires=["lain"]), "unknown_requirement"),
    ],
)
def test_what_could_not_be_run_right_is_found(decision: str, code: str) -> None:
    assert set(codes(decision)) == {code}


def test_a_finding_names_the_decision_or_the_column() -> None:
    (finding,) = found(file(table(N, X, [(["> 1"], ["1"]), (["> (1"], ["1"])])))
    assert (finding.element, finding.name, finding.severity) == ("tabel", "Tabel", "error")
    (finding,) = found(file(table([Column("n +")], X, [])))[:1]
    assert finding.element == "in_n +"


def test_only_what_matters_keeps_a_file_from_being_deployed() -> None:
    findings = found(file(table([Column("n", "uang")], X, [])))
    assert {finding.severity for finding in findings} == {"warning"}


def test_a_circle_is_found_at_each_decision_in_it() -> None:
    circle = [literal("1", key, requires=[other]) for key, other in (("a", "b"), ("b", "c"), ("c", "a"))]
    assert codes(*circle, literal("1", "d", requires=["a"])) == ["circle"] * 3


def test_one_id_for_two_decisions_is_found_at_both() -> None:
    assert codes(literal("1"), literal("2")) == ["twice", "twice"]


def test_a_value_that_is_only_known_later_is_not_judged() -> None:
    assert codes(table(N, [Column("x", "number", "1,2")], [(["> 1"], ["n"]), (["> 2"], ["-"])])) == []


def test_a_table_too_large_to_be_read_in_time_is_refused() -> None:
    rules = [([f"> {n}"], [f'"{n} {"x" * 400}"']) for n in range(200)]
    assert "too_many_expressions" in codes(table(N, X, rules))


@pytest.mark.parametrize(
    ("xml", "code"),
    [
        (b'<definitions xmlns="http://www.omg.org/spec/BPMN/20100524/MODEL"/>', "dmn_not_dmn"),
        (b"<definitions/>", "dmn_not_dmn"),
        (b"", "not_xml"),
        (b"<a", "not_xml"),
        (b'<!DOCTYPE a [<!ENTITY x "y">]><a/>', "doctype"),
        (b'<?xml version="1.0" encoding="latin-1"?><a/>', "encoding"),
        (b" " * (2 * 1024 * 1024 + 1), "too_large"),
        (file("<a>" * 70 + "</a>" * 70), "too_deep"),
    ],
)
def test_a_dangerous_or_foreign_file_is_refused_before_it_is_read(xml: bytes, code: str) -> None:
    definitions, findings = dmn.check(xml, "a.dmn")
    assert definitions is None
    assert [finding.code for finding in findings] == [code]
    for language in LANGUAGES:
        assert say(findings[0].message, language)
        assert say(findings[0].remedy, language)


SEEDS = [path.read_bytes() for path in DECISIONS]
SCRAPS = [
    b"<",
    b">",
    b"/>",
    b'"',
    b"&",
    b"<!--",
    b"\x00",
    b"\xff",
    b"text",
    b"rule",
    b"input",
    b"decision",
    b"(",
]


@st.composite
def broken(draw: st.DrawFn) -> bytes:
    """A file cut off, or with a piece left out, doubled or put in."""
    xml = draw(st.sampled_from(SEEDS))
    for _ in range(draw(st.integers(1, 3))):
        start, length = draw(st.integers(0, len(xml))), draw(st.integers(0, 60))
        piece = draw(st.sampled_from([b"", *SCRAPS, xml[start - length : start]]))
        xml = xml[:start] + piece + xml[start + draw(st.sampled_from([0, length])) :]
    return xml


@st.composite
def reworded(draw: st.DrawFn) -> bytes:
    """A file with one word in the place of another, everywhere."""
    xml = draw(st.sampled_from(SEEDS))
    words = sorted({word for word in xml.replace(b"/", b" ").replace(b"<", b" ").split() if word.isalnum()})
    return xml.replace(draw(st.sampled_from(words)), draw(st.sampled_from([*words, b"context", b"list"])))


@settings(max_examples=150, deadline=None)
@given(broken() | reworded())
def test_whatever_arrives_is_checked_or_refused_and_never_breaks(xml: bytes) -> None:
    _, findings = dmn.check(xml, "a.dmn")
    for finding in findings:
        assert say(finding.message, "id")
        assert say(finding.remedy, "id")
