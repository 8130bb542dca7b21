"""Holds what keeps the house tidy: its papers, its sentences and the work of others in it."""

import ast
import hashlib
import json
import re
import subprocess
from functools import cache
from pathlib import Path
from string import Formatter

import pytest

from service import errors
from service.language import CATALOGUES, LANGUAGES, catalogue

ROOT = Path(__file__).resolve().parent.parent
TOP = ("bpmn", "forms", "service", "scripts", "tests", "docker")

SAYING = {"Message", "say", "t", *(name for name in vars(errors) if isinstance(getattr(errors, name), type))}
"""What is called with a sentence's key as its first argument."""

OTHERS = {"ForeignKey", "get"}
"""What is called with a column or with a property of a diagram, which look like one."""

KEY = re.compile(r"[a-z_]+(?:\.[A-Za-z0-9_]+)+")
FILE = re.compile(r".*\.(html|css|js|json|svg|xml|txt|db|key)")
IN_TEMPLATE = re.compile(r"""\b(?:t|say)\(\s*["']([A-Za-z0-9_.]+)["']\s*[,)]""")
REGISTRY = re.compile(r"https?://[^/\s\"']*(registry|pypi|pythonhosted|npmjs|crates|maven|deb\.)[^/\s\"']*")


@cache
def kept() -> tuple[Path, ...]:
    """Every file that git keeps or would keep."""
    command = ["git", "ls-files", "--cached", "--others", "--exclude-standard"]
    names = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True).stdout.splitlines()
    return tuple(path for name in names if (path := ROOT / name).is_file())


def texts(*suffixes: str) -> dict[str, str]:
    """The kept files with these endings, by their path from the top."""
    found = (path for path in kept() if path.name.endswith(suffixes))
    return {str(path.relative_to(ROOT)): path.read_text("utf-8") for path in found}


@pytest.mark.parametrize("folder", TOP)
def test_every_top_folder_says_what_it_is_for(folder):
    assert (ROOT / folder / "README.md").read_text("utf-8").startswith("# ")


def test_the_changelog_opens_with_what_is_not_released_yet_or_with_this_version():
    first = re.search(r"^## (.+)$", (ROOT / "CHANGELOG.md").read_text("utf-8"), re.M)
    assert first and first[1]


def test_every_link_of_a_readme_leads_somewhere():
    links = [
        (name, link)
        for name, text in texts(".md").items()
        for link in re.findall(r"\]\(([^)\s#]+)[^)]*\)", text)
        if not re.match(r"[a-z]+:", link)
    ]
    assert links
    assert [(name, link) for name, link in links if not (ROOT / name).parent.joinpath(link).exists()] == []


def test_every_setting_is_told_to_operators():
    setting = re.compile(r"\bALUR_[A-Z_]+")
    read = set(setting.findall((ROOT / "service" / "config.py").read_text("utf-8")))
    assert (
        set(re.findall(r"^#?(ALUR_[A-Z_]+)=", (ROOT / "docker" / ".env.example").read_text("utf-8"), re.M))
        == read
    )


def places(sentence: str) -> set[str]:
    return {name for _, name, _, _ in Formatter().parse(sentence) if name is not None}


@pytest.mark.parametrize("path", sorted(CATALOGUES.glob("*.json")), ids=lambda path: path.stem)
def test_every_sentence_is_there_in_each_language_with_the_same_places(path):
    for key, sentences in json.loads(path.read_text("utf-8")).items():
        assert KEY.fullmatch(key), key
        assert set(sentences) == set(LANGUAGES), key
        assert all(text.strip() for text in sentences.values()), key
        assert len({frozenset(places(text)) for text in sentences.values()}) == 1, key


def called_with(tree: ast.AST) -> list[tuple[str, ast.expr]]:
    """Every call as (the name called, its first argument)."""
    return [
        (getattr(node.func, "attr", None) or getattr(node.func, "id", ""), node.args[0])
        for node in ast.walk(tree)
        if isinstance(node, ast.Call) and node.args
    ]


def said(python: dict[str, str], templates: dict[str, str], areas: set[str]) -> set[tuple[str, str]]:
    """Every key that is said with a literal, as (file, key)."""
    found = {(name, key) for name, text in templates.items() for key in IN_TEMPLATE.findall(text)}
    for name, text in python.items():
        for callee, first in called_with(ast.parse(text)):
            key = first.value if isinstance(first, ast.Constant) else None
            if not isinstance(key, str) or not KEY.fullmatch(key) or callee in OTHERS:
                continue
            if callee in SAYING or (key.split(".")[0] in areas and not FILE.fullmatch(key)):
                found.add((name, key))
    return found


def service_texts(*suffixes: str) -> dict[str, str]:
    return {name: text for name, text in texts(*suffixes).items() if name.startswith("service/")}


def test_every_sentence_that_is_said_is_in_a_catalogue():
    areas = {key.split(".")[0] for key in catalogue()}
    used = said(service_texts(".py"), service_texts(".html"), areas)
    assert used
    assert sorted((name, key) for name, key in used if key not in catalogue()) == []


def test_a_sentence_that_is_missing_is_found():
    python = {"a.py": "raise Conflict('nowhere.to_find', x=1)\nForeignKey('deployment.id')"}
    assert said(python, {"b.html": "{{ t('web.nothing') }}"}, {"web", "deployment"}) == {
        ("a.py", "nowhere.to_find"),
        ("b.html", "web.nothing"),
    }


def test_nobody_keeps_a_sentence_that_is_never_said():
    text = "\n".join(service_texts(".py", ".html", ".js").values())
    spoken = set(re.findall(rf"""["']({KEY.pattern})["']""", text))
    beginnings = tuple(re.findall(r"""f["']([a-z_]+\.[a-z0-9_.]*)\{""", text))
    assert [key for key in catalogue().keys() - spoken if not key.startswith(beginnings)] == []


def test_no_lock_file_names_where_its_packages_came_from():
    locks = texts("package-lock.json")
    assert [name for name, text in locks.items() if '"resolved"' in text or REGISTRY.search(text)] == []


def test_nothing_names_a_registry():
    ours = texts(".py", ".md", ".toml", ".yml", ".json", ".sh", ".npmrc", "Dockerfile", "run", "test", "alur")
    assert [name for name, text in ours.items() if REGISTRY.search(text)] == []


@pytest.mark.parametrize("name", ["service/web/static/vendor", "tests/browser/vendor"])
def test_what_is_vendored_is_unchanged_and_has_its_licence_beside_it(name):
    folder = ROOT / name
    manifest = json.loads((folder / "MANIFEST.json").read_text("utf-8"))
    licences = {name for entry in manifest.values() for name in entry["licence_files"]}
    assert {path.name for path in folder.iterdir()} == {*manifest, *licences, "MANIFEST.json"}
    for name, entry in manifest.items():
        assert hashlib.sha256((folder / name).read_bytes()).hexdigest() == entry["sha256"], name


def test_the_built_script_is_the_one_whose_licences_are_beside_it():
    folder = ROOT / "service" / "feel"
    for name, expected in json.loads((folder / "core.json").read_text("utf-8"))["sha256"].items():
        assert hashlib.sha256((folder / name).read_bytes()).hexdigest() == expected, name
