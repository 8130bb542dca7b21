"""Documents leave the service as files to keep, for who may see their case."""

from io import BytesIO

import pytest

from service.operations import documents
from tests.web.conftest import PDF, Office
from tests.web.reader import As


def test_a_document_is_only_ever_saved(as_: As, office: Office, returned: str) -> None:
    with office.database.reading() as session:
        (document,) = documents.of_case(session, returned)
    answer = as_("budi").http.get(f"/documents/{document.id}")
    assert answer.data == PDF
    assert answer.mimetype == "application/octet-stream"
    assert answer.headers["Content-Disposition"] == "attachment; filename=surat.pdf"
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert answer.headers["Content-Security-Policy"].startswith("sandbox")
    assert answer.headers["Cache-Control"] == "no-store"
    assert answer.content_length == len(PDF)


@pytest.mark.parametrize(
    ("name", "told"),
    [
        ("Sürat keterangan.pdf", "filename*=UTF-8''S%C3%BCrat%20keterangan.pdf"),
        ("申请表.pdf", "filename*=UTF-8''%E7%94%B3%E8%AF%B7%E8%A1%A8.pdf"),
        ("kutip 'a';b.pdf", "filename"),
    ],
)
def test_its_name_is_the_one_that_the_sender_gave(as_: As, office: Office, name: str, told: str) -> None:
    page = as_("siti").post("/start/nota", 422, perihal="", lampiran=(BytesIO(PDF), name))
    assert page
    with office.database.reading() as session:
        (document,) = documents.pending(session, office.siti, "start:nota")
    disposition = as_("siti").http.get(f"/documents/{document.id}").headers["Content-Disposition"]
    assert disposition.startswith("attachment; ")
    assert told in disposition
    assert "\n" not in disposition


@pytest.mark.parametrize(
    ("name", "content"),
    [("halaman.html", b"<script>"), ("gambar.svg", b"<svg/>"), ("palsu.pdf", b"<html>"), ("kosong.pdf", b"")],
)
def test_what_no_office_sends_is_refused_beside_its_field(
    as_: As, office: Office, name: str, content: bytes
) -> None:
    page = as_("siti").post("/start/nota", 422, perihal="ada", lampiran=(BytesIO(content), name))
    assert 'id="field-lampiran-error"' in page
    assert 'value="ada"' in page
    with office.database.reading() as session:
        assert documents.pending(session, office.siti, "start:nota") == []


def test_a_document_that_there_is_not_is_not_found(as_: As, office: Office) -> None:
    as_("siti").get("/documents/none", status=404)
