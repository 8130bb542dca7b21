"""Files come in together, all of them or none, and are given back byte for byte."""

import json
from collections.abc import Callable
from threading import Barrier, Thread

import pytest

from service.errors import Conflict, InvalidInput, NotFound, Refused
from service.language import LANGUAGES, say
from service.operations import deployments, identity, resources
from service.operations.deployments import Deployed, deploy
from service.operations.identity import Actor
from service.store.database import Database
from service.store.models import Deployment, FormDefinition, ProcessDefinition, Resource
from tests.conftest import DIAGRAMS

SEQUENCE = (DIAGRAMS / "sequence.bpmn").read_bytes()
LANES = (DIAGRAMS / "lanes.bpmn").read_bytes()
People = Callable[..., Actor]
Deploy = Callable[..., Deployed]


def form(id_: str, label: str = "Nama") -> bytes:
    field = {"type": "textfield", "key": "nama", "label": label, "id": "Field_1"}
    return json.dumps({"type": "default", "id": id_, "schemaVersion": 16, "components": [field]}).encode()


def with_form(attributes: str) -> bytes:
    """The sequence, with these attributes on its first task."""
    return SEQUENCE.replace(b'name="Susun"', f'name="Susun" {attributes}'.encode())


def codes(database: Database, files: dict[str, bytes]) -> list[str]:
    """The codes of the findings for which these files are refused."""
    with pytest.raises(Refused) as refused, database.transaction() as session:
        deploy(session, "test", files)
    return [finding.code for finding in refused.value.findings if finding.severity == "error"]


def count(database: Database) -> int:
    with database.reading() as session:
        return sum(
            session.query(row).count() for row in (Deployment, Resource, ProcessDefinition, FormDefinition)
        )


def test_a_deployment_keeps_its_files_byte_for_byte(database: Database) -> None:
    with database.transaction() as session:
        done = deploy(session, "SOP", {"kantor/a.bpmn": SEQUENCE, "x.form": form("x")}, source="uji")
    assert (done.deployment.name, done.deployment.source, done.unchanged) == ("SOP", "uji", False)
    assert [(d.key, d.version, d.name, d.resource_name) for d in done.definitions] == [
        ("sequence", 1, "sequence", "kantor/a.bpmn")
    ]
    assert [(f.key, f.version, f.resource_name) for f in done.forms] == [("x", 1, "x.form")]
    with database.reading() as session:
        assert deployments.xml(session, done.definitions[0].id) == SEQUENCE
        assert [row.id for row in deployments.find(session)] == [done.deployment.id]


def test_a_definition_is_ready_to_run(database: Database, deployed: Deploy) -> None:
    id_ = deployed("sequence.bpmn").definitions[0].id
    with database.reading() as session:
        assert list(deployments.diagram(session, id_).elements) == ["mulai", "susun", "periksa", "selesai"]
        assert deployments.executable(session, id_).element("susun").name == "Susun"
        assert deployments.executable(session, id_) is deployments.executable(session, id_)


def test_versions_of_a_key_count_up_and_old_ones_stay(database: Database, deployed: Deploy) -> None:
    ids = [deployed("sequence.bpmn").definitions[0].id for _ in range(3)]
    other = deployed("lanes.bpmn").definitions[0].id
    with database.reading() as session:
        assert deployments.latest(session, "sequence").id == ids[2]
        assert [d.id for d in deployments.definitions(session)] == [other, ids[2]]
        assert [d.version for d in deployments.definitions(session, "sequence", latest=False)] == [3, 2, 1]
        assert deployments.definition(session, ids[0]).version == 1


def test_what_was_never_deployed_is_not_found(database: Database) -> None:
    with database.reading() as session:
        for ask in (deployments.definition, deployments.latest, deployments.executable, deployments.xml):
            with pytest.raises(NotFound):
                ask(session, "none")
        assert deployments.form(session, "none", "x") is None


def test_the_same_files_again_are_not_deployed_again_when_filtered(database: Database) -> None:
    files = {"a.bpmn": SEQUENCE, "x.form": form("x")}
    with database.transaction() as session:
        first = deploy(session, "SOP", files, duplicates="filter")
        again = deploy(session, "SOP", files, duplicates="filter")
        assert (again.deployment.id, again.unchanged) == (first.deployment.id, True)
        assert not deploy(session, "SOP", files).unchanged


