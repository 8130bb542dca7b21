"""Runs commands of `alur` on a database of the test's own."""

import io
import json
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import NamedTuple

import pytest

from service.cli import main
from service.store.database import Database
from tests.conftest import DIAGRAMS

SEQUENCE = (DIAGRAMS / "sequence.bpmn").read_text("utf-8")
FORM = json.dumps({"type": "default", "id": "susun", "components": []})


class Told(NamedTuple):
    """What a command ended with and said."""

    code: int
    out: str
    error: str


Alur = Callable[..., Told]


@pytest.fixture
def alur(
    tmp_path: Path, migrated_file: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> Alur:
    """Runs a command, in English, on a migrated, empty database of this test's own."""
    (tmp_path / "data").mkdir()
    (tmp_path / "data" / "alur.db").write_bytes(migrated_file.read_bytes())
    monkeypatch.setenv("ALUR_DATA", str(tmp_path / "data"))
    monkeypatch.setenv("ALUR_LANGUAGE", "en")
    monkeypatch.delenv("ALUR_DATABASE_URL", raising=False)

    def run(*arguments: object, stdin: str = "") -> Told:
        monkeypatch.setattr("sys.stdin", io.StringIO(stdin))
        try:
            code = main([str(argument) for argument in arguments])
        except SystemExit as end:
            code = int(end.code or 0)
        return Told(code, *capsys.readouterr())

    return run


@pytest.fixture
def kept(alur: Alur, tmp_path: Path) -> Iterator[Database]:
    """The database that the commands work on."""
    database = Database(f"sqlite:///{tmp_path / 'data' / 'alur.db'}")
    yield database
    database.dispose()


@pytest.fixture
def folders(tmp_path: Path) -> Sequence[Path]:
    """A folder of diagrams and one of forms, with what else lies about in such folders."""
    bpmn, forms = tmp_path / "bpmn", tmp_path / "forms"
    for path, text in (
        (bpmn / "kantor" / "a.bpmn", SEQUENCE),
        (bpmn / "README.md", "# guide"),
        (bpmn / ".cache" / "b.bpmn", "not a diagram"),
        (forms / "susun.form", FORM),
    ):
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, "utf-8")
    return bpmn, forms
