"""Every page at 390 pixels: nothing sideways, and nothing too small for a finger."""

import pytest
from playwright.sync_api import Page

from tests.browser.conftest import Open, Site

SMALL = """() => [...document.querySelectorAll('a, button, summary, input, select, textarea')]
  .filter((element) => {
    if (!element.checkVisibility() || element.disabled || element.type === 'hidden') return false;
    const box = element.getBoundingClientRect();
    if (box.width <= 1 || box.bottom < 0 || element.closest('.skip, .bjs-powered-by')) return false;
    if (getComputedStyle(element).display === 'inline' && element.closest('p, dd, li, .notice')) return false;
    const label = element.labels && element.labels[0] && element.labels[0].getBoundingClientRect();
    return Math.max(box.height, label ? label.height : 0) < 43.5;
  })
  .map((element) => element.outerHTML.slice(0, 120))"""
"""A link within a sentence may be as high as its line (WCAG 2.5.8)."""

COVERED = """() => [...document.querySelectorAll('#form-fields input, #form-fields textarea, #complete')]
  .filter((field) => field.checkVisibility() && field.type !== 'hidden')
  .filter((field) => {
    field.scrollIntoView({ block: 'center' });
    const box = field.getBoundingClientRect();
    const found = document.elementFromPoint(box.x + box.width / 2, box.y + box.height / 2);
    return !(found === field || (field.labels && [...field.labels].some((label) => label.contains(found))));
  })
  .map((field) => field.outerHTML.slice(0, 120))"""


def look_at(page: Page, path: str) -> None:
    page.goto(path)
    page.wait_for_load_state("networkidle")
    assert page.evaluate("document.documentElement.scrollWidth") <= 390, path
    assert page.evaluate(SMALL) == [], path


def test_the_door_fits(open_: Open) -> None:
    look_at(open_(phone=True), "/sign-in")


@pytest.mark.parametrize("path", ["/?box=unit", "/?box=mine", "/?box=returned", "/cases", "/start", "/sops"])
def test_the_lists_fit(site: Site, open_: Open, path: str) -> None:
    site.returned()
    look_at(open_("kemenag.korpel", phone=True), path)


@pytest.mark.parametrize("path", ["/account/password", "/account/tokens", "/nowhere", "/start/kartu_pegawai"])
def test_the_forms_fit(site: Site, open_: Open, path: str) -> None:
    look_at(open_("kemenag.ptsp", phone=True), path)


def test_a_case_and_its_task_fit(site: Site, open_: Open) -> None:
    case = site.returned()
    page = open_("kemenag.korpel", phone=True)
    look_at(page, f"/cases/{case}")
    look_at(page, f"/tasks/{site.task(case)}")
    page.click("#claim")
    page.fill("[name=isi_konsep]", "")
    page.click("#complete")
    look_at(page, page.url)
    assert page.evaluate(COVERED) == []


def test_every_sop_fits(site: Site, open_: Open) -> None:
    page = open_("kemenag.ptsp", phone=True)
    page.goto("/sops")
    for path in page.locator(".row-name a").evaluate_all("links => links.map((a) => a.getAttribute('href'))"):
        look_at(page, path)


def test_rows_and_long_words_fit(site: Site, open_: Open) -> None:
    case = site.begin("ktp_pns_kolektif", "biro-organisasi.skpd-pemohon", {})
    page = open_("biro-organisasi.skpd-pemohon", phone=True)
    page.goto(f"/tasks/{site.task(case)}")
    page.click("#claim")
    page.fill("[name='pegawai[0].nama']", "Panjang" * 40)
    page.click("[name=_add]")
    page.locator("[name='pegawai[1].nama']").wait_for()
    page.click("#complete")
    look_at(page, page.url)
