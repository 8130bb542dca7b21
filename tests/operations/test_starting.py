"""Who may start a process, and which positions its diagram makes."""

from collections.abc import Callable

from service.operations import deployments, gate, identity, instances
from service.operations.deployments import Deployed, deploy
from service.operations.identity import Actor
from service.store.database import Database
from tests.conftest import DIAGRAMS
from tests.engine.drawing import DECLARED, event, start, xml
from tests.operations.moves import task_xml

LANES = (DIAGRAMS / "lanes.bpmn").read_bytes()
People = Callable[..., Actor]
Deploy = Callable[..., Deployed]


def test_lanes_with_work_become_positions_of_the_office(database: Database, deployed: Deploy) -> None:
    definition = deployed("lanes.bpmn").definitions[0]
    assert definition.office == "uji"
    with database.reading() as session:
        kept = {position.id: position.name for position in identity.positions(session)}
    assert kept == {"uji.kepala": "Kepala", "uji.pemohon": "Pemohon", "uji.staf": "Staf"}


def test_groups_that_a_diagram_names_can_be_held(database: Database, deployed: Deploy) -> None:
    deployed("sequence.bpmn")
    with database.reading() as session:
        assert [position.id for position in identity.positions(session)] == ["staf"]


def test_the_lane_where_a_case_begins_may_start_it(
    database: Database, deployed: Deploy, people: People
) -> None:
    definition = deployed("lanes.bpmn").definitions[0]
    assert definition.starters == ["uji.pemohon"]
    ani, budi, root = people("ani", "uji.pemohon"), people("budi", "uji.staf"), people("root", admin=True)
    assert [deployments.may_start(definition, who) for who in (ani, budi, root)] == [True, False, True]
    with database.reading() as session:
        assert [d.id for d in deployments.startable(session, ani)] == [definition.id]
        assert deployments.startable(session, budi) == []


def test_a_start_event_outside_the_lanes_belongs_to_the_first_lane_behind_it(database: Database) -> None:
    outside = LANES.replace(b"<flowNodeRef>mulai</flowNodeRef>", b"")
    with database.transaction() as session:
        assert deploy(session, "test", {"a.bpmn": outside}).definitions[0].starters == ["uji.pemohon"]


def test_named_groups_may_start_it_instead_of_the_lane(database: Database, people: People) -> None:
    named = LANES.replace(
        b'isExecutable="true"', b'isExecutable="true" camunda:candidateStarterGroups="uji.staf, uji.loket"'
    )
    with database.transaction() as session:
        definition = deploy(session, "test", {"a.bpmn": named}).definitions[0]
        assert session.get(identity.Position, "uji.loket")
    assert definition.starters == ["uji.staf", "uji.loket"]
    assert not deployments.may_start(definition, people("ani", "uji.pemohon"))
    assert deployments.may_start(definition, people("budi", "uji.loket"))


def test_a_process_kept_off_the_list_is_not_offered(database: Database, people: People) -> None:
    root = people("root", admin=True)
    off = LANES.replace(b'isExecutable="true"', b'isExecutable="true" camunda:isStartableInTasklist="false"')
    with database.transaction() as session:
        deploy(session, "test", {"a.bpmn": off})
        assert deployments.startable(session, root) == []


def test_a_process_that_only_a_message_starts_is_not_offered(
    database: Database, deployed: Deploy, people: People
) -> None:
    deployed("message_start.bpmn")
    with database.reading() as session:
        assert deployments.startable(session, people("root", admin=True)) == []


def test_only_the_latest_version_is_offered(database: Database, deployed: Deploy, people: People) -> None:
    ids = [deployed("lanes.bpmn").definitions[0].id for _ in range(2)]
    with database.reading() as session:
        assert [d.id for d in deployments.startable(session, people("root", admin=True))] == ids[1:]


def test_the_form_of_the_plain_start_is_shown_though_a_message_start_stands_first(
    database: Database, deployed: Deploy, people: People
) -> None:
    form = '<bpmn:startEvent id="start" camunda:formRef="permohonan" camunda:formRefBinding="deployment"/>'
    drawn = {"m": start("m", event("message", "m1")), "a": task_xml("a"), "start": form}
    content = xml("m -> a -> end; start -> a", drawn, DECLARED, "dua_awal")
    schema = b'{"id": "permohonan", "type": "default", "components": []}'
    definition = deployed(**{"d.bpmn": content, "permohonan.form": schema}).definitions[0]
    root = people("root", admin=True)
    with database.reading() as session:
        shown = instances.start_form(session, definition, root)
    assert shown is not None
    assert shown.id == "permohonan"


def test_who_starts_a_case_is_kept_where_the_start_event_says(
    database: Database, deployed: Deploy, people: People
) -> None:
    drawn = {"start": '<bpmn:startEvent id="start" camunda:initiator="pemohon"/>', "a": task_xml("a")}
    definition = deployed(**{"d.bpmn": xml("start -> a -> end", drawn, key="pemohon")}).definitions[0]
    root = people("root", admin=True)
    with database.transaction() as session:
        case = instances.start(session, definition, root, {})
    with database.reading() as session:
        assert gate.variables(session, case.id) == {"pemohon": "root"}
