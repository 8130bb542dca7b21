"""Holds the scripts that a newcomer starts with: what they do on a machine that lacks something."""

import ast
import importlib.util
import subprocess
import sys
from pathlib import Path

import pytest

from scripts import environment

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


@pytest.mark.parametrize("script", ["scripts/run", "scripts/test", "scripts/alur", ".ci/run"])
def test_every_script_is_sound_bash_and_may_be_run(script):
    assert subprocess.run(["bash", "-n", ROOT / script], check=False).returncode == 0
    assert (ROOT / script).stat().st_mode & 0o111
