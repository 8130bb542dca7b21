"""The element templates: right by the official schema, and what one types in their fields arrives here."""

import json
import re
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser

from service.diagram import sop
from service.diagram.model import Element, Process
from service.diagram.read import read
from tests import npm
from tests.modeler.drawing import HERE, ROOT, TEMPLATES, Board, templates

IDENTITY, STEP, DECISION, DISPOSITION = (
    f"alur.sop.{name}" for name in ("identitas", "langkah", "keputusan", "disposisi")
)
STEPS = (STEP, DECISION, DISPOSITION)
SHIPPED = sorted((ROOT / "bpmn").rglob("*.bpmn"))
NEW = (HERE / "new.bpmn").read_text("utf-8")
"""A pool with two vertical lanes, as one has drawn them before the first field is filled in."""


def template(id_: str) -> dict[str, Any]:
    return next(one for one in templates() if one["id"] == id_)


def properties(id_: str) -> list[str]:
    """The camunda:property names of a template, in its order."""
    bindings = [field["binding"] for field in template(id_)["properties"]]
    return [binding["name"] for binding in bindings if binding["type"] == "camunda:property"]


def only(xml: str) -> Process:
    [process] = read(xml.encode()).processes.values()
    return process


def linked(element: Element) -> str:
    return element.camunda.get("modelerTemplate", "")


@pytest.fixture(scope="module")
def board(chromium: Browser) -> Iterator[Board]:
    """One drawing board for all: to open another diagram clears it."""
    drawn = Board(chromium)
    yield drawn
    drawn.page.close()


def test_the_templates_are_right_by_the_official_schema() -> None:
    if hindrance := npm.install(HERE):
        pytest.skip(f"not held against the schema: {hindrance}")
    command = ["node", HERE / "validate.mjs", *TEMPLATES]
    told = json.loads(subprocess.run(command, capture_output=True, check=True).stdout)
    assert told == {"templates": 4, "wrong": []}


def test_the_schema_finds_what_is_wrong(tmp_path: Path) -> None:
    if hindrance := npm.install(HERE):
        pytest.skip(f"not held against the schema: {hindrance}")
    broken = template(STEP) | {"properties": [{"type": "Text", "binding": {"type": "camunda:property"}}]}
    (tmp_path / "broken.json").write_text(json.dumps([broken]), "utf-8")
    command = ["node", HERE / "validate.mjs", tmp_path / "broken.json"]
    assert json.loads(subprocess.run(command, capture_output=True, check=True).stdout)["wrong"]


def test_the_fields_of_a_step_are_the_columns_of_the_table() -> None:
    for id_ in STEPS:
        assert properties(id_) == [*(f"sop.{name}" for name in sop.COLUMNS), "sop.butir"], id_


def test_the_fields_of_the_identity_are_its_thirteen_items_and_what_alur_asks() -> None:
    signed = [f"{name}{part}" for name in sop.SIGNED for part in ("", ".nama", ".nip")]
    items = [name for name in sop.IDENTITY if name not in sop.SIGNED]
    asked = {f"sop.{name}" for name in (*items, *signed, "kantor", "perihal")}
    assert sorted(properties(IDENTITY)) == sorted(asked)


@pytest.mark.parametrize("path", SHIPPED, ids=lambda path: path.stem)
def test_the_shipped_sops_say_what_the_templates_ask(path: Path) -> None:
    process = only(path.read_text("utf-8"))
    assert set(process.properties) <= set(properties(IDENTITY))
    rows = [process.elements[row.element] for row in sop.rows(process)]
    assert rows
    for element in rows:
        assert linked(element) in STEPS, element.id
        assert set(element.properties) <= set(properties(linked(element))), element.id
        assert set(properties(linked(element))) - {"sop.butir"} <= set(element.properties), element.id


def test_the_shipped_values_are_such_as_the_fields_take() -> None:
    fields = {id_: template(id_)["properties"] for id_ in (*STEPS, IDENTITY)}
    said = 0
    for path in SHIPPED:
        process = only(path.read_text("utf-8"))
        rows = [(linked(e), e.properties) for e in process.elements.values() if linked(e)]
        for id_, values in [(IDENTITY, process.properties), *rows]:
            for field in fields[id_]:
                pattern = field.get("constraints", {}).get("pattern", {}).get("value")
                if pattern and field["binding"]["name"] in values:
                    said += 1
                    assert re.search(pattern, values[field["binding"]["name"]]), (path.name, field["label"])
    assert said > 100


