"""A form that was opened on one revision and is sent when another is in force loses nothing."""

import json
import re
from io import BytesIO

import pytest

from service.operations import deployments, documents, instances, revisions
from service.store.models import ProcessDefinition
from tests.web.conftest import FILES, PDF, Office
from tests.web.reader import As, words

ACTION = re.compile(r'action="(/start/[^"]+)"')


def revise(office: Office, *, without: str = "", more: str = "") -> ProcessDefinition:
    """A next revision, whose start form lacks one field or has one more."""
    files = {path.name: path.read_bytes() for path in FILES.iterdir()}
    form = json.loads(files["permintaan.form"])
    fields = [field for field in form["components"] if field["key"] != without]
    if more:
        fields.append({"type": "textfield", "id": "Field_9", "key": more, "label": more.title()})
    files["permintaan.form"] = json.dumps(form | {"components": fields}).encode()
    with office.database.transaction() as session:
        return deployments.deploy(session, "uji", files).definitions[0]


def opened(as_: As) -> str:
    """Where the start form's page sends what is filled in."""
    found = ACTION.search(as_("siti").get("/start/nota"))
    assert found
    return found[1].replace("&amp;", "&")


def begun(office: Office) -> list[str]:
    """The revisions on which cases have begun."""
    with office.database.reading() as session:
        return [case.definition_id for case in instances.find(session, office.admin)]


def test_the_new_form_comes_with_what_was_typed_and_then_begins_the_case(as_: As, office: Office) -> None:
    action = opened(as_)
    second = revise(office, more="tembusan")
    page = as_("siti").post(action, 409, perihal="rapat kerja", lampiran=(BytesIO(PDF), "surat.pdf"))
    assert 'value="rapat kerja"' in page
    assert "Tembusan" in page
    assert "surat.pdf" in page
    assert "revisi lain" in words(page)
    assert begun(office) == []
    with office.database.reading() as session:
        (kept,) = documents.pending(session, office.siti, "start:nota")
    again = ACTION.search(page)
    assert again
    fields = {"perihal": "rapat kerja", "tembusan": "arsip", "lampiran": kept.id}
    as_("siti").post(again[1].replace("&amp;", "&"), 303, **fields)
    assert begun(office) == [second.id]
    with office.database.reading() as session:
        assert documents.pending(session, office.siti, "start:nota") == []


def test_what_the_new_form_does_not_ask_for_can_be_copied(as_: As, office: Office) -> None:
    action = opened(as_)
    revise(office, without="perihal")
    page = as_("siti").post(action, 409, perihal="rapat <kerja>")
    assert "Perihal: rapat <kerja>" in words(page)


def test_a_form_that_only_changes_stays_the_one_that_was_opened(as_: As, office: Office) -> None:
    action = opened(as_)
    revise(office, without="perihal")
    assert 'value="rapat"' in as_("siti").post(action, 200, perihal="rapat", _refresh="1")


def test_when_nothing_is_in_force_any_more_the_form_says_so_and_keeps_what_was_typed(
    as_: As, office: Office
) -> None:
    action = opened(as_)
    with office.database.transaction() as session:
        revisions.withdraw(session, office.definition, office.admin, "dicabut")
    page = as_("siti").post(action, 409, perihal="rapat kerja")
    assert 'value="rapat kerja"' in page
    assert "tidak mempunyai revisi yang berlaku" in words(page)
    assert "tidak mempunyai revisi yang berlaku" in words(as_("siti").get("/start/nota", 404))
    assert begun(office) == []


@pytest.mark.parametrize("other", ["nothing", "x:1:y", ""])
def test_a_revision_that_nobody_knows_counts_as_none(as_: As, office: Office, other: str) -> None:
    as_("siti").post(f"/start/nota?revision={other}", 303, perihal="rapat")
    assert begun(office) == [office.definition]
