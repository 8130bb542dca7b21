"""Two revisions side by side: the list and both diagrams show the same, to everybody."""

import re

import pytest
from playwright.sync_api import Page, expect

from service.operations import deployments
from tests.browser.conftest import Open, Site
from tests.browser.test_diagram import ON_TOP
from tests.browser.test_for_everybody import faults
from tests.later import later

IN_SIGHT = """([side, id]) => {
  const diagram = document.querySelector(`.diagram[data-side=${side}]`);
  const box = diagram.getBoundingClientRect();
  const its = diagram.querySelector(`[data-element-id=${id}]`).getBoundingClientRect();
  const [x, y] = [its.x + its.width / 2, its.y + its.height / 2];
  return x > box.x && x < box.right && y > box.y && y < box.bottom;
}"""


@pytest.fixture
def path(site: Site) -> str:
    """The page on which the later Kartu Pegawai is compared with the one in force before."""
    with site.database.transaction() as session:
        old = deployments.latest(session, "kartu_pegawai").id
        (new,) = deployments.deploy(session, "SOP", later()).definitions
        return f"/sops/{new.id}/compare/{old}"


def shown(page: Page, path: str) -> None:
    page.goto(path)
    for side in ("old", "new"):
        page.locator(f".diagram[data-side={side}] .is-changed").first.wait_for()
    expect(page.locator("#differences .show").first).to_be_visible()


def drawn(page: Page, side: str, id_: str) -> str:
    """How an element of one of the diagrams is marked."""
    element = page.locator(f".diagram[data-side={side}] .djs-element[data-element-id={id_}]")
    marks = re.findall(r"is-(added|removed|moved|changed)", element.get_attribute("class") or "")
    return " ".join(marks)


def test_each_diagram_marks_what_is_told_of_it_and_nothing_else(open_: Open, path: str) -> None:
    page = open_("kemenag.korpel")
    shown(page, path)
    assert drawn(page, "old", "disposisi_kasubbag") == "removed"
    assert drawn(page, "new", "pindai_kartu") == drawn(page, "new", "langsung_ke_konsep") == "added"
    for side in ("old", "new"):
        assert drawn(page, side, "buat_konsep") == "moved"
        assert drawn(page, side, "terima_usulan") == "changed"
        assert drawn(page, side, "ke_usulan_tidak_diproses_dari_usulan_lengkap") == "changed"
        assert drawn(page, side, "serah_kartu") == drawn(page, side, "kasubbag_tu") == ""
    signs = page.locator(".diagram[data-side=new] .sign-mark").all_inner_texts()
    assert set(signs) == {"+", "≠", "⇄"}


def test_what_is_clicked_in_the_list_is_shown_in_both_diagrams(open_: Open, path: str) -> None:
    page = open_("kemenag.korpel")
    shown(page, path)
    group = page.locator(".difference", has_text="Langkah 3 “Membuat konsep")
    group.locator(".what").first.click()
    expect(group.locator(".show")).to_have_attribute("aria-pressed", "true")
    for side in ("old", "new"):
        element = page.locator(f".diagram[data-side={side}] [data-element-id=buat_konsep]")
        expect(element).to_have_class(re.compile(r"\bis-shown\b"))
        assert page.evaluate(IN_SIGHT, [side, "buat_konsep"])
        expect(page.locator(f".diagram[data-side={side}]")).to_be_in_viewport()
    last = page.locator(".difference", has_text="Langkah 8 “Memindai kartu")
    last.locator(".show").focus()
    page.keyboard.press("Enter")
    expect(page.locator(".is-shown[data-element-id=buat_konsep]")).to_have_count(0)
    assert page.evaluate(IN_SIGHT, ["new", "pindai_kartu"])
    expect(page.locator(".difference.is-chosen")).to_have_count(1)


def test_what_is_clicked_in_a_diagram_is_found_in_the_list(open_: Open, path: str) -> None:
    page = open_("kemenag.korpel")
    shown(page, path)
    page.locator(".diagram[data-side=new] [data-element-id=terima_usulan] .djs-hit").click()
    group = page.locator(".difference", has_text="Langkah 1 “")
    expect(group).to_have_class(re.compile(r"\bis-chosen\b"))
    expect(group.locator(".show")).to_be_focused()
    expect(group.locator(".told").first).to_be_in_viewport()
    assert page.evaluate(IN_SIGHT, ["old", "terima_usulan"])


@pytest.mark.parametrize("phone", [False, True], ids=["wide", "phone"])
def test_both_marks_of_bpmn_io_are_seen_and_covered_by_nothing(open_: Open, path: str, phone: bool) -> None:
    page = open_("kemenag.korpel", phone=phone)
    shown(page, path)
    on_top = ON_TOP.replace(
        "document.querySelector('.bjs-powered-by')", "document.querySelectorAll('.bjs-powered-by')[MARK]"
    )
    for mark in ("0", "1"):
        expect(page.locator(".bjs-powered-by").nth(int(mark))).to_be_visible()
        assert page.evaluate(on_top.replace("MARK", mark))
    page.locator("#differences .show").last.click()
    for mark in ("0", "1"):
        assert page.evaluate(on_top.replace("MARK", mark))


def test_a_phone_shows_the_list_then_one_diagram_under_the_other(open_: Open, path: str) -> None:
    page = open_("kemenag.korpel", phone=True)
    shown(page, path)
    assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth")
    tops = [
        (page.locator(place).bounding_box() or {})["y"]
        for place in ("#differences", ".diagram[data-side=old]", ".diagram[data-side=new]")
    ]
    assert tops == sorted(tops)
    page.locator(".difference", has_text="Langkah 8").locator(".show").click()
    expect(page.locator("#pictures")).to_be_in_viewport()


def test_pictures_that_were_hidden_for_a_while_come_back(open_: Open, path: str) -> None:
    page = open_("kemenag.korpel")
    shown(page, path)
    for hidden in ("true", "false"):
        page.evaluate(f"document.getElementById('pictures').hidden = {hidden}")
        page.evaluate("new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)))")
    assert page.evaluate(IN_SIGHT, ["new", "terima_usulan"])


def test_without_scripts_the_list_and_both_files_are_there(open_: Open, path: str) -> None:
    page = open_("kemenag.korpel", scripts=False)
    page.goto(path)
    expect(page.locator(".difference")).to_have_count(8)
    expect(page.locator("#differences .show:visible")).to_have_count(0)
    expect(page.locator("a[download]")).to_have_count(2)
    expect(page.locator(".diagram").first).to_contain_text("digambar oleh JavaScript")
    page.select_option("#choose-old", index=0)
    page.select_option("#choose-new", index=1)
    page.click("text=Bandingkan")
    expect(page.locator(".difference")).to_have_count(8)


def test_axe_finds_nothing_serious(open_: Open, path: str) -> None:
    page = open_("kemenag.korpel")
    shown(page, path)
    page.locator("#differences .show").first.click()
    assert faults(page) == []


def test_a_diagram_that_cannot_be_had_says_where_the_same_is(open_: Open, path: str) -> None:
    page = open_("kemenag.korpel")
    page.route("**/diagram", lambda route: route.fulfill(status=404, body=""))
    page.goto(path)
    expect(page.locator(".diagram").last).to_contain_text("tidak dapat ditampilkan")
    expect(page.locator(".difference")).to_have_count(8)
