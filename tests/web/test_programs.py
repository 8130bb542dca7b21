"""What a program elsewhere does for a case is told like any other step, and so is that it cannot."""

import re
from datetime import timedelta

import pytest

from service.operations import deployments, external, incidents, instances, outcomes
from service.operations.external import Topic
from service.operations.identity import SYSTEM
from tests.engine.drawing import xml
from tests.operations.moves import task_xml
from tests.operations.printing import work_of
from tests.web.conftest import Office
from tests.web.reader import As, words


@pytest.fixture
def printing(office: Office) -> str:
    """A case that waits for a program to print."""
    drawn = {"cetak": work_of("cetak"), "b": task_xml("b", 'camunda:candidateGroups="uji.loket"')}
    with office.database.transaction() as session:
        content = xml("start -> cetak -> b -> end", drawn, key="kartu")
        (definition,) = deployments.deploy(session, "kartu", {"k.bpmn": content}).definitions
        return instances.start(session, definition, SYSTEM, {}).id


def fetch(office: Office) -> str:
    with office.database.transaction() as session:
        topic = Topic("cetak", timedelta(minutes=1))
        return external.fetch_and_lock(session, "w", [topic], 1)[0][0].id


def steps(page: str) -> list[tuple[str, str]]:
    return re.findall(r'<li class="step (\w+)".*?class="step-name">([^<]+)<', page, re.S)


def test_a_case_says_which_program_it_waits_for(as_: As, office: Office, printing: str) -> None:
    page = as_("admin").get(f"/cases/{printing}")
    assert "Menunggu dikerjakan program “cetak”" in words(page)
    assert steps(page) == [("now", "Mencetak cetak")]
    job = fetch(office)
    with office.database.transaction() as session:
        outcomes.complete(session, job, "w", office.admin, {})
    page = as_("admin").get(f"/cases/{printing}")
    assert steps(page) == [("done", "Mencetak cetak"), ("now", "Langkah b")]
    assert "menyelesaikan “Mencetak cetak”" in words(page)


def test_a_program_that_gave_up_is_told_with_its_words_and_tried_again(
    as_: As, office: Office, printing: str
) -> None:
    job = fetch(office)
    with office.database.transaction() as session:
        outcomes.fail(session, job, "w", office.admin, message="kertas <habis>", rest=timedelta(0))
        [incident] = incidents.find(session, instance_id=printing)
    said = words(as_("admin").get(f"/cases/{printing}"))
    assert "Program untuk “cetak” gagal mengerjakan “Mencetak cetak”: kertas <habis>" in said
    assert "program akan mengambil pekerjaan ini kembali" in said
    as_("admin").post(f"/cases/{printing}/mend", do="resume", incident=incident.id, reason="kertas diisi")
    assert fetch(office) == job
