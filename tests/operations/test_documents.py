"""Who may send what with a form, and who may read it."""

import io
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest

from service.errors import InvalidInput, NotFound
from service.operations import documents, instances
from service.operations.deployments import Deployed
from service.operations.identity import Actor
from service.store.database import Database
from service.store.documents import Directory
from service.store.models import Document

PDF = b"%PDF-1.4\n1 0 obj"
OLE = bytes.fromhex("d0cf11e0a1b11ae1") + bytes(504)
People = Callable[..., Actor]


def zipped(*names: str) -> bytes:
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w") as archive:
        for name in names:
            archive.writestr(name, "x")
    return content.getvalue()


SAMPLES = {
    ".pdf": PDF,
    ".jpg": b"\xff\xd8\xff\xe0\0\x10JFIF\0" + bytes(20),
    ".jpeg": b"\xff\xd8\xff\xe1\0\x10Exif\0" + bytes(20),
    ".png": b"\x89PNG\r\n\x1a\n" + bytes(20),
    ".gif": b"GIF89a" + bytes(20),
    ".webp": b"RIFF\x24\0\0\0WEBPVP8 ",
    ".bmp": b"BM" + bytes(50),
    ".tif": b"II*\0\x08\0\0\0",
    ".tiff": b"MM\0*\0\0\0\x08",
    ".heic": b"\0\0\0\x18ftypheic\0\0\0\0mif1heic",
    ".doc": OLE,
    ".xls": OLE,
    ".ppt": OLE,
    ".docx": zipped("[Content_Types].xml", "word/document.xml"),
    ".xlsx": zipped("[Content_Types].xml", "xl/workbook.xml"),
    ".pptx": zipped("[Content_Types].xml", "ppt/presentation.xml"),
    ".odt": zipped("mimetype", "content.xml"),
    ".ods": zipped("mimetype", "content.xml"),
    ".odp": zipped("mimetype", "content.xml"),
    ".rtf": b"{\\rtf1\\ansi",
    ".txt": "Kantor — Jakarta\r\n".encode(),
    ".csv": b"nip;nama\n1;Ani\n",
    ".zip": zipped("a.txt"),
}


@pytest.fixture
def store(fast_folder: Path) -> Directory:
    return Directory(fast_folder / "documents")


@pytest.fixture
def keep(database: Database, store: Directory) -> Callable[..., Document]:
    def send(actor: Actor, name: str = "a.pdf", content: bytes = PDF, owner: str = "task") -> Document:
        with database.transaction() as session:
            return documents.keep(session, store, actor, owner, "berkas", name, io.BytesIO(content))

    return send


@pytest.fixture
def case(database: Database, deployed: Callable[..., Deployed], people: People) -> str:
    """A case that root started and where the group `staf` has work."""
    definition, root = deployed("sequence.bpmn").definitions[0], people("root", admin=True)
    with database.transaction() as session:
        return instances.start(session, definition, root, {}).id


def test_every_kind_has_a_sample() -> None:
    assert SAMPLES.keys() == documents.KINDS.keys()


@pytest.mark.parametrize("kind", SAMPLES)
def test_what_an_office_sends_is_kept(
    people: People, keep: Callable[..., Document], store: Directory, kind: str
) -> None:
    document = keep(people("ani"), f"Surat{kind.upper()}", SAMPLES[kind])
    assert (document.name, document.media_type) == (f"Surat{kind.upper()}", documents.KINDS[kind])
    assert (document.size, document.sent_by, document.field) == (len(SAMPLES[kind]), "ani", "berkas")
    with store.open(document.sha256) as file:
        assert file.read() == SAMPLES[kind]


@pytest.mark.parametrize(
    ("name", "content", "key"),
    [
        ("a.exe", b"MZ" + bytes(60), "document.kind"),
        ("a.pdf.html", b"<html>", "document.kind"),
        ("a.svg", b"<svg xmlns='http://www.w3.org/2000/svg'/>", "document.kind"),
        ("a", PDF, "document.kind"),
        (".pdf", PDF, "document.kind"),
        ("", PDF, "document.kind"),
        ("a.pdf", b"<html><script>", "document.content"),
        ("a.pdf", SAMPLES[".png"], "document.content"),
        ("a.jpg", PDF, "document.content"),
        ("a.docx", PDF, "document.content"),
        ("a.txt", b"MZ\x90\0", "document.content"),
        ("a.pdf", b"", "document.empty"),
    ],
)
def test_anything_else_is_refused_in_words(
    people: People, keep: Callable[..., Document], name: str, content: bytes, key: str
) -> None:
    with pytest.raises(InvalidInput) as refused:
        keep(people("ani"), name, content)
    assert refused.value.message.key == key


