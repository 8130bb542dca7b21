"""What the command line makes of what it is told, whatever the command."""

import sqlite3
from pathlib import Path

import pytest

from service import __version__, config
from service.language import say
from tests.cli.conftest import Alur


def test_it_tells_its_version(alur: Alur) -> None:
    assert alur("--version") == (0, f"Alur {__version__}\n", "")


@pytest.mark.parametrize("language", ["id", "en"])
def test_help_is_in_the_configured_language(
    alur: Alur, monkeypatch: pytest.MonkeyPatch, language: str
) -> None:
    monkeypatch.setenv("ALUR_LANGUAGE", language)
    for command in ((), ("serve",), ("check",), ("user",), ("user", "hold")):
        told = alur(*command, "--help")
        assert (told.code, told.error) == (0, "")
        key = f"cli.{'.'.join(command) or 'alur'}"
        assert " ".join(say(key, language).split()[:4]) in " ".join(told.out.split())


@pytest.mark.parametrize("wrong", [(), ("dance",), ("serve", "--port", "x"), ("user", "hold", "ani")])
def test_what_cannot_be_understood_ends_with_2(alur: Alur, wrong: tuple[str, ...]) -> None:
    told = alur(*wrong)
    assert (told.code, told.out) == (2, "")
    assert "usage: alur" in told.error


@pytest.mark.parametrize(
    ("name", "value"), [("ALUR_LANGUAGE", "xx"), ("ALUR_ZONE", "Nowhere/Land"), ("ALUR_SECURE_COOKIES", "?")]
)
def test_a_malformed_setting_is_named(
    alur: Alur, monkeypatch: pytest.MonkeyPatch, name: str, value: str
) -> None:
    config.zone.cache_clear()
    monkeypatch.setenv(name, value)
    told = alur("user", "list")
    config.zone.cache_clear()
    assert told.code != 0
    assert name in told.error
    assert "Traceback" not in told.error


@pytest.mark.parametrize("url", ["nonsense", "mysql://x/y", "postgresql://nobody@127.0.0.1:1/none"])
def test_a_database_that_cannot_be_used_is_a_sentence(
    alur: Alur, monkeypatch: pytest.MonkeyPatch, url: str
) -> None:
    monkeypatch.setenv("ALUR_DATABASE_URL", url)
    told = alur("user", "list")
    assert (told.code, told.out, told.error.count("\n")) == (1, "", 1)


def test_a_database_that_was_never_migrated_is_refused_until_it_is(alur: Alur, tmp_path: Path) -> None:
    fresh = ("--data", tmp_path / "fresh")
    for command in (("serve",), ("work",), ("user", "list")):
        told = alur(*command, *fresh)
        assert told.code == 1
        assert "alur migrate" in told.error
    assert alur("migrate", *fresh).code == 0
    assert alur("user", "list", *fresh) == (0, "", "")


def test_a_newer_database_is_left_alone(alur: Alur, tmp_path: Path) -> None:
    with sqlite3.connect(tmp_path / "data" / "alur.db") as connection:
        connection.execute("UPDATE alembic_version SET version_num = '9999'")
    connection.close()
    for command in (("migrate",), ("serve",)):
        told = alur(*command)
        assert told.code == 1
        assert "9999" in told.error