@pytest.mark.parametrize(
    ("name", "files"),
    [
        ("SOP", {"a.bpmn": SEQUENCE, "x.form": form("x", "Nama lengkap")}),
        ("SOP", {"a.bpmn": SEQUENCE}),
        ("SOP", {"a.bpmn": SEQUENCE, "y.form": form("x")}),
        ("other", {"a.bpmn": SEQUENCE, "x.form": form("x")}),
    ],
)
def test_one_changed_file_deploys_all_of_them(database: Database, name: str, files: dict[str, bytes]) -> None:
    with database.transaction() as session:
        deploy(session, "SOP", {"a.bpmn": SEQUENCE, "x.form": form("x")}, duplicates="filter")
        again = deploy(session, name, files, duplicates="filter")
    assert not again.unchanged
    assert [d.version for d in again.definitions] == [2]


def test_only_the_latest_deployment_of_the_name_counts_as_the_same(database: Database) -> None:
    with database.transaction() as session:
        deploy(session, "SOP", {"a.bpmn": SEQUENCE}, duplicates="filter")
        deploy(session, "SOP", {"a.bpmn": LANES}, duplicates="filter")
        assert not deploy(session, "SOP", {"a.bpmn": SEQUENCE}, duplicates="filter").unchanged


def test_one_bad_file_keeps_all_of_them_out(database: Database) -> None:
    assert codes(database, {"good.bpmn": SEQUENCE, "bad.bpmn": b"<x/>", "bad.form": b"{"}) == [
        "not_bpmn",
        "form_json",
    ]
    assert count(database) == 0
    with database.reading() as session:
        assert identity.positions(session) == []


def test_a_finding_names_its_file(database: Database) -> None:
    with pytest.raises(Refused) as refused, database.transaction() as session:
        deploy(session, "test", {"a.bpmn": SEQUENCE, "dir/bad.bpmn": b"<x/>"})
    assert {finding.file for finding in refused.value.findings} == {"dir/bad.bpmn"}


def test_two_processes_of_one_key_are_refused(database: Database) -> None:
    assert codes(database, {"a.bpmn": SEQUENCE, "b.bpmn": SEQUENCE}) == ["duplicate_process"] * 2


def test_two_forms_of_one_id_are_refused(database: Database) -> None:
    assert codes(database, {"a.form": form("x"), "b.form": form("x")}) == ["duplicate_form"] * 2


@pytest.mark.parametrize(
    ("name", "code"),
    [
        ("a.dmn", "dmn_not_dmn"),
        ("a.exe", "unknown_kind"),
        ("a", "unknown_kind"),
        ("../a.bpmn", "file_name"),
        ("/a.bpmn", "file_name"),
        ("a\\b.bpmn", "file_name"),
        ("a\x00.bpmn", "file_name"),
        (f"{'a' * 251}.bpmn", "file_name"),
    ],
)
def test_a_file_that_cannot_be_deployed_is_refused_by_its_name(
    database: Database, name: str, code: str
) -> None:
    assert codes(database, {name: SEQUENCE}) == [code]


def test_what_lies_beside_a_diagram_is_kept_and_means_nothing(database: Database) -> None:
    with database.transaction() as session:
        done = deploy(session, "test", {"a.bpmn": SEQUENCE, "README.md": b"#", "a.png": b"\x89PNG"})
        assert session.query(Resource).count() == 3
    assert len(done.definitions) == 1


@pytest.mark.parametrize("file", ["a.exe", "../a.md"])
def test_a_refusal_says_what_and_how_to_mend_it(file: str) -> None:
    (finding,) = resources.read({file: b""}).findings
    for language in LANGUAGES:
        assert file in say(finding.message, language)
        assert say(finding.remedy, language)


def test_nothing_cannot_be_deployed(database: Database) -> None:
    with pytest.raises(InvalidInput), database.transaction() as session:
        deploy(session, "test", {})


def test_warnings_come_with_what_was_deployed(database: Database) -> None:
    named = SEQUENCE.replace(
        b'isExecutable="true"', b'isExecutable="true" camunda:candidateStarterUsers="ani"'
    )
    with database.transaction() as session:
        done = deploy(session, "test", {"a.bpmn": named})
    assert "starter_users" in {finding.code for finding in done.findings}


