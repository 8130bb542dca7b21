"""The page on which an administrator mends a case: by its words, without scripts."""

import re
from datetime import UTC, date, datetime
from typing import Any

import pytest

from service.operations import gate, history, incidents, instances, mending
from service.store.models import HistoryEvent
from tests.web.conftest import Office
from tests.web.reader import As, Reader, words
from tests.web.test_stuck import deploy, stop

WHY = {"reason": "lupa diisi"}


@pytest.fixture
def stuck(office: Office) -> str:
    return stop(office, deploy(office, "macet"))


@pytest.fixture
def admin(as_: As, office: Office) -> Reader:
    return as_("admin")


def incident(office: Office, case: str) -> str:
    with office.database.reading() as session:
        (found,) = incidents.find(session, instance_id=case)
        return found.id


def variables(office: Office, case: str) -> dict[str, Any]:
    with office.database.reading() as session:
        return gate.variables(session, case)


def test_a_missing_value_is_set_and_the_case_goes_on(admin: Reader, office: Office, stuck: str) -> None:
    page = admin.get(f"/cases/{stuck}/mend")
    assert re.search(r'<option value="yes_no" selected', page)
    for part in ("siap", "belum ada", "Simpan dan coba lagi", "Pindahkan kasus", "Tangguhkan kasus"):
        assert part in words(page)
    sent = {"form": "variable", "do": "set_and_resume", "incident": incident(office, stuck)}
    sent |= {"name": "siap", "kind": "yes_no", "value": "ya"}
    answer = admin.send(f"/cases/{stuck}/mend", _follow=True, **sent, **WHY)
    said = words(answer.text)
    assert answer.request.path == f"/cases/{stuck}"
    assert "Kasus ini berlanjut." in said
    assert "Kasus ini tertahan" not in said
    assert "Admin mengubah data kasus siap = ya Alasan: lupa diisi" in said
    assert office.task(stuck)


def test_a_case_that_still_stops_says_so(admin: Reader, office: Office, stuck: str) -> None:
    sent = {"form": "x", "do": "resume", "incident": incident(office, stuck)}
    said = words(admin.post(f"/cases/{stuck}/mend", 200, _follow=True, **sent, **WHY))
    assert "Sudah dicoba lagi, tetapi kasus ini masih tertahan." in said
    assert "Data yang belum ada atau kosong: “siap”." in said
    assert words(admin.post(f"/cases/{stuck}/mend", 409, **sent, **WHY)).count("sudah dilanjutkan") == 1
    admin.post(f"/cases/{office.start()}/mend", 404, **sent, **WHY)


@pytest.mark.parametrize("do", ["set", "remove", "resume", "move", "suspend", "activate", "cancel"])
def test_nothing_is_done_without_a_reason(admin: Reader, office: Office, stuck: str, do: str) -> None:
    sent = {"form": "variable", "do": do, "name": "baru", "kind": "text", "value": "tetap tertulis"}
    for reason in ("", "  ", "x" * 501):
        page = admin.post(f"/cases/{stuck}/mend", 400, reason=reason, **sent)
        assert "alasan" in words(page).lower()
        assert "tetap tertulis" in page
    assert variables(office, stuck) == {}
    with office.database.reading() as session:
        assert instances.get(session, stuck, office.admin).status == "active"


VALUES: list[tuple[str, str, Any]] = [
    ("text", " dua\r\nbaris", " dua\nbaris"),
    ("number", "1.250,5", 1250.5),
    ("number", "-3", -3),
    ("date", "31-01-2026", date(2026, 1, 31)),
    ("date", "2026-01-31", date(2026, 1, 31)),
    ("moment", "2026-01-31 07:00", datetime(2026, 1, 31, tzinfo=UTC)),
    ("yes_no", "Tidak", False),
    ("json", '{"nama": ["A", 1, null], "pada": {"$": "date", "v": "2026-01-31"}}', None),
    ("empty", "apa saja", None),
]


@pytest.mark.parametrize(("kind", "text", "value"), VALUES)
def test_a_value_is_typed_with_its_kind_and_shown_as_it_was(
    admin: Reader, office: Office, stuck: str, kind: str, text: str, value: Any
) -> None:
    sent = {"form": "variable", "do": "set", "name": "baru", "kind": kind, "value": text}
    if kind == "json":
        value = {"nama": ["A", 1, None], "pada": date(2026, 1, 31)}
    admin.post(f"/cases/{stuck}/mend", **sent, **WHY)
    kept = variables(office, stuck)["baru"]
    assert kept == value
    assert type(kept) is type(value)
    page = admin.get(f"/cases/{stuck}/mend?edit=baru")
    assert re.search(rf'<option value="{kind}" selected', page)
    shown = re.search(r'<textarea id="variable-value"[^>]*>\n(.*?)</textarea>', page, re.S)
    assert shown
    admin.post(f"/cases/{stuck}/mend", **(sent | {"value": shown[1].replace("&#34;", '"')}), **WHY)
    assert variables(office, stuck)["baru"] == value


