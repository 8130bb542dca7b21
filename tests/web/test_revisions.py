"""The revisions of an SOP on its page: approved by a second person, withdrawn, brought back, compared."""

import re
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from service.config import Config
from service.language import LANGUAGES
from service.operations import deployments
from service.web import create_app
from tests.web.conftest import Office
from tests.web.reader import As, Reader, words
from tests.web.test_deployments import OFFICE, sent

CHANGED = OFFICE["nota.bpmn"].replace(b"Menulis nota", b"Menyusun nota")


@pytest.fixture
def config(tmp_path: Path) -> Config:
    """Whoever is Kepala of the diagram's office approves."""
    return Config(data=tmp_path, secret_key="test", approvers=("{kantor}.kepala",))


@pytest.fixture
def draft(as_: As, office: Office) -> str:
    """The id of a second revision that waits for Budi's approval."""
    assert OFFICE["nota.bpmn"] != CHANGED
    reader = as_("admin")
    path = sent(reader, {**OFFICE, "nota.bpmn": CHANGED})
    assert "menunggu persetujuan orang kedua: Kepala" in words(reader.get(path))
    reader.post(f"{path}/deploy", name="revisi")
    with office.database.reading() as session:
        return deployments.definitions(session, "nota", latest=False)[0].id


def in_force(office: Office) -> str:
    with office.database.reading() as session:
        return deployments.latest(session, "nota").id


def test_a_draft_stands_on_top_for_who_may_approve_it(as_: As, office: Office, draft: str) -> None:
    page = as_("budi").get("/sops")
    assert "Menunggu persetujuan Anda" in words(page)
    assert f'href="/sops/{draft}"' in page
    assert re.search(r'class="count"[^>]*>1<', page)
    for other in ("siti", "admin"):
        page = as_(other).get("/sops")
        assert "Menunggu persetujuan Anda" not in words(page)
        assert f'href="/sops/{office.definition}"' in page


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_second_person_approves_and_new_cases_use_it(
    as_: As, office: Office, draft: str, language: str
) -> None:
    budi = as_("budi")
    budi.post("/language", language=language)
    assert "/compare/" in budi.get(f"/sops/{draft}")
    said = words(budi.send(f"/sops/{draft}/approve", reason="sudah dibahas", _follow=True).text)
    told = {
        "id": ("Revisi ini sudah disahkan.", "Budi mengesahkan revisi ini", "Admin memasang revisi ini"),
        "en": (
            "The revision has been approved.",
            "Budi approved this revision",
            "Admin deployed",
        ),
    }
    for part in (*told[language], "sudah dibahas"):
        assert part in said
    assert in_force(office) == draft
    again = budi.send(f"/sops/{draft}/approve")
    assert again.status_code == 409


def test_who_deployed_it_and_strangers_do_not_approve(as_: As, office: Office, draft: str) -> None:
    for login in ("admin", "siti", "eko"):
        reader = as_(login)
        assert "Sahkan revisi ini" not in words(reader.get(f"/sops/{draft}"))
        answer = reader.send(f"/sops/{draft}/approve")
        assert answer.status_code == 403
        assert "Tidak dapat dilakukan" in words(answer.text)
    assert in_force(office) == office.definition


def test_it_may_be_approved_for_a_later_day(as_: As, office: Office, draft: str) -> None:
    budi = as_("budi")
    day = (datetime.now(UTC) + timedelta(days=40)).date().isoformat()
    said = words(budi.send(f"/sops/{draft}/approve", effective=day, _follow=True).text)
    assert "Menunggu harinya mulai" in said
    assert "Ini bukan revisi yang berlaku. Yang berlaku: Versi 1" in said
    assert in_force(office) == office.definition
    wrong = budi.send(f"/sops/{draft}/restore", reason="")
    assert wrong.status_code == 400
    budi.post(f"/sops/{draft}/restore", reason="dipercepat")
    assert in_force(office) == draft


def test_withdrawing_needs_a_reason_and_brings_the_one_before_back(
    as_: As, office: Office, draft: str
) -> None:
    budi = as_("budi")
    budi.post(f"/sops/{draft}/approve")
    refused = budi.send(f"/sops/{draft}/withdraw", reason="  ")
    assert refused.status_code == 400
    assert "alasan" in words(refused.text).lower()
    said = words(budi.send(f"/sops/{draft}/withdraw", reason="formulir keliru", _follow=True).text)
    assert "Budi mencabut revisi ini" in said
    assert "formulir keliru" in said
    assert in_force(office) == office.definition
    budi.post(f"/sops/{draft}/restore", reason="sudah betul")
    assert in_force(office) == draft
    assert budi.send(f"/sops/{draft}/withdraw", reason="x" * 501).status_code == 400


def test_two_revisions_that_were_chosen_are_compared_older_first(as_: As, office: Office, draft: str) -> None:
    reader = as_("siti")
    path = f"/sops/{draft}/compare?one={draft}&one={office.definition}"
    answer = reader.http.get(path)
    assert answer.headers["Location"] == f"/sops/{draft}/compare/{office.definition}"
    for wrong in ("", f"?one={draft}", f"?one={draft}&one={draft}"):
        answer = reader.http.get(f"/sops/{draft}/compare{wrong}")
        assert answer.headers["Location"].endswith("#revisions")
    assert "Pilih tepat dua revisi" in words(reader.get("/sops"))
    reader.get(f"/sops/{draft}/compare?one={draft}&one=none", 404)


def test_the_page_counts_who_runs_on_each_revision(as_: As, office: Office, draft: str) -> None:
    office.start()
    as_("budi").post(f"/sops/{draft}/approve")
    page = as_("admin").get(f"/sops/{draft}")
    rows = [words(row) for row in re.findall(r"<tr.*?</tr>", page, re.DOTALL)]
    assert [row for row in rows if "Digantikan" in row and "1 Pindahkan" in row]
    assert "Pindahkan" not in words(as_("siti").get(f"/sops/{draft}"))


def test_without_approvers_a_revision_is_in_force_at_once(
    as_: As, office: Office, app_without_approvers: As
) -> None:
    reader = app_without_approvers("admin")
    path = sent(reader, {**OFFICE, "nota.bpmn": CHANGED})
    assert "tidak perlu persetujuan orang kedua" in words(reader.get(path))
    reader.post(f"{path}/deploy", name="revisi")
    assert in_force(office) != office.definition


@pytest.fixture
def app_without_approvers(office: Office, tmp_path: Path) -> As:
    app = create_app(Config(data=tmp_path, secret_key="test"), office.database)
    return lambda login: Reader(app, login)
