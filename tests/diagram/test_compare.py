"""What differs between two revisions: nothing that is read of a file may differ without being told."""

import re
from collections.abc import Callable, Iterator
from copy import deepcopy
from dataclasses import fields
from functools import cache, partial
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from lxml import etree

from service.diagram.compare import Difference, Pairs, compare, marks
from service.diagram.model import Element, EventDefinition, Loop, Passed, Process
from service.diagram.pictures import redrawn
from service.diagram.read import read
from service.diagram.source import BPMN, CAMUNDA
from service.language import LANGUAGES, say

ROOT = Path(__file__).parents[2]
SOPS = sorted((ROOT / "bpmn").rglob("*.bpmn"))
DIAGRAMS = sorted((ROOT / "tests" / "diagrams").glob("*.bpmn"))
FILES = [*SOPS, *DIAGRAMS]
COMPARE = ROOT / "service" / "diagram" / "compare"
KARTU = ROOT / "bpmn" / "kemenag" / "kartu-pegawai.bpmn"


def differences(old: bytes, new: bytes) -> list[Difference]:
    before, after = (next(iter(read(xml).processes.values())) for xml in (old, new))
    return list(compare(Pairs(before, after), {}))


def told(old: bytes, new: bytes, language: str = "id") -> list[str]:
    return [say(one.message, language) for one in differences(old, new)]


def changed(*exchanges: tuple[str, str]) -> list[str]:
    """What is told of a Kartu Pegawai in whose file these texts were exchanged, each once."""
    old = KARTU.read_text("utf-8")
    new = old
    for before, after in exchanges:
        assert before in new
        new = new.replace(before, after, 1)
    return told(old.encode(), new.encode())


@cache
def tree(path: Path) -> etree._Element:
    return etree.fromstring(path.read_bytes())


def model(root: etree._Element) -> list[Process]:
    return list(read(etree.tostring(root)).processes.values())


def without_lines(process: Process) -> object:
    """What a process says, without where in the file it says it."""
    return re.sub(r"line=(\d+|None)", "", repr(process))


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_a_file_is_the_same_as_itself(path: Path) -> None:
    xml = path.read_bytes()
    assert differences(xml, xml) == []


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_a_file_that_was_only_saved_again_is_the_same(path: Path) -> None:
    root = deepcopy(tree(path))
    for node in root.iter("*"):
        attributes = dict(reversed(list(node.attrib.items())))
        node.attrib.clear()
        node.attrib.update(attributes)
        if node.tag.endswith("Bounds"):
            node.set("x", str(float(node.get("x", "0")) + 70))
    etree.indent(root, "\t")
    assert differences(path.read_bytes(), etree.tostring(root)) == []


Mutation = Callable[[etree._Element], None]


def mutations(root: etree._Element) -> Iterator[Mutation]:
    """Every way to change one thing in a file: an attribute, a text, an element taken out.

    What is nobody's business is left alone: ids, properties that say nothing, what an editor notes.
    """
    for place, node in enumerate(root.iter("*")):
        if not node.tag.startswith((f"{{{BPMN}}}", f"{{{CAMUNDA}}}")) or node.get("value") == "":
            continue
        names = [str(name) for name in node.attrib if name != "id" and "modelerTemplate" not in name]
        yield from (partial(_set, place, name) for name in names)
        if (node.text or "").strip():
            yield partial(_write, place)
        if node.getparent() is not None:
            yield partial(_take_out, place)


def _set(place: int, name: str, copy: etree._Element) -> None:
    node = _at(copy, place)
    opposite = {"true": "false", "false": "true"}
    node.set(name, opposite.get(node.get(name, ""), node.get(name, "") + "x"))


def _write(place: int, copy: etree._Element) -> None:
    node = _at(copy, place)
    node.text = f"{node.text}x"


def _take_out(place: int, copy: etree._Element) -> None:
    node = _at(copy, place)
    parent = node.getparent()
    assert parent is not None
    parent.remove(node)


def _at(copy: etree._Element, place: int) -> etree._Element:
    return list(copy.iter("*"))[place]


