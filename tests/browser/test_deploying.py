"""An analyst mends a wrong diagram, deploys it, somebody else approves it, and running cases go over."""

import re
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from service import worker
from service.config import Config
from service.operations import deployments, identity, uploads
from service.store.database import Database
from service.web import create_app
from tests.browser.conftest import Open, Site
from tests.browser.test_diagram import ON_TOP
from tests.browser.test_for_everybody import faults
from tests.browser.test_on_a_phone import look_at
from tests.browser.test_without_a_mouse import tab_to
from tests.live import serving
from tests.processes.conftest import ROOT

SOP = ROOT / "bpmn" / "kemenag" / "kartu-pegawai.bpmn"
FORMS = sorted(ROOT.rglob("forms/**/kartu-pegawai-*.form"))
HEAD = "kemenag.kepala-kantor"


@pytest.fixture
def site(fast_folder: Path, furnished_file: Path, tmp_path: Path) -> Iterator[Site]:
    """The office of the SOPs, in which the head of each office approves revisions."""
    path = Path(shutil.copy(furnished_file, fast_folder / "site.db"))
    database = Database(f"sqlite:///{path}")
    config = Config(data=tmp_path, secret_key="test", demo=True, approvers=("{kantor}.kepala-kantor",))
    with serving(create_app(config, database)) as address:
        yield Site(address, database)
    database.dispose()
    for name in fast_folder.glob("site.db*"):
        name.unlink()


def revised() -> bytes:
    """The next revision of the Kartu Pegawai: a step has another id and name."""
    text = SOP.read_text("utf-8").replace("buat_konsep", "susun_konsep")
    return text.replace("Membuat konsep", "Menyusun konsep").encode()


def wrong() -> bytes:
    """The revision as somebody drew it who thought of no engine: one way out has lost its condition."""
    text = revised().decode().replace('isExecutable="true"', 'isExecutable="false"')
    condition = r"<bpmn:conditionExpression[^>]*>=keputusan_kelengkapan[^<]*</bpmn:conditionExpression>"
    left = re.sub(condition, "", text)
    assert left != text
    return left.encode()


def sent(page: Page, content: bytes) -> str:
    """Sends a diagram with the forms of its SOP; the address of what is told of it."""
    page.goto("/deployments")
    own = {"name": "kartu-pegawai.bpmn", "mimeType": "application/xml", "buffer": content}
    forms = [{"name": one.name, "mimeType": "application/json", "buffer": one.read_bytes()} for one in FORMS]
    page.set_input_files("#files", [own, *forms])  # type: ignore[arg-type]
    page.click("#send button")
    page.wait_for_url("**/uploads/**")
    return page.url


def uploaded(site: Site, content: bytes) -> str:
    """The path of the page about an upload."""
    with site.database.transaction() as session:
        admin = identity.actor(session, "admin")
        files = {"kartu-pegawai.bpmn": content, **{one.name: one.read_bytes() for one in FORMS}}
        return f"/uploads/{uploads.keep(session, 'kartu', files, admin).id}"


def in_force(site: Site, approvers: tuple[str, ...] = ()) -> str:
    """Deploys the revision; its id."""
    with site.database.transaction() as session:
        admin = identity.actor(session, "admin")
        files = {"kartu-pegawai.bpmn": revised(), **{one.name: one.read_bytes() for one in FORMS}}
        deployed = deployments.deploy(session, "revisi", files, actor=admin, approvers=approvers)
        return deployed.definitions[0].id


def first(site: Site) -> str:
    """The id of the revision that is in force."""
    with site.database.reading() as session:
        return deployments.latest(session, "kartu_pegawai").id


def drawn(page: Page) -> None:
    page.locator("#diagram .djs-element").first.wait_for()
    page.locator(".finding.can-show").first.wait_for()


