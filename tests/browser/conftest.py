"""What the browser tests share: the office of the six SOPs on a free port, its people, and their windows."""

import json
import shutil
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, ConsoleMessage, Page

from service.config import Config
from service.operations import deployments, identity, instances, tasks
from service.operations.identity import Actor
from service.store.database import Database
from service.web import create_app
from tests.live import PATIENCE, serving
from tests.processes.conftest import furnish

WIDE = {"width": 1280, "height": 900}
PHONE = {"width": 390, "height": 844}
EXPECTED = ("status of 4", "Response Status Error Code 4")
"""What a browser's console may say: a form was refused."""

PERSON = {
    "nama": "Ahmad Fauzi",
    "nip": "198703122010011005",
    "unit_kerja": "MTsN 1",
    "tanggal_permohonan": "2026-11-20",
}
"""What the start form of a Kartu Pegawai asks."""


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Everything in this folder needs a browser."""
    for item in items:
        if Path(__file__).parent in item.path.parents:
            item.add_marker(pytest.mark.browser)


@pytest.fixture(scope="session")
def furnished_file(fast_folder: Path, migrated_file: Path) -> Path:
    """A database in which the SOPs are deployed and every position has a holder, to be copied."""
    path = Path(shutil.copy(migrated_file, fast_folder / "furnished.db"))
    database = Database(f"sqlite:///{path}")
    furnish(database)
    database.dispose()
    return path


@dataclass
class Site:
    """The running office: its address, and a short way to bring a case to where a test begins."""

    address: str
    database: Database

    def holder(self, case: str) -> Actor:
        """Who holds the position of the one task that the case waits for."""
        with self.database.reading() as session:
            (task,) = tasks.find(session, instance_id=case)
            return identity.actor(session, next(one.name for one in task.candidates))

    def begin(self, key: str, login: str, typed: Mapping[str, Any]) -> str:
        """A new case; its id."""
        with self.database.transaction() as session:
            definition = deployments.latest(session, key)
            actor = identity.actor(session, login)
            return instances.begin(session, definition, actor, dict(typed)).id

    def complete(self, case: str, **typed: Any) -> str:
        """The holder of its position completes the task that the case waits for; the task's id."""
        actor = self.holder(case)
        with self.database.transaction() as session:
            (task,) = tasks.find(session, instance_id=case)
            tasks.claim(session, task.id, actor)
            tasks.complete(session, task.id, actor, typed)
            return task.id

    def task(self, case: str) -> str:
        """The id of the one task that the case waits for."""
        with self.database.reading() as session:
            (task,) = tasks.find(session, instance_id=case)
            return task.id

    def at_the_draft(self) -> str:
        """A Kartu Pegawai at the Korpel, who is to draft the letter."""
        case = self.begin("kartu_pegawai", "kemenag.ptsp", PERSON)
        self.complete(case, keputusan_kelengkapan="lengkap")
        order = {"kepala_instruksi": ["Proses lebih lanjut"], "kepala_kepada": "Kasubbag TU"}
        self.complete(case, **{f"disposisi_{name}": value for name, value in order.items()})
        self.complete(
            case,
            disposisi_kasubbag_instruksi=["Proses lebih lanjut"],
            disposisi_kasubbag_kepada="Korpel kepegawaian dan hukum",
        )
        return case

    def at_the_review(self) -> str:
        """A Kartu Pegawai at the Kasubbag TU, who is to check the draft."""
        case = self.at_the_draft()
        self.complete(
            case,
            perihal_surat="Usul Kartu Pegawai",
            tujuan_surat="Kepala Kanwil",
            isi_konsep="Dengan hormat",
            jumlah_lampiran=3,
            paraf_korpel=True,
        )
        return case

    def returned(self) -> str:
        """A Kartu Pegawai that the Kasubbag TU sent back to the Korpel."""
        case = self.at_the_review()
        self.complete(case, keputusan_kasubbag="tidak", catatan_kasubbag="Alamat Kanwil belum ada.")
        return case


@pytest.fixture
def site(fast_folder: Path, furnished_file: Path, tmp_path: Path) -> Iterator[Site]:
    """A demonstration of its own for this test."""
    path = Path(shutil.copy(furnished_file, fast_folder / "site.db"))
    database = Database(f"sqlite:///{path}")
    with serving(create_app(Config(data=tmp_path, secret_key="test", demo=True), database)) as address:
        yield Site(address, database)
    database.dispose()
    for name in fast_folder.glob("site.db*"):
        name.unlink()


@dataclass
class Window:
    """A person's window; `said` is what its console complained about."""

    page: Page
    said: list[str] = field(default_factory=list)

    def listen(self) -> None:
        """Keep what the console says that is no part of an ordinary day."""

        def heard(message: ConsoleMessage) -> None:
            if message.type in ("error", "warning") and not any(part in message.text for part in EXPECTED):
                self.said.append(message.text)

        self.page.on("console", heard)
        self.page.on("pageerror", lambda error: self.said.append(str(error)))


Open = Callable[..., Page]


@pytest.fixture
def open_(chromium: Browser, site: Site) -> Iterator[Open]:
    """`open_("kemenag.ptsp")` is that person's window, signed in; it may be a phone, or without scripts.

    A console that complained fails the test: that is how a breach of the content security policy shows.
    """
    windows: list[Window] = []

    def open_window(login: str | None = None, *, phone: bool = False, scripts: bool = True) -> Page:
        context = chromium.new_context(
            base_url=site.address,
            viewport=PHONE if phone else WIDE,
            locale="id-ID",
            java_script_enabled=scripts,
        )
        window = Window(context.new_page())
        window.listen()
        windows.append(window)
        window.page.set_default_timeout(PATIENCE)
        window.page.goto("/sign-in")
        if login:
            window.page.click(f"button[value='{login}']")
            window.page.wait_for_selector("#inbox")
        return window.page

    yield open_window
    said = [line for window in windows for line in window.said]
    for window in windows:
        window.page.context.close()
    assert said == [], json.dumps(said, indent=1)
