"""Signing in and out, the password, the session and its end."""

from datetime import timedelta
from pathlib import Path

import pytest
from argon2 import PasswordHasher
from flask import Flask

from service.config import Config
from service.operations import deployments, identity
from service.store.database import Database
from service.store.models import Person
from service.web import attempts, create_app
from tests.web.conftest import FILES, Office
from tests.web.reader import TOKEN, As, Reader, words

PASSWORD = "rahasia sekali"
NEW = "sandi yang baru"
LONG = "x" * 2000


@pytest.fixture
def siti(database: Database) -> str:
    """Somebody whose password costs little to check: what argon2 costs is not tested here."""
    cheap = PasswordHasher(time_cost=1, memory_cost=8, parallelism=1).hash(PASSWORD)
    with database.transaction() as session:
        session.add(Person(id="siti", name="Siti", password_hash=cheap))
    return "siti"


def test_who_signs_in_comes_to_the_page_they_wanted(as_: As, siti: str) -> None:
    reader = as_(None)
    answer = reader.send("/sign-in", login=siti, password=PASSWORD, next="/cases")
    assert (answer.status_code, answer.headers["Location"]) == (303, "/cases")
    assert "Siti" in reader.get("/cases")


@pytest.mark.parametrize("wanted", ["https://a.test/", "//a.test", "/\\a.test", "javascript:alert(1)", ""])
def test_nobody_is_sent_to_another_site(as_: As, siti: str, wanted: str) -> None:
    answer = as_(None).send("/sign-in", login=siti, password=PASSWORD, next=wanted)
    assert answer.headers["Location"] == "/"


def test_wrong_name_and_wrong_password_read_the_same(as_: As, siti: str) -> None:
    said = {
        words(as_(None).post("/sign-in", 422, login=login, password="salah")).replace(login, "")
        for login in (siti, "nobody")
    }
    assert len(said) == 1


def test_who_guesses_has_to_wait_and_the_right_password_waits_too(as_: As, siti: str) -> None:
    reader = as_(None)
    for _ in range(attempts.LIMIT):
        reader.post("/sign-in", 422, login=siti, password="salah")
    answer = reader.send("/sign-in", login=siti, password=PASSWORD)
    assert answer.status_code == 429
    assert 0 < int(answer.headers["Retry-After"]) <= attempts.WINDOW + 1
    reader.post("/sign-in", 422, login="another", password="salah")


def test_signing_in_keeps_nothing_of_the_session_before(app: Flask, as_: As, siti: str) -> None:
    reader = as_(None)
    with reader.http.session_transaction() as session:
        session["planted"] = "by somebody else"
    before = reader.token()
    reader.post("/sign-in", login=siti, password=PASSWORD)
    with reader.http.session_transaction() as session:
        assert set(session) == {"person", "stamp", "_permanent"}
    assert reader.http.post("/sign-out", data={"csrf_token": before}).status_code == 400


def test_signing_out_ends_the_session_also_for_who_has_its_cookie(as_: As, office: Office) -> None:
    here, copied = as_("siti"), as_("siti")
    copied.get("/")
    here.post("/sign-out")
    assert here.http.get("/").status_code == 303
    assert copied.http.get("/").status_code == 303


def test_who_is_put_out_reads_no_further_page(as_: As, office: Office) -> None:
    reader = as_("siti")
    with office.database.transaction() as session:
        identity.deactivate(session, "siti")
    assert reader.http.get("/").headers["Location"].startswith("/sign-in")


def test_a_new_password_ends_the_other_sessions_and_keeps_this_one(as_: As, siti: str) -> None:
    here, there = as_(siti), as_(siti)
    here.post("/account/password", current=PASSWORD, new=NEW, again=NEW)
    assert "sudah diganti" in here.get("/")
    assert there.http.get("/").status_code == 303
    there.post("/sign-in", 422, login=siti, password=PASSWORD)
    there.post("/sign-in", login=siti, password=NEW)