@pytest.mark.parametrize(
    ("attributes", "code"),
    [
        ('camunda:formRef="x"', "form_missing"),
        ('camunda:formRef="x" camunda:formRefBinding="latest"', "form_missing_latest"),
        (
            'camunda:formRef="x" camunda:formRefBinding="version" camunda:formRefVersion="1"',
            "form_missing_version",
        ),
    ],
)
def test_a_form_that_is_nowhere_is_refused_with_the_task_that_wants_it(
    database: Database, attributes: str, code: str
) -> None:
    with pytest.raises(Refused) as refused, database.transaction() as session:
        deploy(session, "test", {"a.bpmn": with_form(attributes)})
    (finding,) = (f for f in refused.value.findings if f.severity == "error")
    assert (finding.code, finding.element, finding.name, finding.file) == (code, "susun", "Susun", "a.bpmn")
    for language in LANGUAGES:
        assert "x" in say(finding.message, language)
        assert say(finding.remedy, language)


def test_a_form_of_an_earlier_deployment_is_not_this_deployments_form(database: Database) -> None:
    with database.transaction() as session:
        deploy(session, "forms", {"x.form": form("x")})
    assert codes(database, {"a.bpmn": with_form('camunda:formRef="x"')}) == ["form_missing"]


def shown(database: Database, definition_id: str) -> str | None:
    """The label of the field of the first task's form."""
    with database.reading() as session:
        element = deployments.diagram(session, definition_id).elements["susun"]
        found = deployments.form_of(session, definition_id, element)
        return found and found.raw["components"][0]["label"]


def test_each_binding_finds_its_form(database: Database) -> None:
    attributes = {
        "deployment": 'camunda:formRef="x"',
        "latest": 'camunda:formRef="x" camunda:formRefBinding="latest"',
        "version": 'camunda:formRef="x" camunda:formRefBinding="version" camunda:formRefVersion="1"',
    }
    ids = {}
    with database.transaction() as session:
        deploy(session, "forms", {"x.form": form("x", "satu")})
        for binding, text in attributes.items():
            done = deploy(session, binding, {"a.bpmn": with_form(text), "x.form": form("x", binding)})
            ids[binding] = done.definitions[0].id
        deploy(session, "forms", {"x.form": form("x", "akhir")})
    assert {binding: shown(database, id_) for binding, id_ in ids.items()} == {
        "deployment": "deployment",
        "latest": "akhir",
        "version": "satu",
    }


def test_a_version_that_comes_with_the_diagram_is_there(database: Database) -> None:
    text = 'camunda:formRef="x" camunda:formRefBinding="version" camunda:formRefVersion="1"'
    with database.transaction() as session:
        deploy(session, "test", {"a.bpmn": with_form(text), "x.form": form("x")})
    assert codes(database, {"a.bpmn": with_form(text.replace('"1"', '"2"'))}) == ["form_missing_version"]


def test_without_a_reference_a_task_has_the_form_of_its_own_id(database: Database) -> None:
    with database.transaction() as session:
        with_it = deploy(session, "a", {"a.bpmn": SEQUENCE, "s.form": form("susun")}).definitions[0].id
        without = deploy(session, "b", {"a.bpmn": SEQUENCE}).definitions[0].id
    assert (shown(database, with_it), shown(database, without)) == ("Nama", None)


def test_two_who_deploy_one_process_at_once_get_two_versions_or_a_conflict(database: Database) -> None:
    both, outcomes = Barrier(2), []

    def work() -> None:
        both.wait()
        try:
            with database.transaction() as session:
                outcomes.append(deploy(session, "test", {"a.bpmn": SEQUENCE}).definitions[0].version)
        except Conflict:
            outcomes.append(0)

    threads = [Thread(target=work) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    with database.reading() as session:
        versions = [d.version for d in deployments.definitions(session, "sequence", latest=False)]
    assert (versions, sorted(outcomes)) in (([2, 1], [1, 2]), ([1], [0, 1]))


def test_a_process_that_is_not_executable_defines_nothing(database: Database, deployed: Deploy) -> None:
    assert [definition.key for definition in deployed("two_pools.bpmn").definitions] == ["two_pools"]