@pytest.mark.parametrize(
    ("kind", "text", "said"),
    [
        ("number", "dua", "Ini bukan bilangan"),
        ("number", "9" * 40, "Ini bukan bilangan"),
        ("date", "31-02-2026", "Ini bukan tanggal"),
        ("moment", "kemarin", "Ini bukan tanggal dan jam"),
        ("yes_no", "mungkin", "Tulis ya atau tidak"),
        ("json", '["A",\n "B"', "baris 2"),
        ("json", "[NaN]", "NaN bukan bilangan"),
        ("json", '{"$": "entah"}', "kunci “$”"),
        ("json", '{"$": "date", "v": 3}', "kunci “$”"),
        ("json", "[" * 5000 + "]" * 5000, "bertingkat-tingkat"),
        ("json", "[1e999]", ""),
        ("text", "a\x00b", ""),
        ("lain", "x", "Pilih jenis"),
    ],
)
def test_a_value_that_cannot_be_read_is_refused_with_its_remedy(
    admin: Reader, office: Office, stuck: str, kind: str, text: str, said: str
) -> None:
    sent = {"form": "variable", "do": "set", "name": "baru", "kind": kind, "value": text}
    page = admin.post(f"/cases/{stuck}/mend", 400, **sent, **WHY)
    assert said in words(page)
    assert "tidak ada yang berubah" in words(page)
    assert 'value="lupa diisi"' in page
    assert variables(office, stuck) == {}


def test_a_value_is_removed(admin: Reader, office: Office, stuck: str) -> None:
    with office.database.transaction() as session:
        mending.set_variables(session, stuck, office.admin, {"salah": 1})
    admin.post(f"/cases/{stuck}/mend", do="remove", form="variable", name="salah", **WHY)
    assert variables(office, stuck) == {}
    assert "salah dihapus" in words(admin.get(f"/cases/{stuck}"))


def test_a_case_is_moved_and_its_story_tells_it(admin: Reader, office: Office, stuck: str) -> None:
    page = admin.get(f"/cases/{stuck}/mend")
    (token,) = re.findall(r'<select id="move-token".*?<option value="([^"]+)"', page, re.S)
    for place in ("x1", "tidak-ada"):
        assert "tidak ada yang berubah" in words(
            admin.post(
                f"/cases/{stuck}/mend", 422 if place == "x1" else 400, do="move", token=token, to=place, **WHY
            )
        )
    said = words(admin.post(f"/cases/{stuck}/mend", 200, _follow=True, do="move", token=token, to="b", **WHY))
    assert "Admin memindahkan kasus ini dari “Langkah a” ke “Langkah b” isian Siti tersimpan" in said
    assert "Kasus ini tertahan" not in said
    assert office.task(stuck)


def test_a_step_is_skipped_and_its_work_dropped(admin: Reader, office: Office, stuck: str) -> None:
    with office.database.transaction() as session:
        mending.set_variables(session, stuck, office.admin, {"siap": True})
        (found,) = incidents.find(session, instance_id=stuck)
        token = str(found.task_id)
    sent = {"do": "move", "token": token, "to": "", "drop": "1"}
    said = words(admin.post(f"/cases/{stuck}/mend", 200, _follow=True, **sent, **WHY))
    assert "isian Siti dibuang" in said
    assert office.task(stuck)


def test_a_suspended_case_says_so_to_everybody(as_: As, admin: Reader, office: Office) -> None:
    case = office.start()
    task, siti = office.task(case), as_("siti")
    siti.post(f"/tasks/{task}/claim")
    admin.post(f"/cases/{case}/mend", do="suspend", reason="menunggu pimpinan")
    said = words(siti.get(f"/cases/{case}"))
    assert "Ditangguhkan Admin menangguhkan kasus ini Tidak ada yang dapat dikerjakan" in said
    assert "Alasan: menunggu pimpinan" in said
    page = siti.get(f"/tasks/{task}")
    assert "sedang ditangguhkan oleh pengelola" in words(page)
    assert 'id="complete"' not in page
    assert "sedang ditangguhkan" in words(siti.post(f"/tasks/{task}", 409, isi="Dengan hormat"))
    assert f'id="case-{case}"' in siti.get("/cases?status=suspended")
    page = words(admin.get(f"/cases/{case}/mend"))
    assert "Lanjutkan kasus" in page
    assert "Lanjutkan kasusnya dulu" in page
    assert "sedang ditangguhkan" in words(
        admin.post(f"/cases/{case}/mend", 409, do="move", token=task, to="", **WHY)
    )
    admin.post(f"/cases/{case}/mend", do="activate", reason="sudah diputuskan")
    assert 'id="complete"' in siti.get(f"/tasks/{task}")
    assert "Admin melanjutkan kasus yang ditangguhkan Alasan: sudah diputuskan" in words(
        siti.get(f"/cases/{case}")
    )


def test_a_case_is_cancelled_with_its_reason(admin: Reader, office: Office, stuck: str) -> None:
    said = words(admin.post(f"/cases/{stuck}/mend", 200, _follow=True, do="cancel", **WHY))
    assert "Admin membatalkan kasus ini Alasan: lupa diisi" in said
    assert "tidak ada yang dapat diubah lagi" in words(
        admin.send(f"/cases/{stuck}/mend", do="cancel", **WHY).text
    )
    admin.get(f"/cases/{stuck}/mend", 303)
    admin.post(f"/cases/{office.start()}/mend", 400, do="explode", **WHY)


def test_an_administrator_has_the_history_checked(as_: As, admin: Reader, office: Office, stuck: str) -> None:
    assert "Riwayat kasus ini utuh" in words(admin.get(f"/cases/{stuck}?verify=1"))
    assert "Riwayat kasus ini utuh" not in words(as_("siti").get(f"/cases/{stuck}?verify=1"))
    with office.database.transaction() as session:
        session.get_one(HistoryEvent, (stuck, 2)).actor = "lain"
    with office.database.reading() as session:
        assert history.verify(session, stuck) == 2
    assert "kejadian ke-2 diubah, hilang" in words(admin.get(f"/cases/{stuck}?verify=1"))
