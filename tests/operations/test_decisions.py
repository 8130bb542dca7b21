"""Decisions are deployed, found by whoever names them, made in cases, and told in their history."""

from collections.abc import Callable
from typing import Any

import pytest

from service.errors import DecisionFailed, NotAllowed, NotFound, Refused
from service.language import LANGUAGES, say
from service.operations import decisions, deployments, history, incidents, mending
from service.operations.deployments import Deployed, deploy
from service.operations.identity import SYSTEM, Actor
from service.store.database import Database
from service.store.models import DecisionDefinition, HistoryEvent, ProcessInstance
from tests.conftest import DIAGRAMS
from tests.dmn.drawing import Column, file, literal, table
from tests.engine.drawing import xml
from tests.operations.moves import begin, complete, open_task, task_xml

TRAVEL = (DIAGRAMS.parent / "decisions" / "drd.dmn").read_bytes()
ALLOWANCE = (DIAGRAMS.parent / "decisions" / "first.dmn").read_bytes()
Deploy = Callable[..., Deployed]


MILLION = "x1 -> b [=hasil > 1000000]; x1 -> end [default]; b -> end"


def asking(attributes: str, key: str = "dinas", then: str = MILLION) -> bytes:
    """A process whose second step is a decision, and which goes on to `b` for more than a million."""
    drawn = {
        "a": task_xml("a"),
        "putus": f'<bpmn:businessRuleTask id="putus" name="Hitung biaya" {attributes}/>',
        "b": task_xml("b"),
    }
    return xml(f"start -> a -> putus -> x1; {then}", drawn, key=key)


def ref(decision: str = "biaya", binding: str = "", version: str = "", mapping: str = "singleEntry") -> str:
    attributes = {
        "decisionRef": decision,
        "decisionRefBinding": binding,
        "decisionRefVersion": version,
        "mapDecisionResult": mapping,
        "resultVariable": "hasil",
    }
    return " ".join(f'camunda:{name}="{value}"' for name, value in attributes.items() if value)


def constant(value: str, key: str = "biaya") -> bytes:
    return file(literal(value, key))


def made(database: Database, case: str) -> list[HistoryEvent]:
    """The events of decisions in a case whose history is whole."""
    with database.reading() as session:
        assert history.verify(session, case) is None
        return [event for event in history.timeline(session, case) if event.kind == "decision_evaluated"]


def value_of(database: Database, key: str, **values: Any) -> Any:
    """What a case of this process has as its result, after its first task."""
    case = begin(database, key)
    complete(database, case, **values)
    return made(database, case)[0].details["rows"]


def test_a_deployment_keeps_each_decision_of_a_file_with_its_version(database: Database) -> None:
    with database.transaction() as session:
        for _ in range(2):
            done = deploy(session, "dinas", {"dinas/biaya.dmn": TRAVEL})
        assert [(row.key, row.version, row.name) for row in done.decisions] == [
            ("biaya", 2, "Biaya perjalanan"),
            ("tarif", 2, "Tarif"),
            ("wilayah", 2, "Wilayah"),
        ]
        assert deployments.content(session, done.decisions[0]) == TRAVEL
    with database.reading() as session:
        assert [row.version for row in decisions.definitions(session, "tarif", latest=False)] == [2, 1]
        assert [row.key for row in decisions.definitions(session)] == ["biaya", "tarif", "wilayah"]
        assert decisions.latest(session, "biaya").id == done.decisions[0].id
        assert decisions.file(session, done.decisions[1]).decisions["biaya"].version_tag == "2026"


def test_the_same_tables_again_are_not_deployed_again_when_filtered(database: Database) -> None:
    with database.transaction() as session:
        deploy(session, "dinas", {"a.dmn": TRAVEL}, duplicates="filter")
        assert deploy(session, "dinas", {"a.dmn": TRAVEL}, duplicates="filter").unchanged
        assert session.query(DecisionDefinition).count() == 3


