"""Taking cases over in the browser: numbers first, nothing written, then all, some steps or some cases."""

import re

import pytest
from sqlalchemy import func, select

from service import worker
from service.language import LANGUAGES
from service.operations import deployments, history
from service.store.models import Batch, ProcessInstance
from tests.web.conftest import Office
from tests.web.reader import As, words
from tests.web.test_deployments import OFFICE


@pytest.fixture
def newer(office: Office) -> str:
    """The id of a second revision in force, in which the step where one writes has another id."""
    text = re.sub(rb"\btulis\b", b"susun", OFFICE["nota.bpmn"])
    assert text != OFFICE["nota.bpmn"]
    with office.database.transaction() as session:
        deployed = deployments.deploy(session, "revisi", {**OFFICE, "nota.bpmn": text})
        return deployed.definitions[0].id


@pytest.fixture
def cases(office: Office, newer: str) -> list[str]:
    """Two cases that wait to be written and one to be checked, all on the first revision."""
    found = [office.start() for _ in range(3)]
    office.write(found[2])
    return found


def address(office: Office, newer: str, more: str = "") -> str:
    return f"/sops/{newer}/migrate?from={office.definition}{more}"


def work(office: Office) -> None:
    """The worker does what is due."""
    while worker.work(office.database, "w"):
        pass


def on(office: Office, definition: str) -> set[str]:
    with office.database.reading() as session:
        query = select(ProcessInstance.id).where(ProcessInstance.definition_id == definition)
        return set(session.scalars(query))


def tally(page: str) -> list[int]:
    return [int(number) for number in re.findall(r"<li[^>]*><strong>(\d+)</strong>", page)]


def batches(office: Office) -> int:
    with office.database.reading() as session:
        return session.scalar(select(func.count()).select_from(Batch)) or 0


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_dry_run_counts_and_writes_nothing(
    as_: As, office: Office, newer: str, cases: list[str], language: str
) -> None:
    reader = as_("admin")
    reader.post("/language", language=language)
    page = reader.get(address(office, newer))
    assert tally(page) == [3, 1, 2, 0]
    told = {
        "id": (
            "Menulis nota 2",
            "Memeriksa nota 1",
            "1 pindah",
            "2 tetap",
            "(usul)",
            "perlu langkah pengganti",
        ),
        "en": (
            "Menulis nota 2",
            "Memeriksa nota 1",
            "1 go over",
            "2 stay",
            "(suggested)",
            "need a step to go to",
        ),
    }
    for part in told[language]:
        assert part in words(page)
    page = reader.get(address(office, newer, "&to.tulis=susun"))
    assert tally(page) == [3, 3, 0, 0]
    assert on(office, office.definition) == set(cases)
    assert batches(office) == 0


def test_all_go_over_and_each_history_says_who_and_why(
    as_: As, office: Office, newer: str, cases: list[str]
) -> None:
    reader = as_("admin")
    sent = {"from": office.definition, "to.tulis": "susun", "which": "all", "reason": "revisi baru"}
    first = reader.send(f"/sops/{newer}/migrate", **sent, _key="satu")
    again = reader.send(f"/sops/{newer}/migrate", **sent, _key="satu")
    path = first.headers["Location"]
    assert again.headers["Location"] == path
    assert batches(office) == 1
    page = reader.get(path)
    assert "tinggal 3 dari 3 kasus" in words(page)
    assert 'http-equiv="refresh"' in page
    work(office)
    page = reader.get(path)
    assert "Selesai: 3 kasus sudah pindah." in words(page)
    assert "refresh" not in page
    assert on(office, newer) == set(cases)
    told = words(reader.get(f"/cases/{cases[0]}"))
    assert "Admin memindahkan kasus ini dari revisi 1 ke revisi 2" in told
    assert "revisi baru" in told
    with office.database.reading() as session:
        assert history.verify(session, cases[0]) is None
    office.write(cases[0])
    office.decide(cases[0], "setuju")


