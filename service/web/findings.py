"""The findings of a check as a page tells them: by file, in their order, with the place in the text."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from service.diagram.repair import Repaired
from service.errors import Finding, Message
from service.operations import resources

AROUND = 2
"""Lines that are shown before and after the one that a finding is about."""
WIDEST = 160
"""Characters of a line that are shown."""

Offered = Mapping[tuple[str, str | None], Message]
"""What a repair would do, by the finding's code and its element."""


@dataclass(frozen=True)
class Line:
    """A line of a file; `meant` is the one that a finding names."""

    number: int
    text: str
    meant: bool


@dataclass(frozen=True)
class Told:
    """One finding with its number in the file's list, its place in the text, and what would mend it."""

    number: int
    finding: Finding
    lines: tuple[Line, ...]
    repair: Message | None


@dataclass(frozen=True)
class File:
    """A file with its findings; `diagram` says that it is one, `drawn` that it was read as one."""

    name: str
    told: tuple[Told, ...]
    diagram: bool = False
    drawn: bool = False

    @property
    def errors(self) -> int:
        """How many of the findings refuse it."""
        return sum(one.finding.severity == "error" for one in self.told)

    @property
    def warnings(self) -> int:
        """How many do not."""
        return len(self.told) - self.errors

    def elements(self, severity: str) -> str:
        """The ids of the elements that have findings of this severity, with spaces between."""
        ids = [one.finding.element for one in self.told if one.finding.severity == severity]
        return " ".join(dict.fromkeys(id_ for id_ in ids if id_))


def offered(mended: Mapping[str, Repaired]) -> dict[str, Offered]:
    """What repairing would do, by file and finding."""
    return {
        name: {(one.finding, one.element): one.message for one in repaired.repairs}
        for name, repaired in mended.items()
    }


def by_file(
    contents: Mapping[str, bytes],
    findings: Sequence[Finding],
    drawn: Mapping[str, object],
    offered: Mapping[str, Offered] | None = None,
) -> list[File]:
    """Every file, those with errors first; what belongs to no file is told with the first one."""
    found: dict[str, list[Finding]] = {name: [] for name in contents}
    first = next(iter(contents), "")
    for finding in findings:
        found.setdefault(finding.file or first, []).append(finding)
    files = [
        File(
            name,
            _told(contents.get(name, b""), of_file, (offered or {}).get(name, {})),
            name.lower().endswith(resources.DIAGRAMS),
            name in drawn,
        )
        for name, of_file in found.items()
    ]
    return sorted(files, key=lambda file: (not file.diagram, -file.errors, -file.warnings))


def chosen(files: Sequence[File], wanted: str) -> File:
    """The file that is looked at: the wanted one, else the first diagram, else the first."""
    diagrams = [one for one in files if one.diagram]
    return next((one for one in files if one.name == wanted), (diagrams or [*files])[0])


def _told(content: bytes, findings: Sequence[Finding], offered: Offered) -> tuple[Told, ...]:
    """A repair is offered once, beside the first finding that it answers."""
    text = content.decode("utf-8", "replace").splitlines() if any(one.line for one in findings) else []
    return tuple(
        Told(number, finding, _lines(text, finding.line), offered.get((finding.code, finding.element)))
        for number, finding in enumerate(findings, 1)
    )


def _lines(text: Sequence[str], line: int | None) -> tuple[Line, ...]:
    if not line or not text:
        return ()
    line = min(line, len(text))
    numbers = range(max(1, line - AROUND), min(len(text), line + AROUND) + 1)
    return tuple(Line(number, _cut(text[number - 1]), number == line) for number in numbers)


def _cut(text: str) -> str:
    shown = text.expandtabs(2).rstrip()
    return shown if len(shown) <= WIDEST else shown[:WIDEST] + "…"
