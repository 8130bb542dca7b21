"""Cases and SOPs: lists, one case's story, starting, and what comes from outside."""

import re
from io import BytesIO
from pathlib import Path

import pytest

from service.language import catalogue
from service.operations import instances, messages
from tests.web.conftest import PDF, Office
from tests.web.reader import As, words

ROOT = Path(__file__).parents[2]
ROW = re.compile(r'<li class="row" id="case-([^"]+)"')


def test_only_cases_that_one_may_see_are_listed(as_: As, office: Office, returned: str, waiting: str) -> None:
    fresh = office.start("baru", by=office.lina)
    assert set(ROW.findall(as_("siti").get("/cases"))) == {returned, waiting, fresh}
    assert set(ROW.findall(as_("budi").get("/cases"))) == {returned, waiting}
    assert ROW.findall(as_("eko").get("/cases")) == []
    assert len(ROW.findall(as_("admin").get("/cases"))) == 3


def test_cases_are_listed_by_status_and_found_by_number(as_: As, office: Office, waiting: str) -> None:
    done = office.start("selesai")
    with office.database.transaction() as session:
        instances.cancel(session, done, office.admin, "keliru")
        number = instances.get(session, waiting, office.admin).business_key
    siti = as_("siti")
    assert ROW.findall(siti.get("/cases?status=active")) == [waiting]
    assert ROW.findall(siti.get("/cases?status=cancelled")) == [done]
    assert ROW.findall(siti.get("/cases?status=completed")) == []
    assert ROW.findall(siti.get(f"/cases?number={number}")) == [waiting]
    siti.get("/cases?status=other", status=404)


def test_a_case_tells_its_steps_and_where_it_stands(as_: As, office: Office, returned: str) -> None:
    page = as_("siti").get(f"/cases/{returned}")
    said = words(page)
    assert "Nota rapat" in said
    assert "Berjalan" in said
    steps = re.findall(r'<li class="step (\w+)".*?class="step-name">([^<]+)<', page, re.S)
    assert steps == [("done", "Menulis nota"), ("done", "Memeriksa nota"), ("now", "Menulis nota")]
    assert "Siti · Loket" in said
    assert "Budi · Kepala" in said
    assert "Menunggu diambil: Loket" in said
    assert "surat.pdf" in said


def test_the_diagrams_marks_are_the_steps_of_the_list(as_: As, office: Office, waiting: str) -> None:
    page = as_("siti").get(f"/cases/{waiting}")
    marks = {name: set(re.search(rf'data-{name}="([^"]*)"', page)[1].split()) for name in ("done", "active")}
    assert {"mulai", "tulis", "periksa"} <= marks["done"]
    assert marks["active"] == {"tunggu"}
    source = re.search(r'data-source="([^"]+)"', page)
    answer = as_("siti").http.get(source[1])
    assert answer.mimetype == "application/xml"
    assert "private" in answer.headers["Cache-Control"]
    assert b"<process" in answer.data


def test_the_history_is_told_in_sentences(as_: As, office: Office, returned: str) -> None:
    said = words(as_("siti").get(f"/cases/{returned}"))
    for part in ("Siti memulai kasus ini", "Budi menyelesaikan “Memeriksa nota”", "Siti mengambil"):
        assert part in said


def test_everything_that_can_happen_has_a_sentence() -> None:
    """The kinds are participles: each is written in operations as a text of its own."""
    sources = (ROOT / "service" / "operations").glob("*.py")
    text = "\n".join(path.read_text("utf-8") for path in sources)
    recorded = set(re.findall(r'"([a-z]+(?:_[a-z]+)*_(?:[a-z]*ed|set))"', text))
    told = {key.removeprefix("web.event.") for key in catalogue() if key.startswith("web.event.")}
    assert {"task_completed", "instance_started", "incident_opened"} <= recorded & told
    findings = {key.removeprefix("check.") for key in catalogue() if key.startswith("check.")}
    assert recorded - told - findings == set()


def test_what_has_come_is_recorded_once_by_who_may(as_: As, office: Office, waiting: str) -> None:
    with office.database.reading() as session:
        (subscription,) = messages.waiting(session, waiting)
    path = f"/cases/{waiting}/arrivals/{subscription.id}"
    siti = as_("siti")
    assert f'href="{path}"' in siti.get(f"/cases/{waiting}")
    assert "Balasan nota datang" in siti.get(path)
    siti.post(path)
    assert "Mengarsipkan nota" in siti.get(f"/cases/{waiting}")
    assert "sudah dicatat" in siti.post(path, 409)
    siti.get(path, status=409)


def test_a_case_goes_from_start_to_end(as_: As, office: Office, waiting: str) -> None:
    with office.database.transaction() as session:
        (subscription,) = messages.waiting(session, waiting)
        messages.receive(session, subscription.id, office.siti)
    task = office.task(waiting)
    siti = as_("siti")
    siti.post(f"/tasks/{task}/claim")
    answer = siti.send(f"/tasks/{task}", _follow=True)
    assert "Kasus ini berakhir: Nota diarsipkan" in words(answer.text)
    said = words(siti.get(f"/cases/{waiting}"))
    assert "Selesai" in said
    assert "Di sini sekarang" not in said


def test_only_sops_that_one_may_start_are_offered(as_: As, office: Office) -> None:
    assert 'href="/start/nota"' in as_("siti").get("/start")
    assert 'href="/start/nota"' not in as_("budi").get("/start")
    assert 'href="/start/nota"' not in as_("budi").get("/sops")
    as_("budi").post("/start/nota", 403, perihal="x")
    assert "Tidak ada SOP" in as_("eko").get("/start")


def test_a_case_is_started_with_its_form_and_its_files(as_: As, office: Office) -> None:
    siti = as_("siti")
    page = siti.post("/start/nota", 422, perihal="", lampiran=(BytesIO(PDF), "surat.pdf"))
    (kept,) = re.findall(r'name="lampiran" value="([^"]+)"', page)
    answer = siti.send("/start/nota", perihal="rapat", lampiran=kept, _follow=True)
    assert answer.request.path.startswith("/cases/")
    said = words(answer.text)
    assert "dimulai. Berikutnya: “Menulis nota” oleh Loket." in said
    assert "surat.pdf" in said
    siti.get("/start/nothing", status=404)


def test_an_sop_shows_its_identity_its_rows_and_its_diagram(as_: As, office: Office) -> None:
    page = as_("eko").get(f"/sops/{office.definition}")
    said = words(page)
    for part in ("Kantor Uji", "7/UJI/2026", "Menulis nota dinas sesuai permintaan.", "15 menit", "Loket"):
        assert part in said
    assert 'id="diagram"' in page
    as_("eko").get("/sops/nota:9:none", status=404)


@pytest.mark.parametrize("name", ["<script>alert(1)</script>", '"><img src=x onerror=alert(1)>', "{{7*7}}"])
def test_what_people_type_is_text_on_every_page(as_: As, office: Office, name: str) -> None:
    case = office.start(name)
    siti = as_("siti")
    for path in ("/?box=unit", "/cases", f"/cases/{case}", f"/tasks/{office.task(case)}"):
        page = siti.get(path)
        assert "<script>alert" not in page
        assert "<img src=x" not in page
        assert "Nota 49" not in page
