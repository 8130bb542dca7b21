"""When the diagram stops behind a form, the person's work is kept and they are told so."""

from pathlib import Path

from service.operations import deployments, incidents, instances
from tests.web.conftest import Office
from tests.web.reader import As, words

FILES = Path(__file__).parent / "stuck"


def test_the_work_is_kept_and_the_case_says_that_it_is_stuck(as_: As, office: Office) -> None:
    files = {path.name: path.read_bytes() for path in FILES.iterdir()}
    with office.database.transaction() as session:
        (definition,) = deployments.deploy(session, "macet", files, actor=office.admin).definitions
        case = instances.begin(session, definition, office.siti, {}).id
    task = office.task(case)
    siti = as_("siti")
    siti.post(f"/tasks/{task}/claim")
    answer = siti.send(f"/tasks/{task}", jumlah="7", _follow=True)
    assert answer.status_code == 200
    assert "tersimpan, tetapi kasus ini belum dapat berlanjut" in words(answer.text)
    with office.database.reading() as session:
        (incident,) = incidents.find(session, instance_id=case)
        assert incident.parked == {"jumlah": 7}
    assert "Kasus ini tertahan" in words(siti.get(f"/cases/{case}"))
    siti.post(f"/tasks/{task}", 409, jumlah="8")
