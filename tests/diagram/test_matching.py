"""Which element of a later revision is which of an earlier one."""

import re
from pathlib import Path

import pytest

from service.diagram.matching import family, likely, same
from service.diagram.model import Process
from service.diagram.read import read

ROOT = Path(__file__).parents[2]
SOPS = sorted((ROOT / "bpmn").rglob("*.bpmn"))
DIAGRAMS = sorted((ROOT / "tests" / "diagrams").glob("*.bpmn"))
MODEL = "http://www.omg.org/spec/BPMN/20100524/MODEL"


def drawn(body: str) -> Process:
    """The process of a few elements, with the lanes Korpel and Kabag."""
    text = f'<definitions xmlns="{MODEL}" xmlns:camunda="http://camunda.org/schema/1.0/bpmn">{LANED}</definitions>'
    return read(text.format(body=body).encode()).processes["p"]


LANED = """<process id="p">
<laneSet id="s">
  <lane id="korpel" name="Korpel"><flowNodeRef>a</flowNodeRef><flowNodeRef>x</flowNodeRef></lane>
  <lane id="kabag" name="Kabag"><flowNodeRef>b</flowNodeRef><flowNodeRef>y</flowNodeRef></lane>
</laneSet>{body}</process>"""


def step(key: str, name: str = "", number: str = "", kegiatan: str = "", tag: str = "userTask") -> str:
    """A step with what the table says of it."""
    said = {"sop.no": number, "sop.kegiatan": kegiatan}
    written = "".join(f'<camunda:property name="{name}" value="{text}"/>' for name, text in said.items())
    inner = f"<extensionElements><camunda:properties>{written}</camunda:properties></extensionElements>"
    return f'<{tag} id="{key}" name="{name}">{inner}</{tag}>'


def flows(*ways: str) -> str:
    """`flows("a b")` leads from a to b."""
    pairs = [way.split() for way in ways]
    return "".join(f'<sequenceFlow id="{a}_{b}" sourceRef="{a}" targetRef="{b}"/>' for a, b in pairs)


def test_the_same_id_is_the_same_element_while_its_kind_can_stand_for_the_other() -> None:
    old = drawn(step("a") + step("b", tag="exclusiveGateway") + step("c", tag="serviceTask"))
    new = drawn(step("a", tag="task") + step("b", tag="inclusiveGateway") + step("c", tag="userTask"))
    assert same(old, new) == {"a": "a", "b": "b"}


def test_an_event_is_told_by_what_it_waits_for() -> None:
    timer = '<boundaryEvent id="t" attachedToRef="a"><timerEventDefinition/></boundaryEvent>'
    message = '<boundaryEvent id="t" attachedToRef="a"><messageEventDefinition/></boundaryEvent>'
    assert same(drawn(timer), drawn(timer)) == {"t": "t"}
    assert same(drawn(timer), drawn(message)) == likely(drawn(timer), drawn(message)) == {}


def test_a_name_is_known_again_in_other_letters() -> None:
    assert likely(drawn(step("a", "Periksa  berkas.")), drawn(step("x", "periksa berkas"))) == {"a": "x"}


def test_a_name_that_comes_twice_is_told_apart_by_the_lane_or_not_at_all() -> None:
    old = drawn(step("a", "Periksa") + step("b", "Periksa"))
    assert likely(old, drawn(step("y", "Periksa") + step("x", "Periksa"))) == {"a": "x", "b": "y"}
    assert likely(old, drawn(step("z", "Periksa"))) == {}


def test_a_row_is_known_by_its_words_and_by_its_number_under_the_same_actor() -> None:
    old = drawn(step("a", "Teliti", "3", "Meneliti berkas"))
    assert likely(old, drawn(step("y", "Cermati", "4", "meneliti berkas"))) == {"a": "y"}
    assert likely(old, drawn(step("x", "Cermati", "3", "Mencermati"))) == {"a": "x"}
    assert likely(old, drawn(step("y", "Cermati", "3", "Mencermati"))) == {}


def test_what_stands_between_the_same_two_is_the_same() -> None:
    old = drawn(step("m") + step("a", "Teliti") + step("n") + flows("m a", "a n"))
    new = drawn(step("m") + step("x", "Cermati") + step("n") + flows("m x", "x n"))
    assert likely(old, new) == {"a": "x"}
    away = drawn(step("m") + step("x", "Cermati") + step("n") + flows("n x", "x m"))
    assert likely(old, away) == {}


def test_what_is_of_another_kind_is_never_the_same() -> None:
    old, new = drawn(step("a", "Kirim", "3")), drawn(step("x", "Kirim", "3", tag="serviceTask"))
    assert likely(old, new) == {}


@pytest.mark.parametrize("path", SOPS, ids=lambda path: path.stem)
def test_an_sop_whose_ids_were_all_changed_is_known_again(path: Path) -> None:
    text = path.read_text("utf-8")
    renamed = re.sub(r'((?:id|Ref|default)="|flowNodeRef>|coming>|going>)', r"\1x_", text)
    renamed = re.sub(r'camunda:(\w+Ref)="x_', r'camunda:\1="', renamed)
    (old,), (new,) = read(text.encode()).processes.values(), read(renamed.encode()).processes.values()
    assert same(old, new) == {}
    assert likely(old, new) == {key: f"x_{key}" for key in old.elements}


@pytest.mark.parametrize("path", DIAGRAMS, ids=lambda path: path.stem)
def test_no_element_is_matched_twice_or_with_another_kind(path: Path) -> None:
    (old, *_), (other, *_) = (
        read(path.read_bytes()).processes.values(),
        read(SOPS[0].read_bytes()).processes.values(),
    )
    assert same(old, old) == {key: key for key in old.elements}
    assert likely(old, old) == {}
    found = likely(old, other)
    assert len(set(found.values())) == len(found)
    assert all(family(old.elements[a]) == family(other.elements[b]) for a, b in found.items())
