"""Holds docker/ to what is tested without containers: the same commands, settings and paths."""

import os
import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
import yaml

from scripts.chaosing import fleet, places
from service.cli import _parser

FOLDER = Path(__file__).resolve().parent.parent / "docker"
SERVICES: dict[str, Any] = yaml.safe_load((FOLDER / "compose.yml").read_text("utf-8"))["services"]
OURS = {name: one for name, one in SERVICES.items() if one["image"] == "alur"}


def options(words: tuple[str, ...] | list[str]) -> list[str]:
    """The command and its options, without their values."""
    return [word for word in words if word == words[0] or word.startswith("--")]


def test_the_processes_are_those_that_chaos_kills() -> None:
    assert options(SERVICES["web"]["command"]) == options(fleet.SERVE)
    assert SERVICES["work"]["command"] == list(fleet.WORK)
    assert {name for name in OURS if name != "migrate"} == {"web", "work"}


@pytest.mark.parametrize("name", OURS)
def test_every_command_is_one_of_the_programs(name: str) -> None:
    assert _parser().parse_args(OURS[name]["command"]).run


def test_each_waits_for_what_it_needs() -> None:
    for name, one in SERVICES.items():
        for other in one.get("depends_on", ()):
            assert other in SERVICES, name
    assert all("migrate" in SERVICES[name]["depends_on"] for name in ("web", "work"))
    assert [name for name, one in SERVICES.items() if "ports" in one] == ["proxy"]


def test_who_is_told_to_end_may_finish_what_it_began() -> None:
    for name in ("web", "work"):
        assert int(SERVICES[name]["stop_grace_period"].removesuffix("s")) > 30


def test_every_file_that_is_named_is_there() -> None:
    for one in SERVICES.values():
        for volume in one.get("volumes", ()):
            place = volume.partition(":")[0]
            assert not place.startswith(".") or (FOLDER / place).exists(), place


def test_the_backup_is_the_one_that_chaos_takes_and_puts_back() -> None:
    (_, script, seconds) = SERVICES["backup"]["command"]
    assert (FOLDER / Path(script).name, int(seconds)) == (places.BACKUP, 24 * 3600)
    readme = (FOLDER / "README.md").read_text("utf-8")
    assert {Path(path) for path in re.findall(r"bash /alur/(\w+)", readme)} == {
        Path("backup"),
        Path("restore"),
    }


@pytest.mark.parametrize("script", [places.BACKUP, places.RESTORE])
def test_the_scripts_are_sound_and_may_be_run(script: Path) -> None:
    assert subprocess.run(["bash", "-n", script], check=False).returncode == 0
    assert script.stat().st_mode & 0o111


def test_the_proxy_asks_the_port_that_is_served() -> None:
    (port,) = SERVICES["web"]["expose"]
    words = SERVICES["web"]["command"]
    assert words[words.index("--port") + 1] == port
    assert f"dynamic a web {port}" in (FOLDER / "Caddyfile").read_text("utf-8")


def test_the_health_check_tells_health(tmp_path: Path, migrated_file: Path) -> None:
    (tmp_path / "alur.db").write_bytes(migrated_file.read_bytes())
    command = [sys.executable, "-m", "service", *fleet.SERVE, "--data", str(tmp_path)]
    environment = {**os.environ, "ALUR_LANGUAGE": "en"}
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True, env=environment) as process:
        assert process.stdout
        port = process.stdout.readline().rpartition(":")[2].strip()
        (_, program, flag, code) = SERVICES["web"]["healthcheck"]["test"]
        assert (program, flag) == ("python", "-c")
        asked = [sys.executable, "-c", code.replace(":8080", f":{port}")]
        try:
            assert subprocess.run(asked, check=False).returncode == 0
        finally:
            process.terminate()
    assert subprocess.run(asked, check=False, stderr=subprocess.DEVNULL).returncode != 0
