"""What every answer tells the browser, and the files of others that it is given."""

import re
from pathlib import Path

import pytest
from flask import Flask

from tests.web.conftest import Office
from tests.web.reader import As

VENDOR = Path(__file__).parents[2] / "service" / "web" / "static" / "vendor"
PAGES = ("/sign-in", "/", "/cases", "/start", "/sops", "/nowhere", "/health", "/engine-rest/version")
LINK = re.compile(r'(?:src|href)="(/static/[^"]+)"')


@pytest.mark.parametrize("path", PAGES)
def test_every_answer_is_guarded(as_: As, office: Office, path: str) -> None:
    headers = as_("siti").http.get(path).headers
    policy = dict(part.partition(" ")[::2] for part in headers["Content-Security-Policy"].split("; "))
    assert policy["default-src"] == policy["frame-ancestors"] == policy["base-uri"] == "'none'"
    assert policy["script-src"] == policy["style-src"] == policy["form-action"] == "'self'"
    assert "unsafe" not in headers["Content-Security-Policy"]
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert headers["Referrer-Policy"] == "same-origin"
    assert headers["Cache-Control"] == "no-store"
    assert "Strict-Transport-Security" not in headers


def test_nothing_of_a_page_needs_what_the_policy_forbids(as_: As, office: Office, returned: str) -> None:
    reader = as_("siti")
    for path in ("/", f"/tasks/{office.task(returned)}", f"/cases/{returned}", "/start/nota", "/sign-in"):
        page = reader.http.get(path, follow_redirects=True).text
        assert not re.search(r"<style|\sstyle=|\son[a-z]+=|javascript:|<script(?! src=)", page), path


def test_static_files_are_kept_for_ever_under_their_content(as_: As, office: Office) -> None:
    reader = as_(None)
    links = set(LINK.findall(reader.get("/sign-in")))
    assert len(links) >= 5
    for link in links:
        answer = reader.http.get(link.replace("&amp;", "&"))
        assert answer.status_code == 200
        assert "immutable" in answer.headers["Cache-Control"]
    stale = reader.http.get(re.sub(r"v=\w+", "v=0", links.pop()))
    assert "immutable" not in stale.headers["Cache-Control"]


def test_pages_name_the_language_that_they_speak(as_: As, office: Office) -> None:
    reader = as_("siti")
    assert '<html lang="id">' in reader.get("/")
    answer = reader.send("/language", language="en", next="/cases")
    assert answer.headers["Location"] == "/cases"
    assert {"HttpOnly", "SameSite=Lax"} <= set(answer.headers["Set-Cookie"].split("; "))
    page = reader.get("/cases")
    assert '<html lang="en">' in page
    assert "Case number" in page
    reader.send("/language", language="fr")
    assert '<html lang="en">' in reader.get("/nowhere", status=404)
    reader.send("/language", language="id")
    assert "Nomor kasus" in reader.get("/cases")


def test_the_mark_of_bpmn_io_is_in_the_viewer() -> None:
    assert "bjs-powered-by" in (VENDOR / "bpmn-navigated-viewer.production.min.js").read_text("utf-8")


def test_no_style_of_ours_touches_the_mark(app: Flask) -> None:
    ours = list(Path(str(app.static_folder)).glob("*.css"))
    assert ours
    assert [path.name for path in ours if "bjs-powered-by" in path.read_text("utf-8")] == []
