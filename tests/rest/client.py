"""A client of the REST interface, and the files and bodies that it sends."""

from base64 import b64encode
from collections.abc import Callable, Mapping
from io import BytesIO
from pathlib import Path
from typing import Any

from flask import Flask
from werkzeug.test import TestResponse

FOLDERS = (Path(__file__).parent / "diagrams", Path(__file__).parent.parent / "diagrams")
PASSWORD = "demo"
SURAT = ("surat.bpmn", "permohonan.form", "pencatatan.form", "putusan.form")


class Client:
    """Calls /engine-rest in somebody's name; `None` sends no password."""

    def __init__(self, app: Flask, login: str | None, password: str = PASSWORD) -> None:
        self.http = app.test_client()
        self.headers = {"Accept-Language": "en"}
        if login is not None:
            token = b64encode(f"{login}:{password}".encode()).decode()
            self.headers["Authorization"] = f"Basic {token}"

    def __call__(self, method: str, path: str, json: Any = None, *, status: int = 200, **query: str) -> Any:
        """The answer's JSON; the status is part of what is expected."""
        answer = self.send(method, path, json=json, query_string=query or None)
        assert answer.status_code == status, (answer.status_code, answer.text)
        if not answer.data:
            return None
        assert answer.headers["Content-Type"] == "application/json"
        return answer.json

    def send(self, method: str, path: str, **more: Any) -> TestResponse:
        headers = {**self.headers, **more.pop("headers", {})}
        return self.http.open(f"/engine-rest{path}", method=method, headers=headers, **more)

    def deploy(self, files: Mapping[str, bytes], *, status: int = 200, **texts: str) -> Any:
        """As Camunda Modeler deploys: each file under its own name."""
        data: dict[str, Any] = {"deployment-name": "surat", **texts}
        data |= {name: (BytesIO(content), name) for name, content in files.items()}
        answer = self.send("POST", "/deployment/create", data=data, content_type="multipart/form-data")
        assert answer.status_code == status, (answer.status_code, answer.text)
        return answer.json


As = Callable[..., Client]


def files(*names: str) -> dict[str, bytes]:
    """Files of tests/rest/diagrams or tests/diagrams, by name."""
    found = {name: next(f / name for f in FOLDERS if (f / name).exists()) for name in names}
    return {name: path.read_bytes() for name, path in found.items()}


def values(**plain: Any) -> dict[str, Any]:
    """A body with variables whose types are left to be inferred."""
    return {"variables": {name: {"value": value} for name, value in plain.items()}}
