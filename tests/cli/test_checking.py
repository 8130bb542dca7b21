"""`alur check`: what belongs together, what is offered, what is written, and what it ends with."""

import json
import shutil
from pathlib import Path
from typing import Any

import pytest

from tests.cli.conftest import SEQUENCE, Alur

ROOT = Path(__file__).parents[2]
PLAIN = SEQUENCE.replace('isExecutable="true"', "")
"""A diagram as analysts draw it: nothing says that it is to be run."""
WITH_FORM = SEQUENCE.replace('<userTask id="susun"', '<userTask id="susun" camunda:formRef="isian"')


def lines(out: str) -> list[dict[str, Any]]:
    return [json.loads(line) for line in out.splitlines()]


def codes(line: dict[str, Any]) -> list[str]:
    return [finding["code"] for finding in line["findings"]]


@pytest.fixture
def drawn(tmp_path: Path) -> Path:
    """A folder with one diagram in it."""
    folder = tmp_path / "drawn"
    folder.mkdir()
    (folder / "a.bpmn").write_text(SEQUENCE, "utf-8")
    return folder


def test_diagrams_named_one_by_one_are_deployments_of_their_own(alur: Alur, drawn: Path) -> None:
    shutil.copy(drawn / "a.bpmn", drawn / "b.bpmn")
    assert alur("check", drawn / "a.bpmn", drawn / "b.bpmn") == (0, "", "")


def test_a_folder_is_one_deployment(alur: Alur, drawn: Path) -> None:
    shutil.copy(drawn / "a.bpmn", drawn / "b.bpmn")
    told = alur("check", drawn, "--json")
    assert told.code == 1
    assert [codes(line) for line in lines(told.out)] == [["duplicate_process"]] * 2


def test_forms_named_anywhere_go_with_every_diagram(alur: Alur, drawn: Path, tmp_path: Path) -> None:
    for name in ("a", "b"):
        (drawn / f"{name}.bpmn").write_text(WITH_FORM, "utf-8")
    form = tmp_path / "isian.form"
    form.write_text(json.dumps({"id": "isian", "components": []}), "utf-8")
    assert alur("check", drawn / "a.bpmn", form, drawn / "b.bpmn") == (0, "", "")
    alone = alur("check", drawn / "a.bpmn", "--json")
    assert alone.code == 1
    assert codes(lines(alone.out)[0]) == ["form_missing"]


def test_each_file_is_told_once_in_the_order_of_the_line(alur: Alur, drawn: Path) -> None:
    told = alur("check", drawn / "a.bpmn", drawn, drawn / ".." / "drawn" / "a.bpmn", "--json")
    assert [line["file"] for line in lines(told.out)] == [str(drawn / "a.bpmn")]


def test_what_is_bound_to_an_earlier_deployment_is_looked_up_later(alur: Alur, drawn: Path) -> None:
    later = WITH_FORM.replace("camunda:formRef=", 'camunda:formRefBinding="latest" camunda:formRef=')
    (drawn / "a.bpmn").write_text(later, "utf-8")
    told = alur("check", drawn, "--json")
    assert told.code == 0
    assert codes(lines(told.out)[0]) == ["form_later"]


def test_forms_of_a_folder_are_spared_where_single_diagrams_are_named(
    alur: Alur, drawn: Path, tmp_path: Path
) -> None:
    (tmp_path / "forms").mkdir()
    form = tmp_path / "forms" / "lain.form"
    form.write_text(json.dumps({"id": "lain", "components": []}), "utf-8")
    assert alur("check", drawn / "a.bpmn", tmp_path / "forms") == (0, "", "")
    for asked in ((drawn, tmp_path / "forms"), (drawn / "a.bpmn", form)):
        told = alur("check", *asked, "--json")
        assert [codes(line) for line in lines(told.out)] == [[], ["form_unused"]]


@pytest.mark.parametrize(
    ("content", "code", "found"),
    [
        (b"bukan XML", 1, "not_xml"),
        (b"", 1, "not_xml"),
        (b"\xff\xfe", 1, "encoding"),
        (None, 2, "file_unread"),
    ],
)
def test_content_that_is_wrong_ends_with_1_and_a_file_that_cannot_be_read_with_2(
    alur: Alur, tmp_path: Path, content: bytes | None, code: int, found: str
) -> None:
    path = tmp_path / "a.bpmn"
    if content is not None:
        path.write_bytes(content)
    told = alur("check", path, "--json")
    assert told.code == code
    assert codes(lines(told.out)[0]) == [found]


