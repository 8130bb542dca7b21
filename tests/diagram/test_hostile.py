"""Whatever bytes arrive, reading and checking either work or refuse; they never break or leak."""

from pathlib import Path
from time import process_time
from xml.sax.saxutils import escape, quoteattr

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from service.diagram.check import MOST, check
from service.diagram.read import read
from service.errors import Refused
from service.language import LANGUAGES, say

DIAGRAMS = Path(__file__).parents[1] / "diagrams"
CORPUS = Path(__file__).parents[2].parent / "shared" / "corpus" / "hdbpmn"
GUARD = 20
"""Seconds of CPU time: ten times what a flood may take, for machines that are slow or shared."""
SEEDS = [path.read_bytes() for path in sorted(DIAGRAMS.rglob("*.bpmn"))]
SCRAPS = [
    b"<",
    b">",
    b"/>",
    b'"',
    b"&",
    b"&x;",
    b"<!--",
    b"<![CDATA[",
    b"<?x?>",
    b"\x00",
    b"\xff",
    b":",
    b" ",
]
SCRAPS += [b" ", b"process", b"subProcess", b"sequenceFlow", b"lane", b"task", b"true", b"xmlns", b"mulai"]


@st.composite
def broken(draw: st.DrawFn) -> bytes:
    """A diagram cut off, with pieces left out, moved, doubled or replaced."""
    xml = draw(st.sampled_from(SEEDS))
    for _ in range(draw(st.integers(1, 4))):
        start = draw(st.integers(0, len(xml)))
        length = draw(st.integers(0, 80))
        piece = draw(st.sampled_from([b"", *SCRAPS, xml[:length], xml[-length:]]) | st.binary(max_size=8))
        xml = xml[:start] + piece + xml[start + draw(st.sampled_from([0, length])) :]
    return xml[: draw(st.sampled_from([len(xml), draw(st.integers(0, len(xml)))]))]


@st.composite
def reworded(draw: st.DrawFn) -> bytes:
    """A diagram that stays XML, with one word in the place of another everywhere."""
    xml = draw(st.sampled_from(SEEDS))
    words = sorted({word for word in xml.replace(b"/", b" ").replace(b"<", b" ").split() if word.isalnum()})
    if not words:
        return xml
    return xml.replace(
        draw(st.sampled_from(words)), draw(st.sampled_from([*words, b"x", b"subProcess", b"process"]))
    )


@settings(max_examples=400, deadline=None)
@given(broken() | reworded() | st.binary(max_size=200))
def test_broken_files_are_refused_or_read_and_nothing_else(xml: bytes) -> None:
    try:
        assert read(xml, "a.bpmn").root.getroottree().docinfo.internalDTD is None
    except Refused as refused:
        assert [found.severity for found in refused.findings] == ["error"]


@settings(max_examples=400, deadline=None)
@given(broken() | reworded())
def test_every_finding_about_a_broken_file_can_be_said(xml: bytes) -> None:
    for found in check(xml, "a.bpmn")[1]:
        assert found.element or found.line
        for language in LANGUAGES:
            assert say(found.message, language)
            assert say(found.remedy, language)


def test_an_external_entity_is_never_read(tmp_path: Path) -> None:
    secret = tmp_path / "secret"
    secret.write_text("rahasia", encoding="utf-8")
    body = "<process id='p'><documentation>&x;</documentation></process>"
    for start in ("", "<?xml version='1.0'?>", "\n<!-- -->", "<?a b?>\n"):
        xml = f"{start}<!DOCTYPE d [<!ENTITY x SYSTEM '{secret.as_uri()}'>]><d>{body}</d>"
        with pytest.raises(Refused) as refused:
            read(xml.encode())
        assert refused.value.findings[0].code == "doctype"


@pytest.mark.skipif(not CORPUS.is_dir(), reason="needs the hdBPMN diagrams in ../shared/corpus")
def test_what_students_drew_is_checked_without_a_crash_and_every_finding_has_a_place() -> None:
    paths = sorted(CORPUS.glob("*.bpmn"))
    assert len(paths) == 60
    for path in paths:
        diagram, findings = check(path.read_bytes(), path.name)
        assert diagram
        assert all(found.element or found.line for found in findings)
        assert all(say(found.message, language) for found in findings for language in LANGUAGES)


