"""A page's form is taken in with its files, which are kept whatever becomes of the form."""

import json
from io import BytesIO

import pytest
from flask import g

from service import forms
from service.config import Config
from service.errors import InvalidSubmission
from service.web import create_app, submissions

PDF = b"%PDF-1.4\n1 0 obj<<>>endobj\ntrailer<<>>\n%%EOF\n"
FORM = {
    "components": [
        {"type": "textfield", "key": "nama", "validate": {"required": True}},
        {"type": "filepicker", "key": "surat", "accept": ".pdf"},
        {
            "type": "dynamiclist",
            "path": "pegawai",
            "components": [{"type": "filepicker", "key": "foto", "multiple": True}],
        },
    ]
}


@pytest.fixture
def post(database, people, tmp_path):
    """Posts fields and files in Budi's name; answers what was received and what waits afterwards."""
    budi = people("budi")
    app = create_app(Config(data=tmp_path, secret_key="test"), database)
    form = forms.read(json.dumps(FORM).encode())

    def send(data, owner="task-1"):
        with app.test_request_context("/", method="POST", data=data), database.transaction() as g.session:
            g.actor = budi
            received = submissions.received(form, owner)
            return received, submissions.pending(form, owner), form

    return send


def pdf(name="surat.pdf", content=PDF):
    return (BytesIO(content), name)


def test_a_file_is_kept_at_once_and_waits_for_the_form(post):
    received, waiting, form = post({"nama": "", "_shown": "surat", "surat": pdf()})
    assert received.action == "complete"
    [kept] = waiting["surat"]
    assert received.typed["surat"] == [kept.id]
    assert (kept.name, kept.type, kept.size) == ("surat.pdf", "application/pdf", len(PDF))
    assert refused(form, received) == {"nama": "form.required"}


def refused(form, received):
    with pytest.raises(InvalidSubmission) as error:
        forms.check(form, {}, received.typed, received.files)
    return {place: message.key for place, message in error.value.fields.items()}


def test_a_file_that_was_sent_before_is_sent_again_by_its_id(post):
    first, _, _ = post({"nama": "", "surat": pdf()})
    again, _, form = post({"nama": "Budi", "surat": first.typed["surat"][0]})
    written = forms.check(form, {}, again.typed, again.files)
    assert [file["id"] for file in written["surat"]] == first.typed["surat"]


def test_a_new_file_replaces_the_one_before(post):
    first, _, _ = post({"nama": "a", "surat": pdf()})
    again, _, form = post({"nama": "a", "surat": [first.typed["surat"][0], pdf("baru.pdf")]})
    [file] = forms.check(form, {}, again.typed, again.files)["surat"]
    assert file["name"] == "baru.pdf"


def test_a_file_belongs_to_its_row_also_when_another_row_goes(post):
    fields = {"nama": "a", "pegawai[0]._row": "", "pegawai[1]._row": "", "_remove": "pegawai[0]"}
    received, _, _ = post({**fields, "pegawai[1].foto": pdf("foto.pdf")})
    assert received.action == "change"
    [row] = received.typed["pegawai"]
    [id_] = row["foto"]
    assert [file.name for group in received.files.values() for file in group if file.id == id_] == [
        "foto.pdf"
    ]


def test_a_file_that_cannot_be_kept_is_told_beside_its_field(post):
    received, waiting, form = post({"nama": "a", "surat": pdf("surat.pdf", b"MZ\x00\x01program")})
    assert waiting == {}
    assert refused(form, received) == {"surat": "form.file_refused"}


def test_a_file_for_what_is_no_file_field_is_not_kept(post):
    received, waiting, form = post({"nama": "a", "foto": pdf()})
    assert waiting == {}
    assert refused(form, received) == {"foto": "form.unknown"}


def test_an_empty_file_control_sends_nothing(post):
    received, waiting, _ = post({"nama": "a", "_shown": "surat", "surat": (BytesIO(), "")})
    assert (received.typed["surat"], waiting) == ([], {})


def test_a_file_may_be_thrown_away(post):
    first, _, _ = post({"nama": "a", "surat": pdf()})
    [id_] = first.typed["surat"]
    received, waiting, _ = post({"nama": "a", "surat": id_, "_discard": id_})
    assert (received.action, received.typed["surat"], waiting) == ("change", [], {})


def test_nobody_takes_another_persons_or_another_tasks_file(post):
    first, _, _ = post({"nama": "a", "surat": pdf()}, owner="task-2")
    [id_] = first.typed["surat"]
    received, _, form = post({"nama": "a", "surat": id_, "_discard": "x"})
    assert refused(form, received) == {"surat": "form.file_unknown"}
    _, waiting, _ = post({"nama": "a", "_discard": id_})
    assert waiting == {}
    _, kept, _ = post({"nama": "a"}, owner="task-2")
    assert [file.id for file in kept["surat"]] == [id_]
