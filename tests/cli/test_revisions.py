"""Revisions are deployed for a day, approved, withdrawn and brought back from the command line."""

from collections.abc import Sequence
from pathlib import Path

import pytest

from tests.cli.conftest import Alur


@pytest.fixture
def sop(alur: Alur, folders: Sequence[Path]) -> Path:
    """A diagram; Ani and Budi may approve, Eko may not."""
    for login in ("ani", "budi", "eko"):
        more = ["--admin"] * (login != "eko")
        assert alur("user", "add", login, login.title(), *more, stdin="rahasia sekali").code == 0
    return folders[0] / "kantor" / "a.bpmn"


def changed(sop: Path) -> Path:
    """The same process, drawn anew."""
    sop.write_text(sop.read_text("utf-8") + "\n", "utf-8")
    return sop


def test_a_revision_is_deployed_for_a_day(alur: Alur, sop: Path) -> None:
    told = alur("deploy", sop, "--effective", "8 Desember 2999")
    assert told == (0, "process sequence (sequence), version 1: takes effect on 8 December 2999\n", "")
    told = alur("deploy", changed(sop), "--effective", "2999-12-09T13:30")
    assert told.out.endswith("takes effect on 9 December 2999 at 13:30\n")
    assert alur("deploy", sop, "--effective", "besok").code == 1
    assert "version 3: in force since" in alur("deploy", changed(sop)).out


def test_a_draft_is_approved_in_the_name_of_a_second_person(
    alur: Alur, sop: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("ALUR_APPROVERS", "admin, {kantor}.kepala")
    assert alur("deploy", sop).out.endswith("a draft, to be approved by: admin, kepala\n")
    assert alur("revision", "approve", "sequence", "1").code == 1
    assert alur("revision", "approve", "sequence", "1", "--by", "eko").code == 1
    assert "nobody" in alur("revision", "approve", "sequence", "1", "--by", "nobody").error
    told = alur("revision", "approve", "sequence", "1", "--by", "Ani", "--effective", "2999-01-01")
    assert told == (0, "sequence (sequence), revision 1: takes effect on 1 January 2999\n", "")


def test_revisions_are_withdrawn_and_brought_back(alur: Alur, sop: Path) -> None:
    alur("deploy", sop)
    alur("deploy", changed(sop))
    assert alur("revision", "withdraw", "sequence", "2").code == 2  # without a reason
    assert alur("revision", "withdraw", "sequence", "2", "--reason", "keliru").out == (
        "sequence (sequence), revision 2: withdrawn\n"
    )
    listed = alur("revision", "list", "sequence").out.splitlines()
    assert [line.partition(": ")[2].split(" since")[0] for line in listed] == ["withdrawn", "in force"]
    assert alur("revision", "restore", "sequence", "2", "--reason", "benar", "--by", "budi").code == 0
    assert alur("revision", "restore", "sequence", "3", "--reason", "x").code == 1
    assert alur("revision", "restore", "sequence", "2", "--reason", "x").code == 1
    assert "followed by another" in alur("revision", "list").out


@pytest.mark.parametrize("groups", ["kepala kantor", "{kantor}", "a,{lain}.b", "../x"])
def test_a_setting_that_names_no_groups_is_told_by_its_name(
    alur: Alur, sop: Path, monkeypatch: pytest.MonkeyPatch, groups: str
) -> None:
    monkeypatch.setenv("ALUR_APPROVERS", groups)
    told = alur("deploy", sop)
    assert told.code == 1
    assert "ALUR_APPROVERS" in told.error
