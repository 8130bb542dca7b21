"""Hostile files are refused with a sentence, nothing of them is kept, and the next request is answered."""

import json
from collections.abc import Mapping
from time import process_time

import pytest
from sqlalchemy import func, select

from service.store.database import Database
from service.store.models import (
    DecisionDefinition,
    Deployment,
    FormDefinition,
    ProcessDefinition,
    Resource,
)
from tests.rest.client import As, files

SEQUENCE = files("sequence.bpmn")["sequence.bpmn"]
DMN = b'<definitions xmlns="https://www.omg.org/spec/DMN/20191111/MODEL/" id="d" name="d" namespace="x">'
TABLE = DMN + b'<decision id="t" name="t"><decisionTable id="dt">%s</decisionTable></decision></definitions>'
ENTITIES = b'<!DOCTYPE d [<!ENTITY a "aaaaaaaaaa">' + b"".join(
    b'<!ENTITY %c "%s">' % (letter, b"&%c;" % (letter - 1) * 10) for letter in range(ord("b"), ord("m"))
)
GUARD = 20
"""Seconds of CPU time: ten times what a refusal may take, for machines that are slow or shared."""


def with_inside(more: bytes) -> bytes:
    return SEQUENCE.replace(b"<endEvent", more + b"<endEvent", 1)


def form(*fields: object) -> bytes:
    return json.dumps({"id": "f", "components": fields}).encode()


def condition(text: bytes) -> bytes:
    flow = b'<sequenceFlow id="b" sourceRef="susun" targetRef="periksa"><conditionExpression>'
    return with_inside(flow + text + b"</conditionExpression></sequenceFlow>")


HOSTILE: dict[str, tuple[str, bytes]] = {
    "external entity": ("a.bpmn", b'<!DOCTYPE d [<!ENTITY x SYSTEM "file:///etc/passwd">]>' + SEQUENCE[39:]),
    "entities in entities": ("a.bpmn", ENTITIES + b"]>" + SEQUENCE[39:]),
    "two megabytes": ("a.bpmn", with_inside(b"<documentation>" + b"x" * 2_100_000 + b"</documentation>")),
    "depth": ("a.bpmn", with_inside(b"<subProcess>" * 2000 + b"</subProcess>" * 2000)),
    "elements": ("a.bpmn", with_inside(b"<task/>" * 10_000)),
    "attributes": (
        "a.bpmn",
        with_inside(b"<task " + b" ".join(b'a%d=""' % n for n in range(5000)) + b"/>"),
    ),
    "lanes": ("a.bpmn", with_inside(b"<laneSet>" + b"<lane/>" * 100_000 + b"</laneSet>")),
    "a program in an expression": ("a.bpmn", condition(b"=__import__('os').system('id')")),
    "a condition of 500 KB": ("a.bpmn", condition(b"=" + b"1+" * 250_000 + b"1")),
    "a name with a way out": ("../../a.bpmn", SEQUENCE),
    "an absolute name": ("/etc/a.bpmn", SEQUENCE),
    "a device's name": ("a:b|c.bpmn", SEQUENCE),
    "a zip": ("a.zip", b"PK\x03\x04" + b"../../a.bpmn" * 100),
    "a zip with a diagram's name": ("a.bpmn", b"PK\x03\x04" + b"\x00" * 1000),
    "fields": ("f.form", form(*({"type": "textfield", "key": f"k{n}"} for n in range(10_000)))),
    "a deep form": ("f.form", b'{"components":[' + b'{"type":"group","components":[' * 1000 + b"]}" * 1001),
    "a JSON bomb": ("f.form", b'{"components":' + b"[" * 500_000),
    "a long number": ("f.form", b'{"components":[],"x":' + b"9" * 1_000_000 + b"}"),
    "a key of dots": ("f.form", form({"type": "textfield", "key": ".".join("a" * 300_000)})),
    "rules": ("d.dmn", TABLE % (b"<rule/>" * 100_000)),
    "decisions": (
        "d.dmn",
        DMN + b"".join(b'<decision id="d%d"/>' % n for n in range(9000)) + b"</definitions>",
    ),
}


KIND = {"content_type": "multipart/form-data; boundary=batas"}


def parts(sent: Mapping[str, bytes]) -> bytes:
    """The body of the request, made here: the test client would leave temporary files open."""
    head = b'--batas\r\nContent-Disposition: form-data; name="%s"; filename="%s"\r\n\r\n'
    named = b'--batas\r\nContent-Disposition: form-data; name="deployment-name"\r\n\r\nuji\r\n'
    files = (head % (name.encode(), name.encode()) + content + b"\r\n" for name, content in sent.items())
    return named + b"".join(files) + b"--batas--\r\n"


@pytest.mark.parametrize("name", HOSTILE)
def test_a_hostile_file_is_refused_and_nothing_of_it_is_kept(as_: As, database: Database, name: str) -> None:
    file, content = HOSTILE[name]
    admin = as_("admin")
    begun = process_time()
    answer = admin.send(
        "POST", "/deployment/create", data=parts({"baik.bpmn": SEQUENCE, file: content}), **KIND
    )
    assert process_time() - begun < GUARD
    assert answer.status_code == 400
    assert answer.json["message"]
    with database.reading() as session:
        for table in (Deployment, Resource, ProcessDefinition, FormDefinition, DecisionDefinition):
            assert session.scalar(select(func.count()).select_from(table)) == 0
    assert admin("GET", "/deployment") == []
    assert admin.deploy({"baik.bpmn": SEQUENCE})["deployedProcessDefinitions"]
