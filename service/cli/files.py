"""Files and folders that were named on the command line: which are meant, and what they hold."""

import errno
import os
from collections.abc import Iterator, Sequence
from pathlib import Path

from service.errors import Finding, InvalidInput, Refused
from service.operations import resources

LARGEST = 20 * 1024 * 1024
"""Bytes that are read of one file; what each kind may have is less."""


def gathered(paths: Sequence[Path]) -> list[tuple[str, Path]]:
    """The files, and those in the folders that can be deployed, with the name they are deployed under."""
    found = [pair for path in paths for pair in (inside(path) if path.is_dir() else [(path.name, path)])]
    if not found:
        raise InvalidInput("deployment.empty")
    return found


def inside(folder: Path) -> Iterator[tuple[str, Path]]:
    """The files of a folder that can be deployed, those that are hidden left out."""
    for path in sorted(folder.rglob("*")):
        parts = path.relative_to(folder).parts
        hidden = any(part.startswith(".") for part in parts)
        if not hidden and path.name.lower().endswith(resources.DEPLOYED) and path.is_file():
            yield "/".join((folder.resolve().name, *parts)), path


def content(path: Path) -> bytes:
    """What a file holds; Refused beyond what a document may have, for a device may never end.

    OSError for what cannot be read, and for a pipe, which would be waited for where nobody writes.
    """
    if path.is_fifo():
        raise OSError(errno.ESPIPE, os.strerror(errno.ESPIPE))
    with path.open("rb") as file:
        content = file.read(LARGEST + 1)
    if len(content) > LARGEST:
        raise Refused([Finding("too_large", "error", path.name, params={"limit": LARGEST // 1024 // 1024})])
    return content
