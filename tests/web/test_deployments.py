"""Sending files in the browser: what is found is told beside them, and only what is right is deployed."""

from io import BytesIO
from pathlib import Path

import pytest
from werkzeug.test import TestResponse

from service.language import LANGUAGES
from service.operations import archive, deployments, uploads
from tests.web.conftest import FILES, Office
from tests.web.reader import As, Reader, words

OFFICE = {path.name: path.read_bytes() for path in FILES.iterdir()}
WRONG = OFFICE["nota.bpmn"].replace(b'=keputusan = "setuju"', b"=keputusan = ")
PLAIN = Path(__file__).parent.parent / "diagrams" / "sequence.bpmn"


def send(reader: Reader, files: dict[str, bytes], field: str = "files", **more: object) -> TestResponse:
    """Sends files to be checked, as the page's form does."""
    parts = [(BytesIO(content), name) for name, content in files.items()]
    return reader.send("/deployments/check", **{field: parts}, **more)


def sent(reader: Reader, files: dict[str, bytes], **more: object) -> str:
    """The address of the page about files that were taken."""
    answer = send(reader, files, **more)
    assert answer.status_code == 303, words(answer.text)[:500]
    return answer.headers["Location"]


def deployed(office: Office) -> int:
    with office.database.reading() as session:
        return len(deployments.find(session))


@pytest.mark.parametrize("language", LANGUAGES)
def test_what_was_understood_is_told_in_both_languages(as_: As, office: Office, language: str) -> None:
    reader = as_("admin")
    reader.post("/language", language=language)
    said = words(reader.get(sent(reader, OFFICE)))
    told = {
        "id": (
            "Yang dipahami Alur",
            "Siapa yang mendapat tugas",
            "Loket uji.loket",
            "Lina, Siti",
            "Kapan berlaku",
        ),
        "en": (
            "What Alur understood",
            "Who gets the work",
            "Loket uji.loket",
            "Lina, Siti",
            "When it takes effect",
        ),
    }
    for part in told[language]:
        assert part in said
    assert "Dibanding versi 1" in said or "Against version 1" in said


def test_a_wrong_diagram_shows_its_findings_and_is_not_deployed(as_: As, office: Office) -> None:
    reader = as_("admin")
    path = sent(reader, {**OFFICE, "nota.bpmn": WRONG})
    page = reader.get(path)
    assert 'data-severity="error"' in page
    assert "data-show" in page
    assert "Cara memperbaiki:" in words(page)
    assert "keputusan =" in words(page)
    assert 'name="effective"' not in page
    answer = reader.send(f"{path}/deploy", name="uji")
    assert answer.status_code == 422
    assert "Belum dapat dipasang" in words(answer.text)
    assert deployed(office) == 1


def test_the_drawing_comes_from_the_file_as_it_was_sent(as_: As, office: Office) -> None:
    reader = as_("admin")
    path = sent(reader, {"kantor/nota ä.bpmn": WRONG})
    answer = reader.http.get(f"{path}/files/kantor/nota%20%C3%A4.bpmn")
    assert answer.data == WRONG
    assert answer.headers["Cache-Control"] == "no-store"
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert answer.headers["Content-Disposition"].startswith("attachment")
    assert "nota%20%C3%A4.bpmn" in answer.headers["Content-Disposition"]
    reader.get(f"{path}/files/lain.bpmn", 404)


def test_a_broken_file_is_told_with_its_line_and_not_kept(as_: As, office: Office) -> None:
    answer = send(as_("admin"), {"rusak.bpmn": OFFICE["nota.bpmn"][:900]})
    assert answer.status_code == 422
    assert "Tidak ada yang disimpan" in words(answer.text)
    assert "excerpt-line meant" in answer.text
    with office.database.reading() as session:
        assert uploads.find(session, office.admin) == []


@pytest.mark.parametrize(
    ("files", "told"),
    [
        ({}, "Tidak ada"),
        ({"a.bpmn": b""}, "kosong (0 byte)"),
        ({"a.exe": b"MZ"}, "a.exe"),
        ({"../../a.bpmn": OFFICE["nota.bpmn"]}, "../../a.bpmn"),
        ({"a\x00b.bpmn": OFFICE["nota.bpmn"]}, "bpmn"),
    ],
    ids=["none", "empty", "foreign", "outside", "unseen"],
)
def test_what_cannot_be_taken_is_said_in_a_sentence(
    as_: As, office: Office, files: dict[str, bytes], told: str
) -> None:
    answer = send(as_("admin"), files)
    assert answer.status_code == 422
    assert told in words(answer.text)
    with office.database.reading() as session:
        assert uploads.find(session, office.admin) == []


def test_what_is_far_too_large_is_said(as_: As, office: Office) -> None:
    answer = as_("admin").http.post(
        "/deployments/check", data=b" " * (25 * 1024 * 1024), content_type="multipart/form-data; boundary=x"
    )
    assert answer.status_code == 413
    assert "batas ukuran" in words(answer.text)


def test_the_same_name_twice_is_said(as_: As, office: Office) -> None:
    parts = [(BytesIO(OFFICE["nota.bpmn"]), "nota.bpmn")] * 2
    twice = [(BytesIO(OFFICE["nota.bpmn"]), name) for _, name in parts]
    answer = as_("admin").send("/deployments/check", files=twice)
    assert answer.status_code == 422
    assert "bernama sama: nota.bpmn" in words(answer.text)


