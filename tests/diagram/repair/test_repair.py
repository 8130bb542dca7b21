"""Holds what each repair does: the finding is gone, the picture whole, the rest of the file unchanged."""

import json
import re
from itertools import pairwise
from pathlib import Path
from random import Random

import pytest
from lxml import etree

from service.diagram import check
from service.diagram.repair import plan, repair
from service.errors import Refused
from service.language import catalogue, say
from service.operations import resources
from tests.diagram.repair.pictures import is_whole
from tests.diagram.repair.sketches import sketch
from tests.diagram.repair.walks import walks

DIAGRAMS = Path(__file__).resolve().parents[2] / "diagrams"
ROW = [("startEvent", "s"), ("userTask", "a"), ("endEvent", "e")]
JOINED = [("s", "a"), ("a", "e")]
CHOICE = [("startEvent", "s"), ("userTask", "a"), ("exclusiveGateway", "g"), ("task", "b"), ("endEvent", "e")]
WAYS = [("s", "a"), ("a", "g"), ("g", "b"), ("b", "e"), ("g", "e")]
MESSAGE, TIMER = "<bpmn:messageEventDefinition />", "<bpmn:timerEventDefinition />"
SIGNAL, CONDITION = "<bpmn:signalEventDefinition />", "<bpmn:conditionalEventDefinition />"
SPLIT = [
    ("startEvent", "s"),
    ("exclusiveGateway", "g"),
    ("task", "a"),
    ("task", "b"),
    ("parallelGateway", "j"),
    ("endEvent", "e"),
]
APART = [("s", "g"), ("g", "a"), ("g", "b"), ("a", "j"), ("b", "j"), ("j", "e")]
PLACES = {"s": (0, 0), "g": (1, 0), "a": (2, 0), "b": (2, 1), "j": (3, 0), "e": (4, 0)}


def event(kind, inside, before=(), after=()):
    """A diagram with such an event in its middle."""
    nodes = [("startEvent", "s"), *before, (kind, "x", inside), *after, ("endEvent", "e")]
    keys = [node[1] for node in nodes]
    return sketch(nodes, list(pairwise(keys)))


def waiting(definition):
    """An event-based gateway with such an event behind it."""
    nodes = [("startEvent", "s"), ("eventBasedGateway", "g"), ("intermediateCatchEvent", "x", definition)]
    nodes += [("task", "y"), ("endEvent", "e"), ("endEvent", "f")]
    flows = [("s", "g"), ("g", "x"), ("g", "y"), ("x", "e"), ("y", "f")]
    places = {"s": (0, 0), "g": (1, 0), "x": (2, 0), "y": (2, 1), "e": (3, 0), "f": (3, 1)}
    return sketch(nodes, flows, places)


