"""Diagrams and forms are checked and deployed from the command line."""

import json
import re
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

import pytest

from service.operations import deployments
from service.store.database import Database
from tests.cli.conftest import SEQUENCE, Alur
from tests.conftest import DIAGRAMS


def test_check_is_silent_when_nothing_is_wrong(alur: Alur, folders: Sequence[Path]) -> None:
    assert alur("check", *folders) == (0, "", "")


def test_check_needs_no_data_folder(alur: Alur, folders: Sequence[Path], tmp_path: Path) -> None:
    (tmp_path / "data" / "alur.db").unlink()
    assert alur("check", *folders).code == 0
    assert list((tmp_path / "data").iterdir()) == []


def test_check_tells_place_fault_and_remedy(alur: Alur, tmp_path: Path) -> None:
    bad = tmp_path / "bad.bpmn"
    bad.write_text(SEQUENCE.replace('targetRef="periksa"', 'targetRef="nowhere"'), "utf-8")
    told = alur("check", bad)
    assert told.code == 1
    assert f"{bad}:6: error: “Periksa” " in told.out
    assert "\n    " in told.out


def test_check_ends_with_0_when_there_are_only_warnings(alur: Alur, tmp_path: Path) -> None:
    nameless = tmp_path / "warned.bpmn"
    nameless.write_text(SEQUENCE.replace('name="Susun"', ""), "utf-8")
    told = alur("check", nameless)
    assert told.code == 0
    assert ": warning: " in told.out


def test_check_writes_one_json_object_a_line(alur: Alur, folders: Sequence[Path], tmp_path: Path) -> None:
    bad = tmp_path / "bad.bpmn"
    bad.write_text("<definitions", "utf-8")
    told = alur("check", *folders, bad, tmp_path / "none.form", "--json")
    lines = [json.loads(line) for line in told.out.splitlines()]
    assert told.code == 2
    assert [(Path(line["file"]).name, line["ok"]) for line in lines] == [
        ("a.bpmn", True),
        ("susun.form", True),
        ("bad.bpmn", False),
        ("none.form", False),
    ]
    finding = lines[2]["findings"][0]
    assert list(finding) == ["code", "severity", "element", "name", "line", "message", "remedy", "repair"]
    assert (finding["code"], finding["severity"]) == ("not_xml", "error")
    assert lines[3]["findings"][0]["code"] == "file_unread"


@pytest.mark.parametrize("path", sorted((DIAGRAMS / "refused").glob("*.bpmn")), ids=lambda path: path.stem)
def test_check_can_say_every_refusal(alur: Alur, path: Path) -> None:
    told = alur("check", path)
    assert told.code == 1
    assert ": error: " in told.out


def test_a_file_without_end_is_refused_by_its_size(alur: Alur) -> None:
    told = alur("check", "/dev/zero")
    assert told.code == 1
    assert "20 MB" in told.out
    assert alur("deploy", "/dev/zero").code == 1


def test_check_of_nothing_is_refused(alur: Alur, tmp_path: Path) -> None:
    (tmp_path / "empty").mkdir()
    assert alur("check", tmp_path / "empty").code == 1


def test_a_reader_who_has_seen_enough_breaks_nothing(tmp_path: Path) -> None:
    command = f"{sys.executable} -m service check {DIAGRAMS / 'refused'} | head -n 1"
    told = subprocess.run(command, shell=True, capture_output=True, text=True, check=True)  # noqa: S602
    assert told.stderr == ""
    assert told.stdout


def test_deploy_takes_folders_as_one_deployment(alur: Alur, kept: Database, folders: Sequence[Path]) -> None:
    told = alur("deploy", *folders)
    lines = r"process sequence \(sequence\), version 1: in force since .+\nform susun, version 1\n"
    assert (told.code, told.error) == (0, "")
    assert re.fullmatch(lines, told.out)
    with kept.reading() as session:
        (deployment,) = deployments.find(session)
        assert (deployment.name, deployment.source) == ("bpmn, forms", "alur deploy")
        assert deployments.latest(session, "sequence").resource_name == "bpmn/kantor/a.bpmn"


def test_deploying_the_same_again_changes_nothing(
    alur: Alur, kept: Database, folders: Sequence[Path]
) -> None:
    alur("deploy", *folders, "--name", "SOP")
    told = alur("deploy", *folders, "--name", "SOP")
    assert told.code == 0
    assert "SOP" in told.out
    with kept.reading() as session:
        assert len(deployments.find(session)) == 1


def test_a_refused_deployment_says_why_and_keeps_nothing(
    alur: Alur, kept: Database, folders: Sequence[Path]
) -> None:
    (folders[1] / "bad.form").write_text("{", "utf-8")
    told = alur("deploy", *folders)
    assert (told.code, told.out) == (1, "")
    assert "forms/bad.form:1: error: " in told.error
    with kept.reading() as session:
        assert deployments.find(session) == []


def test_a_table_in_a_folder_is_not_overlooked(alur: Alur, folders: Sequence[Path]) -> None:
    (folders[0] / "rules.dmn").write_text("<definitions/>", "utf-8")
    assert "bpmn/rules.dmn" in alur("deploy", *folders).error


def test_decisions_are_checked_and_deployed_like_diagrams(alur: Alur, folders: Sequence[Path]) -> None:
    decision = DIAGRAMS.parent / "decisions" / "first.dmn"
    assert alur("check", decision) == (0, "", "")
    (folders[0] / "uang.dmn").write_bytes(decision.read_bytes())
    assert "decision Uang harian (first), version 1\n" in alur("deploy", *folders).out
    (folders[0] / "uang.dmn").write_bytes(decision.read_bytes().replace(b"&gt; 3", b"&gt; (3"))
    told = alur("check", folders[0])
    assert told.code == 1
    assert "uang.dmn:" in told.out
    assert "> (3" in told.out


def test_two_files_of_one_name_are_refused(alur: Alur, tmp_path: Path) -> None:
    for folder in ("x", "y"):
        (tmp_path / folder).mkdir()
        (tmp_path / folder / "a.bpmn").write_text(SEQUENCE, "utf-8")
    told = alur("deploy", tmp_path / "x" / "a.bpmn", tmp_path / "y" / "a.bpmn")
    assert told.code == 1
    assert "a.bpmn" in told.error


def test_a_file_that_is_not_there_ends_with_2(alur: Alur, tmp_path: Path) -> None:
    told = alur("deploy", tmp_path / "none.bpmn")
    assert told.code == 2
    assert "none.bpmn" in told.error
    assert "Traceback" not in told.error
