"""Holds the scripts that a newcomer starts with: what they do on a machine that lacks something."""

import ast
import importlib.util
import socket
import subprocess
import sys
from pathlib import Path
from urllib.request import urlopen

import pytest

from scripts import demo, environment, survey
from service.errors import Unauthenticated
from service.operations import deployments, identity

ROOT = Path(__file__).resolve().parent.parent


def test_a_python_without_venv_is_told_which_package_brings_it(tmp_path, monkeypatch):
    monkeypatch.setattr(importlib.util, "find_spec", lambda name: None)
    with pytest.raises(SystemExit, match="apt-get install python3-venv"):
        environment.create(tmp_path)


def test_a_python_that_is_too_old_is_told_so(monkeypatch):
    monkeypatch.setattr(environment, "NEWER", ())
    with pytest.raises(SystemExit, match=r"needs Python 3\.11 or newer; this is Python 3\."):
        environment.hand_over()


def test_an_environment_is_stale_when_the_dependencies_change(tmp_path, monkeypatch):
    (tmp_path / "pyproject.toml").write_text("one")
    monkeypatch.setattr(environment, "ROOT", tmp_path)
    python = Path(sys.executable)
    environment.stamp(tmp_path, "test").write_text(environment.fingerprint(python))
    assert environment.fresh(tmp_path, python, "test")
    assert not environment.fresh(tmp_path, python, "")
    (tmp_path / "pyproject.toml").write_text("two")
    assert not environment.fresh(tmp_path, python, "test")


def test_an_older_python_can_read_the_script_that_refuses_it():
    text = (ROOT / "scripts" / "environment.py").read_text("utf-8")
    ast.parse(text, feature_version=(3, 7))


@pytest.mark.parametrize(
    "script", ["scripts/run", "scripts/test", "scripts/alur", "scripts/corpus", ".ci/run"]
)
def test_every_script_is_sound_bash_and_may_be_run(script):
    assert subprocess.run(["bash", "-n", ROOT / script], check=False).returncode == 0
    assert (ROOT / script).stat().st_mode & 0o111


def test_a_corpus_is_surveyed_file_by_file(tmp_path):
    diagrams = ROOT / "tests" / "diagrams"
    for name in ("exclusive", "refused/missing_condition", "refused/not_xml", "refused/mixed_text"):
        (tmp_path / f"{Path(name).name}.bpmn").write_bytes((diagrams / f"{name}.bpmn").read_bytes())
    found = [survey.survey(path) for path in sorted(survey.diagrams(tmp_path))]
    lines = list(survey.report(found))
    assert [(one.as_drawn, not one.left) for one in found] == [
        (True, True),
        (False, True),
        (False, False),
        (False, False),
    ]
    assert "after repair         2 (50.0 %)" in lines
    assert sum(line.startswith("left: ") for line in lines) == 2


def test_a_demonstration_has_an_administrator_and_somebody_for_every_position(sqlite):
    with sqlite.transaction() as session:
        demo.fill(session)
    with sqlite.reading() as session:
        positions = {position.id for position in identity.positions(session)}
        assert {person.id for person in identity.people(session)} == positions | {"admin"}
        assert identity.sign_in(session, "admin", "demo").admin
        for position in positions:
            assert identity.sign_in(session, position, "demo").positions == {position}


def test_a_demonstration_that_starts_again_keeps_everything(sqlite):
    with sqlite.transaction() as session:
        demo.fill(session)
        identity.set_password(session, "admin", "not the demonstration's")
    with sqlite.transaction() as session:
        before = len(identity.people(session))
        demo.fill(session)
        assert len(identity.people(session)) == before
        assert {row.version for row in deployments.definitions(session, latest=False)} == {1}
        with pytest.raises(Unauthenticated):
            identity.sign_in(session, "admin", "demo")


def test_an_office_is_never_given_demo_people(sqlite):
    with sqlite.transaction() as session:
        identity.add_person(session, "siti", "Siti", "a password of her own")
        with pytest.raises(SystemExit, match="no demonstration"):
            demo.fill(session)
        assert [person.id for person in identity.people(session)] == ["siti"]


def test_the_demonstration_says_where_it_is_and_who_one_can_be(tmp_path):
    command = [sys.executable, "-m", "scripts.demo", "--port", "0", "--data", tmp_path]
    with subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True) as process:
        try:
            address = process.stdout.readline().split()[-1]
            with urlopen(f"{address}/") as page:  # noqa: S310
                text = page.read().decode()
        finally:
            process.terminate()
    assert process.returncode == 0
    assert "kemenag.kasubbag-tu" in text
    assert "PTSP (demo)" in text


def test_a_taken_port_is_said_before_anything_is_made(tmp_path):
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = str(taken.getsockname()[1])
        command = [sys.executable, "-m", "scripts.demo", "--port", port, "--data", tmp_path / "data"]
        done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 1
    assert done.stderr.startswith(f"Port {port} on 127.0.0.1 is taken; choose another")
    assert not (tmp_path / "data").exists()
