"""Camunda Modeler's requests, over real connections: as Chromium writes them, and as node does."""

import json
import subprocess
from base64 import b64encode
from collections.abc import Mapping
from dataclasses import dataclass, field
from http.client import HTTPConnection
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

BOUNDARY = "----WebKitFormBoundary7MA4YWxkTrZu0gW"
SCRIPT = Path(__file__).parent / "clients" / "modeler.mjs"
SOURCE = "Camunda Modeler"
Texts = list[tuple[str, str]]


def basic(login: str, password: str) -> str:
    """As a browser's btoa writes it."""
    return "Basic " + b64encode(f"{login}:{password}".encode("latin-1")).decode()


def texts(name: str, tenant: str = "", **more: str) -> Texts:
    """The texts of a deployment in their order; what the Modeler does not send comes last."""
    told = [("deployment-name", name), ("deployment-source", SOURCE), ("enable-duplicate-filtering", "true")]
    told += [("tenant-id", tenant)] * bool(tenant)
    return told + [(key.replace("_", "-"), value) for key, value in more.items()]


def escaped(name: str) -> str:
    return name.replace("\n", "%0A").replace("\r", "%0D").replace('"', "%22")


def multipart(texts: Texts, files: Mapping[str, bytes]) -> bytes:
    """A FormData: the texts, then the diagram, which has a type, then what is attached, which has none."""
    parts = [
        f'--{BOUNDARY}\r\nContent-Disposition: form-data; name="{name}"\r\n\r\n{value}\r\n'.encode()
        for name, value in texts
    ]
    for number, (name, content) in enumerate(files.items()):
        kind = "application/octet-stream" if number else "text/xml"
        named = f'name="{escaped(name)}"; filename="{escaped(name)}"'
        head = f"--{BOUNDARY}\r\nContent-Disposition: form-data; {named}\r\nContent-Type: {kind}\r\n\r\n"
        parts.append(head.encode() + content + b"\r\n")
    return b"".join(parts) + f"--{BOUNDARY}--\r\n".encode()


@dataclass(frozen=True)
class Said:
    """An answer."""

    status: int
    headers: Mapping[str, str]
    body: bytes

    @property
    def json(self) -> Any:
        """The body, if it says that it is JSON."""
        assert self.headers["content-type"] == "application/json"
        return json.loads(self.body)


@dataclass
class Modeler:
    """The Modeler with an address typed in, and a name and password or a token."""

    address: str
    authorization: str | None = None
    origin: str | None = "null"
    headers: dict[str, str] = field(default_factory=dict)

    @property
    def base(self) -> str:
        """The address without the end that people copy along with it."""
        return self.address.removesuffix("/").removesuffix("/deployment/create")

    def send(self, method: str, path: str, body: bytes | None = None, **headers: str) -> Said:
        """One request; a path that begins with // is the host's, not the interface's."""
        url = urlsplit(self.base)
        told = {"accept": "application/json", **self.headers, **headers}
        told |= {"Origin": self.origin} if self.origin else {}
        told |= {"authorization": self.authorization} if self.authorization else {}
        connection = HTTPConnection(url.netloc, timeout=60)
        target = path.removeprefix("/") if path.startswith("//") else url.path + path
        connection.request(method, target, body, told)
        answer = connection.getresponse()
        names = {name.lower() for name, _ in answer.getheaders()}
        said = Said(answer.status, {name: answer.getheader(name, "") for name in names}, answer.read())
        connection.close()
        return said

    def connect(self) -> Said:
        """What it asks while the address is typed."""
        return self.send("GET", "/deployment?maxResults=0")

    def deploy(self, files: Mapping[str, bytes], name: str = "surat", **more: str) -> Said:
        """The Deploy button: the version, and then the files, the diagram first."""
        assert "version" in self.send("GET", "/version").json or not self.authorization
        kind = f"multipart/form-data; boundary={BOUNDARY}"
        body = multipart(texts(name, **more), files)
        return self.send("POST", "/deployment/create", body, **{"Content-Type": kind})

    def start(self, definition: str, key: str, variables: Mapping[str, Any]) -> Said:
        """The second half of the Start button."""
        body = json.dumps({"businessKey": key, "variables": variables}).encode()
        path = f"/process-definition/{definition}/start"
        return self.send("POST", path, body, **{"content-type": "application/json"})

    def places(self) -> Said:
        """Where the pages are."""
        return Modeler(self.address).send("GET", "//.well-known/camunda-automation-platform/webapps")


def by_node(base: str, authorization: str | None, texts: Texts, files: Mapping[str, bytes]) -> Any:
    """The same steps by node's own fetch and FormData; the version, and what deploying and starting said."""
    asked = {
        "base": base,
        "authorization": authorization,
        "texts": texts,
        "files": [[name, b64encode(content).decode()] for name, content in files.items()],
    }
    told = subprocess.run(["node", SCRIPT], input=json.dumps(asked).encode(), capture_output=True, check=True)
    return json.loads(told.stdout)
