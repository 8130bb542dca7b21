"""A lane whose position nobody holds is told of when its diagram is deployed."""

from service.operations import deployments, identity
from service.store.database import Database
from tests.conftest import DIAGRAMS

LANES = {"lanes.bpmn": (DIAGRAMS / "lanes.bpmn").read_bytes()}


def unheld(database: Database, files: dict[str, bytes]) -> list[str | None]:
    with database.transaction() as session:
        found = deployments.deploy(session, "uji", files).findings
    return [finding.name for finding in found if finding.code == "no_holder"]


def test_every_position_with_work_that_nobody_holds_is_named_once(database: Database) -> None:
    names = unheld(database, LANES)
    assert names
    assert len(set(names)) == len(names)


def test_a_position_that_somebody_holds_is_silent_until_they_leave(database: Database) -> None:
    (first, *rest) = unheld(database, LANES)
    with database.transaction() as session:
        position = next(one.id for one in identity.positions(session) if one.name == first)
        identity.add_person(session, "siti", "Siti", "kata sandi panjang")
        identity.hold(session, "siti", position)
    assert unheld(database, LANES) == rest
    with database.transaction() as session:
        identity.deactivate(session, "siti")
    assert unheld(database, LANES) == [first, *rest]


def test_a_lane_whose_tasks_name_their_people_needs_no_holder(database: Database) -> None:
    xml = LANES["lanes.bpmn"].replace(b"<userTask ", b'<userTask camunda:candidateGroups="staf" ')
    xml = xml.replace(b'isExecutable="true"', b'isExecutable="true" camunda:candidateStarterGroups="staf"')
    assert unheld(database, {"lanes.bpmn": xml}) == []


def test_a_refused_file_is_told_of_its_errors_only(database: Database) -> None:
    broken = {"lanes.bpmn": LANES["lanes.bpmn"].replace(b'targetRef="', b'targetRef="x')}
    with database.transaction() as session:
        found = deployments.examine(session, broken)[1]
    assert {finding.severity for finding in found if finding.code == "no_holder"} == set()
    assert any(finding.severity == "error" for finding in found)
