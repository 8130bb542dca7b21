"""The six SOPs in bpmn/ and their forms in forms/ belong together and are whole."""

import json
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from service import forms
from service.diagram import sop
from service.diagram.check import check
from service.diagram.model import Element, Process
from service.errors import InvalidSubmission
from service.feel import parse, template_names
from service.forms.schema import EXPRESSIONS, TEMPLATES, Component, Form, walk
from service.operations import deployments
from service.store.database import Database

ROOT = Path(__file__).parent.parent
DIAGRAMS = sorted((ROOT / "bpmn").glob("*/*.bpmn"))
FORMS = sorted((ROOT / "forms").glob("*.form"))
ROWS = {
    "kartu_pegawai": "PTSP, Kepala Kantor, Kasubbag TU, Korpel, Kasubbag TU, Kepala Kantor, Kepala Kantor, "
    "Korpel, Korpel",
    "ktp_pns_kolektif": "SKPD Pemohon, Kasubbag TU, Kepala Biro, Kabag KPP, Kasubbag TAL, Kabag KPP, "
    "Kepala Biro, Kasubbag TU, Pemroses KTP, Pemroses KTP, Pemroses KTP",
    **dict.fromkeys(
        ("usulan_karpeg", "usulan_karis_karsu", "usulan_taspen", "usulan_bpjs"),
        "Sekretaris, Kasubag Umum & Kepegawaian, Staf, Kasubag Umum & Kepegawaian, Sekretaris, Staf, "
        "Kepala Dinas, Staf",
    ),
}
"""Who does each row of the tables, by process."""

USULAN = ("bpjs", "karis-karsu", "karpeg", "taspen")
"""The files of the four SOPs with the same rows."""
WAITS_FOR_NO_CLOCK = {("kartu_pegawai", "8")}
IDENTITY = (
    *("kantor", "unit", "nomor", "tanggal_pembuatan", "tanggal_revisi", "tanggal_efektif", "judul"),
    *("dasar_hukum", "kualifikasi_pelaksana", "keterkaitan", "peralatan", "peringatan", "pencatatan"),
    "perihal",
)

OWN_WORDS = {
    *((sop, "named_doer", row) for sop in USULAN for row in ("perintah", "penugasan")),
    ("kartu-pegawai", "unasked_output", "periksa_kasubbag"),
}
"""Where the documents themselves break the rules of an SOP: the words are the offices', and stay."""


def processes() -> dict[str, Process]:
    drawn = {}
    for path in DIAGRAMS:
        diagram, findings = check(path.read_bytes(), path.name)
        assert diagram is not None
        assert {(path.stem, found.code, found.element) for found in findings} <= OWN_WORDS
        drawn |= diagram.processes
    return drawn


def read_forms() -> dict[str, Form]:
    return {path.stem: forms.read(path.read_bytes(), path.name) for path in FORMS}


PROCESSES = processes()
BY_ID = read_forms()


@pytest.fixture(params=PROCESSES, ids=str)
def process(request: pytest.FixtureRequest) -> Process:
    return PROCESSES[request.param]


def test_there_is_one_diagram_for_each_sop() -> None:
    assert set(PROCESSES) == set(ROWS)


def test_all_of_them_deploy_and_only_their_own_words_are_found(database: Database) -> None:
    files = {str(path.relative_to(ROOT)): path.read_bytes() for path in (*DIAGRAMS, *FORMS)}
    with database.transaction() as session:
        deployed = deployments.deploy(session, "alur", files)
    found = {(Path(f.file).stem, f.code, f.element) for f in deployed.findings if f.code != "no_holder"}
    assert found == OWN_WORDS
    assert {definition.key for definition in deployed.definitions} == set(ROWS)


def test_every_form_is_opened_and_every_form_that_is_opened_is_there() -> None:
    opened = {
        element.camunda["formRef"]
        for process in PROCESSES.values()
        for element in process.elements.values()
        if "formRef" in element.camunda
    }
    assert opened == set(BY_ID)


def test_a_form_has_the_name_of_its_file() -> None:
    assert {path.stem: json.loads(path.read_text())["id"] for path in FORMS} == {name: name for name in BY_ID}


def test_every_row_of_the_table_is_a_task_of_its_pelaksana(process: Process) -> None:
    rows = sop.rows(process)
    assert [row.no for row in rows] == [str(number + 1) for number in range(len(rows))]
    assert ", ".join(process.lanes[row.lane or ""].name or "" for row in rows) == ROWS[process.id]
    assert {process.elements[row.element].type for row in rows} == {"userTask"}
    assert all("formRef" in process.elements[row.element].camunda for row in rows)


def test_every_row_has_its_official_words_and_its_mutu_baku(process: Process) -> None:
    for row in sop.rows(process):
        assert row.kegiatan and row.kelengkapan and row.output
        blank = (process.id, row.no) in WAITS_FOR_NO_CLOCK
        assert blank == (row.waktu == "")
        assert re.fullmatch(r"|\d+ (menit|jam|hari)|Disesuaikan", row.waktu, re.IGNORECASE)
        assert "sop.keterangan" in process.elements[row.element].properties


def test_the_identity_block_has_every_item_even_a_blank_one(process: Process) -> None:
    assert [name for name in IDENTITY if f"sop.{name}" not in process.properties] == []
    assert process.properties.get("sop.disahkan_oleh") or process.properties.get("sop.dibuat_oleh")
    assert process.name == process.properties["sop.judul"]


def test_what_a_scanner_misread_is_mended() -> None:
    words = " ".join(text for process in PROCESSES.values() for text in process.properties.values())
    assert not re.search(r"paraturan|PELAYANANAN|Ceterkaitan|\basar Hukum", words)


