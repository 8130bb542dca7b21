"""What a BPMN file says is in the model, and what is dangerous or no BPMN is refused before that."""

from pathlib import Path

import pytest

from service.diagram.model import Element, EventDefinition, Loop, Process
from service.diagram.read import MOST_ELEMENTS, read
from service.diagram.source import DEEPEST, LARGEST, MOST_ATTRIBUTES, bpmn
from service.errors import Refused

DIAGRAMS = Path(__file__).parents[1] / "diagrams"
OPEN = '<definitions xmlns="http://www.omg.org/spec/BPMN/20100524/MODEL" targetNamespace="x">'


def drawn(name: str) -> Process:
    diagram = read((DIAGRAMS / f"{name}.bpmn").read_bytes(), f"{name}.bpmn")
    return diagram.processes[name]


def element(name: str, key: str) -> Element:
    return drawn(name).elements[key]


def written(body: str) -> bytes:
    return f"{OPEN}{body}</definitions>".encode()


def refusal(xml: bytes) -> tuple[str, int | None]:
    with pytest.raises(Refused) as refused:
        read(xml, "a.bpmn")
    (finding,) = refused.value.findings
    assert finding.file == "a.bpmn"
    return finding.code, finding.line


def test_elements_know_their_flows_in_the_order_of_the_file() -> None:
    process = drawn("rework_loop")
    assert process.elements["putusan"].incoming == ("periksa_ke_putusan",)
    assert process.elements["putusan"].outgoing == ("ya", "tidak")
    assert process.elements["susun"].incoming == ("mulai_ke_susun", "tidak")
    assert process.flows["tidak"].condition == '=keputusan = "tidak"'
    assert process.flows["tidak"].name == "Tidak"
    assert process.flows["tidak"].line


def test_a_default_flow_is_named_by_its_gateway() -> None:
    assert element("exclusive", "putusan").default == "tidak"


def test_flows_without_an_id_get_one_in_the_model_and_in_the_tree() -> None:
    diagram = read((DIAGRAMS / "flows_without_ids.bpmn").read_bytes())
    flows = diagram.processes["flows_without_ids"].flows
    assert len(flows) == 3
    assert {node.get("id") for node in diagram.root.iter(bpmn("sequenceFlow"))} == set(flows)
    assert all(one.outgoing or one.type == "endEvent" for one in _elements(diagram.processes))


def test_a_made_up_id_is_nobody_elses() -> None:
    body = (
        '<process id="p"><task id="flow_1" /><sequenceFlow sourceRef="flow_1" targetRef="flow_2" /></process>'
    )
    assert list(read(written(body)).processes["p"].flows) == ["flow_2"]


def test_the_deepest_lane_wins_whatever_the_white_space() -> None:
    process = drawn("lanes")
    assert [lane.name for lane in process.lanes.values()] == ["Pemohon", "Kantor", "Staf", "Kepala"]
    assert process.lanes["lajur_staf"].parent == "lajur_kantor"
    assert process.elements["periksa"].lane == "lajur_staf"
    assert process.elements["putusan"].lane == "lajur_kantor"
    assert process.elements["ajukan"].lane == "lajur_pemohon"


def test_what_lies_in_a_sub_process_has_its_lane_unless_it_has_its_own() -> None:
    process = read(
        written(
            '<process id="p"><laneSet><lane id="a" name="A"><flowNodeRef>s</flowNodeRef></lane>'
            '<lane id="b" name="B"><flowNodeRef>own</flowNodeRef></lane></laneSet>'
            '<boundaryEvent id="edge" attachedToRef="s" /><subProcess id="s"><task id="t" /><task id="own" />'
            '<subProcess id="inner"><task id="deep" /></subProcess></subProcess><task id="outside" />'
            "</process>"
        )
    ).processes["p"]
    lanes = {key: one.lane for key, one in process.elements.items()}
    assert lanes == {
        "s": "a",
        "t": "a",
        "own": "b",
        "inner": "a",
        "deep": "a",
        "edge": "a",
        "outside": None,
    }


