"""A case's story tells which rules of a decision fitted."""

from service.operations import deployments, instances
from service.operations.identity import SYSTEM
from tests.conftest import DIAGRAMS
from tests.engine.drawing import xml
from tests.web.conftest import Office
from tests.web.reader import As, words

TRAVEL = (DIAGRAMS.parent / "decisions" / "drd.dmn").read_bytes()
TASK = (
    '<bpmn:businessRuleTask id="putus" name="Hitung biaya" camunda:decisionRef="{key}"'
    ' camunda:resultVariable="hasil"/>'
)


def story(as_: As, office: Office, key: str) -> str:
    """The page of a case that makes this decision and ends."""
    files = {"a.bpmn": xml("start -> putus -> end", {"putus": TASK.format(key=key)}), "a.dmn": TRAVEL}
    with office.database.transaction() as session:
        (definition,) = deployments.deploy(session, "dinas", files).definitions
        values = {"negara": "Indonesia", "hari": 3}
        case = instances.start(session, definition, SYSTEM, values).id
    return words(as_("admin").get(f"/cases/{case}"))


def test_the_rules_that_fitted_are_told_with_what_was_required(as_: As, office: Office) -> None:
    said = story(as_, office, "biaya")
    assert "Keputusan “Biaya perjalanan” dibuat pada langkah “Hitung biaya”" in said
    assert "aturan yang berlaku: Wilayah 1; Tarif 1 (Dalam negeri)." in said
