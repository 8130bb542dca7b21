"""The ten minutes of the modelling guide: from a drawing to the first case, in the parts that people use.

`python -m tests.modeler.tenminutes` goes through them once more and draws the guide's pictures.
"""

import json
import tempfile
from collections.abc import Callable
from pathlib import Path

from playwright.sync_api import Browser, Page

from service.config import Config
from service.operations import identity
from service.store.database import Database
from service.web import create_app
from tests.live import browsing, serving
from tests.modeler.drawing import HERE, ROOT, Board
from tests.rest.modeler import Modeler, basic

WIDTH = 1060
PASSWORD = "sandi yang baik"
PICTURES = ROOT / "bpmn" / "pictures"
Picture = Callable[[str, Page], object]
"""Keeps what a page shows under a name, or does not."""

IDENTITY = {
    "Kantor": "contoh",
    "Perihal": "{{hal}}",
    "Unit": "Kantor Contoh, Sub Bagian Umum",
    "Nomor SOP": "7/2026",
    "Tanggal efektif": "2 Januari 2025",
    "Disahkan oleh": "Kepala Kantor",
    "Dasar hukum": "UU 5/2014; PermenPANRB 35/2012",
}
LABELS = ("No", "Kegiatan", "Kelengkapan", "Waktu", "Output", "Formulir")
STEPS = {
    "konsep": ("1", "Menyusun konsep surat", "Permintaan surat", "1 jam", "Konsep surat", "konsep-surat"),
    "periksa": ("2", "Memeriksa konsep surat", "Konsep surat", "30 menit", "Surat", "periksa-surat"),
}
WAYS = {"ya": '=keputusan = "setuju"', "tidak": '=keputusan = "tidak"'}
CONDITION = """([id, condition]) => board.get('modeling').updateProperties(element(id), {
  conditionExpression: board.get('moddle').create('bpmn:FormalExpression', {body: condition})})"""
CHOICES = [{"label": word, "value": word.lower()} for word in ("Setuju", "Tidak")]
FORMS = {
    "konsep-surat": [
        {"type": "textfield", "key": "hal", "label": "Hal", "validate": {"required": True}},
        {"type": "textarea", "key": "isi", "label": "Isi surat"},
    ],
    "periksa-surat": [
        {"type": "text", "text": "**{{hal}}**\n\n{{isi}}"},
        {"type": "radio", "key": "keputusan", "label": "Keputusan", "values": CHOICES},
    ],
}


def forms() -> dict[str, bytes]:
    """The two forms, as the Modeler's form editor keeps them."""
    made = {id_: {"type": "default", "id": id_, "components": parts} for id_, parts in FORMS.items()}
    return {f"{id_}.form": json.dumps(form).encode() for id_, form in made.items()}


def draw(board: Board, picture: Picture) -> str:
    """Fills in the fields of pool and steps; the file without its conditions."""
    board.open((HERE / "new.bpmn").read_text("utf-8"))
    board.page.evaluate("board.get('canvas').zoom('fit-viewport', 'auto')")
    board.apply("Kolaborasi", "alur.sop.identitas")
    board.select("Kolaborasi")
    for label, text in IDENTITY.items():
        board.type(label, text)
    board.scroll()
    picture("identitas", board.page)
    for id_, fields in STEPS.items():
        board.apply(id_, "alur.sop.keputusan")
        board.select(id_)
        for label, text in zip(LABELS, fields, strict=True):
            board.type(label, text)
    board.scroll()
    picture("langkah", board.page)
    return board.save()


def finish(board: Board) -> str:
    """Gives the ways out their conditions."""
    for id_, condition in WAYS.items():
        board.page.evaluate(CONDITION, [id_, condition])
    return board.save()


def people(database: Database) -> None:
    """Who deploys; and Siti, who will hold the position of the first lane."""
    with database.transaction() as session:
        for login, name, admin in (("analis", "Analis", True), ("siti", "Siti Aminah", False)):
            identity.add_person(session, login, name, PASSWORD, admin=admin)


def sign_in(page: Page, address: str, login: str) -> None:
    """A person comes to the pages."""
    page.goto(f"{address}/sign-in")
    page.locator("[name=login]").fill(login)
    page.locator("[name=password]").fill(PASSWORD)
    page.locator("main form button").last.click()
    page.wait_for_url(f"{address}/")


def look(page: Page, address: str, files: dict[str, bytes], picture: Picture) -> None:
    """The analyst sends what was refused to the page of deployments, and sees it beside the diagram."""
    sign_in(page, address, "analis")
    page.goto(f"{address}/deployments")
    sent = [{"name": n, "mimeType": "application/octet-stream", "buffer": c} for n, c in files.items()]
    page.locator("input[type=file]").first.set_input_files(sent)
    if "/deployments" in page.url:
        page.locator("form:has(input[type=file]) button").first.click()
    page.wait_for_url(f"{address}/uploads/*")
    page.wait_for_selector(".diagram.ready")
    picture("temuan", page)


def begin(page: Page, address: str, picture: Picture) -> None:
    """Siti starts the first case, and finds its first step in the inbox."""
    page.context.clear_cookies()
    sign_in(page, address, "siti")
    page.goto(f"{address}/start")
    page.locator("a[href*='/start/surat_keluar']").click()
    page.locator("main form button").last.click()
    page.wait_for_selector("text=Menyusun konsep surat")
    page.goto(address)
    page.locator("[data-box=unit]").click()
    page.locator("main .rows").get_by_text("Menyusun konsep surat").wait_for()
    page.set_viewport_size({"width": WIDTH, "height": 300})
    picture("kotak-masuk", page)
    page.locator("main .row-name a").click()
    page.get_by_role("button", name="Ambil").click()
    page.get_by_label("Isi surat").fill("Dengan hormat,")
    page.evaluate("scrollTo(0, 0)")
    page.set_viewport_size({"width": WIDTH, "height": 860})
    picture("langkah-pertama", page)


def walk(database: Database, folder: Path, chromium: Browser, picture: Picture) -> None:
    """All ten minutes; whatever does not come as the guide says fails."""
    people(database)
    board = Board(chromium, WIDTH, 660)
    unfinished, whole = draw(board, picture), finish(board)
    board.page.close()
    with serving(create_app(Config(data=folder, secret_key="guide"), database)) as address:
        assert Modeler(f"{address}/engine-rest").connect().status == 401
        modeler = Modeler(f"{address}/engine-rest", basic("analis", PASSWORD))
        name = "surat-keluar.bpmn"
        assert modeler.deploy({name: unfinished.encode(), **forms()}).status == 400
        page = chromium.new_page(viewport={"width": WIDTH, "height": 760}, locale="id-ID")
        look(page, address, {name: unfinished.encode(), **forms()}, picture)
        assert modeler.deploy({name: whole.encode(), **forms()}).status == 200
        with database.transaction() as session:
            identity.hold(session, "siti", "contoh.staf")
        begin(page, address, picture)
        page.close()


def main() -> None:
    """Draws the guide's pictures."""
    PICTURES.mkdir(exist_ok=True)
    with tempfile.TemporaryDirectory() as folder, browsing() as chromium:
        database = Database(f"sqlite:///{folder}/alur.db")
        database.migrate()
        walk(database, Path(folder), chromium, keep)
        database.dispose()


def keep(name: str, page: Page) -> None:
    """A picture of what the page shows."""
    page.screenshot(path=PICTURES / f"{name}.png")


if __name__ == "__main__":
    main()
