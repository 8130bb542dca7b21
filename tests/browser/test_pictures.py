"""Takes pictures of the pages at both widths, to be looked at, into the folder ALUR_PICTURES."""

import os
from pathlib import Path

import pytest
from playwright.sync_api import Page

from tests.browser.conftest import PHONE, WIDE, Open, Site

FOLDER = os.environ.get("ALUR_PICTURES")


def take(page: Page, name: str) -> None:
    assert FOLDER
    Path(FOLDER).mkdir(parents=True, exist_ok=True)
    for size in (WIDE, PHONE):
        page.set_viewport_size(size)  # type: ignore[arg-type]
        page.wait_for_load_state("networkidle")
        # The caret is not hidden: that would be an inline style, which the pages' policy forbids.
        path = Path(FOLDER) / f"{name}-{size['width']}.png"
        page.screenshot(path=path, full_page=True, caret="initial")
    page.set_viewport_size(WIDE)  # type: ignore[arg-type]


@pytest.mark.skipif(not FOLDER, reason="no pictures are taken: ALUR_PICTURES names no folder")
def test_the_pages_stand_for_their_pictures(site: Site, open_: Open) -> None:
    take(open_(), "sign-in")
    case = site.returned()
    for _ in range(4):
        site.at_the_draft()
    page = open_("kemenag.korpel")
    page.goto("/?box=unit")
    take(page, "inbox")
    page.goto(f"/tasks/{site.task(case)}")
    page.click("#claim")
    take(page, "form")
    page.fill("[name=isi_konsep]", "")
    page.click("#complete")
    take(page, "rejected-form")
    page.goto(f"/cases/{case}")
    page.locator("#diagram .djs-element").first.wait_for()
    take(page, "case")
    for name in ("cases", "start", "sops"):
        page.goto(f"/{name}")
        take(page, name)
    page.click(".row-name a")
    page.locator("#diagram .djs-element").first.wait_for()
    take(page, "sop")
