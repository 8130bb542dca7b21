"""The JavaScript that we ship is what its sources and its lock file make."""

import hashlib
import json
import shutil
import subprocess
from pathlib import Path

import pytest

FEEL = Path(__file__).resolve().parents[2] / "service" / "feel"
BUILT = ("core.js", "core.licences.txt", "core.json")


@pytest.fixture(scope="module")
def workshop(tmp_path_factory):
    """A copy of the build's folder with its packages; skipped where they cannot be had."""
    if not shutil.which("npm"):
        pytest.skip("node and npm are not installed")
    folder = tmp_path_factory.mktemp("feel") / "build"
    shutil.copytree(FEEL / "build", folder, ignore=shutil.ignore_patterns("node_modules"))
    command = ["npm", "ci", "--ignore-scripts", "--no-audit", "--no-fund"]
    if subprocess.run(command, cwd=folder, capture_output=True, timeout=120).returncode:
        pytest.skip("npm cannot fetch the packages")
    return folder


def build(workshop, target):
    return subprocess.run(
        ["node", "build.mjs", target], cwd=workshop, capture_output=True, text=True, timeout=60
    )


def test_the_build_makes_the_same_files_again(workshop, tmp_path):
    assert build(workshop, tmp_path).returncode == 0
    for name in BUILT:
        assert (tmp_path / name).read_bytes() == (FEEL / name).read_bytes(), name


def test_the_build_fails_where_a_patch_finds_nothing_to_mend(workshop, tmp_path):
    source = workshop / "node_modules" / "feelin" / "dist" / "index.js"
    text = source.read_text("utf-8")
    source.write_text(text.replace("function rangeIncludes(", "function includesRange("), "utf-8")
    assert build(workshop, tmp_path).returncode == 0
    source.write_text(text.replace("valueType !== range.valueType", "range.valueType !== valueType"), "utf-8")
    failed = build(workshop, tmp_path)
    source.write_text(text, "utf-8")
    assert failed.returncode != 0
    assert "feelin has changed" in failed.stderr


def test_the_built_files_are_those_of_the_manifest():
    manifest = json.loads((FEEL / "core.json").read_text("utf-8"))
    for name, expected in manifest["sha256"].items():
        assert hashlib.sha256((FEEL / name).read_bytes()).hexdigest() == expected, name


def test_every_package_in_the_bundle_brings_its_licence():
    manifest = json.loads((FEEL / "core.json").read_text("utf-8"))
    licences = (FEEL / "core.licences.txt").read_text("utf-8")
    locked = json.loads((FEEL / "build" / "package-lock.json").read_text("utf-8"))["packages"]
    assert {"feelin", "feelers", "temporal-polyfill"} <= manifest["packages"].keys()
    for name, package in manifest["packages"].items():
        assert package["license"] == "MIT"
        assert f"{name} {package['version']} (MIT)" in licences
        assert locked[f"node_modules/{name}"]["version"] == package["version"]
