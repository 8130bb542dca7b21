"""Repairs what other tools and engines write: listeners, fields in the diagram, names with a prefix."""

import json
import re
from itertools import pairwise
from random import Random

import pytest

from service.diagram.repair import repair
from service.language import say
from service.operations import resources
from tests.diagram.repair.pictures import is_whole
from tests.diagram.repair.sketches import sketch
from tests.diagram.repair.walks import walks

CAMUNDA = 'xmlns:camunda="http://camunda.org/schema/1.0/bpmn"'
LISTENER = f'<camunda:taskListener {CAMUNDA} class="org.x" event="create" />'
FIELDS = f"""<camunda:formData {CAMUNDA}>
<camunda:formField id="nama" label="Nama" type="string"><camunda:validation>
<camunda:constraint name="required" /><camunda:constraint name="maxlength" config="25" />
</camunda:validation></camunda:formField><camunda:formField id="setuju" type="boolean" />
<camunda:formField id="jumlah" type="long" defaultValue="2" /><camunda:formField id="kapan" type="date" />
<camunda:formField id="jenis" type="enum"><camunda:value id="a" name="Pertama" /></camunda:formField>
</camunda:formData>"""
INNER = """<bpmn:startEvent id="i" /><bpmn:task id="t" name="T" />
<bpmn:sequenceFlow id="i_t" sourceRef="i" targetRef="t" />"""
CHOICE = [("startEvent", "s"), ("userTask", "a"), ("exclusiveGateway", "g"), ("task", "b"), ("endEvent", "e")]
WAYS = [("s", "a"), ("a", "g"), ("g", "b"), ("b", "e"), ("g", "e")]


def step(extensions):
    """A process with one step that has these extensions."""
    inner = f"<bpmn:extensionElements>{extensions}</bpmn:extensionElements>"
    return row(("userTask", "x", inner))


def row(node):
    nodes = [("startEvent", "s"), node, ("endEvent", "e")]
    return sketch(nodes, list(pairwise(one[1] for one in nodes)))


CASES = {
    "programs that listen are taken off": (step(2 * LISTENER), ["listener"]),
    "fields in the diagram become a form": (step(FIELDS + LISTENER), ["form", "listener"]),
    "a way out of the middle of a sub-process leaves at its border": (
        sketch(
            [("startEvent", "s"), ("subProcess", "x", INNER), ("endEvent", "e")], [("s", "x"), ("t", "e")]
        ),
        ["left", "ends"],
    ),
}


@pytest.mark.parametrize("name", CASES)
def test_it_is_mended_and_runs(name):
    content, codes = CASES[name]
    repaired = repair(content, "p.bpmn")
    assert [one.code for one in repaired.repairs if one.code not in ("somebody", "along")] == codes
    assert [one for one in resources.read(repaired.files).findings if one.severity == "error"] == []
    if INNER not in content.decode():  # what is in there is not drawn
        is_whole(content, repaired.files["p.bpmn"])
    walks(repaired, Random(1))  # noqa: S311 (a seed, no secret)
    assert repair(repaired.files["p.bpmn"], "p.bpmn").repairs == ()
    assert all(say(one.message, "id") != say(one.message, "en") for one in repaired.repairs)


def test_fields_keep_their_kinds_and_rules():
    form = json.loads(repair(step(FIELDS), "p.bpmn").files["x.form"])
    kinds = [component["type"] for component in form["components"]]
    assert kinds == ["textfield", "checkbox", "number", "datetime", "select"]
    assert form["components"][0]["validate"] == {"required": True, "maxLength": 25}
    assert form["components"][2]["defaultValue"] == 2
    assert form["components"][4]["values"] == [{"label": "Pertama", "value": "a"}]


def test_fields_that_a_program_checks_stay():
    checked = FIELDS.replace('"required"', '"validator" config="org.x"')
    assert "form" not in {one.code for one in repair(step(checked), "p.bpmn").repairs}


def test_names_with_a_prefix_mean_what_they_name():
    plain = sketch(CHOICE, WAYS)
    prefixed = re.sub(rb'((?:sourceRef|targetRef|bpmnElement)=")', rb"\1asal:", plain)
    prefixed = prefixed.replace(b"<bpmn:process", b'<bpmn:process xmlns:asal="http://alur.test"')
    one, other = repair(plain, "p.bpmn"), repair(prefixed, "p.bpmn")
    assert [(each.code, each.element) for each in other.repairs] == [
        (each.code, each.element) for each in one.repairs
    ]
    is_whole(plain, other.files["p.bpmn"])


def test_an_id_with_a_colon_is_no_prefix():
    content = row(("task", "x")).replace(b'"x"', b'"a:x"')
    repaired = repair(content, "p.bpmn")
    assert {"clean_id"} <= {one.code for one in repaired.repairs} <= {"clean_id", "somebody"}
