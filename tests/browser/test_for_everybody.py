"""axe finds nothing serious on any page, wide or narrow."""

from pathlib import Path

import pytest
from playwright.sync_api import Page

from tests.browser.conftest import PHONE, WIDE, Open, Site

AXE = (Path(__file__).parent / "vendor" / "axe.min.js").read_text("utf-8")
RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]


def faults(page: Page) -> list[str]:
    """What axe calls serious or critical, at both widths."""
    found = []
    page.evaluate(AXE)
    for size in (WIDE, PHONE):
        page.set_viewport_size(size)  # type: ignore[arg-type]
        result = page.evaluate("rules => axe.run(document, { runOnly: rules })", RULES)
        assert result["passes"]
        found += [
            f"{size['width']} {fault['id']}: {node['html'][:200]}"
            for fault in result["violations"]
            if fault["impact"] in ("serious", "critical")
            for node in fault["nodes"]
        ]
    page.set_viewport_size(WIDE)  # type: ignore[arg-type]
    return found


def test_the_door(open_: Open) -> None:
    page = open_()
    assert faults(page) == []
    page.fill("#login", "siapa")
    page.fill("#password", "salah")
    page.click(".door-form button")
    assert faults(page) == []


PATHS = [
    "/?box=unit",
    "/?box=mine",
    "/cases",
    "/start",
    "/sops",
    "/account/password",
    "/account/tokens",
    "/nowhere",
]


@pytest.mark.parametrize("path", PATHS)
def test_the_lists_and_small_pages(site: Site, open_: Open, path: str) -> None:
    site.returned()
    page = open_("kemenag.korpel")
    page.goto(path)
    assert faults(page) == []


def test_a_case_a_task_and_what_becomes_of_them(site: Site, open_: Open) -> None:
    case = site.returned()
    page = open_("kemenag.korpel")
    page.goto(f"/cases/{case}")
    page.locator("#diagram .djs-element").first.wait_for()
    assert faults(page) == []
    page.goto(f"/tasks/{site.task(case)}")
    assert faults(page) == []
    page.click("#claim")
    assert faults(page) == []
    page.fill("[name=isi_konsep]", "")
    page.click("#complete")
    assert faults(page) == []


def test_an_sop(open_: Open) -> None:
    page = open_("kemenag.korpel")
    page.goto("/sops")
    page.click(".row-name a")
    page.locator("#diagram .djs-element").first.wait_for()
    assert faults(page) == []


def test_the_forms_of_every_sop(site: Site, open_: Open) -> None:
    for key, login in (
        ("ktp_pns_kolektif", "biro-organisasi.skpd-pemohon"),
        ("usulan_taspen", "disdukcapil-pesisir-selatan.sekretaris"),
    ):
        page = open_("admin")
        case = site.begin(key, "admin", {})
        page.goto(f"/tasks/{site.task(case)}")
        page.click("#claim")
        page.click("#complete")
        assert faults(page) == [], (key, login)


def test_a_fault_is_found(open_: Open) -> None:
    page = open_()
    page.evaluate("document.querySelector('label[for=login]').remove()")
    assert [fault for fault in faults(page) if "label" in fault]