@pytest.mark.parametrize(
    ("current", "new", "again"),
    [("salah", NEW, NEW), (PASSWORD, NEW, f"{NEW}!"), (PASSWORD, "", ""), (PASSWORD, LONG, LONG)],
)
def test_a_password_that_cannot_be_changed_stays(
    as_: As, siti: str, current: str, new: str, again: str
) -> None:
    as_(siti).post("/account/password", 422, current=current, new=new, again=again)
    as_(None).post("/sign-in", login=siti, password=PASSWORD)


def test_cookies_are_for_this_site_alone_and_end_when_nobody_reads(as_: As, office: Office) -> None:
    cookie = as_("siti").http.get("/").headers["Set-Cookie"]
    assert {"HttpOnly", "SameSite=Lax", "Path=/"} <= set(cookie.split("; "))
    assert "Secure" not in cookie
    assert "Expires=" in cookie


def test_behind_tls_cookies_are_secure_and_the_browser_remembers(database: Database, tmp_path: Path) -> None:
    app = create_app(Config(data=tmp_path, secret_key="test", secure_cookies=True), database)
    answer = app.test_client().get("/sign-in")
    assert "Secure" in answer.headers["Set-Cookie"]
    assert "max-age" in answer.headers["Strict-Transport-Security"]


def test_a_session_nobody_used_for_half_a_day_has_ended(app: Flask, as_: As, office: Office) -> None:
    reader = as_("siti")
    assert app.config["PERMANENT_SESSION_LIFETIME"] == timedelta(hours=12)
    app.config["PERMANENT_SESSION_LIFETIME"] = timedelta(seconds=-1)
    assert reader.http.get("/").headers["Location"].startswith("/sign-in")


@pytest.mark.parametrize("path", ["/sign-in", "/sign-out", "/language", "/account/password", "/start/nota"])
def test_a_form_without_this_sessions_token_is_refused(as_: As, office: Office, path: str) -> None:
    reader, foreign = as_("siti"), as_("lina").token()
    for token in ({}, {"csrf_token": foreign}, {"csrf_token": "x"}):
        answer = reader.http.post(path, data={"perihal": "palsu", **token})
        assert answer.status_code == 400
        assert "tidak diproses" in answer.text
    assert "Tidak ada kasus" in reader.get("/cases")


def test_who_lost_the_session_over_a_form_signs_in_first(as_: As, office: Office) -> None:
    answer = as_(None).http.post("/start/nota", data={"perihal": "x"})
    assert (answer.status_code, answer.headers["Location"]) == (303, "/sign-in?next=/start/nota")


def test_a_part_of_a_page_takes_the_whole_page_to_the_sign_in(as_: As, office: Office) -> None:
    answer = as_(None).http.post("/start/nota", headers={"HX-Request": "true"})
    assert (answer.status_code, answer.text) == (401, "")
    assert answer.headers["HX-Redirect"] == "/sign-in?next=/start/nota"


def test_a_demonstration_says_so_and_lists_its_people(database: Database, tmp_path: Path) -> None:
    with database.transaction() as session:
        deployments.deploy(session, "uji", {path.name: path.read_bytes() for path in FILES.iterdir()})
        identity.add_person(session, "siti", "Siti Aminah", "demo")
        identity.hold(session, "siti", "uji.loket")
        identity.add_person(session, "admin", "Pengelola", "demo", admin=True)
    app = create_app(Config(data=tmp_path, secret_key="test", demo=True), database)
    reader = Reader(app, None)
    said = words(reader.get("/sign-in"))
    for part in ("demonstrasi", "Kantor Uji", "Loket", "Siti Aminah", "Pengelola", "demo"):
        assert part in said
    reader.post("/sign-in", login="siti", password="demo")
    assert "demonstrasi" in reader.get("/")


def test_elsewhere_nobody_is_listed(as_: As, office: Office) -> None:
    page = as_(None).get("/sign-in")
    assert "Siti" not in page
    assert "demonstrasi" not in page
    assert len(TOKEN.findall(page)) == 2
