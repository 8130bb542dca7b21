"""One task: what its page says, its form, and its completion."""

import re
from io import BytesIO

import pytest
from sqlalchemy import text

from service.operations import documents, gate, tasks
from tests.web.conftest import PDF, Office
from tests.web.reader import As, words

FILE = re.compile(r'name="berkas" value="([^"]+)"')


@pytest.fixture
def task(office: Office) -> str:
    """A task that Siti has claimed."""
    id_ = office.task(office.start())
    with office.database.transaction() as session:
        tasks.claim(session, id_, office.siti)
    return id_


def status(office: Office, task: str) -> str:
    with office.database.reading() as session:
        return tasks.get(session, task, office.admin).status


def variables(office: Office, task: str) -> dict[str, object]:
    with office.database.reading() as session:
        return gate.variables(session, tasks.get(session, task, office.admin).instance_id)


def test_the_page_says_what_the_sop_asks_and_who_has_it(as_: As, office: Office, task: str) -> None:
    said = words(as_("siti").get(f"/tasks/{task}"))
    for part in (
        *("Nota dinas", "Menulis nota dinas sesuai permintaan.", "Permintaan", "15 menit", "Nota rapat"),
        *("NOTA-20", "WIB", "Dipegang oleh Siti", "Selesaikan", "Lepas"),
    ):
        assert part in said


def test_a_task_that_nobody_has_is_shown_and_not_filled_in(as_: As, office: Office) -> None:
    page = as_("siti").get(f"/tasks/{office.task(office.start())}")
    assert "<fieldset disabled" in page
    assert 'id="claim"' in page
    assert 'id="complete"' not in page


def test_a_colleagues_task_says_who_has_it(as_: As, office: Office, task: str) -> None:
    page = as_("lina").get(f"/tasks/{task}")
    assert "sedang dipegang Siti" in words(page)
    assert 'id="complete"' not in page
    assert 'id="claim"' not in page


def test_completing_says_what_happens_next(as_: As, office: Office, task: str) -> None:
    answer = as_("siti").send(f"/tasks/{task}", isi="Dengan hormat", _follow=True)
    assert answer.request.path == "/"
    assert "“Menulis nota” selesai. Berikutnya: “Memeriksa nota” oleh Kepala." in words(answer.text)
    assert status(office, task) == "completed"
    assert variables(office, task)["isi"] == "Dengan hormat"


def test_a_refused_form_keeps_what_was_typed_and_the_files(as_: As, office: Office, task: str) -> None:
    siti = as_("siti")
    page = siti.post(f"/tasks/{task}", 422, isi="", berkas=(BytesIO(PDF), "konsep.pdf"))
    assert 'id="form-summary"' in page
    assert "autofocus" in page
    assert 'href="#field-isi"' in page
    assert "konsep.pdf" in page
    assert "Perlu diperbaiki: Menulis nota" in page
    (kept,) = FILE.findall(page)
    assert kept in siti.get(f"/tasks/{task}")
    siti.post(f"/tasks/{task}", isi="Dengan hormat", berkas=kept)
    assert variables(office, task)["berkas"] == [
        {"id": kept, "name": "konsep.pdf", "type": "application/pdf", "size": len(PDF)}
    ]


def test_a_task_is_completed_once(as_: As, office: Office, task: str) -> None:
    siti = as_("siti")
    siti.post(f"/tasks/{task}", isi="pertama")
    said = words(siti.post(f"/tasks/{task}", 409, isi="kedua"))
    assert "sudah selesai" in said
    assert variables(office, task)["isi"] == "pertama"


def test_a_finished_task_leads_to_its_case(as_: As, office: Office, task: str) -> None:
    siti = as_("siti")
    siti.post(f"/tasks/{task}", isi="selesai")
    answer = siti.http.get(f"/tasks/{task}", follow_redirects=True)
    assert answer.request.path.startswith("/cases/")
    assert "sudah selesai" in words(answer.text)


def test_a_task_that_a_colleague_has_is_not_completed(as_: As, office: Office, task: str) -> None:
    said = words(as_("lina").post(f"/tasks/{task}", 403, isi="punya Lina"))
    assert "Siti" in said
    assert status(office, task) == "open"


