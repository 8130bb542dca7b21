"""Holds the floors of the house: what may import what, and where each thing has its home."""

import ast
import re
from collections.abc import Iterator, Mapping
from functools import cache
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent

FLOORS = (
    {"errors", "differences", "values", "language", "config"},
    {"feel", "store", "diagram", "forms", "dmn", "engine"},
    {"operations"},
    {"web", "worker"},
    {"cli", "__main__"},
)
BESIDE = {
    "engine": {"diagram", "dmn", "feel"},
    "diagram": {"feel"},
    "dmn": {"diagram", "feel"},
    "forms": {"feel"},
    "__main__": {"cli"},
}
"""Which room may see which other on its own floor; on the ground floor all may."""

HOMES = {
    "flask": {"web"},
    "flask_wtf": {"web"},
    "werkzeug": {"web"},
    "jinja2": {"web"},
    "SpiffWorkflow": {"engine"},
    "lxml": {"diagram", "dmn", "engine"},
    "sqlalchemy": {"store", "operations"},
    "alembic": {"store"},
    "quickjs": {"feel"},
    "_quickjs": {"feel"},
}
LINES = 300
"""The most lines that a file may have, blank ones not counted."""

EMPTY_WORDS = {"service", "manager", "handler", "helper", "helpers", "util", "utils"}
"""Words that say nothing about what a class or a module is."""

Sources = Mapping[str, str]


def sources(*folders: str) -> Sources:
    """The text of every Python file under the folders, by its dotted name; a package by its own."""
    files = (path for folder in folders for path in sorted((ROOT / folder).rglob("*.py")))
    return {dotted(path): path.read_text("utf-8") for path in files if "node_modules" not in path.parts}


def dotted(path: Path) -> str:
    return ".".join(path.relative_to(ROOT).with_suffix("").parts).removesuffix(".__init__")


def trees(modules: Sources) -> Iterator[tuple[str, ast.Module]]:
    for name, text in modules.items():
        yield name, parsed(text)


parsed = cache(ast.parse)
"""Each file is parsed once, not once a rule."""


