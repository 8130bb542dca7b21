"""What a BPMN file says of loops, codes, links, mappings and calls is in the model."""

from service.diagram.model import EventDefinition, Loop, Parameter, Passed
from service.diagram.read import read
from tests.diagram.test_read import element, written


def test_the_loop_marker_is_read_with_its_condition_and_limit() -> None:
    assert element("loop", "periksa").loop == Loop(
        "standard", completion="=not(lengkap)", test_before=True, maximum="5"
    )
    assert element("loop", "tanya").loop == Loop("standard", maximum="2")


def test_errors_and_escalations_are_read_with_their_code_and_what_they_are_told_in() -> None:
    assert element("error_boundary", "gagal").events == (
        EventDefinition(
            "error",
            "Berkas kurang",
            code="BERKAS_KURANG",
            camunda={"errorCodeVariable": "kode", "errorMessageVariable": "keterangan"},
        ),
    )
    assert element("error_any", "gagal").events == (EventDefinition("error"),)
    assert element("escalation", "lapor").events[0].code == "LAPOR"


def test_what_refers_to_something_without_a_code_is_told_from_what_refers_to_nothing() -> None:
    body = '<error id="e" name="E" /><process id="p"><endEvent id="a"><errorEventDefinition errorRef="{}" />'
    for reference in ("e", "nowhere"):
        process = read(written(body.format(reference) + "</endEvent></process>")).processes["p"]
        assert process.elements["a"].events[0].code == ""


def test_a_link_has_its_own_name_and_an_event_its_condition() -> None:
    assert element("link", "ke_atas").events == (EventDefinition("link", "perbaikan"),)
    assert element("conditional_catch", "tunggu").events == (
        EventDefinition("conditional", expression="=lengkap = true"),
    )


def test_mappings_are_read_as_they_are_written() -> None:
    task = element("service", "hitung")
    assert task.inputs == (
        Parameter("jumlah", "=harga * banyak"),
        Parameter("satuan", "rupiah"),
        Parameter("sapaan", '="Yth. " + nama'),
        Parameter("daftar", ("a", "${b}")),
        Parameter("peta", {"x": "=1", "y": ("z",)}),
    )
    assert task.outputs == (Parameter("total", "${hasil}"),)
    assert (task.camunda["topic"], task.camunda["type"]) == ("hitung", "external")


def test_a_call_is_read_with_all_that_goes_over_and_comes_back() -> None:
    call = element("call", "panggil")
    assert call.called == "periksa_berkas"
    assert call.passed_in == (Passed("pemohon", "nama"), Passed("harga", expression="=harga * 2"))
    assert call.passed_out == (Passed(all=True),)
    assert call.business_key == "#{execution.processBusinessKey}"