def test_what_was_never_deployed_is_not_found(database: Database) -> None:
    with database.reading() as session:
        for ask in (decisions.definition, decisions.latest):
            with pytest.raises(NotFound):
                ask(session, "tidak-ada")


def test_one_bad_table_keeps_all_files_out(database: Database) -> None:
    with pytest.raises(Refused) as refused, database.transaction() as session:
        deploy(session, "dinas", {"a.dmn": TRAVEL, "b.dmn": constant("1 +", "lain"), "c.dmn": constant("1")})
    assert {(finding.code, finding.file) for finding in refused.value.findings} == {
        ("dmn_unreadable", "b.dmn"),
        ("duplicate_decision", "a.dmn"),
        ("duplicate_decision", "c.dmn"),
    }
    with database.reading() as session:
        assert decisions.definitions(session) == []


@pytest.mark.parametrize(
    ("attributes", "code"),
    [
        (ref(), "decision_missing_latest"),
        (ref(binding="latest"), "decision_missing_latest"),
        (ref(binding="deployment"), "decision_missing"),
        (ref(binding="version", version="2"), "decision_missing_version"),
    ],
)
def test_a_decision_that_is_nowhere_is_refused_with_the_step_that_wants_it(
    database: Database, attributes: str, code: str
) -> None:
    with pytest.raises(Refused) as refused, database.transaction() as session:
        deploy(session, "dinas", {"a.bpmn": asking(attributes)})
    (finding,) = (f for f in refused.value.findings if f.severity == "error")
    assert (finding.code, finding.element, finding.name, finding.file) == (
        code,
        "putus",
        "Hitung biaya",
        "a.bpmn",
    )
    for language in LANGUAGES:
        assert "biaya" in say(finding.message, language)
        assert say(finding.remedy, language)


def test_only_the_binding_to_the_deployment_wants_the_decision_sent_along(database: Database) -> None:
    with database.transaction() as session:
        deploy(session, "tabel", {"a.dmn": constant("1")})
        deploy(session, "latest", {"a.bpmn": asking(ref())})
        deploy(session, "version", {"a.bpmn": asking(ref(binding="version", version="1"))})
    with pytest.raises(Refused), database.transaction() as session:
        deploy(session, "deployment", {"a.bpmn": asking(ref(binding="deployment"))})
    with pytest.raises(Refused), database.transaction() as session:
        deploy(session, "version", {"a.bpmn": asking(ref(binding="version", version="2"))})


def test_a_case_makes_a_decision_and_goes_where_it_leads(database: Database, deployed: Deploy) -> None:
    deployed(**{"dinas.bpmn": asking(ref(binding="deployment")), "biaya.dmn": TRAVEL})
    dear, cheap = begin(database, "dinas"), begin(database, "dinas")
    complete(database, dear, negara="Indonesia", hari=3)
    complete(database, cheap, negara="Indonesia", hari=1)
    assert open_task(database, dear).element_id == "b"
    with database.reading() as session:
        assert session.get_one(ProcessInstance, cheap).status == "completed"
        assert session.get_one(ProcessInstance, dear).variables["hasil"] == 1111000


def test_which_rules_hit_is_in_the_history(database: Database, deployed: Deploy) -> None:
    deployed(**{"dinas.bpmn": asking(ref()), "biaya.dmn": TRAVEL})
    case = begin(database, "dinas")
    complete(database, case, negara="Indonesia", hari=3)
    (event,) = made(database, case)
    assert (event.element_id, event.element_name) == ("putus", "Hitung biaya")
    details = event.details
    assert (details["decision"], details["name"], details["version"]) == ("biaya", "Biaya perjalanan", 1)
    assert details["rows"] == [{"biaya": 1111000}]
    assert details["missing"] == []
    assert details["steps"] == [
        {
            "decision": "wilayah",
            "name": "Wilayah",
            "inputs": {"Negara": "Indonesia"},
            "rules": [{"rule": "DecisionRule_w1", "number": 1, "annotation": None}],
        },
        {
            "decision": "tarif",
            "name": "Tarif",
            "inputs": {"Wilayah": "dalam"},
            "rules": [{"rule": "DecisionRule_t1", "number": 1, "annotation": "Dalam negeri"}],
        },
        {"decision": "biaya", "name": "Biaya perjalanan", "inputs": {}, "rules": []},
    ]


