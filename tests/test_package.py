"""Holds the package against its description: what it depends on, and what its wheel and sdist contain."""

import ast
import re
import subprocess
import sys
import tarfile
import tomllib
import zipfile
from importlib.metadata import packages_distributions
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]

NEVER_IMPORTED = {"tzdata"}
"""What only data is taken from."""

BY_ADDRESS = {"psycopg"}
"""What SQLAlchemy loads when a database's address asks for it."""


def normal(name: str) -> str:
    return re.sub(r"[-_.]+", "-", name).lower()


def required(entries: list[str]) -> set[str]:
    return {normal(re.match(r"[A-Za-z0-9._-]+", entry)[0]) for entry in entries}


def imported(folder: str) -> set[str]:
    """The distributions of everything that the folder's files import, the standard library left out."""
    tops = set()
    for path in (ROOT / folder).rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            if isinstance(node, ast.Import):
                tops.update(alias.name.split(".")[0] for alias in node.names)
            elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
                tops.add(node.module.split(".")[0])
    foreign = tops - sys.stdlib_module_names - {"service", "tests", "scripts", "conftest"}
    known = packages_distributions()
    return {normal(known[top][0]) if top in known else top for top in foreign}


def test_the_service_depends_on_what_it_imports_and_on_nothing_else():
    assert imported("service") == required(PROJECT["dependencies"]) - NEVER_IMPORTED - BY_ADDRESS


def test_what_the_tests_import_is_declared():
    extra = PROJECT["optional-dependencies"]["test"]
    assert imported("tests") - required(PROJECT["dependencies"]) - required(extra) == set()


def test_the_notice_names_everything_that_is_installed():
    notice = normal((ROOT / "NOTICE").read_text("utf-8"))
    extra = PROJECT["optional-dependencies"]["postgresql"]
    assert [name for name in required([*PROJECT["dependencies"], *extra]) if name not in notice] == []


@pytest.fixture(scope="module")
def built(tmp_path_factory) -> Path:
    """The folder with a freshly built wheel and sdist."""
    folder = tmp_path_factory.mktemp("built")
    subprocess.run([sys.executable, "-m", "hatchling", "build", "-d", folder], cwd=ROOT, check=True)
    return folder


def in_service(*patterns: str) -> set[str]:
    """The files of the service that match, as the wheel would name them."""
    found = {path for pattern in patterns for path in (ROOT / "service").rglob(pattern) if path.is_file()}
    return {str(path.relative_to(ROOT)) for path in found if "build" not in path.parts}


def test_the_wheel_has_everything_that_runs_and_nothing_else(built):
    with zipfile.ZipFile(next(built.glob("*.whl"))) as wheel:
        names = set(wheel.namelist())
        info = next(name for name in names if name.endswith(".dist-info/METADATA"))
        metadata = wheel.read(info).decode()
    for kind in ("*.py", "translations/*.json", "templates/**/*", "static/**/*", "migrations/**/*.py"):
        assert in_service(kind) and in_service(kind) <= names, kind
    assert "service/feel/core.js" in names
    assert {name.split("/")[0] for name in names} == {"service", info.split("/")[0]}
    assert not any("node_modules" in name or name.startswith("service/feel/build/") for name in names)
    assert any(name.endswith("licenses/LICENSE") for name in names)
    assert any(name.endswith("licenses/NOTICE") for name in names)
    assert "License-Expression: Apache-2.0" in metadata


def test_the_sdist_has_what_a_clone_has(built):
    with tarfile.open(next(built.glob("*.tar.gz"))) as sdist:
        names = {name.split("/", 1)[1] for name in sdist.getnames()}
    assert {"README.md", "LICENSE", "NOTICE", "CHANGELOG.md", "scripts/run", "docker/Dockerfile"} <= names
    assert {"bpmn/README.md", "forms/README.md", "service/cli/__init__.py", "tests/test_package.py"} <= names
    assert not any("node_modules" in name or name.startswith(("data/", ".venv/")) for name in names)


SIGN_IN_PAGE = """
from pathlib import Path
import service
from service import config, web
from service.store.database import Database
settings = config.from_environment(Path("data"))
database = Database(settings.database)
print(service.__file__)
print(web.create_app(settings, database).test_client().get("/", follow_redirects=True).status_code)
database.dispose()
"""


def test_the_wheel_runs_by_itself(built, tmp_path):
    with zipfile.ZipFile(next(built.glob("*.whl"))) as wheel:
        wheel.extractall(tmp_path)  # noqa: S202 - we have built it
    for command in (["migrate"], ["deploy", ROOT / "bpmn", ROOT / "forms"]):
        run_in(tmp_path, "-m", "service", *command, "--data", tmp_path / "data")
    told = run_in(tmp_path, "-c", SIGN_IN_PAGE)
    assert told.splitlines() == [str(tmp_path / "service" / "__init__.py"), "200"]


def run_in(folder: Path, *arguments: str | Path) -> str:
    command = [sys.executable, *arguments]
    return subprocess.run(command, cwd=folder, capture_output=True, text=True, check=True).stdout
