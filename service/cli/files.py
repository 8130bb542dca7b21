"""`alur check` and `alur deploy`: diagrams, forms and decisions, as files and folders."""

import json
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

from service.cli.commands import DONE, REFUSED, UNREADABLE, Asked, command, opened
from service.cli.telling import as_json, finding, said
from service.errors import Finding, InvalidInput, Refused
from service.operations import deployments, resources
from service.operations.deployments import Deployed
from service.operations.documents import LARGEST


def add(commands: Any) -> None:
    """Declares the commands."""
    check = command(commands, "check", _check, data=False)
    check.add_argument("paths", nargs="+", type=Path, metavar="FILE", help=said("cli.paths"))
    check.add_argument("--json", action="store_true", help=said("cli.check.json"))
    deploy = command(commands, "deploy", _deploy)
    deploy.add_argument("paths", nargs="+", type=Path, metavar="PATH", help=said("cli.paths"))
    deploy.add_argument("--name", help=said("cli.deploy.name"))


def _check(asked: Asked) -> int:
    """Needs no database. A file that cannot be read counts for more than one that is wrong."""
    outcome = DONE
    for _, path in gathered(asked.paths):
        findings, worst = _looked_at(path)
        outcome = max(outcome, worst)
        if asked.json:
            told = [as_json(one) for one in findings]
            print(json.dumps({"file": str(path), "ok": worst == DONE, "findings": told}, ensure_ascii=False))
        else:
            for one in findings:
                print(finding(one, str(path)))
    return outcome


def _looked_at(path: Path) -> tuple[Sequence[Finding], int]:
    """What there is to say about a file, and the exit code that it asks for."""
    try:
        content = _content(path)
    except Refused as refused:
        return refused.findings, REFUSED
    except OSError as error:
        reason = {"reason": error.strerror}
        return [Finding("file_unread", "error", name=path.name, params=reason)], UNREADABLE
    findings = resources.read({path.name: content}).findings
    return findings, REFUSED if any(one.severity == "error" for one in findings) else DONE


def _content(path: Path) -> bytes:
    """What a file holds; Refused beyond what a document may have, for a device or a pipe may never end."""
    with path.open("rb") as file:
        content = file.read(LARGEST + 1)
    if len(content) > LARGEST:
        raise Refused([Finding("too_large", "error", path.name, params={"limit": LARGEST // 1024 // 1024})])
    return content


def _deploy(asked: Asked) -> int:
    files: dict[str, bytes] = {}
    for name, path in gathered(asked.paths):
        if name in files:
            raise InvalidInput("cli.twice", name=name)
        files[name] = _content(path)
    title = asked.name or ", ".join(path.resolve().name for path in asked.paths)
    with opened(asked) as (_, kept), kept.transaction() as session:
        deployed = deployments.deploy(session, title, files, source="alur deploy", duplicates="filter")
    for line in _lines(deployed):
        print(line)
    return DONE


def _lines(deployed: Deployed) -> Iterator[str]:
    for one in deployed.findings:
        yield finding(one)
    if deployed.unchanged:
        yield said("cli.deploy.unchanged", name=deployed.deployment.name)
    for row in deployed.definitions:
        yield said("cli.deploy.process", name=row.name, key=row.key, version=row.version)
    for form in deployed.forms:
        yield said("cli.deploy.form", key=form.key, version=form.version)
    for decision in deployed.decisions:
        yield said("cli.deploy.decision", name=decision.name, key=decision.key, version=decision.version)


def gathered(paths: Sequence[Path]) -> list[tuple[str, Path]]:
    """The files, and those in the folders that can be deployed, with the name they are deployed under."""
    found = [pair for path in paths for pair in (_inside(path) if path.is_dir() else [(path.name, path)])]
    if not found:
        raise InvalidInput("deployment.empty")
    return found


def _inside(folder: Path) -> Iterator[tuple[str, Path]]:
    for path in sorted(folder.rglob("*")):
        parts = path.relative_to(folder).parts
        hidden = any(part.startswith(".") for part in parts)
        if not hidden and path.name.lower().endswith(resources.DEPLOYED) and path.is_file():
            yield "/".join((folder.resolve().name, *parts)), path