def test_from_a_wrong_diagram_to_cases_on_the_new_revision(site: Site, open_: Open) -> None:
    old = first(site)
    cases = [site.at_the_draft(), site.at_the_draft(), site.at_the_review()]
    analyst = open_("admin")
    sent(analyst, wrong())
    drawn(analyst)
    finding = analyst.locator(".finding.error.can-show").first
    finding.click()
    expect(analyst.locator("#diagram .is-shown")).to_have_count(1)
    expect(analyst.locator("#diagram .is-shown")).to_be_in_viewport()
    expect(finding).to_have_class(re.compile("is-marked"))
    analyst.get_by_role("button", name="Terapkan perbaikan").click()
    expect(analyst.locator("#repaired-title")).to_be_visible()
    expect(analyst.locator(".verdict")).to_contain_text("Tidak ada kesalahan")
    analyst.get_by_role("button", name="Pasang", exact=True).click()
    expect(analyst.locator(".notice.ok")).to_contain_text("sudah dipasang")
    assert first(site) == old

    head = open_(HEAD)
    head.goto("/sops")
    head.locator(".waiting a").click()
    head.get_by_role("button", name="Sahkan").click()
    expect(head.locator(".notice.ok")).to_contain_text("sudah disahkan")
    new = first(site)
    assert new != old

    analyst.goto(f"/sops/{new}")
    analyst.locator(".revisions").get_by_role("link", name="Pindahkan").click()
    expect(analyst.locator(".tally .warn strong")).to_have_text("2")
    analyst.get_by_role("button", name="Coba dulu").click()
    expect(analyst.locator(".tally .ok strong")).to_have_text("3")
    analyst.locator("#reason").fill("revisi berlaku hari ini")
    analyst.get_by_role("button", name="Pindahkan").click()
    expect(analyst.get_by_role("status")).to_contain_text("tinggal 3 dari 3")
    while worker.work(site.database, "w"):
        pass
    expect(analyst.get_by_role("status")).to_contain_text("3 kasus sudah pindah")
    analyst.goto(f"/cases/{cases[0]}")
    expect(analyst.locator("main")).to_contain_text("Menyusun konsep")


def test_an_element_of_the_diagram_leads_to_its_findings(site: Site, open_: Open) -> None:
    page = open_("admin")
    page.goto(uploaded(site, wrong()))
    drawn(page)
    found = page.locator(".finding.error.can-show")
    pool, flow = found.first, found.last
    flow.get_by_role("button").focus()
    page.keyboard.press("Enter")
    expect(flow.get_by_role("button")).to_have_attribute("aria-pressed", "true")
    shape = page.locator(f'#diagram [data-element-id="{flow.get_attribute("data-element")}"]').first
    expect(shape).to_have_class(re.compile("has-error.*is-shown"))
    pool.get_by_role("button").click()
    expect(flow).not_to_have_class(re.compile("is-marked"))
    page.locator("[data-look=all]").click()
    shape.locator(".djs-hit").first.dispatch_event("click")
    expect(flow).to_have_class(re.compile("is-marked"))
    expect(flow.get_by_role("button")).to_be_focused()


@pytest.mark.parametrize("phone", [False, True], ids=["wide", "phone"])
def test_the_mark_of_bpmn_io_stays_in_sight_while_findings_are_read(
    site: Site, open_: Open, phone: bool
) -> None:
    page = open_("admin", phone=phone)
    page.goto(uploaded(site, wrong()))
    drawn(page)
    assert page.evaluate(ON_TOP)
    page.locator(".finding").last.scroll_into_view_if_needed()
    page.locator(".finding.can-show").last.get_by_role("button").click()
    assert page.evaluate(ON_TOP)


def pages(site: Site) -> list[str]:
    """Every page from sending to taking over, with something on it."""
    old = first(site)
    site.at_the_draft()
    site.at_the_review()
    checked = uploaded(site, wrong())
    new = in_force(site)
    draft = in_force(site, (HEAD,))
    with site.database.reading() as session:
        brought = deployments.definition(session, new).deployment_id
    return [
        "/deployments",
        checked,
        f"/deployments/{brought}",
        "/sops",
        f"/sops/{draft}",
        f"/sops/{old}",
        f"/sops/{new}/migrate?from={old}",
    ]


def begun(page: Page) -> None:
    """Begins to take cases over, from the page with the numbers."""
    page.locator("#reason").fill("revisi")
    page.get_by_role("button", name="Pindahkan").click()
    page.wait_for_url("**/batches/**")


