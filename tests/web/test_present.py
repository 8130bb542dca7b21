"""Words for moments and sizes."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from flask import Flask, g

from service.config import Config
from service.store.database import Database
from service.web import create_app, present

MOMENT = datetime(2026, 1, 15, 8, 30, tzinfo=UTC)


@pytest.fixture(params=["Asia/Jakarta", "Asia/Makassar", "Asia/Jayapura"])
def zone(request: pytest.FixtureRequest) -> str:
    return str(request.param)


@pytest.fixture
def app(zone: str, sqlite: Database, tmp_path: Path) -> Iterator[Flask]:
    app = create_app(Config(data=tmp_path, secret_key="test", zone=ZoneInfo(zone)), sqlite)
    with app.test_request_context():
        yield app


def test_moments_are_said_in_the_offices_zone(app: Flask, zone: str) -> None:
    said = {
        "Asia/Jakarta": "Kamis, 15 Januari 2026 pukul 15.30 WIB",
        "Asia/Makassar": "Kamis, 15 Januari 2026 pukul 16.30 WITA",
        "Asia/Jayapura": "Kamis, 15 Januari 2026 pukul 17.30 WIT",
    }
    assert present.moment(MOMENT) == said[zone]


def test_moments_are_said_in_english(app: Flask, zone: str) -> None:
    g.language = "en"
    assert present.moment(MOMENT).startswith("Thursday, 15 January 2026 at ")


def test_time_passed_is_said_in_words(app: Flask) -> None:
    def ago(**passed: int) -> str:
        return present.ago(datetime.now(UTC) - timedelta(**passed))

    assert ago(seconds=5) == "baru saja"
    assert ago(minutes=3) == "3 menit yang lalu"
    assert ago(hours=5) == "5 jam yang lalu"
    assert ago(days=3) == "3 hari yang lalu"
    assert ago(seconds=-5) == "baru saja"


def test_sizes_are_said_as_people_write_them(app: Flask) -> None:
    assert [present.size(count) for count in (1, 1500, 2_340_000)] == ["0,1 kB", "1,5 kB", "2,3 MB"]
