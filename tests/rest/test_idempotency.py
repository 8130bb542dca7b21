"""A command with a key is done once: whoever asks again gets the first answer, byte by byte."""

from collections.abc import Callable, Iterator
from datetime import timedelta
from io import BytesIO
from threading import Thread
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import event, func, select, update
from werkzeug.test import TestResponse

from service.errors import Undone
from service.operations import requests, tasks
from service.operations.requests import LIFE
from service.store.database import Database
from service.store.models import HistoryEvent, ProcessInstance, RequestKey, now
from tests.rest.client import SURAT, As, Client, files, values

GOOD = values(nomor="1/2026", sifat="biasa")
START = "/process-definition/key/surat/start"


def keyed(client: Client, method: str, path: str, key: str = "one", **more: Any) -> TestResponse:
    return client.send(method, path, headers={"Idempotency-Key": key}, **more)


def whole(answer: TestResponse) -> tuple[int, bytes, str | None, str | None]:
    return answer.status_code, answer.data, answer.headers.get("Content-Type"), answer.headers.get("Location")


def count(database: Database, table: Any, *where: Any) -> int:
    with database.reading() as session:
        return session.scalar(select(func.count()).select_from(table).where(*where)) or 0


@pytest.fixture
def task(as_: As, case: dict[str, Any]) -> str:
    """The path of a task that the petugas has taken."""
    (row,) = as_("petugas")("GET", "/task", processInstanceId=case["id"])
    as_("petugas")("POST", f"/task/{row['id']}/claim", {"userId": "petugas"}, status=204)
    return f"/task/{row['id']}"


def test_a_start_that_is_repeated_starts_one_case(as_: As, surat: dict[str, Any], database: Database) -> None:
    body = {"businessKey": "S-9", "variables": {"perihal": {"value": "Undangan", "type": "String"}}}
    first, second = (keyed(as_("petugas"), "POST", START, json=body) for _ in range(2))
    assert first.status_code == 200
    assert whole(first) == whole(second)
    assert count(database, ProcessInstance) == 1


def test_a_completion_that_is_repeated_is_done_once(as_: As, task: str, database: Database) -> None:
    before = count(database, HistoryEvent)
    body = GOOD
    answers = [keyed(as_("petugas"), "POST", f"{task}/complete", json=body) for _ in range(3)]
    assert {whole(answer) for answer in answers} == {whole(answers[0])}
    assert answers[0].status_code < 300, answers[0].text
    assert count(database, HistoryEvent, HistoryEvent.kind == "task_completed") == 1
    assert count(database, HistoryEvent) > before
    assert as_("petugas").send("POST", f"{task}/complete", json=body).status_code in (404, 409)


def test_a_deployment_that_is_repeated_is_one_deployment(as_: As) -> None:
    def deploy(name: str) -> TestResponse:
        data: dict[str, Any] = {"deployment-name": name}
        data |= {name: (BytesIO(content), name) for name, content in files(*SURAT).items()}
        return keyed(
            as_("admin"), "POST", "/deployment/create", data=data, content_type="multipart/form-data"
        )

    first, second, other = deploy("surat"), deploy("surat"), deploy("lain")
    assert whole(first) == whole(second)
    assert (first.status_code, other.status_code) == (200, 422)
    assert len(as_("admin")("GET", "/deployment")) == 1


@pytest.mark.parametrize(("path", "perihal"), [(START, "Rapat"), (f"{START}?x=1", "Undangan")])
def test_a_key_that_comes_with_another_request_is_refused_in_words(
    as_: As, surat: dict[str, Any], database: Database, path: str, perihal: str
) -> None:
    client = as_("petugas")
    assert keyed(client, "POST", START, json=values(perihal="Undangan")).status_code == 200
    answer = keyed(client, "POST", path, json=values(perihal=perihal))
    assert answer.status_code == 422
    assert "was sent before" in answer.json["message"]
    assert count(database, ProcessInstance) == 1


def test_a_key_is_a_persons_own(as_: As, surat: dict[str, Any], database: Database) -> None:
    for login in ("petugas", "petugas2"):
        assert keyed(as_(login), "POST", START, json=values(perihal="Undangan")).status_code == 200
    assert count(database, ProcessInstance) == 2


