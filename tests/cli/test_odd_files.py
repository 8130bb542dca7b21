"""What a folder may hold beside files: links in a circle, pipes, names too long or in no encoding."""

import json
import os
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.cli.conftest import SEQUENCE, Alur

PLAIN = SEQUENCE.replace('isExecutable="true"', "")
"""A diagram as analysts draw it: nothing says that it is to be run."""


def circle(folder: Path) -> Path:
    """A link that leads to itself."""
    path = folder / "a.bpmn"
    path.symlink_to(path)
    return path


def pipe(folder: Path) -> Path:
    """A pipe into which nobody writes."""
    path = folder / "a.bpmn"
    os.mkfifo(path)
    return path


def endless(folder: Path) -> Path:
    """A name that no file system keeps."""
    return folder / (300 * "a" + ".bpmn")


@pytest.mark.parametrize(
    ("odd", "why"),
    [(circle, "links lead in a circle"), (pipe, "no file but a pipe"), (endless, "name is too long")],
)
def test_what_cannot_be_read_is_told_as_any_other_file(
    alur: Alur, tmp_path: Path, odd: Callable[[Path], Path], why: str
) -> None:
    path = odd(tmp_path)
    told = alur("check", "--json", path)
    [line] = [json.loads(line) for line in told.out.splitlines()]
    assert (told.code, line["file"], line["ok"]) == (2, str(path), False)
    assert [one["code"] for one in line["findings"]] == ["file_unread"]
    assert why in line["findings"][0]["message"]
    assert alur("deploy", path).code == 2


def test_a_folder_is_read_around_what_is_no_file(alur: Alur, tmp_path: Path) -> None:
    circle(tmp_path)
    os.mkfifo(tmp_path / "b.bpmn")
    (tmp_path / "c.bpmn").write_text(SEQUENCE, "utf-8")
    (tmp_path / "d").symlink_to(tmp_path)
    assert alur("check", tmp_path) == (0, "", "")


def test_a_name_in_no_encoding_is_checked_and_repaired(alur: Alur, tmp_path: Path) -> None:
    path = tmp_path / os.fsdecode(b"\xffa.bpmn")
    path.write_text(PLAIN, "utf-8")
    told = alur("check", "--json", "--repair", tmp_path / "done", path)
    assert (told.code, json.loads(told.out)["ok"]) == (0, True)


@pytest.mark.parametrize("inside", ["", "deeper"])
def test_copies_are_not_put_into_what_is_no_folder(alur: Alur, tmp_path: Path, inside: str) -> None:
    (tmp_path / "a.bpmn").write_text(PLAIN, "utf-8")
    (tmp_path / "taken").write_text("mine", "utf-8")
    told = alur("check", "--repair", tmp_path / "taken" / inside, tmp_path / "a.bpmn")
    assert (told.code, "is no folder" in told.error) == (1, True)
    assert (tmp_path / "taken").read_text("utf-8") == "mine"


def test_the_originals_own_folder_keeps_the_originals(alur: Alur, tmp_path: Path) -> None:
    (tmp_path / "a.bpmn").write_text(PLAIN, "utf-8")
    told = alur("check", "--repair", tmp_path, tmp_path / "a.bpmn")
    assert (told.code, "not overwritten" in told.error) == (1, True)
    assert (tmp_path / "a.bpmn").read_text("utf-8") == PLAIN


@pytest.mark.parametrize("stands", ["folder", "link"])
def test_a_copy_goes_neither_over_a_folder_nor_through_a_link(
    alur: Alur, tmp_path: Path, stands: str
) -> None:
    (tmp_path / "a.bpmn").write_text(PLAIN, "utf-8")
    place = tmp_path / "done" / "a.bpmn"
    place.parent.mkdir()
    if stands == "folder":
        place.mkdir()
    else:
        place.symlink_to(tmp_path / "elsewhere.bpmn")
    told = alur("check", "--repair", place.parent, tmp_path / "a.bpmn")
    assert (told.code, "not overwritten" in told.error) == (1, True)
    assert not (tmp_path / "elsewhere.bpmn").exists()
