"""Whatever bytes arrive, reading and checking either work or refuse; they never break or leak."""

from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from service.diagram.check import check
from service.diagram.read import read
from service.errors import Refused
from service.language import LANGUAGES, say

DIAGRAMS = Path(__file__).parents[1] / "diagrams"
CORPUS = Path(__file__).parents[2].parent / "shared" / "corpus" / "hdbpmn"
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