def test_a_failure_is_not_kept(as_: As, surat: dict[str, Any], database: Database) -> None:
    client, body = as_("petugas"), values(perihal="Undangan")
    assert keyed(client, "POST", "/process-definition/key/none/start", json=body).status_code == 404
    assert count(database, RequestKey) == 0
    assert keyed(client, "POST", START, json=body).status_code == 200


@pytest.mark.parametrize("key", ["x" * 201, "a\tb"])
def test_a_key_that_cannot_be_kept_is_refused(as_: As, surat: dict[str, Any], key: str) -> None:
    answer = keyed(as_("petugas"), "POST", START, key, json=values(perihal="Undangan"))
    assert answer.status_code == 400
    assert "Idempotency-Key" in answer.json["message"]


def test_twins_that_come_at_once_get_one_answer(app: Flask, as_: As, task: str, database: Database) -> None:
    clients = [as_("petugas") for _ in range(4)]
    answers: list[TestResponse] = []

    def send(client: Client) -> None:
        body = GOOD
        answers.append(keyed(client, "POST", f"{task}/complete", json=body))

    threads = [Thread(target=send, args=(client,)) for client in clients]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len({whole(answer) for answer in answers}) == 1
    assert answers[0].status_code < 300
    assert count(database, HistoryEvent, HistoryEvent.kind == "task_completed") == 1


def test_a_command_that_another_crossed_is_done_again_and_only_once(
    as_: As, task: str, database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    complete, tried = tasks.complete, []

    def crossed(*arguments: Any, **named: Any) -> Any:
        tried.append(1)
        done = complete(*arguments, **named)
        if len(tried) < 3:
            raise Undone("store.busy")
        return done

    monkeypatch.setattr(tasks, "complete", crossed)
    answer = keyed(as_("petugas"), "POST", f"{task}/complete", json=GOOD)
    assert (answer.status_code < 300, len(tried)) == (True, 3)
    assert count(database, HistoryEvent, HistoryEvent.kind == "task_completed") == 1


def test_a_command_that_is_always_crossed_may_be_asked_later(
    as_: As, task: str, database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    def crossed(*_: Any, **__: Any) -> Any:
        raise Undone("store.busy")

    monkeypatch.setattr(tasks, "complete", crossed)
    answer = keyed(as_("petugas"), "POST", f"{task}/complete", json=GOOD)
    assert (answer.status_code, answer.headers["Retry-After"]) == (503, "5")
    assert count(database, RequestKey) == 0


@pytest.fixture
def statements(database: Database) -> Iterator[Callable[[], int]]:
    """How many statements there were since this was asked last."""
    seen: list[str] = []

    def ask() -> int:
        number = len(seen)
        seen.clear()
        return number

    def see(*told: Any) -> None:
        seen.append(told[2])

    event.listen(database._writer, "before_cursor_execute", see)
    yield ask
    event.remove(database._writer, "before_cursor_execute", see)


def test_a_key_costs_two_statements_and_none_costs_nothing(
    as_: As, surat: dict[str, Any], statements: Callable[[], int]
) -> None:
    client, body = as_("petugas"), values(perihal="Undangan")
    client.send("POST", START, json=body)  # what the process keeps between requests is there from now
    statements()
    client.send("POST", START, json=body)
    plain = statements()
    keyed(client, "POST", START, json=body)
    assert statements() == plain + 2
    keyed(client, "POST", START, json=body)
    assert statements() <= 3  # the answer costs two; the third begins, or asks who this is


def test_a_key_lives_for_a_day(as_: As, surat: dict[str, Any], database: Database) -> None:
    client, body = as_("petugas"), values(perihal="Undangan")
    for key in ("old", "new"):
        keyed(client, "POST", START, key, json=body)
    with database.transaction() as session:
        past = {"created_at": now() - LIFE - timedelta(seconds=1)}
        session.execute(update(RequestKey).where(RequestKey.key == "old").values(past))
    with database.transaction() as session:
        requests.purge(session)
    assert count(database, RequestKey) == 1