def test_properties_and_annotations_come_with_the_element() -> None:
    process = drawn("lanes")
    assert process.properties["sop.dasar_hukum"] == "UU 1\nUU 2"
    assert process.elements["ajukan"].properties["sop.kelengkapan"] == "Surat permohonan"
    assert process.elements["tanda_tangan"].annotations == ("Disimpulkan dari dokumen",)


def test_camundas_attributes_are_kept_by_their_local_names() -> None:
    assert element("juel", "periksa").camunda == {"assignee": "${pemeriksa}"}


def test_operatons_words_are_read_as_camundas_also_in_the_tree() -> None:
    task = element("operaton", "rekam")
    assert task.camunda == {"candidateGroups": "staf", "formRef": "rekam"}
    assert task.properties == {"sop.waktu": "5 menit"}
    assert task.loop == Loop("parallel", collection="pegawai", variable="p")
    root = read((DIAGRAMS / "operaton.bpmn").read_bytes()).root
    assert not any(
        "operaton.org" in str(name) for node in root.iter("*") for name in (node.tag, *node.attrib)
    )


def test_an_event_knows_the_name_of_what_it_waits_for() -> None:
    assert element("message_catch", "tunggu").events == (EventDefinition("message", "balasan"),)
    assert element("signal_catch", "tunggu").events == (EventDefinition("signal", "libur"),)
    assert element("receive_task", "tunggu").message == "balasan"
    assert element("prefixed", "tunggu").events == (EventDefinition("message", "balasan"),)


def test_a_timer_is_read_with_its_kind() -> None:
    assert element("timer_duration", "tunggu").events == (EventDefinition("timer", None, "duration", "P3D"),)
    assert element("boundary_timer_reminder", "pengingat").events[0].timer == "cycle"


def test_a_boundary_event_knows_its_activity_and_whether_it_interrupts() -> None:
    assert element("boundary_timer", "terlambat").attached_to == "periksa"
    assert element("boundary_timer", "terlambat").interrupting
    assert not element("boundary_timer_reminder", "pengingat").interrupting


def test_only_what_can_be_is_attached_or_begun_by_an_event() -> None:
    body = '<process id="p"><task id="t" /><startEvent id="s" attachedToRef="t" triggeredByEvent="true" />'
    start = read(written(body + "</process>")).processes["p"].elements["s"]
    assert start.attached_to is None
    assert not start.triggered_by_event


def test_loops_are_read_with_their_list_number_and_condition() -> None:
    assert element("multi_sequential", "rekam").loop == Loop("sequential", "pegawai", "p")
    assert element("multi_cardinality", "nilai").loop == Loop("parallel", cardinality="3")
    assert element("multi_completion", "nilai").loop == Loop(
        "parallel", "penilai", "p", completion="=nrOfCompletedInstances >= 2"
    )


def test_the_standards_own_words_for_a_list_are_read_too() -> None:
    body = (
        '<process id="p"><task id="t"><multiInstanceLoopCharacteristics>'
        '<loopDataInputRef>pegawai</loopDataInputRef><inputDataItem id="i" name="p" />'
        "</multiInstanceLoopCharacteristics></task></process>"
    )
    assert read(written(body)).processes["p"].elements["t"].loop == Loop("parallel", "pegawai", "p")


def test_a_script_task_has_its_expression_and_language() -> None:
    task = element("script", "hitung")
    assert (task.script, task.script_format) == ("=harga * banyak", "feel")


def test_elements_know_the_process_or_sub_process_around_them() -> None:
    process = drawn("subprocess")
    assert process.elements["baca"].parent == "teliti"
    assert process.elements["teliti"].parent == "subprocess"
    assert process.flows["baca_ke_catat"].parent == "teliti"


def test_a_pool_names_the_process_that_has_no_name() -> None:
    body = (
        '<collaboration><participant name="Dinas&#10;Uji" processRef="p" /></collaboration><process id="p" />'
    )
    assert read(written(body)).processes["p"].name == "Dinas Uji"


def test_every_pool_is_a_process() -> None:
    processes = read((DIAGRAMS / "two_pools.bpmn").read_bytes()).processes
    assert {key: process.executable for key, process in processes.items()} == {
        "two_pools": True,
        "pemohon": False,
    }


