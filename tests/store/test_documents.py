"""Documents lie under their hash: once, whole, and outside everybody's reach."""

import hashlib
import io
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from service.errors import Busy, InvalidInput, NotFound
from service.store.documents import Directory


@pytest.fixture
def store(tmp_path: Path) -> Directory:
    return Directory(tmp_path / "documents")


def files(folder: Path) -> list[Path]:
    return [path for path in (folder / "documents").rglob("*") if path.is_file()]


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=30)
@given(st.binary(max_size=600_000))
def test_what_was_put_is_given_back(store: Directory, content: bytes) -> None:
    digest, size = store.put(io.BytesIO(content))
    assert (digest, size) == (hashlib.sha256(content).hexdigest(), len(content))
    with store.open(digest) as file:
        assert file.read() == content


def test_the_same_content_lies_there_once(store: Directory, tmp_path: Path) -> None:
    assert store.put(io.BytesIO(b"abc")) == store.put(io.BytesIO(b"abc"))
    assert len(files(tmp_path)) == 1


def test_what_is_too_large_leaves_nothing_behind(store: Directory, tmp_path: Path) -> None:
    store.put(io.BytesIO(b"x" * 100), 100)
    with pytest.raises(InvalidInput):
        store.put(io.BytesIO(b"y" * 101), 100)
    assert len(files(tmp_path)) == 1


def test_a_stream_that_breaks_leaves_nothing_behind(store: Directory, tmp_path: Path) -> None:
    class Broken(io.BytesIO):
        def read(self, size: int | None = -1, /) -> bytes:
            if self.tell():
                raise ConnectionResetError
            return super().read(3)

    with pytest.raises(Busy):
        store.put(Broken(b"abcdef"))
    assert files(tmp_path) == []


@pytest.mark.parametrize("name", ["../../etc/passwd", "", "a" * 64, "A" * 64, "a" * 63 + "/"])
def test_only_a_hash_that_is_there_opens(store: Directory, name: str) -> None:
    with pytest.raises(NotFound):
        store.open(name)


def test_a_document_is_for_the_service_alone(store: Directory, tmp_path: Path) -> None:
    store.put(io.BytesIO(b"abc"))
    assert [path.stat().st_mode & 0o077 for path in files(tmp_path)] == [0]
