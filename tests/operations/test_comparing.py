"""What a revision changes against another one, with the forms and decisions that each would be given."""

import json

import pytest

from service.errors import NotFound
from service.language import say
from service.operations import comparing, deployments, resources
from service.operations.comparing import Comparison
from service.store.database import Database
from tests.later import CHECKED, earlier, later

TOLD = [
    "Tabel SOP – nomor langkah bergeser: 4 → 3, 5 → 4, 6 → 5, 7 → 6, 8 → 7",
    "Langkah 1 “Menerima dan memeriksa usulan” – Waktu: dari “15 menit” menjadi “30 menit”",
    "Langkah 1 “Menerima dan memeriksa usulan” – "
    "formulir: isian “Nomor HP pemohon” (teks satu baris) ditambahkan",
    "Percabangan “Persyaratan lengkap?” – syarat jalan “Tidak”: "
    'dari “=keputusan_kelengkapan = "tidak"” menjadi “=keputusan_kelengkapan != "lengkap"”',
    "Langkah 2 “Mendisposisikan usulan” – "
    "sesudahnya kini “Membuat konsep surat pengantar”; dahulu “Meneruskan disposisi”",
    "Langkah 3 yang dahulu “Meneruskan disposisi” – dihapus (pelaksana: Kasubbag TU; waktu: 15 menit)",
    "Langkah 3 “Membuat konsep surat pengantar” – pindah dari Korpel ke Kasubbag TU",
    "Langkah 7 “Menerima dan mencatat kartu” – sesudahnya kini “Memindai kartu”; dahulu “Menyerahkan kartu”",
    "Langkah 8 “Memindai kartu” – ditambahkan (pelaksana: Kasubbag TU; waktu: 5 menit)",
    "Langkah 8 “Memindai kartu” – sesudahnya: “Menyerahkan kartu”",
]


def told(comparison: Comparison) -> list[str]:
    return [say(one.message, "id") for one in comparison.changes]


def deployed(database: Database, files: dict[str, bytes]) -> str:
    with database.transaction() as session:
        return deployments.deploy(session, "SOP", files).definitions[0].id


@pytest.fixture
def ids(database: Database) -> tuple[str, str]:
    """A Kartu Pegawai and its later revision."""
    return deployed(database, earlier()), deployed(database, later())


def test_two_revisions_are_compared_in_the_order_in_which_one_reads(
    database: Database, ids: tuple[str, str]
) -> None:
    with database.reading() as session:
        found = comparing.compare(session, *ids)
        back = comparing.compare(session, *reversed(ids))
        same = comparing.compare(session, ids[0], ids[0])
    assert told(found) == TOLD
    assert comparing.summary(found) == {"added": 3, "removed": 1, "moved": 1, "changed": 5}
    assert found.old_marks["disposisi_kasubbag"] == "removed"
    assert back.new_marks["disposisi_kasubbag"] == "added"
    assert found.new_marks["buat_konsep"] == found.old_marks["buat_konsep"] == "moved"
    assert found.new_marks["terima_usulan"] == "changed"
    assert (same.changes, dict(same.old_marks), same.redrawn) == ((), {}, False)


def test_files_tell_what_they_would_change_before_they_are_deployed(database: Database) -> None:
    read = resources.read(later())
    with database.reading() as session:
        (first,) = comparing.upcoming(session, read)
    assert (first.process.id, first.definition, first.comparison) == ("kartu_pegawai", None, None)
    present = deployed(database, earlier())
    with database.reading() as session:
        (next_,) = comparing.upcoming(session, read)
    assert next_.definition and next_.definition.id == present
    assert next_.comparison and told(next_.comparison) == TOLD


def test_a_form_alone_makes_a_difference(database: Database) -> None:
    files = earlier()
    old = deployed(database, files)
    form = json.loads(files[CHECKED])
    form["components"] = form["components"][:-1]
    new = deployed(database, {**files, CHECKED: json.dumps(form).encode()})
    with database.reading() as session:
        found = comparing.compare(session, old, new)
    assert {one.about for one in found.changes} == {"field"}
    assert dict(found.new_marks) == {"terima_usulan": "changed"}
    assert not found.redrawn


def test_what_is_no_definition_is_not_found(database: Database, ids: tuple[str, str]) -> None:
    with database.reading() as session, pytest.raises(NotFound):
        comparing.compare(session, ids[0], "kartu_pegawai:9:x")
