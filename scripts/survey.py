"""`scripts/corpus`: how many diagrams of some folders can be deployed, as drawn and after their repairs."""

import argparse
import statistics
import time
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from service.diagram.repair import Repaired, repair
from service.errors import Finding, Refused
from service.language import say
from service.operations import resources

SHOWN = 3
"""Findings of one file that stays undeployable."""


@dataclass(frozen=True)
class Surveyed:
    """One file: whether it can be deployed as it is, its repaired copy, what is left, and how long it took.

    `repaired` is None where the file cannot be read; `seconds` are those of the repair with its checks.
    """

    path: Path
    as_drawn: bool
    repaired: Repaired | None
    left: tuple[Finding, ...]
    seconds: float


def main() -> None:
    """Prints the figures of every diagram below some folders."""
    parser = argparse.ArgumentParser(prog="scripts/corpus", description=__doc__)
    parser.add_argument("folders", nargs="+", type=Path, metavar="DIR")
    paths = sorted(path for folder in parser.parse_args().folders for path in diagrams(folder))
    for line in report([survey(path) for path in paths]):
        print(line)


def diagrams(folder: Path) -> Iterator[Path]:
    """The diagrams below a folder, or the one file that it is."""
    every = [folder] if folder.is_file() else folder.rglob("*")
    return (path for path in every if path.is_file() and path.name.lower().endswith(resources.DIAGRAMS))


def survey(path: Path) -> Surveyed:
    """Checks one file as deploying it would, repairs it, and checks the copy with its new forms."""
    content = path.read_bytes()
    as_drawn = not _errors(resources.read({path.name: content}).findings)
    began = time.perf_counter()
    try:
        repaired = repair(content, path.name)
    except Refused as refused:
        return Surveyed(path, as_drawn, None, refused.findings, time.perf_counter() - began)
    seconds = time.perf_counter() - began
    return Surveyed(path, as_drawn, repaired, _errors(resources.read(repaired.files).findings), seconds)


def report(files: list[Surveyed]) -> Iterator[str]:
    """The figures, a line each."""
    if not files:
        yield "no diagrams"
        return
    slowest = max(files, key=lambda one: one.seconds)
    median = statistics.median(one.seconds for one in files)
    yield f"files                {len(files)}"
    yield f"deployable as drawn  {_share(sum(one.as_drawn for one in files), len(files))}"
    yield f"after repair         {_share(sum(not one.left for one in files), len(files))}"
    yield f"seconds per file     median {median:.2f}, worst {slowest.seconds:.2f} ({slowest.path.name})"
    yield from _kinds(files)
    yield from _left(files)


def _kinds(files: Iterable[Surveyed]) -> Iterator[str]:
    done = [one for file in files if file.repaired for one in file.repaired.repairs]
    yield f"repairs              {len(done)}"
    for (finding, code), count in Counter((one.finding, one.code) for one in done).most_common():
        yield f"  {count:6}  {finding} -> {code}"


def _left(files: list[Surveyed]) -> Iterator[str]:
    for file in files:
        if file.left:
            yield f"left: {file.path}"
            for finding in file.left[:SHOWN]:
                yield f"  {finding.code}, line {finding.line}: {say(finding.message, 'en')}"


def _errors(findings: Iterable[Finding]) -> tuple[Finding, ...]:
    return tuple(finding for finding in findings if finding.severity == "error")


def _share(some: int, every: int) -> str:
    return f"{some} ({100 * some / every:.1f} %)"


if __name__ == "__main__":
    main()
