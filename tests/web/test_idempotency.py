"""A page's form is done once: after a double click, a lost answer, or the back button."""

import re
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import func, select

from service.errors import Undone
from service.store.models import Document, HistoryEvent, ProcessInstance, RequestKey
from service.web import present
from tests.web.conftest import PDF, Office
from tests.web.reader import As, Reader, words

KEY = re.compile(r'name="_key" value="([^"]+)"')
NOTICE = re.compile(r'class="notice[^>]*>(.*?)</', re.S)
TEMPLATES = Path(present.__file__).parent / "templates"
START = "/start/nota"


def count(office: Office, table: Any, *where: Any) -> int:
    with office.database.reading() as session:
        return session.scalar(select(func.count()).select_from(table).where(*where)) or 0


def keys(reader: Reader, path: str) -> list[str]:
    return KEY.findall(reader.get(path))


@pytest.fixture
def taken(office: Office, as_: As) -> str:
    """The path of a task that Siti has taken."""
    task = f"/tasks/{office.task(office.start())}"
    as_("siti").post(f"{task}/claim")
    return task


def test_every_form_of_a_page_has_a_key_of_its_own(as_: As, office: Office) -> None:
    for perihal in ("satu", "dua"):
        office.start(perihal)
    siti = as_("siti")
    for path in ("/?box=unit", "/start/nota", f"/tasks/{office.task(office.start())}"):
        assert len(set(keys(siti, path))) == len(keys(siti, path)) > 0
    assert len(keys(siti, "/?box=unit")) == 3
    assert set(keys(siti, "/?box=unit")).isdisjoint(keys(siti, "/?box=unit"))


def test_a_form_that_is_sent_twice_is_done_once_and_answered_twice(
    as_: As, office: Office, taken: str
) -> None:
    siti = as_("siti")
    (key, *_) = keys(siti, taken)
    first, second = (siti.send(taken, isi="Dengan hormat", _key=key) for _ in range(2))
    assert (first.status_code, first.headers["Location"]) == (303, second.headers["Location"])
    assert first.data == second.data
    assert count(office, HistoryEvent, HistoryEvent.kind == "task_completed") == 1


def test_whoever_lost_the_first_answer_reads_its_notice_with_the_second(
    as_: As, office: Office, taken: str
) -> None:
    lost, again = as_("siti"), as_("siti")
    (key, *_) = keys(again, taken)
    for reader in (lost, again):
        assert reader.send(taken, isi="Dengan hormat", _key=key).status_code == 303
    notices = [NOTICE.findall(reader.get("/")) for reader in (lost, again)]
    assert notices[0] == notices[1]
    assert notices[0]


def test_the_same_form_with_another_content_is_told_so(as_: As, office: Office, taken: str) -> None:
    siti = as_("siti")
    siti.post(taken, isi="satu", _key="k")
    said = words(siti.post(taken, 422, isi="dua", _key="k"))
    assert "sudah pernah dikirim dengan isi yang lain" in said
    assert count(office, HistoryEvent, HistoryEvent.kind == "task_completed") == 1


def test_a_form_that_came_back_with_mistakes_can_be_sent_again(as_: As, office: Office, taken: str) -> None:
    siti = as_("siti")
    siti.post(taken, 422, isi="", _key="k")
    assert count(office, RequestKey) == 0
    siti.post(taken, isi="satu", _key="k")


def test_a_form_that_only_keeps_a_file_leaves_its_key_free(as_: As, office: Office) -> None:
    siti = as_("siti")
    sent = {"perihal": "rapat", "_refresh": "1", "lampiran": (BytesIO(PDF), "surat.pdf"), "_key": "k"}
    siti.post(START, 200, **sent)
    assert (count(office, Document), count(office, RequestKey)) == (1, 0)
    siti.post(START, perihal="rapat", _key="k")
    assert count(office, ProcessInstance) == 1


def test_a_case_is_started_once_with_its_file(as_: As, office: Office) -> None:
    siti = as_("siti")
    answers = [
        siti.send(START, perihal="rapat", lampiran=(BytesIO(PDF), "surat.pdf"), _key="k") for _ in range(2)
    ]
    assert {answer.status_code for answer in answers} == {303}
    assert answers[0].headers["Location"] == answers[1].headers["Location"]
    assert (count(office, ProcessInstance), count(office, Document)) == (1, 1)


def test_a_form_that_another_crossed_is_done_again_with_its_file(
    as_: As, office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    tried: list[int] = []
    notify = "service.web.start.notify"

    def crossed(*_: object, **__: object) -> None:
        tried.append(1)
        if len(tried) < 3:
            raise Undone("store.busy")

    monkeypatch.setattr(notify, crossed)
    siti = as_("siti")
    siti.post(START, perihal="rapat", lampiran=(BytesIO(PDF), "surat.pdf"))
    assert len(tried) == 3
    assert (count(office, ProcessInstance), count(office, Document)) == (1, 1)


def test_what_an_undone_try_wanted_to_say_is_not_said(
    as_: As, office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    task = office.task(office.start())
    siti, tried = as_("siti"), []

    def said_and_crossed(*told: Any) -> None:
        present.notify(*told)
        tried.append(1)
        if len(tried) < 3:
            raise Undone("store.busy")

    monkeypatch.setattr("service.web.inbox.notify", said_and_crossed)
    siti.post(f"/tasks/{task}/claim")
    assert len(NOTICE.findall(siti.get("/"))) == 1
    assert len(tried) == 3


def test_a_key_that_is_too_long_is_refused_in_words(as_: As, office: Office, taken: str) -> None:
    assert "200" in words(as_("siti").post(taken, 400, isi="satu", _key="k" * 201))


def test_every_form_that_does_something_has_a_key() -> None:
    forms = {
        (path.name, form)
        for path in TEMPLATES.glob("*.html")
        for form in re.findall(r'<form[^>]*method="post".*?</form>', path.read_text("utf-8"), re.S)
    }
    without = {name for name, form in forms if "token()" not in form and "fresh_key()" not in form}
    assert len(forms) > 6
    assert without <= {"layout.html", "sign_in.html", "password.html"}