def test_what_is_inferred_says_so_and_why(process: Process) -> None:
    notes = [note for element in process.elements.values() for note in element.annotations]
    assert notes and all(note.startswith("Disimpulkan") for note in notes)


def test_each_answer_of_a_decision_has_its_way(process: Process) -> None:
    for gateway in process.elements.values():
        if gateway.type == "exclusiveGateway":
            ways = [process.flows[flow] for flow in gateway.outgoing]
            assert gateway.name and gateway.name.endswith("?")
            assert len(ways) == 2 and all(way.name and (way.condition or "").startswith("=") for way in ways)
            assert _answers(process, gateway) == {
                re.findall(r'"(.+)"', way.condition or "")[0] for way in ways
            }


def test_every_variable_that_is_read_is_written_by_a_form_of_the_process(process: Process) -> None:
    written = {field for form in _forms(process) for field in form.fields} | _items(process)
    unknown = {name for form in _forms(process) for name in _read(form)} - written - {"this"}
    unknown |= {name for text in _templates(process) for name in template_names(text)} - written
    for flow in process.flows.values():
        unknown |= parse((flow.condition or "=null").removeprefix("=")) - written
    assert unknown == set()


def test_a_nip_has_eighteen_digits_wherever_it_is_asked() -> None:
    nips = [part for form in BY_ID.values() for part in walk(form.components) if part.name == ("nip",)]
    assert len(nips) == 6
    assert {part.get("validate.pattern") for part in nips} == {r"^\d{18}$"}


def test_no_review_can_send_back_without_a_note_and_every_note_reaches_the_one_who_mends() -> None:
    reviews = [(form, part) for form in BY_ID.values() for part in _decisions(form)]
    assert len(reviews) == 7
    for form, decision in reviews:
        key = decision.name[0]
        note = key.replace("keputusan", "catatan")
        asked = next(part for part in form.components if part.name == (note,))
        assert asked.get("validate.required") is True
        assert asked.get("conditional.hide") == f'={key} != "tidak"'
        readers = [other for other in BY_ID.values() if other is not form and note in _read(other)]
        assert readers and all(reader.components[0].type == "text" for reader in readers)
        assert all(_forgets(reader, key) for reader in readers), "a new round begins without an old answer"


def test_a_returned_draft_shows_the_note_of_the_last_review_and_sends_it_on_without_an_answer() -> None:
    form = BY_ID["kartu-pegawai-konsep"]
    case = {"keputusan_kasubbag": "setuju", "keputusan_kepala": "tidak"}
    case |= {"catatan_kasubbag": "Perihalnya salah", "catatan_kepala": "Lampirannya kurang"}
    page = repr(forms.view(form, case))
    assert "Lampirannya kurang" in page and "Kepala Kantor (baris 6)" in page
    assert "Perihalnya salah" not in page
    typed = {"perihal_surat": "Usul", "isi_konsep": "Isi", "jumlah_lampiran": 4, "paraf_korpel": True}
    written = forms.check(form, case, typed)
    assert written["keputusan_kasubbag"] is None and written["keputusan_kepala"] is None


def test_the_number_of_employees_must_be_that_of_the_list() -> None:
    form = BY_ID["ktp-kolektif-permohonan"]
    typed = {"skpd": "Dinas", "nomor_surat_permohonan": "1", "tanggal_surat_permohonan": "2026-01-02"}
    employee = {"nama": "Siti", "nip": "198001012005012001", "jabatan": "Staf"}
    for rows, number in ((0, 0), (0, 1), (1, 0), (1, 2), (2, 1)):
        with pytest.raises(InvalidSubmission) as refused:
            forms.check(form, {}, {**typed, "pegawai": [employee] * rows, "jumlah_pegawai": number})
        assert set(refused.value.fields) == {"jumlah_pegawai"}
    kept = forms.check(form, {}, {**typed, "pegawai": [employee] * 2, "jumlah_pegawai": 2})
    assert kept["pegawai"] == [employee] * 2


def _answers(process: Process, gateway: Element) -> set[str]:
    """The values that can be chosen in the form of the step before a gateway."""
    before = process.elements[process.flows[gateway.incoming[0]].source]
    names = {name for flow in gateway.outgoing for name in parse((process.flows[flow].condition or "")[1:])}
    fields = [
        part for part in walk(BY_ID[before.camunda["formRef"]].components) if part.name[:1] == (*names,)
    ]
    return {option["value"] for option in fields[0].get("values")}


def _forms(process: Process) -> list[Form]:
    references = (element.camunda.get("formRef") for element in process.elements.values())
    return [BY_ID[reference] for reference in references if reference]


def _items(process: Process) -> set[str]:
    loops = [element.loop for element in process.elements.values() if element.loop]
    return {loop.variable for loop in loops if loop.variable}


def _templates(process: Process) -> Iterator[str]:
    yield process.properties["sop.perihal"]
    for element in process.elements.values():
        yield element.properties.get("sop.butir", "")


def _read(form: Form) -> set[str]:
    """The variables that the expressions and templates of a form read."""
    names: set[str] = set()
    for part in walk(form.components):
        for prop in EXPRESSIONS:
            names |= parse(text) if (text := part.feel(prop)) else frozenset()
        for prop in TEMPLATES:
            text = part.get(prop)
            names |= template_names(text) if isinstance(text, str) and text[:1] != "=" else frozenset()
    return names


def _decisions(form: Form) -> list[Component]:
    return [
        part
        for part in walk(form.components)
        if part.type == "radio" and {"setuju", "tidak"} == {option["value"] for option in part.get("values")}
    ]


def _forgets(form: Form, key: str) -> bool:
    return any(
        part.name == (key,) and part.get("expression") == "=null" and part.get("computeOn") == "presubmit"
        for part in form.components
    )