def test_what_cannot_go_stays_and_is_told_with_a_link(
    as_: As, office: Office, newer: str, cases: list[str]
) -> None:
    reader = as_("admin")
    path = reader.send(
        f"/sops/{newer}/migrate", **{"from": office.definition, "which": "all", "reason": "revisi baru"}
    ).headers["Location"]
    work(office)
    page = reader.get(path)
    assert "1 kasus sudah pindah, 2 tetap di revisi lama" in words(page)
    assert "“Menulis nota”" in words(page)
    assert f'href="/cases/{cases[0]}"' in page
    assert on(office, newer) == {cases[2]}


def test_only_those_at_a_step_or_single_ones_go_over(
    as_: As, office: Office, newer: str, cases: list[str]
) -> None:
    reader = as_("admin")
    sent = {"from": office.definition, "to.tulis": "susun", "reason": "revisi baru"}
    reader.post(f"/sops/{newer}/migrate", **sent, which="steps", step="periksa")
    work(office)
    assert on(office, newer) == {cases[2]}
    reader.post(f"/sops/{newer}/migrate", **sent, which="cases", case=cases[1])
    work(office)
    assert on(office, newer) == {cases[1], cases[2]}


def test_one_case_is_taken_over_from_its_own_page(
    as_: As, office: Office, newer: str, cases: list[str]
) -> None:
    reader = as_("admin")
    page = reader.get(f"/cases/{cases[2]}")
    link = re.search(r'href="([^"]*/migrate[^"]*)"', page)
    assert link
    page = reader.get(link[1].replace("&amp;", "&"))
    assert tally(page) == [1, 1, 0, 0]
    sent = {"from": office.definition, "only": cases[2], "which": "all", "reason": "mendesak"}
    reader.post(f"/sops/{newer}/migrate", **sent)
    work(office)
    assert on(office, newer) == {cases[2]}
    assert "/migrate" not in reader.get(f"/cases/{cases[2]}")
    assert "/migrate" not in as_("siti").get(f"/cases/{cases[1]}")


@pytest.mark.parametrize(
    ("fields", "told"),
    [
        ({"reason": " "}, "alasan"),
        ({"reason": "x" * 501}, "500"),
        ({"which": "steps", "reason": "ya"}, "Pilih langkah atau kasus"),
        ({"which": "cases", "reason": "ya"}, "Pilih langkah atau kasus"),
        ({"which": "cases", "case": "none", "reason": "ya"}, "none"),
        ({"to.tulis": "none", "reason": "ya"}, "none"),
        ({"to.tulis": "tunggu", "reason": "ya"}, "tidak dapat menjadi"),
    ],
)
def test_what_cannot_be_begun_is_said_on_the_same_page(
    as_: As, office: Office, newer: str, cases: list[str], fields: dict[str, str], told: str
) -> None:
    sent = {"from": office.definition, "which": "all", **fields}
    answer = as_("admin").send(f"/sops/{newer}/migrate", **sent)
    assert answer.status_code == 400
    assert told in words(answer.text)
    assert "Pindahkan kasus yang berjalan" in words(answer.text)
    assert batches(office) == 0


def test_addresses_that_lead_nowhere_are_said(as_: As, office: Office, newer: str) -> None:
    reader = as_("admin")
    reader.get(f"/sops/{newer}/migrate", 404)
    reader.get(f"/sops/{newer}/migrate?from=none", 404)
    reader.get(f"/sops/{newer}/migrate?from={newer}", 400)
    reader.get("/batches/none", 404)
    assert "Tidak ada kasus yang berjalan pada versi 1" in words(reader.get(address(office, newer)))


def test_only_who_may_sees_the_numbers_and_the_progress(
    as_: As, office: Office, newer: str, cases: list[str]
) -> None:
    sent = {"from": office.definition, "which": "all", "reason": "revisi"}
    path = as_("admin").send(f"/sops/{newer}/migrate", **sent).headers["Location"]
    siti = as_("siti")
    siti.get(address(office, newer), 403)
    siti.get(path, 403)
    siti.post(f"/sops/{newer}/migrate", 403, **sent)
