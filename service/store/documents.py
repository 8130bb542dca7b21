"""Where the bytes of documents lie: a folder in which a file's name is the hash of its content."""

import hashlib
import os
import re
import tempfile
from pathlib import Path
from typing import IO, BinaryIO

from service.errors import Busy, InvalidInput, NotFound

CHUNK = 256 * 1024
HASH = re.compile(r"[0-9a-f]{64}")


class Directory:
    """Documents in a folder, each under its SHA-256; what is there is never changed.

    A document is on disk before its row is committed: a backup of the database and then of the
    folder always fits together.
    """

    def __init__(self, path: Path) -> None:
        self._path = path

    def put(self, stream: BinaryIO, limit: int | None = None) -> tuple[str, int]:
        """Keeps what can be read from the stream; gives its SHA-256 in hex and its size in bytes.

        InvalidInput beyond `limit` bytes, Busy if the disk takes no more; then nothing is kept.
        """
        try:
            self._path.mkdir(parents=True, exist_ok=True)
            with tempfile.NamedTemporaryFile(dir=self._path, prefix="incoming-", delete=False) as incoming:
                path = Path(incoming.name)
                try:
                    digest, size = _copy(stream, incoming, limit)
                    self._settle(path, digest)
                finally:
                    path.unlink(missing_ok=True)
        except OSError as error:
            raise Busy("document.not_kept") from error
        return digest, size

    def open(self, sha256: str) -> BinaryIO:
        """The content with this hash, to be read and closed by the caller; NotFound if it is not here."""
        if not HASH.fullmatch(sha256):
            raise NotFound("document.not_found")
        try:
            return self._place(sha256).open("rb")
        except FileNotFoundError as error:
            raise NotFound("document.not_found") from error

    def _settle(self, incoming: Path, digest: str) -> None:
        """Under its final name in one step; a power cut leaves all of it or nothing."""
        place = self._place(digest)
        place.parent.mkdir(exist_ok=True)
        incoming.replace(place)
        _sync(place.parent)
        _sync(self._path)

    def _place(self, digest: str) -> Path:
        return self._path / digest[:2] / digest


def _copy(stream: BinaryIO, incoming: IO[bytes], limit: int | None) -> tuple[str, int]:
    digest, size = hashlib.sha256(), 0
    while chunk := stream.read(CHUNK):
        size += len(chunk)
        if limit is not None and size > limit:
            raise InvalidInput("document.large", limit=limit // 1024 // 1024)
        digest.update(chunk)
        incoming.write(chunk)
    incoming.flush()
    os.fsync(incoming.fileno())
    return digest.hexdigest(), size


def _sync(folder: Path) -> None:
    """A new name is only on disk when its folder is."""
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
