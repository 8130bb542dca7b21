"""The SOP's identity block and table come out of the diagram in the document's order."""

from pathlib import Path

import pytest

from service.diagram import sop
from service.diagram.check import check
from service.diagram.model import Process
from service.diagram.read import read
from service.language import say

HERE = Path(__file__)
SOPS = sorted((HERE.parents[2] / "bpmn").rglob("*.bpmn"))
LANES = HERE.parents[1] / "diagrams" / "lanes.bpmn"


def process(path: Path) -> Process:
    (only,) = read(path.read_bytes(), path.name).processes.values()
    return only


def test_the_identity_block_has_thirteen_items_even_when_they_are_blank() -> None:
    items = sop.identity(process(LANES))
    assert [item.name for item in items] == list(sop.IDENTITY)
    said = {item.name: item.lines for item in items}
    assert said["unit"] == ("Dinas Uji",)
    assert said["dasar_hukum"] == ("UU 1", "UU 2")
    assert said["tanggal_revisi"] == ()
    assert say(items[0].label, "id") == "Unit kerja"


def test_the_title_is_the_processs_name_when_no_other_is_given() -> None:
    title = sop.identity(process(LANES.with_name("sequence.bpmn")))[6]
    assert (title.name, title.lines) == ("judul", ("sequence",))


def test_who_made_the_sop_stands_where_nobody_approved_it() -> None:
    karpeg = process(HERE.parents[2] / "bpmn" / "kemenag" / "kartu-pegawai.bpmn")
    signed = sop.identity(karpeg)[5]
    assert signed.name == "dibuat_oleh"
    assert signed.lines[0] == "Kepala Sub Bagian Tata Usaha"
    assert say(signed.label, "id") == "Dibuat oleh"


def test_the_columns_are_the_lanes_that_people_stand_in() -> None:
    assert [lane.name for lane in sop.columns(process(LANES))] == ["Pemohon", "Kantor", "Staf", "Kepala"]


def test_a_row_has_the_official_words_or_the_steps_name() -> None:
    rows = sop.rows(process(LANES))
    assert [row.kegiatan for row in rows] == [
        "Mengajukan permohonan",
        "Periksa berkas",
        "Tanda tangani",
    ]
    first = rows[0]
    assert (first.no, first.lane, first.waktu) == ("1", "lajur_pemohon", "5 menit")
    assert (first.kelengkapan, first.output, first.element) == ("Surat permohonan", "Surat masuk", "ajukan")


def test_rows_are_ordered_by_number_and_those_without_one_come_last() -> None:
    def step(number: str) -> str:
        said = f'<camunda:property name="sop.no" value="{number}" />' if number else ""
        return (
            f'<task id="t{number or "x"}"><extensionElements><camunda:properties>{said}'
            "</camunda:properties></extensionElements></task>"
        )

    body = "".join(map(step, ["10", "", "2", "2b", "1"]))
    xml = (
        '<definitions xmlns="http://www.omg.org/spec/BPMN/20100524/MODEL"'
        f' xmlns:camunda="http://camunda.org/schema/1.0/bpmn"><process id="p">{body}</process></definitions>'
    )
    rows = sop.rows(read(xml.encode()).processes["p"])
    assert [row.element for row in rows] == ["t1", "t2", "t2b", "t10", "tx"]


def test_there_are_six_sops() -> None:
    assert len(SOPS) == 6


@pytest.mark.parametrize("path", SOPS, ids=lambda path: path.stem)
def test_our_own_sops_have_nothing_to_mend_but_their_documents_words(path: Path) -> None:
    codes = {found.code for found in check(path.read_bytes(), path.name)[1]}
    assert codes <= {"named_doer", "unasked_output"}


@pytest.mark.parametrize("path", SOPS, ids=lambda path: path.stem)
def test_our_own_sops_number_their_rows_without_a_gap_each_in_its_column(path: Path) -> None:
    diagram = process(path)
    rows = sop.rows(diagram)
    assert [row.no for row in rows] == [str(number) for number in range(1, len(rows) + 1)]
    assert {row.lane for row in rows} <= {lane.id for lane in sop.columns(diagram)}
    assert len(sop.columns(diagram)) >= 2