def test_a_name_is_one_line() -> None:
    body = '<process id="p"><task id="t" name=" Periksa&#10;  berkas " /></process>'
    assert read(written(body)).processes["p"].elements["t"].name == "Periksa berkas"


def test_documentation_is_text_even_with_markup_in_it() -> None:
    body = (
        '<process id="p"><task id="t"><documentation>Baca <b xmlns="http://www.w3.org/1999/xhtml">semua</b></documentation>'
        "</task></process>"
    )
    assert read(written(body)).processes["p"].elements["t"].documentation == "Baca semua"


def test_the_lines_are_those_of_the_file() -> None:
    text = (DIAGRAMS / "sequence.bpmn").read_text(encoding="utf-8").splitlines()
    process = drawn("sequence")
    for part in (*process.elements.values(), *process.flows.values()):
        assert part.line
        assert f'id="{part.id}"' in text[part.line - 1]


def test_a_doctype_is_refused_even_behind_comments() -> None:
    assert refusal(b"<!DOCTYPE a [<!ENTITY x 'y'>]><a/>") == ("doctype", 1)
    behind = b'<?xml version="1.0"?>\n<!-- a --><!-- > -->\n<?p ?>\n <!DOCTYPE definitions>'
    assert refusal(behind + written("")) == ("doctype", 4)
    assert refusal(b"\xef\xbb\xbf" + behind + written("")) == ("doctype", 4)


def test_the_word_doctype_inside_a_text_is_no_doctype() -> None:
    body = '<process id="p"><documentation><![CDATA[<!DOCTYPE html>]]></documentation></process>'
    assert "p" in read(written(body)).processes


def test_many_comments_before_the_root_cost_no_time() -> None:
    assert read(b"<!-- -->" * 20_000 + written("")).processes == {}


def test_only_utf_8_is_read() -> None:
    assert refusal(b'<?xml version="1.0" encoding="latin-1"?><a/>') == ("encoding", 1)
    assert refusal("<a>é</a>".encode("latin-1")) == ("encoding", 1)
    assert refusal("<a/>".encode("utf-16")) == ("encoding", 1)
    assert refusal(b'<?xml version="1.0" encoding="UTF-7"?><a/>') == ("encoding", 1)
    assert refusal(b"<a>\n\n\xff</a>") == ("encoding", 3)


def test_utf_8_with_a_byte_order_mark_is_read() -> None:
    assert read(b'\xef\xbb\xbf<?xml version="1.0" encoding="utf-8"?>' + written("")).processes == {}


@pytest.mark.parametrize("xml", [b"", b"\x00", b"{}", b"<a>", b"<a></b>", b"<a>&x;</a>", b"a" * 100])
def test_what_is_no_xml_is_refused(xml: bytes) -> None:
    assert refusal(xml) == ("not_xml", 1)


def test_what_is_no_bpmn_is_refused_by_what_it_is() -> None:
    with pytest.raises(Refused) as refused:
        read(b'<definitions xmlns="http://www.omg.org/spec/DMN/20151101/dmn.xsd" />')
    assert refused.value.findings[0].params == {"tag": "definitions"}
    assert refusal(b"\n<svg/>") == ("not_bpmn", 2)


def test_floods_are_refused() -> None:
    assert refusal(written(" " * LARGEST)) == ("too_large", None)
    assert refusal(written("<x>" * DEEPEST + "</x>" * DEEPEST)) == ("too_deep", 1)
    attributes = " ".join(f'a{number}="1"' for number in range(MOST_ATTRIBUTES + 1))
    assert refusal(written(f"\n<x {attributes} />")) == ("too_many_attributes", 2)
    tasks = "".join(f'<task id="t{number}" />' for number in range(MOST_ELEMENTS + 1))
    assert refusal(written(f'<process id="p">{tasks}</process>')) == ("too_many_elements", None)
    assert refusal(written("<x>" * 300 + "</x>" * 300))[0] == "not_xml"


def _elements(processes: object) -> list[Element]:
    assert isinstance(processes, dict)
    return [one for process in processes.values() for one in process.elements.values()]