def test_an_unreadable_file_counts_for_more_than_a_wrong_one(alur: Alur, tmp_path: Path) -> None:
    wrong = tmp_path / "a.bpmn"
    wrong.write_bytes(b"<")
    assert alur("check", tmp_path / "none.bpmn", wrong).code == 2


def test_each_finding_tells_the_repair_that_is_offered_for_it(alur: Alur, drawn: Path) -> None:
    (drawn / "a.bpmn").write_text(PLAIN, "utf-8")
    told = alur("check", drawn / "a.bpmn", "--json")
    assert told.code == 1
    (finding,) = lines(told.out)[0]["findings"]
    assert list(finding) == ["code", "severity", "element", "name", "line", "message", "remedy", "repair"]
    assert finding["code"] == "not_executable"
    assert "executable" in finding["repair"]
    assert finding["repair"] in alur("check", drawn / "a.bpmn").out


def test_what_no_machine_can_mend_offers_nothing(alur: Alur, drawn: Path) -> None:
    (drawn / "a.bpmn").write_text(WITH_FORM, "utf-8")
    told = alur("check", drawn, "--json")
    assert [finding["repair"] for finding in lines(told.out)[0]["findings"]] == [None]


def test_repaired_copies_are_written_and_count(alur: Alur, drawn: Path, tmp_path: Path) -> None:
    original, folder = drawn / "a.bpmn", tmp_path / "mended"
    original.write_text(PLAIN, "utf-8")
    told = alur("check", original, "--repair", folder, "--json")
    (line,) = lines(told.out)
    assert (told.code, line["ok"]) == (0, True)
    assert line["repaired"] == str(folder / "a.bpmn")
    assert line["repairs"] == [finding["repair"] for finding in line["findings"]]
    assert original.read_text("utf-8") == PLAIN
    assert alur("check", folder / "a.bpmn") == (0, "", "")


def test_every_repair_is_listed_for_people_too(alur: Alur, drawn: Path, tmp_path: Path) -> None:
    (drawn / "a.bpmn").write_text(PLAIN, "utf-8")
    told = alur("check", drawn / "a.bpmn", "--repair", tmp_path / "mended")
    assert told.code == 0
    assert str(tmp_path / "mended" / "a.bpmn") in told.out
    assert "executable" in told.out


def test_a_file_that_needs_no_repair_has_no_copy(alur: Alur, drawn: Path, tmp_path: Path) -> None:
    told = alur("check", drawn, "--repair", tmp_path / "mended", "--json")
    assert "repaired" not in lines(told.out)[0]
    assert not (tmp_path / "mended").exists()


def test_nothing_is_ever_written_over(alur: Alur, drawn: Path, tmp_path: Path) -> None:
    (drawn / "a.bpmn").write_text(PLAIN, "utf-8")
    told = alur("check", drawn / "a.bpmn", "--repair", drawn)
    assert told.code == 1
    assert "a.bpmn" in told.error
    assert (drawn / "a.bpmn").read_text("utf-8") == PLAIN
    for _ in range(2):
        assert alur("check", drawn / "a.bpmn", "--repair", tmp_path / "mended").code == 0


def test_two_files_of_one_name_get_a_folder_each(alur: Alur, tmp_path: Path) -> None:
    for folder in ("x", "y"):
        (tmp_path / folder).mkdir()
        (tmp_path / folder / "a.bpmn").write_text(PLAIN.replace("Susun", folder), "utf-8")
    asked = (tmp_path / "x" / "a.bpmn", tmp_path / "y" / "a.bpmn")
    told = alur("check", *asked, "--repair", tmp_path / "mended", "--json")
    assert told.code == 0
    copies = [Path(line["repaired"]) for line in lines(told.out)]
    assert len(set(copies)) == 2
    assert [
        f'name="{folder}"' in copy.read_text("utf-8") for folder, copy in zip("xy", copies, strict=True)
    ] == [True] * 2


def test_our_own_folders_have_no_errors(alur: Alur) -> None:
    told = alur("check", ROOT / "bpmn", ROOT / "forms", "--json")
    assert told.code == 0
    assert {finding["severity"] for line in lines(told.out) for finding in line["findings"]} <= {"warning"}
