"""`alur check`: what is wrong in diagrams, forms and decisions, and how to mend it; needs no database."""

import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from service.cli.commands import DONE, REFUSED, UNREADABLE, Asked, command
from service.cli.files import content, gathered
from service.cli.telling import as_json, finding, said
from service.errors import Finding, Refused
from service.operations import resources


def add(commands: Any) -> None:
    """Declares the command."""
    check = command(commands, "check", _check, data=False)
    check.add_argument("paths", nargs="+", type=Path, metavar="FILE", help=said("cli.paths"))
    check.add_argument("--json", action="store_true", help=said("cli.check.json"))


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
        held = content(path)
    except Refused as refused:
        return refused.findings, REFUSED
    except OSError as error:
        reason = {"reason": error.strerror}
        return [Finding("file_unread", "error", name=path.name, params=reason)], UNREADABLE
    findings = resources.read({path.name: held}).findings
    return findings, REFUSED if any(one.severity == "error" for one in findings) else DONE
