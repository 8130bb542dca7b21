"""The page on which two revisions stand side by side, as it is read without scripts and without colours."""

import re

import pytest

from service.operations import deployments
from tests.later import earlier, later
from tests.web.conftest import Office
from tests.web.reader import As, words


@pytest.fixture
def ids(office: Office) -> tuple[str, str]:
    """A Kartu Pegawai and its later revision."""
    found = []
    for files in (earlier(), later()):
        with office.database.transaction() as session:
            found.append(deployments.deploy(session, "SOP", files).definitions[0].id)
    return found[0], found[1]


def test_it_tells_what_differs_step_by_step_with_a_word_for_each_kind(as_: As, ids: tuple[str, str]) -> None:
    page = as_("siti").get(f"/sops/{ids[1]}/compare/{ids[0]}")
    said = words(page)
    assert "Apa yang berubah dari versi 1 ke versi 2" in said
    assert "+ 3 ditambah − 1 dihapus ⇄ 1 pindah ≠ 5 berubah" in said
    step = said[said.index("Langkah 1 “") : said.index("Percabangan “")]
    assert "≠ berubah Waktu: dari “15 menit” menjadi “30 menit”" in step
    assert "+ ditambah formulir: isian “Nomor HP pemohon” (teks satu baris) ditambahkan" in step
    assert "⇄ pindah pindah dari Korpel ke Kasubbag TU" in said
    assert said.count("Langkah 1 “") == 1


def test_it_is_told_in_english_too(as_: As, ids: tuple[str, str]) -> None:
    reader = as_("siti")
    reader.send("/language", language="en")
    said = words(reader.get(f"/sops/{ids[1]}/compare/{ids[0]}"))
    assert "What changed from version 1 to version 2" in said
    assert "≠ changed Time: from “15 menit” to “30 menit”" in said
    assert "Former step 3 “Meneruskan disposisi”" in said


def test_each_diagram_is_told_what_it_marks(as_: As, ids: tuple[str, str]) -> None:
    page = as_("siti").get(f"/sops/{ids[1]}/compare/{ids[0]}")
    old, new = re.findall(r'<div class="diagram"[^>]*>', page)
    assert 'data-side="old"' in old
    assert f'data-source="/sops/{ids[0]}/diagram"' in old.replace("%3A", ":")
    assert re.search(r'data-removed="[^"]*\bdisposisi_kasubbag\b', old)
    assert 'data-added=""' in old
    assert 'data-removed=""' in new
    assert re.search(r'data-added="[^"]*\bpindai_kartu\b', new)
    assert 'data-moved="buat_konsep"' in new
    assert re.search(r'data-changed="[^"]*\bterima_usulan\b', new)


def test_both_files_can_be_had_and_any_two_revisions_chosen(as_: As, ids: tuple[str, str]) -> None:
    reader = as_("siti")
    page = reader.get(f"/sops/{ids[1]}/compare/{ids[0]}")
    files = re.findall(r'href="([^"]*/diagram)" download="kartu-pegawai.bpmn"', page)
    assert [reader.get(path)[:5] for path in files] == ["<?xml"] * 2
    assert len(re.findall(r"<select[^>]* name=\"one\"", page)) == 2
    chosen = reader.http.get(f"/sops/{ids[1]}/compare", query_string={"one": [ids[1], ids[0]]})
    assert chosen.status_code == 303
    assert chosen.location.replace("%3A", ":") == f"/sops/{ids[1]}/compare/{ids[0]}"


def test_what_is_the_same_says_so(as_: As, office: Office) -> None:
    said = words(as_("siti").get(f"/sops/{office.definition}/compare/{office.definition}"))
    assert "Kedua revisi ini sama" in said


def test_another_picture_alone_says_so(as_: As, office: Office) -> None:
    files, ids = earlier(), []
    for name in [name for name in files if name.endswith(".bpmn")]:
        for content in (files[name], re.sub(rb'<dc:Bounds x="(\d+)', rb'<dc:Bounds x="1\1', files[name])):
            with office.database.transaction() as session:
                made = deployments.deploy(session, "SOP", {**files, name: content})
                ids.append(made.definitions[0].id)
    said = words(as_("siti").get(f"/sops/{ids[1]}/compare/{ids[0]}"))
    assert "Hanya gambarnya yang diatur ulang" in said


def test_a_long_text_is_shown_once_with_its_words_marked(as_: As, office: Office) -> None:
    files = earlier()
    name = next(name for name in files if name.endswith(".bpmn"))
    before, after = (
        b"usulan permohonan kartu pegawai ke Kasubbag TU.",
        b"berkas permohonan kartu pegawai ke Kasubbag TU.",
    )
    assert before in files[name]
    ids = []
    for content in (files[name], files[name].replace(before, after)):
        with office.database.transaction() as session:
            ids.append(deployments.deploy(session, "SOP", {**files, name: content}).definitions[0].id)
    page = as_("siti").get(f"/sops/{ids[1]}/compare/{ids[0]}")
    assert "mendisposisikan <del>usulan</del> <ins>berkas</ins> permohonan kartu pegawai" in page


def test_what_is_no_revision_is_not_found_and_nobody_reads_without_signing_in(
    as_: As, ids: tuple[str, str]
) -> None:
    as_("siti").get(f"/sops/{ids[0]}/compare/kartu_pegawai:9:x", 404)
    assert as_(None).http.get(f"/sops/{ids[1]}/compare/{ids[0]}").status_code == 303


def test_names_with_markup_stay_text(as_: As, office: Office) -> None:
    files = earlier()
    name = next(name for name in files if name.endswith(".bpmn"))
    ids = []
    for text in (b"15 menit", b"&lt;b&gt;{{x}}{waktu}&lt;/b&gt;"):
        content = files[name].replace(
            b'name="sop.keterangan" value=""', b'name="sop.keterangan" value="' + text + b'"'
        )
        with office.database.transaction() as session:
            ids.append(deployments.deploy(session, "SOP", {**files, name: content}).definitions[0].id)
    page = as_("siti").get(f"/sops/{ids[1]}/compare/{ids[0]}")
    assert "&lt;b&gt;{{x}}{waktu}&lt;/b&gt;" in page
    assert "<b>" not in page