def test_a_task_of_another_position_is_not_completed(as_: As, office: Office, returned: str) -> None:
    task = office.task(returned)
    as_("budi").post(f"/tasks/{task}", 403, isi="punya Budi")
    as_("eko").post(f"/tasks/{task}", 404, isi="punya Eko")
    assert status(office, task) == "open"
    assert variables(office, task)["isi"] == "Dengan hormat"


@pytest.mark.parametrize(
    "fields",
    [{"isi": "a\x00b"}, {"isi": "x", "keputusan": "setuju"}, {"isi": "x" * 200_000}],
    ids=["NUL", "a field of another task", "too long"],
)
def test_bad_input_gets_its_sentence_and_changes_nothing(
    as_: As, office: Office, task: str, fields: dict[str, str]
) -> None:
    before = variables(office, task)
    as_("siti").post(f"/tasks/{task}", 422, **fields)
    assert status(office, task) == "open"
    assert variables(office, task) == before


def test_a_value_that_is_no_choice_is_refused(as_: As, office: Office) -> None:
    case = office.start()
    office.write(case)
    task = office.task(case)
    budi = as_("budi")
    budi.post(f"/tasks/{task}/claim")
    budi.post(f"/tasks/{task}", 422, keputusan="mungkin")
    assert "keputusan" not in variables(office, task)


@pytest.mark.parametrize("size", [1_100_000, 10_000_000, 21 * 1024 * 1024])
def test_too_large_a_form_is_refused_before_it_is_read(as_: As, office: Office, task: str, size: int) -> None:
    said = words(as_("siti").post(f"/tasks/{task}", 413, isi="x" * size))
    assert "terlalu besar" in said
    assert status(office, task) == "open"


def test_a_changed_form_is_drawn_again_without_checking(as_: As, office: Office) -> None:
    case = office.start()
    office.write(case)
    task = office.task(case)
    budi = as_("budi")
    budi.post(f"/tasks/{task}/claim")
    page = budi.post(f"/tasks/{task}", 200, keputusan="tidak", _refresh="1")
    assert 'name="catatan"' in page
    assert "form-error" not in page
    part = budi.post(f"/tasks/{task}", 200, keputusan="tidak", _refresh="1", _headers={"HX-Request": "true"})
    assert "<form" not in part
    assert 'name="catatan"' in part
    assert "<html" not in part
    assert 'name="catatan"' not in budi.get(f"/tasks/{task}")


def test_drawing_again_waits_for_nobody_who_writes(as_: As, office: Office, task: str) -> None:
    siti = as_("siti")
    token = siti.token()
    fields = {"csrf_token": token, "isi": "sambil menunggu", "_refresh": "1"}
    with office.database.transaction() as session:
        session.execute(text("UPDATE person SET name = name"))
        answer = siti.http.post(f"/tasks/{task}", data=fields)
    assert answer.status_code == 200
    assert "sambil menunggu" in answer.text


def test_a_document_that_was_sent_and_not_used_is_the_senders_alone(
    as_: As, office: Office, task: str
) -> None:
    as_("siti").post(f"/tasks/{task}", 422, isi="", berkas=(BytesIO(PDF), "konsep.pdf"))
    with office.database.reading() as session:
        (kept,) = documents.pending(session, office.siti, task)
    as_("siti").get(f"/documents/{kept.id}")
    as_("lina").get(f"/documents/{kept.id}", status=404)


def test_a_returned_task_says_by_whom_and_why(as_: As, office: Office, returned: str) -> None:
    task = office.task(returned)
    siti = as_("siti")
    siti.post(f"/tasks/{task}/claim")
    said = words(siti.get(f"/tasks/{task}"))
    assert "Perbaikan ke-2" in said
    assert "Dikembalikan oleh Budi dari langkah “Memeriksa nota”" in said
    assert "Tanggalnya keliru." in said
    assert said.index("Perbaikan ke-2") < said.index("Menulis nota dinas sesuai permintaan.")


def test_the_next_review_is_another_turn_and_not_a_return(as_: As, office: Office, returned: str) -> None:
    office.write(returned, "Lebih baik")
    said = words(as_("budi").get(f"/tasks/{office.task(returned)}"))
    assert "Dikembalikan" not in said
    assert "Perbaikan" not in said
