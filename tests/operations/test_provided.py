"""Names that nobody gives a value are found, and none that a person, a program or a message could give."""

import json
from typing import Any

import pytest

from service.operations import resources
from tests.conftest import DIAGRAMS

EXCLUSIVE = (DIAGRAMS / "exclusive.bpmn").read_text("utf-8")
OPENED = EXCLUSIVE.replace('id="periksa"', 'id="periksa" camunda:formRef="isian"')
FORM = {"id": "isian", "components": [{"type": "textfield", "key": "catatan"}]}
START = '<startEvent id="mulai"'
MESSAGE = '<messageEventDefinition id="m" messageRef="pesan" />'
DECLARED = '<message id="pesan" name="masuk" /></definitions>'
TASK = '<userTask id="periksa"'


def unknown(xml: str, form: Any = FORM, *others: str) -> list[tuple[str, str]]:
    """The names that are told of, each with the element it stands at."""
    files = {"a.bpmn": xml.encode(), "isian.form": json.dumps(form).encode()}
    files |= {f"{number}.bpmn": other.encode() for number, other in enumerate(others)}
    found = resources.read(files).findings
    assert not any(finding.severity == "error" for finding in found)
    codes = ("unknown_variable", "form_unknown_variable")
    return [(str(one.element), one.params["variable"]) for one in found if one.code in codes]


def test_a_name_that_no_form_asks_for_is_told_with_names_that_may_be_meant() -> None:
    assert unknown(OPENED) == [("ya", "keputusan")]
    form = {**FORM, "components": [{"type": "textfield", "key": "keputusan_kepala"}]}
    found = resources.read({"a.bpmn": OPENED.encode(), "isian.form": json.dumps(form).encode()}).findings
    assert [one.params["known"] for one in found if one.code == "unknown_variable"] == ["keputusan_kepala"]


def test_what_a_form_of_the_process_writes_is_known() -> None:
    assert unknown(OPENED, {**FORM, "components": [{"type": "radio", "key": "keputusan"}]}) == []


def test_a_process_that_opens_no_form_is_one_of_programs() -> None:
    found = resources.read({"a.bpmn": EXCLUSIVE.encode()}).findings
    assert found == ()


@pytest.mark.parametrize(
    ("old", "new"),
    [
        (f'{START} name="Mulai" />', f'{START} name="Mulai">{MESSAGE}</startEvent>'),
        (START, f'{START} camunda:initiator="keputusan"'),
        ("<process ", '<process camunda:isStartableInTasklist="false" '),
        (TASK, '<serviceTask camunda:type="external" camunda:topic="t" id="periksa"'),
        (TASK, '<scriptTask scriptFormat="feel" camunda:resultVariable="keputusan" id="periksa"'),
    ],
    ids=["message", "initiator", "program", "external task", "script"],
)
def test_whatever_may_bring_it_is_believed(old: str, new: str) -> None:
    second = '<userTask id="lagi" name="Lagi" camunda:candidateGroups="staf" camunda:formRef="isian" />'
    xml = (
        OPENED.replace(' camunda:formRef="isian"', "") if new.startswith(("<service", "<script")) else OPENED
    )
    assert old in xml
    xml = xml.replace(old, new, 1).replace("</definitions>", DECLARED)
    if new.startswith(("<service", "<script")):
        kind = new[1:].split()[0]
        inside = "<script>=&quot;setuju&quot;</script>" if kind == "scriptTask" else ""
        xml = xml.replace('camunda:candidateGroups="staf" />', f">{inside}</{kind}>{second}", 1)
        xml = xml.replace('targetRef="periksa"', 'targetRef="lagi"').replace(
            '<sequenceFlow id="periksa_ke',
            '<sequenceFlow id="l" sourceRef="lagi" targetRef="periksa" /><sequenceFlow id="periksa_ke',
        )
    assert unknown(xml) == []


def test_what_comes_only_afterwards_does_not_count() -> None:
    late = f'<intermediateCatchEvent id="tunggu" name="Tunggu">{MESSAGE}</intermediateCatchEvent>'
    xml = OPENED.replace("<endEvent", f"{late}<endEvent", 1).replace("</definitions>", DECLARED)
    xml = xml.replace('targetRef="ditolak" />', 'targetRef="tunggu" />')
    after = '<sequenceFlow id="t" sourceRef="tunggu" targetRef="ditolak" />'
    xml = xml.replace("</process>", f"{after}</process>")
    assert unknown(xml) == [("ya", "keputusan")]


def test_a_process_that_another_file_calls_may_be_given_anything() -> None:
    caller = (DIAGRAMS / "call.bpmn").read_text("utf-8")
    key = caller.split('calledElement="')[1].split('"')[0]
    assert unknown(OPENED, FORM, caller.replace(f'calledElement="{key}"', 'calledElement="exclusive"')) == []


def test_names_in_a_forms_own_words_are_looked_at_too() -> None:
    text = {"type": "text", "text": "Untuk {{pemohon}} {{#loop daftar}}{{nama}}{{/loop}}"}
    known = {"type": "textfield", "key": "keputusan"}
    found = unknown(OPENED, {**FORM, "components": [text, known]})
    assert found == [("isian", "daftar"), ("isian", "pemohon")]


def test_a_title_that_names_nothing_is_told_at_the_process() -> None:
    title = '<extensionElements><camunda:properties><camunda:property name="sop.perihal" '
    title += 'value="a.n. {{nama}}" /></camunda:properties></extensionElements><startEvent'
    form = {**FORM, "components": [{"type": "textfield", "key": "keputusan"}]}
    assert unknown(OPENED.replace("<startEvent", title, 1), form) == [("exclusive", "nama")]
