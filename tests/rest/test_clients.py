"""Clients and workers that others wrote for Camunda 7 work here as they are; skipped where they lack."""

import asyncio
import json
import subprocess
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from pathlib import Path
from threading import Thread
from typing import Any
from uuid import UUID

import pytest
from flask import Flask
from werkzeug.serving import make_server

from service.operations import identity
from service.store.database import Database
from service.store.models import Person
from tests import npm
from tests.engine.drawing import boundary, xml
from tests.operations.printing import work_of
from tests.rest.client import PASSWORD, As, files, values
from tests.rest.printing import PROPERTIES

UUID_LOGIN = "6f1c0f0e-0000-4000-8000-000000000001"
"""One of the clients takes every person's id for a UUID."""
CLIENTS = Path(__file__).parent / "clients"
RETURNED = boundary("retur", "kirim", '<bpmn:errorEventDefinition errorRef="r"/>')
DELIVERY = xml(
    "start -> cetak -> kirim -> end; retur -> ulang -> end",
    {"cetak": work_of("cetak", inside=PROPERTIES)}
    | {name: work_of(name, topic=name) for name in ("kirim", "ulang")}
    | {"retur": RETURNED},
    '<bpmn:error id="r" name="Alamat salah" errorCode="RETUR"/>',
    "antar",
)
"""A card is printed, delivered, and brought once more; three programs do it."""


@pytest.fixture
def address(app: Flask) -> Iterator[str]:
    """The application, served on a port of this machine."""
    server = make_server("127.0.0.1", 0, app, threaded=True)
    thread = Thread(target=server.serve_forever)
    thread.start()
    yield f"http://127.0.0.1:{server.port}/engine-rest/"
    server.shutdown()
    thread.join()
    server.server_close()


def test_camunda_client_walks_a_case(
    address: str, database: Database, password_hash: str, as_: As, surat: dict[str, Any]
) -> None:
    camunda_client = pytest.importorskip("camunda_client")
    httpx = pytest.importorskip("httpx")
    dto = pytest.importorskip("camunda_client.clients.dto")
    schemas = pytest.importorskip("camunda_client.clients.engine.schemas")
    types = pytest.importorskip("camunda_client.types_")
    with database.transaction() as session:
        session.add(Person(id=UUID_LOGIN, name="Sari", password_hash=password_hash))
        session.flush()
        identity.hold(session, UUID_LOGIN, "uji.petugas")

    def value(content: Any) -> Any:
        return types.VariableValueSchema(value=content)

    async def walk() -> None:
        client = camunda_client.CamundaEngineClient(
            base_url=address,
            auth_data=dto.AuthData(username=UUID_LOGIN, password=PASSWORD),
            transport=httpx.AsyncHTTPTransport(),
        )
        started = await client.start_process("surat", "K-1", {"perihal": value("Undangan")})
        asked = schemas.GetTasksFilterSchema(process_instance_id=started.id, candidate_group="uji.petugas")
        [task] = await client.get_tasks(asked)
        assert (await client.get_tasks_count(asked)).count == 1
        assert (await client.get_task(task.id)).name == "Catat surat"
        await client.claim_task(task.id, UUID(UUID_LOGIN))
        links = await client.get_identity_links(task.id)
        assert [str(link.user_id) for link in links if link.type == "assignee"] == [UUID_LOGIN]
        await client.unclaim_task(task.id)
        await client.submit_task_form(task.id, {"nomor": value("1"), "sifat": value("biasa")})
        assert await client.get_task(task.id) is None
        known = await client.get_history_process_instance(started.id)
        assert (known.business_key, known.state.value) == ("K-1", "ACTIVE")
        assert await client.get_history_process_instance(UUID(int=0)) is None

    with ThreadPoolExecutor(1) as pool:  # a browser's tests may have left a loop running in this thread
        pool.submit(asyncio.run, walk()).result()


def test_django_camunda_walks_a_case(address: str, as_: As, surat: dict[str, Any]) -> None:
    conf = pytest.importorskip("django.conf", reason="django-camunda is not installed: it brings Django")
    if not conf.settings.configured:
        conf.settings.configure(INSTALLED_APPS=["solo", "django_camunda"])
    pytest.importorskip("django").setup()
    client = pytest.importorskip("django_camunda.client")
    models = pytest.importorskip("django_camunda.camunda_models")
    utils = pytest.importorskip("django_camunda.utils")

    class Settings:
        api_root = address
        auth_header = as_("admin").headers["Authorization"]

    engine = client.Camunda(Settings())
    assert engine.get("version") == {"version": "7.24.0"}
    [definition] = models.factory(
        models.ProcessDefinition, engine.get("process-definition", {"sortBy": "name", "sortOrder": "asc"})
    )
    assert definition.key == "surat"
    xml = engine.get(f"process-definition/{definition.id}/xml", underscoreize=False)["bpmn20Xml"]
    assert xml.encode() == files("surat.bpmn")["surat.bpmn"]

    sent = {"perihal": "Undangan", "jumlah": 2, "datang": datetime(2026, 1, 31, 3, tzinfo=UTC), "daftar": [1]}
    variables = utils.serialize_variables(sent)
    case = engine.post(f"process-definition/{definition.id}/start", json={"variables": variables})
    path = f"process-instance/{case['id']}/variables"
    read = engine.get(path, params={"deserializeValues": "false"}, underscoreize=False)
    assert utils.deserialize_variables(read) == sent

    [row] = engine.get("task", {"processInstanceId": case["id"]})
    task = models.factory(models.Task, row)
    assert (task.name, task.created.tzinfo is not None) == ("Catat surat", True)
    name = engine.get(f"task/{task.id}/variables/perihal", params={"deserializeValue": "false"})
    assert utils.deserialize_variable(name) == "Undangan"
    body = {"variables": utils.serialize_variables({"nomor": "1", "sifat": "segera", "lampiran": 1})}
    engine.post(f"task/{task.id}/complete", json=body)
    requests = pytest.importorskip("requests")
    with pytest.raises(requests.HTTPError):
        engine.get(f"task/{task.id}")


