"""Kotak Tugas: what is in it, its counters, taking and letting go."""

import re

import pytest
from sqlalchemy import Engine, event

from service.config import zone
from service.store.models import now
from service.web import inbox
from tests.web.conftest import Office
from tests.web.reader import As, Reader, words

COUNT = re.compile(r'data-box="(\w+)".*?<span class="count">(\d+)</span>', re.S)
ROW = re.compile(r'<li class="row" id="row-([^"]+)"')


def counters(page: str) -> dict[str, int]:
    return {box: int(number) for box, number in COUNT.findall(page)}


@pytest.fixture
def filled(office: Office, returned: str, waiting: str) -> Office:
    """Three tasks wait for the Loket, of which one was sent back and Siti has one."""
    office.start("satu")
    mine = office.start("dua")
    with office.database.transaction() as session:
        inbox.tasks.claim(session, office.task(mine), office.siti)
    return office


def test_each_counter_is_the_number_of_rows_that_it_opens(as_: As, filled: Office) -> None:
    reader = as_("siti")
    said = counters(reader.get("/"))
    assert said == {"mine": 1, "unit": 2, "returned": 1}
    for box, number in said.items():
        assert len(ROW.findall(reader.get(f"/?box={box}"))) == number


def test_counters_hold_over_several_pages(as_: As, filled: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(inbox, "PAGE", 1)
    reader = as_("lina")
    seen = [row for page in (1, 2) for row in ROW.findall(reader.get(f"/?box=unit&page={page}"))]
    assert len(set(seen)) == len(seen) == counters(reader.get("/"))["unit"]
    assert "page=2" in reader.get("/?box=unit")
    assert "page=3" not in reader.get("/?box=unit&page=2")


def test_a_row_says_step_case_lane_and_turn(as_: As, office: Office, returned: str) -> None:
    said = words(as_("siti").get("/?box=returned"))
    number = f"NOTA-{now().astimezone(zone()).year}-0001"
    for part in ("Menulis nota", "Perbaikan ke-2", "Nota dinas", "Nota rapat", number, "Loket"):
        assert part in said
    assert "baru saja" in said


def test_an_empty_box_says_what_to_do(as_: As, office: Office) -> None:
    assert "Tidak ada tugas" in as_("eko").get("/")


def test_a_task_is_claimed_in_place(as_: As, office: Office) -> None:
    task = office.task(office.start())
    reader = as_("siti")
    page = reader.send(f"/tasks/{task}/claim", next="/?box=unit", _follow=True).text
    assert "sekarang tugas Anda" in page
    assert f'href="/tasks/{task}"' in page
    assert counters(page) == {"mine": 1, "unit": 0, "returned": 0}


def test_of_two_who_claim_one_wins_and_the_other_reads_who(as_: As, office: Office) -> None:
    task = office.task(office.start())
    as_("siti").post(f"/tasks/{task}/claim")
    answer = as_("lina").send(f"/tasks/{task}/claim", next="/?box=unit", _follow=True)
    assert answer.status_code == 200
    assert answer.request.path == "/"
    assert "Siti" in words(answer.text).partition("Keluar")[2]


def test_what_is_let_go_waits_for_the_unit_again(as_: As, office: Office) -> None:
    task = office.task(office.start())
    siti = as_("siti")
    siti.post(f"/tasks/{task}/claim")
    assert counters(siti.get("/"))["mine"] == 1
    siti.post(f"/tasks/{task}/unclaim")
    assert counters(siti.get("/")) == {"mine": 0, "unit": 1, "returned": 0}


def test_another_persons_task_cannot_be_let_go(as_: As, office: Office) -> None:
    task = office.task(office.start())
    as_("siti").post(f"/tasks/{task}/claim")
    as_("lina").post(f"/tasks/{task}/unclaim", status=403)
    assert counters(as_("siti").get("/"))["mine"] == 1


@pytest.mark.parametrize("query", ["box=other", "page=0", "page=x", "page=²", "page=99999"])
def test_a_page_that_is_none_is_not_found(as_: As, office: Office, query: str) -> None:
    as_("siti").get(f"/?{query}", status=404)


def test_more_rows_cost_no_more_queries(as_: As, office: Office) -> None:
    reader = as_("siti")
    paths = ("/?box=unit", "/cases")
    office.start("pertama")
    few = [statements(reader, path) for path in paths]
    for number in range(8):
        office.start(f"lain {number}")
    assert [statements(reader, path) for path in paths] == few


def statements(reader: Reader, path: str) -> int:
    """How many statements the database is sent for a page."""
    seen = []
    reader.get(path)

    def count(*args: object) -> None:
        seen.append(args)

    event.listen(Engine, "before_cursor_execute", count)
    try:
        reader.get(path)
    finally:
        event.remove(Engine, "before_cursor_execute", count)
    return len(seen)