@pytest.mark.parametrize(
    ("sent", "kept"),
    [
        ("../../etc/surat.pdf", "surat.pdf"),
        ("C:\\Users\\ani\\surat.pdf", "surat.pdf"),
        ("申请表.pdf", "申请表.pdf"),
        ("a\x00\r\n\u202eb\u200b.pdf", "ab.pdf"),
        ("Surat\u0301 .pdf. ", "Surat\u0301 .pdf"),
        ("x" * 400 + ".pdf", "x" * 196 + ".pdf"),
    ],
)
def test_a_name_is_kept_without_folders_and_what_cannot_be_seen(
    people: People, keep: Callable[..., Document], sent: str, kept: str
) -> None:
    assert keep(people("ani"), sent).name == kept


def test_a_document_has_a_largest_size(
    people: People, keep: Callable[..., Document], monkeypatch: pytest.MonkeyPatch
) -> None:
    ani = people("ani")
    monkeypatch.setattr(documents, "LARGEST", len(PDF))
    keep(ani)
    with pytest.raises(InvalidInput):
        keep(ani, content=PDF + b"x")


def test_a_form_takes_so_many_files_and_no_more(
    people: People, keep: Callable[..., Document], monkeypatch: pytest.MonkeyPatch
) -> None:
    ani = people("ani")
    monkeypatch.setattr(documents, "MOST", 2)
    keep(ani)
    keep(ani)
    with pytest.raises(InvalidInput):
        keep(ani)
    keep(ani, owner="another")


def test_what_is_pending_is_pending_for_its_sender_and_its_form(
    database: Database, people: People, keep: Callable[..., Document]
) -> None:
    ani, budi = people("ani"), people("budi")
    ids = [keep(ani).id, keep(ani, "b.pdf").id]
    keep(ani, owner="another")
    keep(budi)
    with database.reading() as session:
        assert [d.id for d in documents.pending(session, ani, "task")] == ids


def may_read(database: Database, id_: str, actor: Actor) -> bool:
    with database.reading() as session:
        try:
            return documents.read(session, id_, actor).id == id_
        except NotFound:
            return False


def test_a_document_is_its_senders_until_a_case_has_it(
    database: Database, people: People, keep: Callable[..., Document], case: str
) -> None:
    ani, cici = people("ani", "staf"), people("cici", "staf")
    budi, root = people("budi", "lain"), Actor("root", "Root", admin=True)
    id_ = keep(ani).id
    assert [may_read(database, id_, who) for who in (ani, cici, budi, root)] == [True, False, False, False]
    with database.transaction() as session:
        documents.attach(session, [id_, "none"], case, ani)
        assert [d.id for d in documents.of_case(session, case)] == [id_]
        assert documents.pending(session, ani, "task") == []
    assert [may_read(database, id_, who) for who in (ani, cici, budi, root)] == [True, True, False, True]
    assert not may_read(database, "none", root)


def test_nobody_can_take_the_document_of_another_into_a_case(
    database: Database, people: People, keep: Callable[..., Document], case: str
) -> None:
    ani, budi = people("ani", "lain"), people("budi", "staf")
    id_ = keep(ani).id
    with database.transaction() as session:
        documents.attach(session, [id_], case, budi)
        assert documents.of_case(session, case) == []
    assert not may_read(database, id_, budi)


def test_only_the_sender_takes_a_document_back_and_only_before_a_case_has_it(
    database: Database, people: People, keep: Callable[..., Document], case: str
) -> None:
    ani, budi = people("ani"), people("budi")
    mine, theirs, used = keep(ani).id, keep(budi).id, keep(ani).id
    with database.transaction() as session:
        documents.attach(session, [used], case, ani)
        documents.drop(session, mine, ani)
        for id_ in (mine, theirs, used):
            with pytest.raises(NotFound):
                documents.drop(session, id_, ani)


def test_documents_are_found_in_values_however_deep() -> None:
    file = {"id": "1", "name": "a", "type": "b", "size": 1}
    values = {"x": [file], "y": {"z": [{"berkas": [{**file, "id": "2"}]}]}, "other": {"id": "3"}, "n": None}
    assert documents.named_in(values) == ["1", "2"]
