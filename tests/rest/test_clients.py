"""Clients that others wrote for Camunda 7 work here as they are; skipped where they are not installed."""

import asyncio
from collections.abc import Iterator
from datetime import UTC, datetime
from threading import Thread
from typing import Any
from uuid import UUID

import pytest
from flask import Flask
from werkzeug.serving import make_server

from service.operations import identity
from service.store.database import Database
from service.store.models import Person
from tests.rest.client import PASSWORD, As, files

UUID_LOGIN = "6f1c0f0e-0000-4000-8000-000000000001"
"""One of the clients takes every person's id for a UUID."""


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

    asyncio.run(walk())


def test_django_camunda_walks_a_case(address: str, as_: As, surat: dict[str, Any]) -> None:
    conf = pytest.importorskip("django.conf")
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