def test_of_a_folder_only_what_is_deployed_is_taken(as_: As, office: Office) -> None:
    reader = as_("admin")
    files = {f"kantor/{name}": content for name, content in OFFICE.items()}
    unmeant = {"kantor/Thumbs.db": b"x", "kantor/.git/a.bpmn": b"x", "kantor/catatan.md": b"x"}
    path = sent(reader, files | unmeant, field="folder")
    page = words(reader.get(path))
    assert "kantor/nota.bpmn" in page
    assert "Thumbs" not in page
    with office.database.reading() as session:
        (upload,) = uploads.find(session, office.admin)
        assert upload.name == "kantor"
        assert set(uploads.contents(session, upload)) == set(files)


def test_it_is_deployed_once_however_often_the_button_is_pressed(as_: As, office: Office) -> None:
    reader = as_("admin")
    path = sent(reader, {**OFFICE, "nota.bpmn": OFFICE["nota.bpmn"] + b"\n"})
    first = reader.send(f"{path}/deploy", name="uji", _key="satu")
    again = reader.send(f"{path}/deploy", name="uji", _key="satu")
    assert first.status_code == again.status_code == 303
    assert first.headers["Location"] == again.headers["Location"]
    gone = reader.send(f"{path}/deploy", name="uji", _key="dua")
    assert gone.status_code == 404
    assert "sudah dipasang" in words(gone.text)
    assert deployed(office) == 2


def test_the_very_same_files_make_no_new_version(as_: As, office: Office) -> None:
    reader = as_("admin")
    path = sent(reader, OFFICE, name="uji")
    said = words(reader.send(f"{path}/deploy", name="uji", _follow=True).text)
    assert "sama persis" in said
    assert deployed(office) == 1


@pytest.mark.parametrize(
    ("typed", "told"), [("kemarin", "bukan tanggal"), ("2020-01-01", "tidak boleh sudah lewat")]
)
def test_a_day_that_is_none_or_past_is_said_and_kept_on_the_page(
    as_: As, office: Office, typed: str, told: str
) -> None:
    reader = as_("admin")
    path = sent(reader, OFFICE)
    answer = reader.send(f"{path}/deploy", name="lain", effective=typed)
    assert answer.status_code == 400
    assert told in words(answer.text)
    assert f'value="{typed}"' in answer.text
    assert deployed(office) == 1


def test_a_later_day_waits_and_the_present_revision_stays_in_force(as_: As, office: Office) -> None:
    reader = as_("admin")
    path = sent(reader, {**OFFICE, "nota.bpmn": OFFICE["nota.bpmn"] + b"\n"})
    said = words(reader.send(f"{path}/deploy", name="lain", effective="2099-01-31", _follow=True).text)
    assert "Menunggu harinya mulai 31 Januari 2099" in said
    with office.database.reading() as session:
        assert deployments.latest(session, "nota").id == office.definition


def test_a_repair_leads_to_a_copy_that_lists_it(as_: As, office: Office) -> None:
    reader = as_("admin")
    plain = OFFICE["nota.bpmn"].replace(b'isExecutable="true"', b'isExecutable="false"')
    assert plain != OFFICE["nota.bpmn"]
    path = sent(reader, {**OFFICE, "nota.bpmn": plain})
    assert "Terapkan perbaikan" in words(reader.get(path))
    answer = reader.send(f"{path}/repair")
    assert answer.status_code == 303
    copy = answer.headers["Location"]
    assert copy != path
    said = words(reader.get(copy))
    assert "Yang diperbaiki" in said
    assert "Ambil salinannya" in said
    assert reader.http.get(f"{copy}/files/nota.bpmn").data != plain
    assert reader.http.get(f"{path}/files/nota.bpmn").data == plain
    assert reader.send(f"{copy}/deploy", name="perbaikan").status_code == 303


def test_a_deployed_file_comes_back_byte_for_byte(as_: As, office: Office) -> None:
    reader = as_("admin")
    with office.database.reading() as session:
        brought = deployments.definition(session, office.definition).deployment_id
        files = archive.contents(session, brought)
    assert files == OFFICE
    page = reader.get(f"/deployments/{brought}")
    for name, content in files.items():
        assert f"/deployments/{brought}/files/{name}" in page
        answer = reader.http.get(f"/deployments/{brought}/files/{name}")
        assert answer.data == content
        assert answer.mimetype == "application/octet-stream"
        assert answer.headers["Content-Security-Policy"].startswith("sandbox")
    reader.get(f"/deployments/{brought}/files/../nota.bpmn", 404)
    reader.get("/deployments/none", 404)


def test_what_waits_is_found_again_by_who_sent_it(as_: As, office: Office) -> None:
    reader = as_("admin")
    path = sent(reader, OFFICE, name="Nota baru")
    page = reader.get("/deployments")
    assert f'href="{path}"' in page
    assert "Nota baru" in words(page)


def test_names_with_markup_are_shown_as_they_are(as_: As, office: Office) -> None:
    reader = as_("admin")
    evil = OFFICE["nota.bpmn"].replace(b'name="Nota dinas"', b'name="&lt;img src=x onerror=alert(1)&gt;"')
    page = reader.get(sent(reader, {**OFFICE, "nota.bpmn": evil}, name="<b>tebal</b>"))
    assert "<img src=x" not in page
    assert "<b>tebal" not in page
