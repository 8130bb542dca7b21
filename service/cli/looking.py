"""What `alur check` looks at: which of the named files belong together, and what there is to say of each."""

import errno
import os
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from service.cli.commands import DONE, REFUSED, UNREADABLE
from service.cli.files import content, inside
from service.diagram.repair import Repaired, repair
from service.errors import Finding, Message, Refused
from service.operations import resources
from service.operations.resources import Resources

REASONS = {
    errno.ENOENT: Message("cli.unread.missing"),
    errno.EACCES: Message("cli.unread.denied"),
    errno.ELOOP: Message("cli.unread.loop"),
    errno.ENAMETOOLONG: Message("cli.unread.long"),
    errno.ESPIPE: Message("cli.unread.pipe"),
}
"""Why a file cannot be read, in the reader's language; for anything else the system's own words."""


@dataclass
class Looked:
    """One file: where it lies, the folder that was named for it, what is in it and wrong with it."""

    name: str
    path: Path
    folder: Path | None = None
    content: bytes = b""
    read: Resources | None = None
    findings: Sequence[Finding] = ()
    unread: bool = False
    repaired: Repaired | None = None
    left: Sequence[Finding] | None = None
    """What is wrong in the repaired copy, where there is one."""
    forms: list[Resources] = field(default_factory=list)

    @property
    def is_diagram(self) -> bool:
        """Whether it is taken for a diagram, by its name."""
        return self.path.name.lower().endswith(resources.DIAGRAMS)

    @property
    def outcome(self) -> int:
        """What the command ends with for this file: of its repaired copy, if there is one."""
        findings = self.findings if self.left is None else self.left
        wrong = any(one.severity == "error" for one in findings)
        return UNREADABLE if self.unread else REFUSED if wrong else DONE

    def reread(self, repaired: Repaired) -> None:
        """Puts the repaired copy, with the forms made for it, in the place of what was read."""
        self.repaired = repaired
        copy, forms = repaired.files[repaired.file], {**repaired.files}
        del forms[repaired.file]
        self.read = resources.one(str(self.path), copy, self.name)
        self.forms = [resources.one(name, form) for name, form in forms.items()]


def looked_at(paths: Iterable[Path]) -> list[Looked]:
    """The files with what there is to say of each; each file once, however often it is named.

    A folder is one deployment. A diagram that is named by itself is one too, for the diagrams of many
    offices may have the same ids; forms and decisions go with every diagram.
    """
    files = list(_named(paths))
    for one in files:
        _read(one)
    judge(files)
    return files


def judge(files: Sequence[Looked]) -> None:
    """Says of each file that was read what is wrong in it, in what it is deployed with."""
    told = _told(files)
    for one in files:
        if one.read is not None:
            found = [finding for finding in told if finding.file == str(one.path)]
            if one.repaired is None:
                one.findings = found
            else:
                one.left = found


def offered(one: Looked) -> Repaired | None:
    """The repaired copy of a diagram in which something is wrong; None where nothing can be mended."""
    if not one.is_diagram or not one.findings or one.unread:
        return None
    try:
        repaired = repair(one.content, one.path.name)
    except Refused:
        return None
    return repaired if repaired.repairs else None


def _named(paths: Iterable[Path]) -> Iterator[Looked]:
    seen: set[str] = set()
    for path in paths:
        folder = path if _is_folder(path) else None
        if folder and not os.access(folder, os.R_OK | os.X_OK):
            yield Looked(path.name, path)
            continue
        for name, file in inside(folder) if folder else [(path.name, path)]:
            if (real := os.path.realpath(file)) not in seen:
                seen.add(real)
                yield Looked(name, file, folder)


def _is_folder(path: Path) -> bool:
    try:
        return path.is_dir()
    except OSError:  # as for a name that is too long; reading it says so
        return False


def _read(one: Looked) -> None:
    try:
        one.content = content(one.path)
    except Refused as refused:
        one.findings = refused.findings
    except OSError as error:
        reason = REASONS.get(error.errno or 0, error.strerror)
        one.unread = True
        one.findings = [Finding("file_unread", "error", name=one.path.name, params={"reason": reason})]
    else:
        one.read = resources.one(str(one.path), one.content, one.name)


def _told(files: Sequence[Looked]) -> list[Finding]:
    """Every finding: of diagrams from their own deployment, of the rest from all files together."""
    beside = [one.read for one in files if one.read and not one.is_diagram]
    sets: dict[Path, list[Looked]] = {}
    for one in files:
        if one.read and one.is_diagram:
            sets.setdefault(one.folder or one.path, []).append(one)
    told: list[Finding] = []
    for diagrams in sets.values():
        own = [part for one in diagrams if one.read for part in (one.read, *one.forms)]
        whole = resources.together([*own, *beside])
        drawn = {str(one.path) for one in diagrams}
        told += [one for one in (*whole.findings, *resources.unsettled(whole)) if one.file in drawn]
    every = [part for one in files if one.read for part in (one.read, *one.forms)]
    drawn = {str(one.path) for one in files if one.is_diagram}
    spared = _spared(files)
    for finding in resources.together(every).findings:
        if finding.file not in drawn and not (finding.code == "form_unused" and finding.file in spared):
            told.append(finding)
    return told


def _spared(files: Sequence[Looked]) -> set[str]:
    """The forms of a folder, where only single diagrams are named: the others may open them."""
    if any(one.is_diagram and one.folder for one in files):
        return set()
    return {str(one.path) for one in files if one.folder}