CASES = {
    "a choice gets a form on the step before it": (sketch(CHOICE, WAYS), {"chosen"}),
    "a choice behind no step gets a step of its own": (
        sketch(
            [*SPLIT[:2], ("task", "a"), ("endEvent", "e"), ("endEvent", "f")],
            [*APART[:2], ("a", "e"), ("g", "f")],
            {**PLACES, "e": (3, 0), "f": (2, 1)},
        ),
        {"chosen"},
    ),
    "several may be chosen at an inclusive gateway": (
        sketch([(kind.replace("exclusive", "inclusive"), key) for kind, key in CHOICE], WAYS),
        {"chosen"},
    ),
    "the one way without a condition is the default": (
        sketch(CHOICE, WAYS, inside={"g_b": "<bpmn:conditionExpression>=true</bpmn:conditionExpression>"}),
        {"default"},
    ),
    "a condition in words is decided by a person": (
        sketch(CHOICE, WAYS, inside={"g_b": "<bpmn:conditionExpression>wenn (</bpmn:conditionExpression>"}),
        {"worded", "chosen"},
    ),
    "a message that does not say what is confirmed": (
        event("intermediateCatchEvent", MESSAGE),
        {"confirmed"},
    ),
    "a time that does not say when is confirmed": (event("intermediateCatchEvent", TIMER), {"confirmed"}),
    "a signal without a name is confirmed": (event("intermediateCatchEvent", SIGNAL), {"confirmed"}),
    "a condition that says nothing is confirmed": (event("intermediateCatchEvent", CONDITION), {"confirmed"}),
    "a catch that waits for nothing is confirmed": (event("intermediateCatchEvent", ""), {"confirmed"}),
    "who sends nothing is a person who sends": (event("intermediateThrowEvent", MESSAGE), {"sent"}),
    "a start that does not say what begins it is plain": (
        sketch([("startEvent", "s", TIMER), *ROW[1:]], JOINED),
        {"plain_start"},
    ),
    "an end that sends nothing is plain": (
        sketch([*ROW[:2], ("endEvent", "e", MESSAGE)], JOINED),
        {"plain_end"},
    ),
    "what an event-based gateway waits for is recorded": (waiting(TIMER), {"recorded", "awaited"}),
    "an event on a border is recorded": (
        sketch(
            [*ROW, ("boundaryEvent", "x", TIMER), ("endEvent", "f")],
            [*JOINED, ("x", "f")],
            {"s": (0, 0), "a": (1, 0), "e": (2, 0), "x": (1, 1), "f": (2, 1)},
            attributes={"x": 'attachedToRef="a"'},
        ),
        {"recorded"},
    ),
    "a task for no program is a person's": (event("serviceTask", ""), {"by_person"}),
    "a call of nothing is a person's": (event("callActivity", ""), {"by_person"}),
    "a script in no language is a person's": (event("scriptTask", ""), {"by_person"}),
    "an empty sub-process is a step": (event("subProcess", ""), {"empty_step"}),
    "a complex gateway is an inclusive one": (event("complexGateway", ""), {"inclusive_instead"}),
    "a step that is repeated nobody knows how often is done once": (
        event("userTask", "<bpmn:standardLoopCharacteristics />"),
        {"once"},
    ),
    "a start is added": (sketch(ROW[1:], JOINED[1:], {"a": (1, 0), "e": (2, 0)}), {"start"}),
    "an end is added": (sketch(ROW[:2], JOINED[:1]), {"ends"}),
    "an end is added where one way leads nowhere": (
        sketch(CHOICE, [w for w in WAYS if w[0] != "b"]),
        {"end"},
    ),
    "two starts are a choice": (
        sketch(
            [*ROW, ("startEvent", "t")],
            [*JOINED, ("t", "a")],
            {"s": (0, 0), "a": (1, 0), "e": (2, 0), "t": (0, 1)},
        ),
        {"start_chosen"},
    ),
    "a step that nothing leads to begins with the case": (
        sketch(
            [*ROW, ("task", "b"), ("endEvent", "f")],
            [*JOINED, ("b", "f")],
            {"s": (0, 0), "a": (1, 0), "e": (2, 0), "b": (1, 1), "f": (2, 1)},
        ),
        {"led_together"},
    ),
    "ways that are taken at once get a gateway": (
        sketch(
            [*ROW, ("task", "b"), ("endEvent", "f")],
            [*JOINED, ("a", "b"), ("b", "f")],
            {"s": (0, 0), "a": (1, 0), "e": (3, 0), "b": (2, 1), "f": (3, 1)},
        ),
        {"split"},
    ),
    "a flow that joins nothing is dropped": (sketch(ROW, [*JOINED, ("a", "nowhere")]), {"dropped"}),
    "a way back to the start leads on to what follows it": (
        sketch(CHOICE, [*WAYS[:4], ("g", "s")]),
        {"past_start", "chosen"},
    ),
    "an end in the middle is passed": (
        sketch(
            [*ROW[:2], ("endEvent", "x"), ("task", "b"), ("endEvent", "e")],
            [("s", "a"), ("a", "x"), ("x", "b"), ("b", "e")],
        ),
        {"on_the_way"},
    ),
    "a circle without a way out gets one": (
        sketch([*ROW[:2], ("task", "b")], [("s", "a"), ("a", "b"), ("b", "a")]),
        {"way_out"},
    ),
}


CASES["a way back and a way on are a choice"] = (
    sketch([*ROW[:2], ("task", "b"), ROW[2]], [("s", "a"), ("a", "b"), ("b", "a"), ("b", "e")]),
    {"split_back", "chosen"},
)
CASES["a parallel gateway that leads back chooses"] = (
    sketch([*ROW[:2], ("parallelGateway", "g"), ROW[2]], [("s", "a"), ("a", "g"), ("g", "a"), ("g", "e")]),
    {"split_chosen", "chosen"},
)


def errors(findings):
    return [(finding.code, finding.element) for finding in findings if finding.severity == "error"]


@pytest.mark.parametrize("name", CASES)
def test_it_is_mended_and_runs(name):
    content, codes = CASES[name]
    assert check.check(content)[1]
    repaired = repair(content, "p.bpmn")
    assert codes <= {one.code for one in repaired.repairs}
    assert errors(repaired.findings) == []
    is_whole(content, repaired.files["p.bpmn"])
    for seed in range(5):
        walks(repaired, Random(seed))  # noqa: S311 (a seed, no secret)
    assert repair(repaired.files["p.bpmn"], "p.bpmn").repairs == ()
    assert errors(resources.read(repaired.files).findings) == []


def test_what_needs_no_repair_is_left_byte_for_byte():
    content = (DIAGRAMS / "exclusive.bpmn").read_bytes()
    repaired = repair(content, "exclusive.bpmn")
    assert repaired.repairs == ()
    assert dict(repaired.files) == {"exclusive.bpmn": content}