def test_nobody_is_shut_out_of_the_pages(site: Site, open_: Open) -> None:
    found, page = pages(site), open_("admin")
    for path in found:
        page.goto(path)
        page.wait_for_load_state("networkidle")
        assert faults(page) == [], path
    begun(page)
    assert faults(page) == []
    head = open_(HEAD)
    head.goto(found[4])
    head.wait_for_load_state("networkidle")
    assert faults(head) == []


def test_the_pages_fit_a_phone(site: Site, open_: Open) -> None:
    page = open_("admin", phone=True)
    for path in pages(site):
        look_at(page, path)
    begun(page)
    while worker.work(site.database, "w"):
        pass
    expect(page.locator("#refused-title")).to_be_visible()
    look_at(page, page.url)


def test_by_keyboard_and_without_scripts_it_is_repaired_and_deployed(site: Site, open_: Open) -> None:
    page = open_("admin", scripts=False)
    sent(page, wrong())
    expect(page.locator(".finding.error").first).to_contain_text("Cara memperbaiki:")
    page.locator(".finding.error summary").first.focus()
    page.keyboard.press("Enter")
    expect(page.locator(".finding.error .excerpt").first).to_be_visible()
    press(page, "Terapkan perbaikan")
    expect(page.locator("#repaired-title")).to_be_visible()
    press(page, "Pasang")
    expect(page.locator(".notice.ok")).to_contain_text("sudah dipasang")
    expect(page.locator("main")).to_contain_text("Rancangan")


def press(page: Page, name: str) -> None:
    """Presses a button by keyboard."""
    page.get_by_role("button", name=name, exact=True).focus()
    page.keyboard.press("Enter")


def test_by_keyboard_one_comes_from_the_form_to_a_finding(site: Site, open_: Open) -> None:
    page = open_("admin")
    page.goto("/deployments")
    tab_to(page, "#files")
    page.set_input_files("#files", {"name": "a.bpmn", "mimeType": "application/xml", "buffer": wrong()})
    tab_to(page, "#send button")
    page.keyboard.press("Enter")
    page.wait_for_url("**/uploads/**")
    drawn(page)
    tab_to(page, ".finding.error [data-show]")
    page.keyboard.press("Enter")
    expect(page.locator("#diagram .is-shown")).to_have_count(1)


def test_a_folder_keeps_its_names(site: Site, open_: Open, tmp_path: Path) -> None:
    folder = tmp_path / "kantor baru"
    (folder / "dalam").mkdir(parents=True)
    (folder / "dalam" / "sop.bpmn").write_bytes(revised())
    (folder / "catatan.md").write_text("tidak ikut")
    page = open_("admin")
    page.goto("/deployments")
    page.set_input_files("#folder", folder)
    page.click("#send button")
    page.wait_for_url("**/uploads/**")
    expect(page.locator("main")).to_contain_text("kantor baru/dalam/sop.bpmn")
    expect(page.locator("main")).not_to_contain_text("catatan.md")


def test_a_file_that_is_refused_is_told_without_leaving_the_page(site: Site, open_: Open) -> None:
    page = open_("admin")
    page.goto("/deployments")
    page.set_input_files("#files", {"name": "a.bpmn", "mimeType": "text/plain", "buffer": b"bukan xml"})
    page.click("#send button")
    expect(page.get_by_role("alert")).to_be_focused()
    expect(page.locator(".finding.error")).to_have_count(1)
    assert page.url.endswith("/deployments")


def test_a_lost_connection_is_said_and_the_files_can_be_sent_again(site: Site, open_: Open) -> None:
    page = open_("admin")
    page.goto("/deployments")
    own = {"name": "a.bpmn", "mimeType": "application/xml", "buffer": revised()}
    page.set_input_files("#files", own)  # type: ignore[arg-type]
    page.evaluate("""() => {
      const sent = XMLHttpRequest.prototype.send;
      XMLHttpRequest.prototype.send = function () {
        XMLHttpRequest.prototype.send = sent;
        this.dispatchEvent(new ProgressEvent('error'));
      };
    }""")
    page.click("#send button")
    expect(page.locator("[data-lost]")).to_be_visible()
    page.click("#send button")
    page.wait_for_url("**/uploads/**")
