"""`alur check`: what is wrong in diagrams, forms and decisions, and how to mend it; needs no database."""

import json
import os
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from service import config
from service.cli import looking
from service.cli.commands import DONE, Asked, command
from service.cli.looking import Looked
from service.cli.telling import as_json, finding, said
from service.diagram.repair import Repaired
from service.errors import Finding, InvalidInput
from service.language import say

Offer = Mapping[tuple[str, str | None], str]
"""What would be done about a finding, in words, by its code and element."""


def add(commands: Any) -> None:
    """Declares the command."""
    check = command(commands, "check", _check, data=False)
    check.add_argument("paths", nargs="+", type=Path, metavar="FILE", help=said("cli.paths"))
    check.add_argument("--json", action="store_true", help=said("cli.check.json"))
    check.add_argument("--repair", type=Path, metavar="DIR", help=said("cli.check.repair"))


def _check(asked: Asked) -> int:
    """Ends with 0, with 1 for errors, with 2 for a file that cannot be read, which counts for more.

    A file that is there and is no XML has been read: its content is wrong, which is 1. With
    `--repair` the copies count, and not what they were made of.
    """
    files = looking.looked_at(asked.paths)
    if not files:
        raise InvalidInput("deployment.empty")
    offers = {str(one.path): looking.offered(one) for one in files}
    copies = _kept(asked.repair, files, offers) if asked.repair else {}
    looking.judge(files)
    for one in files:
        offered, copy = offers[str(one.path)], copies.get(str(one.path))
        if asked.json:
            print(json.dumps(_object(one, offered, copy), ensure_ascii=False))
        else:
            _print(one, offered, copy)
    return max(one.outcome for one in files)


def _object(one: Looked, offered: Repaired | None, copy: Path | None) -> dict[str, Any]:
    """What JSON says of a file; with `--repair`, what was done too, and where the copy lies."""
    offer = _offer(offered)
    told = [{**as_json(each), "repair": offer.get((each.code, each.element))} for each in one.findings]
    said_of = {"file": str(one.path), "ok": one.outcome == DONE, "findings": told}
    if offered is None or copy is None:
        return said_of
    return {**said_of, "repairs": _done(offered), "repaired": str(copy)}


def _print(one: Looked, offered: Repaired | None, copy: Path | None) -> None:
    offer = _offer(offered)
    findings: Sequence[Finding] = one.findings if copy is None else one.left or ()
    if offered is not None and copy is not None:
        print(f"{copy}: {said('cli.check.repaired', file=one.path)}")
        for line in _done(offered):
            print(f"    {line}")
    for each in findings:
        print(finding(each, str(copy or one.path)))
        if copy is None and (sentence := offer.get((each.code, each.element))):
            print(f"    {said('cli.check.offer', sentence=sentence)}")


def _offer(offered: Repaired | None) -> Offer:
    language = config.language()
    repairs = offered.repairs if offered else ()
    return {(one.finding, one.element): say(one.message, language) for one in repairs}


def _done(offered: Repaired) -> list[str]:
    return [say(one.message, config.language()) for one in offered.repairs]


def _kept(folder: Path, files: Sequence[Looked], offers: Mapping[str, Repaired | None]) -> dict[str, Path]:
    """The repaired copies by the original's path, written with their forms; nothing is ever overwritten."""
    copies: dict[str, Path] = {}
    written: dict[Path, bytes] = {}
    for one in files:
        if (repaired := offers[str(one.path)]) is not None:
            place = _place(folder, one, repaired, written)
            for name, held in repaired.files.items():
                written[place / name] = held
            copies[str(one.path)] = place / repaired.file
            one.reread(repaired)
    for path, held in written.items():
        if os.path.lexists(path) and not (path.is_file() and path.read_bytes() == held):
            raise InvalidInput("cli.check.exists", name=path)
    for path, held in written.items():
        _write(path, held)
    return copies


def _write(path: Path, held: bytes) -> None:
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
    except (FileExistsError, NotADirectoryError) as error:
        raise InvalidInput("cli.check.no_folder", name=path.parent) from error
    path.write_bytes(held)


def _place(folder: Path, one: Looked, repaired: Repaired, written: Mapping[Path, bytes]) -> Path:
    """The folder itself, or one for this diagram alone where another has files of the same names."""
    if all(written.get(folder / name, held) == held for name, held in repaired.files.items()):
        return folder
    alone = folder / one.path.stem
    number = 2
    while any(alone / name in written for name in repaired.files):
        alone, number = folder / f"{one.path.stem}-{number}", number + 1
    return alone
