"""A file that breaks the OMG's schema is told of in plain words, at its place, and only a few times."""

from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from service.diagram.read import read
from service.engine import validity
from service.errors import Finding
from service.language import LANGUAGES, say
from tests.conftest import DIAGRAMS

ROOT = Path(__file__).parents[2]
CORPUS = ROOT.parent / "shared" / "corpus" / "hdbpmn"
SEQUENCE = (DIAGRAMS / "sequence.bpmn").read_text("utf-8")
END = '<endEvent id="selesai" name="Selesai" />'
ORDER = END.replace(" />", "><outgoing>a</outgoing><documentation /></endEvent>")


def found(xml: str) -> list[Finding]:
    return list(validity.check(read(xml.encode(), "a.bpmn")))


@pytest.mark.parametrize("path", sorted(ROOT.glob("bpmn/*/*.bpmn")), ids=lambda path: path.stem)
def test_our_own_sops_with_their_extensions_are_valid(path: Path) -> None:
    assert list(validity.check(read(path.read_bytes(), path.name))) == []


@pytest.mark.parametrize("path", sorted(DIAGRAMS.glob("*.bpmn")), ids=lambda path: path.stem)
def test_good_diagrams_are_valid(path: Path) -> None:
    assert list(validity.check(read(path.read_bytes(), path.name))) == []


@pytest.mark.parametrize(
    ("old", "new", "kind", "element"),
    [
        (END, ORDER, "place", "selesai"),
        ("<process", '<process besar="ya"', "attribute", "sequence"),
        ('isExecutable="true"', 'isExecutable="true" isClosed="mungkin"', "value", "sequence"),
        (END, f'{END}<association id="a" sourceRef="susun" />', "lacking", "a"),
        (END, f'{END}<dataObjectReference id="d"><foo /></dataObjectReference>', "place", "d"),
    ],
)
def test_what_is_wrong_is_said_with_its_line(old: str, new: str, kind: str, element: str) -> None:
    assert old in SEQUENCE
    xml = SEQUENCE.replace(old, new, 1)
    finding = found(xml)[0]
    assert (finding.code, finding.severity, finding.element) == ("not_valid", "warning", element)
    assert finding.params["reason"].key == f"check.not_valid.{kind}"
    assert f'id="{element}"' in xml.splitlines()[(finding.line or 0) - 1]
    for language in LANGUAGES:
        assert "{http" not in say(finding.message, language)


def test_one_fault_in_every_element_is_told_a_few_times() -> None:
    wrong = "".join(f'<dataObject id="d{number}" besar="ya" />' for number in range(40))
    assert len(found(SEQUENCE.replace(END, wrong + END))) == validity.MOST
    flood = "".join(f'<dataObject id="d{number}" besar="ya" />' for number in range(20_000))
    assert len(found(SEQUENCE.replace(END, flood + END))) == 1


def test_several_at_once_get_their_own_findings() -> None:
    sent = [SEQUENCE, SEQUENCE.replace("<process", '<process besar="ya"')] * 20
    with ThreadPoolExecutor(8) as pool:
        assert [len(one) for one in pool.map(found, sent)] == [0, 1] * 20


@pytest.mark.skipif(not CORPUS.is_dir(), reason="needs the hdBPMN diagrams in ../shared/corpus")
def test_three_of_sixty_hand_drawn_diagrams_are_not_valid() -> None:
    told = [list(validity.check(read(path.read_bytes(), path.name))) for path in CORPUS.glob("*.bpmn")]
    assert sum(map(bool, told)) == 3
