"""Recording what has come: also where the case cannot go on behind it."""

from service.operations import deployments, incidents, instances, messages
from tests.engine.drawing import xml
from tests.operations.moves import CATCH
from tests.web.conftest import Office
from tests.web.reader import As


def test_what_has_come_stays_recorded_though_the_case_stops_there(as_: As, office: Office) -> None:
    flow = "start -> tunggu -> x1; x1 -> b [=siap]; x1 -> end [=not(siap)]; b -> end"
    drawn = xml(flow, {"tunggu": CATCH}, '<bpmn:message id="m" name="kartu"/>', "kartu")
    with office.database.transaction() as session:
        [definition] = deployments.deploy(session, "kartu", {"kartu.bpmn": drawn}).definitions
        case = instances.start(session, definition, office.admin, {}).id
        [waiting] = messages.waiting(session, case)
    path = f"/cases/{case}/arrivals/{waiting.id}"
    admin = as_("admin")
    admin.post(path)
    assert "Kartu datang” sudah dicatat, tetapi kasusnya terhenti" in admin.get("/cases")
    with office.database.reading() as session:
        [incident] = incidents.find(session, instance_id=case)
        assert incident.sentence == "engine.condition"
