"""Errors become pages: a status, a sentence, a remedy, a way back, and nothing that is not the reader's."""

import sqlite3

import pytest
from flask import Flask, abort

from service import errors as ours
from service.operations import tasks
from service.web import errors as web
from tests.web.conftest import Office
from tests.web.reader import As, words

RAISED: list[tuple[Exception, int]] = [
    (ours.NotFound("case.not_found"), 404),
    (ours.NotAllowed("case.may_not_set"), 403),
    (ours.Conflict("store.conflict"), 409),
    (ours.InvalidInput("value.number"), 400),
    (ours.InvalidSubmission({"a": ours.Message("form.invalid", {"count": 1})}), 422),
    (ours.Refused([ours.Finding("no_start", "error")]), 422),
    (ours.ExecutionFailed("value.number", element="tulis"), 422),
    (ours.Busy("store.busy"), 503),
    (ours.AlurError("store.older"), 500),
    (sqlite3.ProgrammingError("secret of the house"), 500),
    (ZeroDivisionError("secret of the house"), 500),
    (KeyError("secret of the house"), 500),
]


@pytest.mark.parametrize(("error", "status"), RAISED, ids=lambda value: type(value).__name__)
def test_every_error_becomes_a_page(
    as_: As, office: Office, monkeypatch: pytest.MonkeyPatch, error: Exception, status: int
) -> None:
    def fail(*_: object, **__: object) -> None:
        raise error

    siti = as_("siti")
    monkeypatch.setattr(tasks, "counters", fail)
    answer = siti.http.get("/")
    assert answer.status_code == status
    said = words(answer.text)
    assert "Kembali" in said
    assert "Siti" in said
    assert "secret" not in answer.text
    assert "Traceback" not in answer.text
    assert ("Retry-After" in answer.headers) == (status == 503)


@pytest.mark.parametrize("code", [400, 403, 404, 405, 406, 410, 413, 415, 429, 500, 501, 503])
def test_what_flask_refuses_becomes_a_page(
    app: Flask, as_: As, office: Office, monkeypatch: pytest.MonkeyPatch, code: int
) -> None:
    monkeypatch.setattr(tasks, "counters", lambda *_: abort(code))
    answer = as_("siti").http.get("/")
    assert answer.status_code == code
    assert "Kembali" in words(answer.text)


def test_an_error_speaks_the_readers_language(as_: As, office: Office) -> None:
    reader = as_("siti")
    reader.send("/language", language="en")
    assert "Not found" in reader.get("/nowhere", status=404)


def test_an_error_undoes_the_whole_request(as_: As, office: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    task = office.task(office.start())
    siti = as_("siti")
    with monkeypatch.context() as patched:
        patched.setattr("service.web.inbox.notify", lambda *_: 1 / 0)
        siti.post(f"/tasks/{task}/claim", 500)
    assert "Belum diambil" in siti.get(f"/tasks/{task}")


def test_a_page_that_only_reads_cannot_write(
    as_: As, office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    task = office.task(office.start())
    monkeypatch.setattr(tasks, "counters", lambda session, actor: tasks.claim(session, task, actor))
    as_("siti").get("/", status=500)
    monkeypatch.undo()
    assert "Belum diambil" in as_("siti").get(f"/tasks/{task}")


def test_after_a_form_the_way_back_is_its_page(as_: As, office: Office) -> None:
    task = office.task(office.start())
    siti = as_("siti")
    siti.post(f"/tasks/{task}", isi="satu")
    assert f'href="/tasks/{task}"' in siti.post(f"/tasks/{task}", 409, isi="dua")
    assert 'class="button primary" href="/"' in siti.http.post("/nowhere").text


def test_every_explained_status_has_its_words() -> None:
    assert set(web.STATUSES.values()) | {413, 429, 405, 500} <= set(web.EXPLAINED)