@settings(max_examples=400)
@given(st.data())
def test_whatever_is_read_of_a_file_is_told_when_it_differs(data: st.DataObject) -> None:
    root = tree(data.draw(st.sampled_from(FILES)))
    copy = deepcopy(root)
    data.draw(st.sampled_from(list(mutations(root))))(copy)
    for old, new in zip(model(root), model(copy), strict=False):
        if without_lines(old) != without_lines(new):
            found = list(compare(Pairs(old, new), {}))
            assert found
            assert all(say(one.message, language) for one in found for language in LANGUAGES)
            for side, marked in zip((old, new), marks(found), strict=True):
                assert marked.keys() <= side.elements.keys() | side.flows.keys() | side.lanes.keys()


def test_every_field_of_the_model_is_looked_at() -> None:
    """Whoever adds one to the model compares it; what comes in is told where it goes out."""
    elsewhere = {"id", "process", "line", "incoming"}
    text = "".join(path.read_text("utf-8") for path in COMPARE.glob("*.py"))
    for kind in (Element, EventDefinition, Loop, Passed, Process):
        for field in fields(kind):
            assert field.name in elsewhere or re.search(rf"\b{field.name}\b", text), (kind, field.name)


def test_a_moved_step_and_another_time_are_told_in_the_words_of_the_table() -> None:
    found = changed(
        ("<bpmn:flowNodeRef>disposisi_kasubbag</bpmn:flowNodeRef>", ""),
        (
            "<bpmn:flowNodeRef>buat",
            "<bpmn:flowNodeRef>disposisi_kasubbag</bpmn:flowNodeRef><bpmn:flowNodeRef>buat",
        ),
        ('name="sop.waktu" value="1 hari"', 'name="sop.waktu" value="2 hari"'),
    )
    assert found == [
        "Langkah 3 “Meneruskan disposisi” – pindah dari Kasubbag TU ke Korpel",
        "Langkah 7 “Memerintahkan pengiriman” – Waktu: dari “1 hari” menjadi “2 hari”",
    ]


def headed(**said: str) -> bytes:
    """A process that says nothing but these items of its identity block."""
    written = "".join(f'<camunda:property name="sop.{name}" value="{text}"/>' for name, text in said.items())
    return (
        f'<definitions xmlns="{BPMN}" xmlns:camunda="{CAMUNDA}"><process id="p"><extensionElements>'
        f"<camunda:properties>{written}</camunda:properties></extensionElements></process></definitions>"
    ).encode()


def test_the_identity_block_is_told_item_by_item_and_line_by_line() -> None:
    old = headed(
        tanggal_efektif="8 Desember 2020", peralatan="ATK&#10;Komputer", peringatan="Lengkapi; Teliti"
    )
    new = headed(tanggal_efektif="7 Desember 2026", peralatan="Komputer", peringatan="Lengkapi&#10;Teliti")
    assert told(old, new) == [
        "Identitas SOP – Tanggal efektif: dari “8 Desember 2020” menjadi “7 Desember 2026”",
        "Identitas SOP – Peralatan/perlengkapan: tidak lagi memuat “ATK”",
    ]
    assert told(new, old)[1] == "Identitas SOP – Peralatan/perlengkapan: kini memuat “ATK”"
    signed = headed(**{"dibuat_oleh": "Kabag", "dibuat_oleh.nama": "Aminah"})
    assert told(signed, headed(**{"dibuat_oleh": "Kabag", "dibuat_oleh.nama": "Fauzi"})) == [
        "Identitas SOP – Dibuat oleh (nama): dari “Aminah” menjadi “Fauzi”"
    ]


def test_a_step_that_is_put_in_tells_who_does_it_and_what_it_stands_between() -> None:
    xml = KARTU.read_bytes()
    new = with_a_new_step(xml)
    assert told(xml, new, "en") == [
        "The SOP's table – the steps' numbers have shifted: 9 → 10",
        "Step 8 “Menerima dan mencatat kartu” – now followed by “Memindai kartu”; it was “Menyerahkan kartu”",
        "Step 9 “Memindai kartu” – added (done by: Korpel; time: 5 menit)",
        "Step 9 “Memindai kartu” – followed by: “Menyerahkan kartu”",
    ]
    old_marks, new_marks = marks(differences(xml, new))
    assert old_marks == {"ke_serah_kartu_dari_terima_kartu": "removed"}
    assert new_marks == {"pindai": "added", "ke_pindai": "added", "dari_pindai": "added"}
    assert (
        told(new, xml, "en")[2] == "Former step 9 “Memindai kartu” – removed (done by: Korpel; time: 5 menit)"
    )
    assert marks(differences(new, xml))[0]["pindai"] == "removed"


