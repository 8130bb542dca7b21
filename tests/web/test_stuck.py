"""The cases that are stuck: what each says, to whom, and the list of all of them."""

import re

import pytest

from service.operations import deployments, instances
from service.operations.identity import SYSTEM
from tests.engine.drawing import xml
from tests.operations.moves import task_xml
from tests.web.conftest import Office
from tests.web.reader import As, words

LOKET = 'camunda:candidateGroups="uji.loket"'
FLOW = "start -> a -> x1; x1 -> b [=siap]; x1 -> end [default]; b -> end"


def deploy(office: Office, key: str) -> str:
    """A process whose gateway cannot decide before it is told that all is ready; its id."""
    drawn = xml(FLOW, {"a": task_xml("a", LOKET), "b": task_xml("b", LOKET)}, key=key)
    with office.database.transaction() as session:
        (definition,) = deployments.deploy(session, key, {f"{key}.bpmn": drawn}).definitions
        return definition.id


def stop(office: Office, definition: str) -> str:
    """A case whose first step Siti has done, and which stopped behind it."""
    with office.database.transaction() as session:
        found = deployments.definition(session, definition)
        case = instances.start(session, found, SYSTEM, {}).id
    office.do(office.siti, case)
    return case


@pytest.fixture
def stuck(office: Office) -> str:
    return stop(office, deploy(office, "macet"))


def test_the_case_says_in_plain_words_what_and_where(as_: As, stuck: str) -> None:
    page = as_("admin").get(f"/cases/{stuck}")
    said = words(page)
    for part in (
        "Kasus ini tertahan",
        "Pada “x1”, syarat jalur “f2” (siap) menghasilkan kosong (null), padahal harus benar atau salah.",
        "Data yang belum ada atau kosong: “siap”.",
        "Isi data yang kurang atau keliru, lalu coba lagi.",
        "Isian Siti tersimpan dan tidak perlu diketik lagi.",
        "Sudah diisi Siti; kasus tertahan di belakangnya",
    ):
        assert part in said, said
    assert "NO_VARIABLE" not in said
    assert 'data-stuck="x1"' in page
    assert f'href="/cases/{stuck}/mend"' in page


def test_who_did_the_work_reads_that_it_is_kept(as_: As, office: Office, stuck: str) -> None:
    page = as_("siti").get(f"/cases/{stuck}")
    said = words(page)
    assert "Isian Siti tersimpan" in said
    assert "Pengelola akan membereskannya." in said
    assert "/mend" not in page
    assert "coba lagi" not in said


def test_work_that_stops_is_said_to_be_kept(as_: As, office: Office) -> None:
    definition = deploy(office, "macet")
    with office.database.transaction() as session:
        case = instances.start(session, deployments.definition(session, definition), SYSTEM, {}).id
    task, siti = office.task(case), as_("siti")
    siti.post(f"/tasks/{task}/claim")
    said = words(siti.send(f"/tasks/{task}", _follow=True).text)
    assert "tersimpan, tetapi kasus ini belum dapat berlanjut" in said
    siti.post(f"/tasks/{task}", 409)


def test_administrators_see_all_stuck_cases_and_their_number(as_: As, office: Office) -> None:
    admin = as_("admin")
    assert "Tidak ada kasus yang tertahan" in words(admin.get("/incidents"))
    first = [stop(office, deploy(office, "satu")) for _ in range(2)]
    other = stop(office, deploy(office, "lain"))
    page = admin.get("/incidents")
    assert re.findall(r'href="/cases/([^"/]+)"', page) == [other, *reversed(first)]
    assert "Kendala 3" in words(page)
    assert re.findall(r'href="/cases/([^"/]+)"', admin.get("/incidents?sop=lain")) == [other]
    assert re.findall(r'href="/cases/([^"/]+)"', admin.get("/incidents?page=2")) == []
    assert "Kendala" not in words(as_("siti").get("/"))
    admin.get("/incidents?page=0", status=404)
    as_("siti").get("/incidents", status=403)


def test_a_long_list_has_pages(as_: As, office: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("service.web.stuck.PAGE", 2)
    definition = deploy(office, "satu")
    cases = [stop(office, definition) for _ in range(3)]
    admin = as_("admin")
    pages = [re.findall(r'href="/cases/([^"/]+)"', admin.get(f"/incidents?page={one}")) for one in (1, 2)]
    assert pages == [[cases[2], cases[1]], [cases[0]]]
    assert "sop=satu" in admin.get("/incidents?sop=satu")


def test_an_error_page_does_without_the_number(as_: As, stuck: str) -> None:
    assert "Kendala" in words(as_("admin").get("/cases/none", status=404))