def many(piece: str, count: int) -> str:
    return "".join(piece.replace("#", str(number)) for number in range(count))


def diagram(body: str) -> bytes:
    head = SEEDS_BY_NAME["sequence"].decode()
    return head.replace("<endEvent", f"{body}<endEvent").encode()


SEEDS_BY_NAME = {path.stem: path.read_bytes() for path in DIAGRAMS.glob("*.bpmn")}
LONG = "<documentation>" + "x " * 400_000 + "</documentation>"
CONDITION = '<sequenceFlow id="b#" sourceRef="susun" targetRef="periksa">'
CONDITION += "<conditionExpression>=%s</conditionExpression>"
FLOODS = {
    "ten thousand elements": many('<task id="t#" />', 10_000),
    "a hundred thousand lanes": "<laneSet>" + "<lane/>" * 100_000 + "</laneSet>",
    "names of elements": '<laneSet><lane id="l">'
    + "<flowNodeRef>susun</flowNodeRef>" * 60_000
    + "</lane></laneSet>",
    "one id for everything": '<dataObject id="x" />' * 60_000,
    "flows between two": many('<sequenceFlow id="f#" sourceRef="susun" targetRef="periksa" />', 5000),
    "flows to nowhere": many('<sequenceFlow id="f#" sourceRef="a#" targetRef="b#" />', 20_000),
    "event definitions": '<task id="t" />' + "<messageEventDefinition />" * 60_000,
    "a condition of 500 KB": CONDITION % ("1+" * 250_000 + "1") + "</sequenceFlow>",
    "a condition full of quotes": CONDITION % ("&quot;" * 20_001) + "</sequenceFlow>",
    "conditions full of quotes": many(CONDITION % ("&quot;" * 1999) + "</sequenceFlow>", 200),
    "nested brackets": CONDITION % ("(" * 29_000 + "1" + ")" * 29_000) + "</sequenceFlow>",
    "conditions": many(CONDITION % 'k# = "x"' + "</sequenceFlow>", 1900),
    "sub-processes in each other": "<subProcess>" * 200 + "</subProcess>" * 200,
    "attributes": "<task " + many('a#="" ', 5000) + "/>",
    "two megabytes": LONG + LONG + LONG,
    "gateways in each other": many('<exclusiveGateway id="g#" />', 60)
    + "".join(
        f'<sequenceFlow id="m{a}_{b}" sourceRef="g{a}" targetRef="g{b}" />'
        for a in range(60)
        for b in range(60)
    ),
}
"""What stands in a diagram in a flood; each made a check without limits take seconds to hours."""


@pytest.mark.parametrize("flood", FLOODS)
def test_a_flood_is_refused_in_little_time_and_told_in_few_words(flood: str) -> None:
    xml = diagram(FLOODS[flood])
    begun = process_time()
    findings = check(xml, "a.bpmn")[1]
    assert process_time() - begun < GUARD
    assert any(found.severity == "error" for found in findings)
    assert len(findings) <= MOST * 5


@pytest.mark.parametrize(
    "name", ["<script>alert(1)</script>", "{element}", "{0.__class__}", "%s", "\u202e", "a\nb"]
)
def test_names_are_said_as_they_are_written_and_never_understood(name: str) -> None:
    xml = SEEDS_BY_NAME["sequence"].decode().replace('name="Susun"', f"name={quoteattr(name)}")
    xml = xml.replace('targetRef="periksa"', 'targetRef="tidak ada"')
    for found in check(xml.encode(), "a.bpmn")[1]:
        for language in LANGUAGES:
            assert "__class__" not in say(found.message, language) or "{0.__class__}" in say(
                found.message, language
            )


def test_a_script_in_an_expression_reaches_nothing() -> None:
    for script in (
        "__import__('os').system('id')",
        "globalThis.constructor",
        "(function() { while (true); })()",
    ):
        xml = SEEDS_BY_NAME["exclusive"].decode().replace('=keputusan = "setuju"', f"={escape(script)}")
        codes = {found.code for found in check(xml.encode(), "a.bpmn")[1]}
        assert codes <= {"unreadable"}