def with_a_new_step(xml: bytes) -> bytes:
    """A Kartu Pegawai in which the Korpel scans the card before it is handed over."""
    step = """<bpmn:userTask id="pindai" name="Memindai kartu"><bpmn:extensionElements><camunda:properties>
      <camunda:property name="sop.no" value="9"/><camunda:property name="sop.waktu" value="5 menit"/>
      </camunda:properties></bpmn:extensionElements></bpmn:userTask>
      <bpmn:sequenceFlow id="ke_pindai" sourceRef="terima_kartu" targetRef="pindai"/>
      <bpmn:sequenceFlow id="dari_pindai" sourceRef="pindai" targetRef="serah_kartu"/>
      <bpmn:userTask id="serah_kartu" """
    text = xml.decode()
    text = re.sub(r'<bpmn:sequenceFlow id="ke_serah_kartu_dari_terima_kartu"[^>]*/>', "", text)
    text = text.replace('name="sop.no" value="9"', 'name="sop.no" value="10"')
    text = text.replace('<bpmn:userTask id="serah_kartu" ', step)
    return text.replace(
        "<bpmn:flowNodeRef>terima_kartu<",
        "<bpmn:flowNodeRef>pindai</bpmn:flowNodeRef><bpmn:flowNodeRef>terima_kartu<",
    ).encode()


def test_another_condition_and_another_default_are_told_at_the_gateway() -> None:
    found = changed(('keputusan_kelengkapan = "lengkap"', 'keputusan_kelengkapan = "ya"'))
    assert len(found) == 1
    assert found[0].startswith("Percabangan “Persyaratan lengkap?” – syarat jalan “")
    assert '“keputusan_kelengkapan = "lengkap"” menjadi “keputusan_kelengkapan = "ya"”' in found[0].replace(
        "“=", "“"
    )


DETAILS = [
    ("boundary_timer", "P3D", "P5D", "waktu yang ditunggu: dari “P3D” menjadi “P5D”"),
    ("boundary_timer", "timeDuration", "timeDate", "jenis waktu: dari “lamanya waktu” menjadi “tanggal”"),
    ("boundary_timer", 'attachedToRef="periksa"', 'attachedToRef="periksa" cancelActivity="false"',
     "menghentikan pekerjaan yang sedang berjalan: dari “ya” menjadi “tidak”"),
    ("boundary_message", 'name="penarikan"', 'name="tarik"', "pesan: dari “penarikan” menjadi “tarik”"),
    ("boundary_signal", 'name="libur"', 'name="cuti"', "sinyal: dari “libur” menjadi “cuti”"),
    ("error_boundary", "BERKAS_KURANG", "BERKAS", "kode: dari “BERKAS_KURANG” menjadi “BERKAS”"),
    ("multi_parallel", 'collection="pegawai"', 'collection="orang"',
     "daftar yang diulang: dari “pegawai” menjadi “orang”"),
    ("multi_parallel", "Characteristics camunda", 'Characteristics isSequential="true" camunda',
     "pengulangan: dari “serentak untuk tiap butir” menjadi “satu per satu untuk tiap butir”"),
    ("service", "=harga * banyak", "=harga",
     "data masukan “jumlah”: dari “=harga * banyak” menjadi “=harga”"),
    ("call", 'source="nama"', 'source="orang"',
     "data yang diteruskan: dari “nama → pemohon” menjadi “orang → pemohon”"),
    ("script", "=harga * banyak", "=harga", "rumus: dari “=harga * banyak” menjadi “=harga”"),
    ("script", "harga * banyak", "harga *  banyak", "rumus: hanya spasinya yang berubah"),
    ("script", 'default="tidak"', 'default="ya"',
     "jalan bila tidak ada syarat yang terpenuhi: dari “Tidak” menjadi “Ya”"),
    ("script", "<userTask id=\"periksa\"", "<manualTask id=\"periksa\"",
     "jenis: dari “user task” menjadi “manual task”"),
    ("script", 'Groups="staf" />\n    <endEvent', 'Groups="kabag" />\n    <endEvent',
     "jabatan yang mengerjakan: dari “staf” menjadi “kabag”"),
    ("script", "<userTask id=\"periksa\"", "<userTask camunda:dueDate=\"P2D\" id=\"periksa\"",
     "batas waktu: diisi “P2D”, sebelumnya kosong"),
]  # fmt: skip


