"""A case that stopped behind a form says why, and an administrator sets it going again."""

import pytest

from service.operations import deployments, incidents, instances
from tests.engine.drawing import xml
from tests.web.conftest import Office
from tests.web.reader import As, words


@pytest.fixture
def stuck(office: Office) -> str:
    """A case whose first step was done, and whose gateway cannot decide."""
    drawn = xml("start -> a -> x1; x1 -> b [=siap]; x1 -> end [default]; b -> end", key="macet")
    with office.database.transaction() as session:
        (definition,) = deployments.deploy(session, "macet", {"macet.bpmn": drawn}).definitions
        case = instances.start(session, definition, office.admin, {}).id
    office.do(office.admin, case)
    return case


def test_the_case_names_the_element_and_keeps_the_work(as_: As, stuck: str) -> None:
    page = words(as_("admin").get(f"/cases/{stuck}"))
    assert "Kasus ini tertahan" in page
    assert "x1" in page
    assert "Coba lagi" in page


def test_work_is_set_going_again_once_the_cause_is_mended(as_: As, office: Office, stuck: str) -> None:
    with office.database.transaction() as session:
        (incident,) = incidents.find(session, instance_id=stuck)
        instances.set_variables(session, stuck, office.admin, {"siap": True})
    page = words(as_("admin").post(f"/incidents/{incident.id}/resume", 200, _follow=True))
    assert "Kasus ini tertahan" not in page
    with office.database.reading() as session:
        assert incidents.find(session, instance_id=stuck) == []
    assert office.task(stuck)


def test_work_that_still_stops_stays_kept(as_: As, office: Office, stuck: str) -> None:
    with office.database.reading() as session:
        (incident,) = incidents.find(session, instance_id=stuck)
    assert "Kasus ini tertahan" in words(
        as_("admin").post(f"/incidents/{incident.id}/resume", 200, _follow=True)
    )


def test_only_an_administrator_sets_work_going_again(as_: As, office: Office, stuck: str) -> None:
    with office.database.reading() as session:
        (incident,) = incidents.find(session, instance_id=stuck)
    as_("siti").post(f"/incidents/{incident.id}/resume", 403)


def test_who_did_the_work_reads_that_it_is_kept(as_: As, office: Office) -> None:
    drawn = xml("start -> a -> x1; x1 -> b [=siap]; x1 -> end [default]; b -> end", key="macet")
    with office.database.transaction() as session:
        (definition,) = deployments.deploy(session, "macet", {"macet.bpmn": drawn}).definitions
        case = instances.start(session, definition, office.admin, {}).id
    task, admin = office.task(case), as_("admin")
    admin.post(f"/tasks/{task}/claim")
    said = words(admin.send(f"/tasks/{task}", _follow=True).text)
    assert "tersimpan, tetapi kasus ini belum dapat berlanjut" in said
    admin.post(f"/tasks/{task}", 409)
