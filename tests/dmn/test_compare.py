"""What differs between two revisions of a decision."""

import re
from pathlib import Path

import pytest

from service import dmn
from service.dmn.compare import compare
from service.language import say

FOLDER = Path(__file__).parents[1] / "decisions"
FILES = sorted(FOLDER.glob("*.dmn"))


def told(old: str, new: str, key: str) -> list[str]:
    return [say(one.what, "en") for one in compare(dmn.read(old.encode()), dmn.read(new.encode()), key)]


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_a_decision_is_the_same_as_itself(path: Path) -> None:
    definitions = dmn.read(path.read_bytes())
    assert definitions.decisions
    assert [one for key in definitions.decisions for one in compare(definitions, definitions, key)] == []


TABLE = """<definitions xmlns="https://www.omg.org/spec/DMN/20191111/MODEL/" id="d" name="d" namespace="x">
  <decision id="tarif" name="Tarif"><variable name="tarif"/><decisionTable id="t" hitPolicy="FIRST">
    <input id="i" label="Golongan"><inputExpression id="ie"><text>golongan</text></inputExpression></input>
    <output id="o" name="tarif" typeRef="number"/>
    <rule id="r1"><inputEntry id="a1"><text>"II"</text></inputEntry>
      <outputEntry id="b1"><text>10</text></outputEntry></rule>
    <rule id="r2"><inputEntry id="a2"><text>"III"</text></inputEntry>
      <outputEntry id="b2"><text>20</text></outputEntry></rule>
  </decisionTable></decision></definitions>"""
THIRD = """<rule id="r3"><inputEntry id="a3"><text>-</text></inputEntry>
      <outputEntry id="b3"><text>30</text></outputEntry></rule></decisionTable>"""


def test_rules_are_counted_as_added_removed_and_changed() -> None:
    new = TABLE.replace("<text>20<", "<text>25<").replace("</decisionTable>", THIRD)
    assert told(TABLE, new, "tarif") == ["decision “Tarif” changed: 1 rules added, 0 removed, 1 changed"]
    assert told(new, TABLE, "tarif") == ["decision “Tarif” changed: 0 rules added, 1 removed, 1 changed"]


def test_the_order_of_rules_the_policy_and_the_columns_are_told() -> None:
    rules = re.findall(r"<rule.*?</rule>", TABLE, re.DOTALL)
    turned = TABLE.replace(rules[0], "@").replace(rules[1], rules[0]).replace("@", rules[1])
    assert told(TABLE, turned, "tarif") == ["decision “Tarif”: its rules are now in another order"]
    assert told(TABLE, TABLE.replace("FIRST", "UNIQUE"), "tarif") == [
        "decision “Tarif”, hit policy: from “FIRST” to “UNIQUE”"
    ]
    assert told(TABLE, TABLE.replace("<text>golongan<", "<text>pangkat<"), "tarif") == [
        "decision “Tarif”, inputs: from “Golongan · golongan” to “Golongan · pangkat”"
    ]