@pytest.mark.parametrize(
    ("name", "before", "after", "sentence"), DETAILS, ids=[one[3][:40] for one in DETAILS]
)
def test_each_part_of_an_element_is_told_in_its_own_words(
    name: str, before: str, after: str, sentence: str
) -> None:
    text = next(path for path in DIAGRAMS if path.stem == name).read_text("utf-8")
    assert before in text
    found = told(text.encode(), text.replace(before, after).encode())
    assert {one.partition(" – ")[2] for one in found} == {sentence}


def two_ways(*conditions: str) -> bytes:
    """An exclusive gateway with these ways, in this order."""
    ways = "".join(
        f'<sequenceFlow id="{name}" name="{name}" sourceRef="g" targetRef="{name}_s">'
        f"<conditionExpression>=x = {name}</conditionExpression></sequenceFlow>"
        for name in conditions
    )
    steps = '<exclusiveGateway id="g" name="Lengkap?"/><userTask id="a_s"/><userTask id="b_s"/>'
    return f'<definitions xmlns="{BPMN}"><process id="p">{steps}{ways}</process></definitions>'.encode()


def test_the_order_of_conditions_counts_for_the_first_that_holds_is_taken() -> None:
    (found,) = told(two_ways("a", "b"), two_ways("b", "a"))
    assert found.startswith(
        "Percabangan “Lengkap?” – syaratnya kini diperiksa dalam urutan lain: “b_s” (b · =x = b)"
    )
    inclusive = [xml.replace(b"exclusive", b"inclusive") for xml in (two_ways("a", "b"), two_ways("b", "a"))]
    assert told(*inclusive) == []


def test_what_goes_along_with_its_host_is_not_told_by_itself() -> None:
    text = next(path for path in DIAGRAMS if path.stem == "boundary_subprocess").read_text("utf-8")
    lanes = '<laneSet id="ls"><lane id="a" name="A">{}</lane><lane id="b" name="B">{}</lane></laneSet>'
    place = "<flowNodeRef>teliti</flowNodeRef>"
    old, new = (
        text.replace("<startEvent", lanes.format(*them) + "<startEvent", 1)
        for them in ((place, ""), ("", place))
    )
    assert told(old.encode(), new.encode()) == ["Langkah “Teliti berkas” – pindah dari A ke B"]


def test_a_renamed_id_is_the_same_step() -> None:
    xml = KARTU.read_text("utf-8")
    new = re.sub(r"\bbuat_konsep\b", "Activity_0abc", xml).encode()
    assert told(xml.encode(), new) == []


def test_actors_that_stand_in_another_order_are_told_once() -> None:
    xml = KARTU.read_text("utf-8")
    lane = re.search(r'<bpmn:lane id="ptsp".*?</bpmn:lane>', xml, re.DOTALL)
    assert lane
    new = xml.replace(lane[0], "").replace("</bpmn:laneSet>", f"{lane[0]}</bpmn:laneSet>")
    (found,) = told(xml.encode(), new.encode())
    assert found == "Pelaksana – urutannya kini: Kepala Kantor, Kasubbag TU, Korpel, Kanwil, PTSP"


def test_an_actor_with_another_name_does_not_move_the_steps() -> None:
    assert changed(('name="Korpel">', 'name="Ketua Tim">')) == [
        "Pelaksana – nama: dari “Korpel” menjadi “Ketua Tim”"
    ]


def test_rows_that_changed_places_are_told_as_moved() -> None:
    xml = KARTU.read_bytes()
    new = xml.replace(b'"sop.no" value="1"', b'"sop.no" value="4.5"')
    found = told(xml, new, "en")
    assert len(found) == 1
    assert "stands elsewhere in the order: it was the first, now it is after “" in found[0]


def test_what_is_in_another_drawing_is_no_difference_but_another_picture() -> None:
    xml = KARTU.read_bytes()
    moved = re.sub(rb'<dc:Bounds x="(\d+)', rb'<dc:Bounds x="1\1', xml, count=3)
    assert moved != xml
    assert differences(xml, moved) == []
    assert redrawn(xml, moved)
    assert not redrawn(xml, etree.tostring(etree.fromstring(xml), encoding="utf-8", pretty_print=True))