@pytest.mark.parametrize("path", SHIPPED, ids=lambda path: path.stem)
def test_a_shipped_sop_opens_with_its_fields_filled_in_and_is_saved_as_it_was(
    board: Board, path: Path
) -> None:
    xml = path.read_text("utf-8")
    before = only(xml)
    board.open(xml)
    board.select("Kolaborasi_" + before.id)
    shown = board.fields()
    for field in template(IDENTITY)["properties"]:
        assert shown[field["label"]] == before.properties.get(field["binding"]["name"], "")
    [row, *_] = sop.rows(before)
    board.select(row.element)
    assert (board.fields()["Waktu"], board.fields()["Kegiatan"]) == (row.waktu, row.kegiatan)
    after = only(board.save())
    assert after.properties == before.properties
    assert sop.rows(after) == sop.rows(before)


def test_what_is_typed_into_the_fields_arrives(board: Board) -> None:
    board.open(NEW)
    assert [board.offered(id_) for id_ in ("Kolaborasi", "periksa", "staf")] == [[IDENTITY], [*STEPS], []]
    board.apply("Kolaborasi", IDENTITY)
    board.select("Kolaborasi")
    typed = {"Kantor": "uji", "Nomor SOP": "7/2026", "Tanggal efektif": "1 Agustus 2026"}
    for label, text in {**typed, "Dasar hukum": "UU 5/2014; PP 11/2017", "Perihal": "a.n. {{nama}}"}.items():
        board.type(label, text)
    board.apply("periksa", DECISION)
    board.select("periksa")
    for label, text in {"No": "2", "Waktu": "1 jam", "Output": "Konsep <baru>", "Formulir": "uji"}.items():
        board.type(label, text)
    process = only(board.save())
    said = {item.name: item.lines for item in sop.identity(process)}
    assert (said["nomor"], said["dasar_hukum"]) == (("7/2026",), ("UU 5/2014", "PP 11/2017"))
    assert (process.properties["sop.kantor"], process.properties["sop.perihal"]) == ("uji", "a.n. {{nama}}")
    [row] = [row for row in sop.rows(process) if row.element == "periksa"]
    assert (row.no, row.waktu, row.output) == ("2", "1 jam", "Konsep <baru>")
    camunda = process.elements["periksa"].camunda
    assert (camunda["formRef"], camunda["formRefBinding"]) == ("uji", "deployment")


def test_a_disposition_brings_the_words_it_mostly_has(board: Board) -> None:
    board.open(NEW)
    board.apply("periksa", DISPOSITION)
    [row] = [row for row in sop.rows(only(board.save())) if row.element == "periksa"]
    assert (row.kelengkapan, row.waktu, row.output) == ("Lembar disposisi", "15 menit", "Disposisi")


@pytest.mark.parametrize(
    ("label", "wrong", "right"),
    [("Waktu", "sebentar", "3 hari"), ("Waktu", "15", "Disesuaikan"), ("No", "baris 1", "3a")],
)
def test_a_field_says_what_it_cannot_take(board: Board, label: str, wrong: str, right: str) -> None:
    board.open(NEW)
    board.apply("periksa", STEP)
    board.select("periksa")
    board.type(label, wrong)
    board.page.wait_for_selector(".bio-properties-panel-error")
    assert board.complaint(label)
    board.type(label, right)
    board.page.wait_for_selector(".bio-properties-panel-error", state="detached")
    assert board.complaint(label) == ""


def test_blank_fields_beside_the_pools_do_not_hide_what_the_process_says() -> None:
    path = next(path for path in SHIPPED if path.stem == "kartu-pegawai")
    xml = path.read_text("utf-8").replace('name="sop.nomor" value="', 'name="sop.nomor" value="" x="')
    own = (
        "<bpmn:extensionElements><camunda:properties>"
        '<camunda:property name="sop.nomor" value="9"/><camunda:property name="sop.unit" value="Lain"/>'
        "</camunda:properties></bpmn:extensionElements><bpmn:laneSet"
    )
    process = only(xml.replace("<bpmn:laneSet", own, 1))
    assert process.properties["sop.nomor"] == "9"
    assert process.properties["sop.unit"].startswith("Kantor Kementerian Agama")
