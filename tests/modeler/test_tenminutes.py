"""The modelling guide is true: its ten minutes lead from a drawing to the first case, with its pictures."""

import re
from pathlib import Path

from playwright.sync_api import Browser, Page

from service.store.database import Database
from tests.modeler.tenminutes import PICTURES, walk

LARGEST = 120_000
"""Bytes of a picture: a guide is read on slow lines too."""


def test_the_ten_minutes_lead_to_the_first_case(sqlite: Database, tmp_path: Path, chromium: Browser) -> None:
    shown: dict[str, str] = {}

    def keep(name: str, page: Page) -> None:
        shown[name] = page.locator("body").inner_text()

    walk(sqlite, tmp_path, chromium, keep)
    assert {path.stem for path in PICTURES.glob("*.png")} == set(shown)
    assert "Kesalahan" in shown["temuan"]
    assert "Menyusun konsep surat" in shown["kotak-masuk"]


def test_the_guide_shows_each_picture_and_all_are_small() -> None:
    guide = (PICTURES.parent / "README.md").read_text("utf-8")
    shown = re.findall(r"!\[[^\]]+\]\(pictures/([\w-]+)\.png\)", guide)
    assert sorted(shown) == sorted(path.stem for path in PICTURES.glob("*.png"))
    assert all(path.stat().st_size < LARGEST for path in PICTURES.glob("*.png"))
