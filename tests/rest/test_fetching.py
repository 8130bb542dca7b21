"""Fetching external tasks over HTTP: which ones, with what, and waiting for them."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from threading import Event
from time import monotonic, sleep
from typing import Any

import pytest
from flask import Flask

from service.store.database import Database
from service.web.rest import fetching
from tests.operations.printing import let_locks_run_out
from tests.rest.client import As
from tests.rest.printing import asked, fetch

WAITING = 20_000
"""Milliseconds that a worker waits in these tests, far more than it ever takes."""


def test_which_variables_go_along_is_asked_for(
    as_: As, kartu: Callable[..., str], database: Database
) -> None:
    kartu(nama="Siti", jumlah=2)

    def names(**topic: Any) -> set[str]:
        let_locks_run_out(database)
        return set(fetch(as_, topic=topic)[0]["variables"])

    assert names() == names(deserializeValues=True) == {"nama", "jumlah"}
    assert names(variables=[]) == names(localVariables=True) == set()
    assert names(variables=None, processVariables={"jumlah": 2}, withoutTenantId=True) == {"nama", "jumlah"}
    let_locks_run_out(database)
    assert fetch(as_, topic={"processVariables": {"jumlah": 3}}) == []
    assert fetch(as_, topic={"businessKey": "lain"}) == []
    assert fetch(as_, topic={"processDefinitionKey": "kartu", "processDefinitionKeyIn": ["lain"]}) == []
    assert len(fetch(as_, topic={"processDefinitionKeyIn": ["kartu", "lain"], "businessKey": "K-1"})) == 1


def test_the_more_important_come_first(as_: As, kartu: Callable[..., str]) -> None:
    first, second = kartu(), kartu()
    admin = as_("admin")
    [late] = admin("GET", "/external-task", processInstanceId=second)
    admin("PUT", f"/external-task/{late['id']}/priority", {"priority": 9}, status=204)
    found = fetch(as_, maxTasks=9, usePriority=True, sorting=[{"sortBy": "createTime", "sortOrder": "asc"}])
    assert [(task["processInstanceId"], task["priority"]) for task in found] == [(second, 9), (first, 7)]


@pytest.mark.parametrize(
    "body",
    [
        {},
        {"workerId": "w"},
        {"workerId": None, "maxTasks": 1},
        {"workerId": "w", "maxTasks": "banyak"},
        {"workerId": "w", "maxTasks": -1},
        {"workerId": 7, "maxTasks": 1},
        {"workerId": "w\x00", "maxTasks": 1},
        {"workerId": "\ud800", "maxTasks": 1},
        asked(topics="cetak"),
        asked(topics=[{"topicName": "cetak"}]),
        asked(topic={"lockDuration": 0}),
        asked(topic={"lockDuration": 10**30}),
        asked(topic={"lockDuration": 1.5}),
        asked(topic={"processVariables": [1]}),
        asked(topic={"tenantIdIn": ["a"]}),
        asked(topic={"topicName": ["cetak"]}),
        asked(asyncResponseTimeout=-1),
        asked(asyncResponseTimeout=1_800_001),
        asked(usePriority="mungkin"),
        asked(sorting=[{"sortBy": "priority", "sortOrder": "asc"}]),
    ],
)
def test_a_fetch_that_cannot_be_understood_is_refused(as_: As, body: dict[str, Any]) -> None:
    refused = as_("admin").send("POST", "/external-task/fetchAndLock", json=body)
    assert refused.status_code == 400
    assert refused.json and refused.json["message"]


def while_waiting(as_: As, app: Flask, do: Callable[[], object], **more: Any) -> tuple[Any, float]:
    """What a worker is answered who waits while something is done, and after how many seconds."""
    waiters: fetching.Waiters = app.extensions["alur.waiters"]
    grown = Event()
    waiters.grow = lambda _: grown.set()
    with ThreadPoolExecutor(1) as pool:
        begun = monotonic()
        answer = pool.submit(fetch, as_, asyncResponseTimeout=WAITING, **more)
        assert grown.wait(WAITING / 1000)
        do()
        return answer.result(), monotonic() - begun


def test_who_waits_is_woken_by_a_new_task(
    as_: As, app: Flask, kartu: Callable[..., str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(fetching, "LOOK", WAITING)
    started: list[str] = []
    found, seconds = while_waiting(as_, app, lambda: started.append(kartu()))
    assert [task["processInstanceId"] for task in found] == started
    assert seconds < WAITING / 1000


def test_who_waits_is_woken_by_a_task_that_was_given_back(
    as_: As, app: Flask, kartu: Callable[..., str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(fetching, "LOOK", WAITING)
    kartu()
    [task] = fetch(as_, workerId="w0")

    def give_back() -> None:
        as_("admin")("POST", f"/external-task/{task['id']}/unlock", status=204)

    found, _ = while_waiting(as_, app, give_back)
    assert [task["workerId"] for task in found] == ["w1"]


def test_who_waits_looks_for_what_other_processes_made(
    as_: As, app: Flask, kartu: Callable[..., str], database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(fetching, "LOOK", 0.01)
    kartu()
    fetch(as_, workerId="w0")
    found, _ = while_waiting(as_, app, lambda: let_locks_run_out(database))
    assert len(found) == 1


def test_waiting_ends_without_a_task(as_: As, kartu: Callable[..., str]) -> None:
    assert fetch(as_, asyncResponseTimeout=1) == []
    assert fetch(as_, asyncResponseTimeout=WAITING, topics=[]) == []


def test_whoever_waits_on_top_of_the_others_is_answered_at_once(
    as_: As, app: Flask, kartu: Callable[..., str]
) -> None:
    waiters: fetching.Waiters = app.extensions["alur.waiters"]
    app.extensions["alur.waiters"] = fetching.Waiters(0)
    assert fetch(as_, asyncResponseTimeout=WAITING) == []
    waiters.grow = lambda threads: grown.append(threads)
    grown: list[int] = []
    with waiters.room() as first, waiters.room() as second:
        assert first and second
    with waiters.room() as third:
        assert third
    assert grown == [1, 2]


def test_a_worker_that_is_gone_gets_nothing(as_: As, kartu: Callable[..., str]) -> None:
    gone = {"waitress.client_disconnected": lambda: True}
    answer = as_("admin").send(
        "POST",
        "/external-task/fetchAndLock",
        json=asked(asyncResponseTimeout=WAITING),
        environ_overrides=gone,
    )
    assert answer.json == []


def test_waiting_holds_no_connection(
    as_: As, app: Flask, kartu: Callable[..., str], database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(fetching, "LOOK", WAITING)
    pools = [engine.pool for engine in (database._writer, database._reader)]

    def look() -> None:
        for _ in range(500):  # the worker looks once more before it waits
            if not any(pool.checkedout() for pool in pools):
                break
            sleep(0.01)
        assert [pool.checkedout() for pool in pools] == [0, 0]
        kartu()

    assert while_waiting(as_, app, look)[0]