def start_delivery(as_: As) -> str:
    """A case for the workers; its id."""
    sent = {"nama": {"value": "Siti"}, **values(daftar=[1, 2])["variables"]}
    sent["tanggal"] = {"value": "2026-01-31T10:00:00.000+0700", "type": "Date"}
    body = {"businessKey": "K-1", "variables": sent}
    started: str = as_("admin")("POST", "/process-definition/key/antar/start", body)["id"]
    return started


def told(as_: As, case: str) -> tuple[str, dict[str, Any]]:
    """How the case stands, and its variables."""
    admin = as_("admin")
    found = admin("GET", "/history/variable-instance", processInstanceId=case)
    state = admin("GET", f"/history/process-instance/{case}")["state"]
    return state, {one["name"]: one["value"] for one in found}


def test_camundas_python_worker_does_its_work(address: str, as_: As, monkeypatch: pytest.MonkeyPatch) -> None:
    workers = pytest.importorskip("camunda.external_task.external_task_worker")
    monkeypatch.setenv("NO_PROXY", "127.0.0.1")
    as_("admin").deploy({"antar.bpmn": DELIVERY})
    config = {"auth_basic": {"username": "admin", "password": PASSWORD}, "maxTasks": 3}
    worker = workers.ExternalTaskWorker("py", base_url=address.rstrip("/"), config=config)
    case = start_delivery(as_)
    given: list[Any] = []

    def print_card(task: Any) -> Any:
        given.append((task.get_variables(), task.get_business_key(), task.get_extension_properties()))
        return task.complete({"nomor": "001", "rinci": {"a": [1]}}, {"bagian": 1})

    def deliver(task: Any) -> Any:
        return task.bpmn_error("RETUR", "alamat salah", {"alasan": "alamat"})

    def again(task: Any) -> Any:
        given.append(task.get_task_id())
        if len(given) < 3:
            return task.failure("kurir sakit", "panjang", max_retries=1, retry_timeout=0)
        return task.complete()

    worker.fetch_and_execute("cetak", print_card)
    worker.fetch_and_execute(["kirim"], deliver, process_variables={"nomor": "001"}, variables=["nomor"])
    for _ in range(2):
        worker.fetch_and_execute("ulang", again)
    assert given[0][0]["nama"] == "Siti"
    assert given[0][1:] == ("K-1", {"pencetak": "lantai 2"})
    assert given[1] == given[2]
    state, found = told(as_, case)
    assert (state, found["nomor"], found["alasan"]) == ("COMPLETED", "001", "alamat")
    with pytest.raises(workers.NoExternalTaskFound):
        worker.client.config["asyncResponseTimeout"] = 1
        worker.fetch_and_execute("cetak", print_card)


def test_camundas_javascript_worker_does_its_work(address: str, as_: As) -> None:
    if missing := npm.install(CLIENTS):
        pytest.skip(f"Camunda's JavaScript client is not tested: {missing}")
    as_("admin").deploy({"antar.bpmn": DELIVERY})
    command = ["node", "worker.mjs", address, "admin", PASSWORD]
    case, said = "", []
    with subprocess.Popen(command, cwd=CLIENTS, stdout=subprocess.PIPE, text=True) as node:
        assert node.stdout is not None
        for line in node.stdout:
            what = json.loads(line)
            case = case or start_delivery(as_)  # the worker waits for it already
            said += [what] if what != {"polls": True} else []
            if {"done", "error"} & what.keys():
                node.kill()
    assert said == [
        {
            "given": {"nama": "Siti", "tanggal": "2026-01-31T03:00:00.000Z", "daftar": [1, 2]},
            "properties": {"pencetak": "lantai 2"},
            "retries": None,
        },
        {"given": {"nomor": "001"}},
        {"tried": None, "because": None, "details": None},
        {"tried": 1, "because": "kurir sakit", "details": "panjang"},
        {"done": True},
    ]
    state, found = told(as_, case)
    assert state == "COMPLETED"
    assert found == {
        "nama": "Siti",
        "daftar": "[1, 2]",
        "tanggal": "2026-01-31T10:00:00.000+0700",
        "nomor": "001",
        "lembar": 2,
        "berat": 1.5,
        "besar": 2**40,
        "siap": True,
        "kosong": None,
        "saat": "2026-01-31T10:00:00.000+0700",
        "rinci": '{"a": [1, 2]}',
        "alasan": "alamat",
    }