def imports(tree: ast.AST) -> Iterator[tuple[int, str, str | None]]:
    """Every absolute import as (line, module, the name taken from it)."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from ((node.lineno, alias.name, None) for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
            yield from ((node.lineno, node.module, alias.name) for alias in node.names)


def edges(modules: Sources) -> Iterator[tuple[str, int, str]]:
    """Every import of one of the modules by another, as (importer, line, imported)."""
    for name, tree in trees(modules):
        for line, module, taken in imports(tree):
            inner = f"{module}.{taken}"
            target = inner if inner in modules else module
            if target in modules:
                yield name, line, target


def room(name: str) -> str | None:
    """The room of `service` that a module stands in; None for the package itself."""
    parts = name.split(".")
    return parts[1] if len(parts) > 1 else None


def floor(of: str) -> int:
    return next(number for number, rooms in enumerate(FLOORS) if of in rooms)


def upward(modules: Sources) -> list[str]:
    found = []
    for importer, line, imported in edges(modules):
        source, target = room(importer), room(imported)
        if target is None or source is None or source == target:
            continue
        down = floor(target) < floor(source)
        beside = floor(target) == floor(source) and (
            floor(source) == 0 or target in BESIDE.get(source, set())
        )
        if not down and not beside:
            found.append(f"{importer}:{line} imports {imported}")
    return found


def homeless(modules: Sources) -> list[str]:
    return [
        f"{name}:{line} imports {module}"
        for name, tree in trees(modules)
        for line, module, _ in imports(tree)
        if (home := HOMES.get(module.split(".")[0])) and room(name) not in home
    ]


def circles(modules: Sources) -> list[str]:
    """Each circle once, as the way round it; imports for type checking alone count too."""
    ways: dict[str, set[str]] = {}
    for importer, _, imported in edges(modules):
        if importer != imported:
            ways.setdefault(importer, set()).add(imported)
    found, done = [], set()

    def walk(name: str, path: list[str]) -> None:
        if name in path:
            found.append(" -> ".join([*path[path.index(name) :], name]))
        elif name not in done:
            for following in sorted(ways.get(name, ())):
                walk(following, [*path, name])
            done.add(name)

    for name in ways:
        walk(name, [])
    return found


def misplaced_words(modules: Sources) -> list[str]:
    """`commit` outside the database, and the environment outside the settings."""
    found = []
    for name, tree in trees(modules):
        for node in ast.walk(tree):
            taken = node.names if isinstance(node, ast.ImportFrom) else ()
            words = {getattr(node, "attr", None), *(alias.name for alias in taken)}
            if "commit" in words and name != "service.store.database":
                found.append(f"{name}:{node.lineno} commits")
            if getattr(getattr(node, "value", None), "id", "") == "request":
                continue  # what a web server says of a request is called its environment, too
            if words & {"environ", "getenv", "putenv"} and name != "service.config":
                found.append(f"{name}:{node.lineno} reads the environment")
    return found


def relative_imports(modules: Sources) -> list[str]:
    return [
        f"{name}:{node.lineno}"
        for name, tree in trees(modules)
        for node in ast.walk(tree)
        if isinstance(node, ast.ImportFrom) and node.level
    ]


def hidden_imports(modules: Sources) -> list[str]:
    """Imports inside a function or a class."""
    return sorted(
        {
            f"{name}:{line}"
            for name, tree in trees(modules)
            for node in ast.walk(tree)
            if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef)
            for line, *_ in imports(node)
        }
    )


def silent_files(modules: Sources) -> list[str]:
    """Files that do not open with a sentence."""
    return [
        name
        for name, tree in trees(modules)
        if tree.body and not (ast.get_docstring(tree) or "").split("\n")[0].strip().endswith((".", ":", ","))
    ]


def long_files(modules: Sources) -> list[str]:
    counts = {name: sum(bool(line.strip()) for line in text.splitlines()) for name, text in modules.items()}
    return [f"{name}: {count}" for name, count in counts.items() if count > LINES]


def empty_names(modules: Sources) -> list[str]:
    """Classes and files named by a word that says nothing."""
    found = []
    for name, tree in trees(modules):
        own = name.split(".")[-1] if "." in name else ""
        names = [own, *(node.name for node in ast.walk(tree) if isinstance(node, ast.ClassDef))]
        for said in names:
            words = re.findall(r"[A-Z]?[a-z]+|[A-Z]+(?![a-z])", said)
            if EMPTY_WORDS & {word.lower() for word in words}:
                found.append(f"{name}: {said}")
    return found


def folders_in_disguise(modules: Sources) -> list[str]:
    """Classes of static methods alone: a module would do."""
    found = []
    for name, tree in trees(modules):
        for node in (node for node in ast.walk(tree) if isinstance(node, ast.ClassDef)):
            methods = [part for part in node.body if isinstance(part, ast.FunctionDef)]
            if methods and all("staticmethod" in map(ast.unparse, m.decorator_list) for m in methods):
                found.append(f"{name}:{node.lineno} {node.name}")
    return found


SERVICE_RULES = (upward, homeless, circles, misplaced_words, empty_names, folders_in_disguise)
COMMON_RULES = (relative_imports, hidden_imports, silent_files, long_files)


@pytest.mark.parametrize("rule", SERVICE_RULES, ids=lambda rule: rule.__name__)
def test_the_service_keeps_the_rule(rule):
    assert rule(sources("service")) == []


@pytest.mark.parametrize("rule", COMMON_RULES, ids=lambda rule: rule.__name__)
def test_every_file_keeps_the_rule(rule):
    assert rule(sources("service", "scripts", "tests")) == []


def test_every_room_of_the_service_has_its_floor():
    rooms = {room(name) for name in sources("service")} - {None}
    assert rooms <= set.union(*FLOORS)


CIRCLE = {
    "service.a": "import service.b",
    "service.b": "from service import c",
    "service.c": "import service.a",
}
LONG = '"""A file."""\n' + "x = 1\n" * LINES
PLANTED = [
    (upward, {"service.store.rows": "from service.web import auth", "service.web.auth": ""}),
    (upward, {"service.operations.tasks": "import service.worker", "service.worker": ""}),
    (upward, {"service.worker": "from service import web", "service.web": ""}),
    (upward, {"service.engine.run": "from service.store import models", "service.store.models": ""}),
    (upward, {"service.store.rows": "from service.diagram.model import Lane", "service.diagram.model": ""}),
    (upward, {"service.errors": "from service.feel import parse", "service.feel": ""}),
    (homeless, {"service.operations.tasks": "from flask import g"}),
    (homeless, {"service.web.rest": "import SpiffWorkflow.bpmn"}),
    (homeless, {"service.forms.read": "from lxml import etree"}),
    (homeless, {"service.web.inbox": "from sqlalchemy import select"}),
    (homeless, {"service.engine.run": "import quickjs"}),
    (
        circles,
        {
            "service.a": "import service.b",
            "service.b": "from service import c",
            "service.c": "import service.a",
        },
    ),
    (circles, {"service.a": "if TYPE_CHECKING:\n    import service.b", "service.b": "import service.a"}),
    (misplaced_words, {"service.operations.tasks": "def f(session):\n    session.commit()"}),
    (misplaced_words, {"service.web.auth": "import os\nos.environ['X']"}),
    (misplaced_words, {"service.web.auth": "from os import getenv"}),
    (empty_names, {"service.web.auth": "class TaskService:\n    pass"}),
    (empty_names, {"service.web.http_utils": ""}),
    (folders_in_disguise, {"service.a": "class A:\n    @staticmethod\n    def f():\n        pass"}),
    (relative_imports, {"service.web.auth": "from ..store import models"}),
    (hidden_imports, {"service.web.auth": "def f():\n    import json"}),
    (silent_files, {"service.web.auth": "import json"}),
    (long_files, {"service.web.auth": LONG}),
]


@pytest.mark.parametrize(("rule", "modules"), PLANTED, ids=lambda value: getattr(value, "__name__", ""))
def test_a_planted_violation_is_caught(rule, modules):
    assert len(rule(modules)) == 1


def test_what_is_allowed_is_not_caught():
    modules = {
        "service": '"""The package."""',
        "service.errors": '"""Errors."""',
        "service.feel": '"""FEEL."""\nfrom service import errors\nimport quickjs',
        "service.engine.run": '"""Runs."""\nfrom service import feel\nimport SpiffWorkflow',
        "service.operations.tasks": '"""Tasks."""\nfrom service.engine import run\nimport sqlalchemy',
        "service.web.auth": '"""Doors."""\nfrom service.operations import tasks\nimport flask',
        "service.cli": '"""The command line."""\nfrom service.web import auth',
    }
    assert [found for rule in SERVICE_RULES + COMMON_RULES for found in rule(modules)] == []