def test_the_history_is_not_swollen_by_what_went_into_a_decision(
    database: Database, deployed: Deploy
) -> None:
    wide = table(
        [Column("isi"), Column("daftar")],
        [Column("biaya")],
        [(["-", "-"], ["isi"])] * 30,
        "COLLECT",
        id_="biaya",
    )
    deployed(
        **{"dinas.bpmn": asking(ref(mapping="resultList"), then="x1 -> b -> end"), "biaya.dmn": file(wide)}
    )
    case = begin(database, "dinas")
    complete(database, case, isi="kata " * 500, daftar=[1] * 500)
    (event,) = made(database, case)
    (step,) = event.details["steps"]
    assert list(step["inputs"]) == ["isi"]
    assert len(step["inputs"]["isi"]) <= decisions.LONGEST
    assert len(step["rules"]) == len(event.details["rows"]) == decisions.MOST


def test_each_binding_finds_its_version(database: Database) -> None:
    with database.transaction() as session:
        deploy(session, "satu", {"a.dmn": constant("1")})
        files = {"a.dmn": constant("2")}
        files |= {
            f"{binding}.bpmn": asking(ref(binding=binding, version="1" * (binding == "version")), binding)
            for binding in ("deployment", "latest", "version")
        }
        deploy(session, "dua", files)
        deploy(session, "tiga", {"a.dmn": constant("3")})
    found = {key: value_of(database, key) for key in ("deployment", "latest", "version")}
    assert found == {"deployment": [{"biaya": 2}], "latest": [{"biaya": 3}], "version": [{"biaya": 1}]}


def test_a_decision_without_an_answer_stops_the_case_and_keeps_the_work(
    database: Database, deployed: Deploy
) -> None:
    twice = file(table([Column("n")], [Column("biaya")], [(["> 1"], ["1"]), (["> 2"], ["2"])], id_="biaya"))
    deployed(**{"dinas.bpmn": asking(ref()), "biaya.dmn": twice})
    case = begin(database, "dinas")
    assert complete(database, case, n=3) == "parked"
    assert made(database, case) == []
    with database.reading() as session:
        (incident,) = incidents.find(session, instance_id=case)
        for language in LANGUAGES:
            told = say(incidents.told(incident), language)
            assert "Tabel" in told
            assert "1, 2" in told
    with database.transaction() as session:
        deploy(session, "lagi", {"biaya.dmn": constant("5")})
    with database.transaction() as session:
        mending.resume(session, incident.id, SYSTEM)
    assert made(database, case)[0].details["version"] == 2


def test_a_result_that_does_not_fit_its_mapping_stops_the_case(database: Database, deployed: Deploy) -> None:
    several = file(table([], [Column("biaya")], [([], ["1"]), ([], ["2"])], "COLLECT", id_="biaya"))
    deployed(**{"dinas.bpmn": asking(ref()), "biaya.dmn": several})
    assert complete(database, begin(database, "dinas")) == "parked"


def test_an_administrator_tries_a_decision_out_and_nobody_else(
    database: Database, people: Callable[..., Actor]
) -> None:
    with database.transaction() as session:
        row = deploy(session, "uang", {"a.dmn": ALLOWANCE}).decisions[0]
    admin, staff = people("admin", admin=True), people("siti", "kemenag.staf")
    with database.reading() as session:
        row = decisions.definition(session, row.id)
        found = decisions.evaluate(session, row, admin, {"kota": "Jakarta", "hari": 2})
        assert (found.rows, found.version) == (({"uang": 502000},), 1)
        with pytest.raises(NotAllowed):
            decisions.evaluate(session, row, staff, {})
        with pytest.raises(DecisionFailed):
            decisions.evaluate(session, row, admin, {"hari": "banyak"})
