"""The whole way of a task by keyboard alone: every stop can be seen, and reached by Tab."""

from playwright.sync_api import Page, expect

from tests.browser.conftest import PERSON, Open, Site

STOPS = 60
"""More stops than any of these pages has."""


def tab_to(page: Page, selector: str) -> None:
    """Presses Tab until the focus is there; each stop on the way must show that it has the focus."""
    for _ in range(STOPS):
        page.keyboard.press("Tab")
        if not page.evaluate("document.activeElement !== document.body"):
            continue
        assert page.evaluate(SEEN), page.evaluate("document.activeElement.outerHTML.slice(0, 200)")
        if page.evaluate("selector => document.activeElement.matches(selector)", selector):
            return
    raise AssertionError(f"Tab does not lead to {selector}")


SEEN = """() => {
  const element = document.activeElement;
  const style = getComputedStyle(element);
  const box = element.getBoundingClientRect();
  const outlined = style.outlineStyle !== 'none' && parseFloat(style.outlineWidth) >= 2;
  return outlined && box.width > 0 && box.bottom > 0 && box.top < innerHeight;
}"""


def test_a_task_is_found_taken_filled_in_and_done(site: Site, open_: Open) -> None:
    case = site.at_the_review()
    task = site.task(case)
    page = open_()
    page.keyboard.type("kemenag.kasubbag-tu")
    tab_to(page, "#password")
    page.keyboard.type("demo")
    page.keyboard.press("Enter")
    expect(page.locator("h1")).to_have_text("Kotak Tugas")
    tab_to(page, "[data-box=unit]")
    page.keyboard.press("Enter")
    expect(page.locator("[data-box=unit]")).to_have_attribute("aria-current", "page")
    tab_to(page, f"#act-{task}")
    page.keyboard.press("Enter")
    expect(page.locator(".notice.ok")).to_contain_text("sekarang tugas Anda")
    tab_to(page, ".notice a")
    page.keyboard.press("Enter")
    expect(page.locator("#complete")).to_be_visible()
    tab_to(page, "[name=keputusan_kasubbag]")
    page.keyboard.press("Space")
    page.keyboard.press("ArrowDown")
    tab_to(page, "[name=catatan_kasubbag]")
    page.keyboard.type("Tanggal belum ada.")
    tab_to(page, "#complete")
    page.keyboard.press("Enter")
    expect(page.locator(".notice.ok")).to_contain_text("Membuat konsep surat pengantar")


def test_a_refused_form_has_the_focus_on_what_is_wrong(site: Site, open_: Open) -> None:
    page = open_("kemenag.ptsp")
    page.goto("/start/kartu_pegawai")
    tab_to(page, "[name=nama]")
    page.keyboard.type(PERSON["nama"])
    page.keyboard.press("Enter")
    expect(page.locator("#form-summary")).to_be_focused()
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    expect(page.locator("[name=nip]")).to_be_focused()


def test_one_may_skip_to_what_the_page_is_about(open_: Open) -> None:
    page = open_("kemenag.ptsp")
    page.keyboard.press("Tab")
    expect(page.locator(".skip")).to_be_focused()
    expect(page.locator(".skip")).to_be_in_viewport()
    page.keyboard.press("Enter")
    expect(page.locator("#content")).to_be_focused()


def test_the_account_opens_and_signs_out(open_: Open) -> None:
    page = open_("kemenag.ptsp")
    tab_to(page, ".account summary")
    page.keyboard.press("Enter")
    tab_to(page, ".account button")
    page.keyboard.press("Enter")
    expect(page.locator("h1")).to_have_text("Masuk")
