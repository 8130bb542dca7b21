"""An administrator mends a stuck case: on a wide page, on a phone, by keyboard, without scripts."""

import pytest
from playwright.sync_api import Page, expect

from service.operations import deployments, identity, instances, tasks
from tests.browser.conftest import PERSON, Open, Site
from tests.browser.test_for_everybody import faults
from tests.browser.test_on_a_phone import look_at
from tests.processes.conftest import ROOT

ASKED = '=keputusan_kelengkapan = "lengkap"'


@pytest.fixture
def stuck(site: Site) -> str:
    """A Kartu Pegawai whose first gateway asks for a variable that no form fills in."""
    text = (ROOT / "bpmn" / "kemenag" / "kartu-pegawai.bpmn").read_text("utf-8")
    assert ASKED in text
    files = {path.name: path.read_bytes() for path in (ROOT / "forms").rglob("*.form")}
    files["macet.bpmn"] = text.replace(ASKED, "=berkas_lengkap").encode()
    with site.database.transaction() as session:
        deployments.deploy(session, "macet", files)
        admin = identity.actor(session, "admin")
        case = instances.begin(session, deployments.latest(session, "kartu_pegawai"), admin, dict(PERSON)).id
        (task,) = tasks.find(session, instance_id=case)
        assert tasks.finish(session, task, admin, {"keputusan_kelengkapan": "lengkap"}).status == "parked"
    return case


def test_the_stuck_element_is_marked_on_the_diagram(stuck: str, open_: Open) -> None:
    page = open_("admin")
    page.goto(f"/cases/{stuck}")
    expect(page.locator("#diagram .is-stuck")).to_have_count(1)
    expect(page.locator(".notice.danger")).to_contain_text("“Persyaratan lengkap?”")
    expect(page.locator(".nav .count")).to_have_text("1")


def test_nobody_is_shut_out_of_the_pages(stuck: str, open_: Open) -> None:
    page = open_("admin")
    for path in (f"/cases/{stuck}", f"/cases/{stuck}/mend", f"/cases/{stuck}/mend?edit=", "/incidents"):
        page.goto(path)
        page.wait_for_load_state("networkidle")
        assert faults(page) == [], path


def test_the_pages_fit_a_phone(stuck: str, open_: Open) -> None:
    page = open_("admin", phone=True)
    for path in (f"/cases/{stuck}", f"/cases/{stuck}/mend", f"/cases/{stuck}/mend?edit=nip", "/incidents"):
        look_at(page, path)


def test_a_value_is_set_by_keyboard_and_the_case_goes_on(stuck: str, open_: Open) -> None:
    page = open_("admin", scripts=False)
    page.goto("/incidents")
    page.get_by_role("link", name="Bereskan kasus").focus()
    page.keyboard.press("Enter")
    value = page.get_by_label("Nilai", exact=True)
    value.focus()
    page.keyboard.type("mungkin")
    page.keyboard.press("Tab")
    page.keyboard.type("berkasnya sudah diperiksa")
    press(page, "Simpan dan coba lagi")
    expect(page.get_by_role("alert")).to_contain_text("Tulis ya atau tidak.")
    value.fill("ya")
    expect(page.locator("#reason-variable")).to_have_value("berkasnya sudah diperiksa")
    press(page, "Simpan dan coba lagi")
    expect(page.locator(".notice.ok")).to_contain_text("Kasus ini berlanjut.")
    expect(page.locator("main")).to_contain_text("Mendisposisikan usulan")
    expect(page.locator("main")).to_contain_text("berkas_lengkap = ya")


def press(page: Page, name: str) -> None:
    """Presses a button by keyboard."""
    page.get_by_role("button", name=name, exact=True).focus()
    page.keyboard.press("Enter")


def test_a_case_is_moved_on_a_phone(stuck: str, open_: Open) -> None:
    page = open_("admin", phone=True)
    page.goto(f"/cases/{stuck}/mend")
    page.get_by_label("Ke", exact=True).select_option(label="Mendisposisikan usulan")
    page.locator("#reason-move").fill("sudah diperiksa di loket")
    page.get_by_role("button", name="Pindahkan kasus").click()
    expect(page.locator("main")).to_contain_text("ke “Mendisposisikan usulan”")
    expect(page.locator(".notice.danger")).to_have_count(0)