def test_everything_else_in_the_file_stays():
    content = sketch(CHOICE, WAYS).replace(b"<bpmn:process", b"<!-- inner --><bpmn:process")
    extra = (
        b'<bpmn:extensionElements><x:y xmlns:x="http://x.test" z="1" /></bpmn:extensionElements></bpmn:task>'
    )
    content = content.replace(b'name="B" />', b'name="B">' + extra)
    copy = repair(content, "p.bpmn").files["p.bpmn"]
    assert copy.startswith(b'<?xml version="1.0" encoding="UTF-8"?>\n<!-- a comment before it -->\n<bpmn:def')
    assert b"<!-- inner -->" in copy
    assert b'<x:y xmlns:x="http://x.test" z="1" />' in copy
    changed = set(copy.splitlines()) ^ set(content.splitlines())
    ours = (
        b"definitions",
        b"g_b",
        b"g_e",
        b'id="a"',
        b'id="b"',
        b"conditionExpression",
        b"sequenceFlow",
        b"process",
    )
    assert [line for line in changed if not any(word in line for word in ours)] == []


def test_windows_line_ends_stay():
    content = sketch(CHOICE, WAYS).replace(b"\n", b"\r\n")
    copy = repair(content, "p.bpmn").files["p.bpmn"]
    assert copy.count(b"\n") == copy.count(b"\r\n")


def test_a_form_has_the_names_of_the_ways_and_they_are_the_conditions():
    repaired = repair(sketch(CHOICE, WAYS), "p.bpmn")
    form = json.loads(repaired.files["a.form"])
    (field,) = form["components"]
    assert [value["value"] for value in field["values"]] == ["g_b", "g_e"]
    assert field["validate"]["required"] is True
    assert b'=pilihan_g = "g_b"' in repaired.files["p.bpmn"]


def test_a_step_that_has_a_form_keeps_it():
    said = 'xmlns:camunda="http://camunda.org/schema/1.0/bpmn" camunda:formRef="sendiri"'
    repaired = repair(sketch(CHOICE, WAYS, attributes={"a": said}), "p.bpmn")
    assert "a.form" not in repaired.files
    assert "Pilih_g.form" in repaired.files
    assert b'camunda:formRef="sendiri"' in repaired.files["p.bpmn"]


def test_a_join_behind_a_choice_passes_on_what_arrives():
    repaired = repair(sketch(SPLIT, APART, PLACES), "p.bpmn")
    assert {"merged", "chosen"} <= {one.code for one in repaired.repairs}
    assert b'<bpmn:exclusiveGateway id="j"' in repaired.files["p.bpmn"]
    walks(repaired, Random(1))  # noqa: S311 (a seed, no secret)


def test_joins_that_are_stuck_one_behind_the_other_are_all_mended():
    nodes = [*SPLIT[:5], *((kind, f"{key}2") for kind, key in SPLIT[1:5]), SPLIT[5]]
    flows = [*APART[:5], ("j", "g2"), ("g2", "a2"), ("g2", "b2"), ("a2", "j2"), ("b2", "j2"), ("j2", "e")]
    places = {**PLACES, "g2": (4, 0), "a2": (5, 0), "b2": (5, 1), "j2": (6, 0), "e": (7, 0)}
    repaired = repair(sketch(nodes, flows, places), "p.bpmn")
    assert [one.element for one in repaired.repairs if one.code == "merged"] == ["j", "j2"]
    walks(repaired, Random(1))  # noqa: S311 (a seed, no secret)


def test_more_is_listed_than_was_found():
    for content, _ in CASES.values():
        assert len(repair(content, "p.bpmn").repairs) >= len(errors(check.check(content)[1]))


def test_every_repair_is_said_in_both_languages():
    texts = [path.read_text("utf-8") for path in Path(plan.__file__).parent.glob("*.py")]
    codes = {code for text in texts for code in re.findall(r'of\(\s*\w+,\s*"(\w+)"', text)}
    assert len(codes) > 30
    assert [code for code in codes if f"repair.{code}" not in catalogue()] == []
    for content, _ in CASES.values():
        for one in repair(content, "p.bpmn").repairs:
            assert say(one.message, "id") != say(one.message, "en")


def test_what_cannot_be_read_is_refused():
    with pytest.raises(Refused):
        repair(b"<html/>", "p.bpmn")


@pytest.mark.parametrize("path", sorted(DIAGRAMS.glob("*/*.bpmn")), ids=lambda path: path.stem)
def test_no_finding_makes_it_stumble_and_what_is_left_is_told(path):
    content = path.read_bytes()
    try:
        repaired = repair(content, path.name)
    except Refused:
        return
    told = {(one.finding, one.element) for one in repaired.repairs}
    left = {(one.code, one.element) for one in repaired.findings}
    found = [one for one in errors(check.check(content)[1]) if one not in told | left]
    assert found == []
    etree.fromstring(repaired.files[path.name])
