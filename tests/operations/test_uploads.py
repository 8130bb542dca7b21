"""Files wait to be deployed for a week: kept as they came, repaired in a copy, gone once deployed."""

from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import func, select, update

from service.errors import Conflict, InvalidInput, Message, NotAllowed, NotFound, Refused
from service.operations import deployments, uploads
from service.operations.identity import Actor
from service.store.database import Database
from service.store.models import Deployment, Upload, UploadFile, now

DIAGRAMS = Path(__file__).parent.parent / "diagrams"
GOOD = (DIAGRAMS / "sequence.bpmn").read_bytes()
PLAIN = b"""<?xml version="1.0" encoding="UTF-8"?>
<definitions xmlns="http://www.omg.org/spec/BPMN/20100524/MODEL" targetNamespace="t">
  <process id="polos" name="Polos">
    <startEvent id="mulai"/><task id="kerja" name="Bekerja"/><endEvent id="selesai"/>
    <sequenceFlow id="a" sourceRef="mulai" targetRef="kerja"/>
    <sequenceFlow id="b" sourceRef="kerja" targetRef="selesai"/>
  </process>
</definitions>"""
BOMB = b'<?xml version="1.0"?><!DOCTYPE x [<!ENTITY a "aaaa">]><x>&a;</x>'

People = Callable[..., Actor]


@pytest.fixture
def analyst(people: People) -> Actor:
    return people("ani", admin=True)


def kept(database: Database, actor: Actor, name: str = "uji", **files: bytes) -> str:
    """The id of a new upload with these files, `a__bpmn` for `a.bpmn`."""
    with database.transaction() as session:
        sent = {file.replace("__", "."): content for file, content in files.items()}
        return uploads.keep(session, name, sent, actor).id


def counted(database: Database) -> tuple[int, int]:
    """How many uploads there are, and how many files of uploads."""
    with database.reading() as session:
        count = [session.scalar(select(func.count()).select_from(table)) for table in (Upload, UploadFile)]
        return count[0] or 0, count[1] or 0


def test_files_are_kept_byte_for_byte_as_they_came(database: Database, analyst: Actor) -> None:
    files = {"kantor/a.bpmn": GOOD, "catatan ä.txt": b"\x00\xff\r\n"}
    with database.transaction() as session:
        id_ = uploads.keep(session, "  Uji   coba ", files, analyst).id
    with database.reading() as session:
        upload = uploads.get(session, id_, analyst)
        assert upload.name == "Uji coba"
        assert uploads.contents(session, upload) == files
        assert uploads.content(session, upload, "kantor/a.bpmn") == GOOD
        assert [one.id for one in uploads.find(session, analyst)] == [id_]
        with pytest.raises(NotFound):
            uploads.content(session, upload, "b.bpmn")


@pytest.mark.parametrize(
    ("name", "content", "code"),
    [
        ("a.bpmn", b"bukan xml", "not_xml"),
        ("a.bpmn", BOMB, "doctype"),
        ("a.dmn", BOMB, "doctype"),
        ("a.form", b"{", "form_json"),
        ("a.form", b'{"id": "\\u0000", "components": []}', "form_text"),
        ("../a.bpmn", GOOD, "file_name"),
        ("/etc/a.bpmn", GOOD, "file_name"),
        ("a.exe", b"MZ", "unknown_kind"),
        ("a.bpmn", b" " * (2 * 1024 * 1024 + 1), "too_large"),
    ],
)
def test_what_is_unsafe_or_unreadable_is_told_and_not_kept(
    database: Database, analyst: Actor, name: str, content: bytes, code: str
) -> None:
    with pytest.raises(Refused) as refused, database.transaction() as session:
        uploads.keep(session, "uji", {"baik.bpmn": GOOD, name: content}, analyst)
    assert code in [finding.code for finding in refused.value.findings]
    assert counted(database) == (0, 0)


def test_a_form_that_cannot_be_drawn_is_kept_to_be_looked_at(database: Database, analyst: Actor) -> None:
    form = b'{"id": "f", "components": [{"type": "spinner", "key": "x"}]}'
    id_ = kept(database, analyst, a__form=form)
    with database.reading() as session:
        findings = uploads.findings(session, uploads.get(session, id_, analyst))
        assert [finding.code for finding in findings if finding.severity == "error"]


def test_no_file_and_an_empty_one_are_refused_in_words(database: Database, analyst: Actor) -> None:
    with database.transaction() as session:
        with pytest.raises(InvalidInput, match=r"deployment\.empty"):
            uploads.keep(session, "uji", {}, analyst)
        with pytest.raises(InvalidInput, match=r"deploying\.empty_file"):
            uploads.keep(session, "uji", {"a.bpmn": b""}, analyst)
        with pytest.raises(InvalidInput, match=r"deploying\.long_name"):
            uploads.keep(session, "x" * 201, {"a.bpmn": GOOD}, analyst)
    assert counted(database) == (0, 0)


def test_only_who_may_deploy_sends_looks_and_deploys(
    database: Database, analyst: Actor, people: People, monkeypatch: pytest.MonkeyPatch
) -> None:
    clerk = people("siti", "uji.loket")
    id_ = kept(database, analyst, a__bpmn=GOOD)
    with database.transaction() as session:
        with pytest.raises(NotAllowed):
            uploads.keep(session, "uji", {"a.bpmn": GOOD}, clerk)
        for act in (uploads.get, uploads.repaired, uploads.deploy):
            with pytest.raises(NotFound):
                act(session, id_, clerk)
    monkeypatch.setenv("ALUR_ANALYSTS", "uji.loket")
    with database.transaction() as session:
        assert uploads.deploy(session, id_, clerk).deployment.deployed_by == "siti"


def test_what_is_deployed_is_gone_and_cannot_be_deployed_again(database: Database, analyst: Actor) -> None:
    id_ = kept(database, analyst, a__bpmn=GOOD)
    with database.transaction() as session:
        deployed = uploads.deploy(session, id_, analyst, "Nama lain")
        assert (deployed.deployment.name, deployed.deployment.deployed_by) == ("Nama lain", "ani")
    assert counted(database) == (0, 0)
    with database.transaction() as session, pytest.raises(NotFound, match=r"deploying\.gone"):
        uploads.deploy(session, id_, analyst)
    with database.reading() as session:
        assert len(deployments.find(session)) == 1


def test_an_upload_with_an_error_stays_and_nothing_is_deployed(database: Database, analyst: Actor) -> None:
    id_ = kept(database, analyst, a__bpmn=PLAIN)
    with pytest.raises(Refused), database.transaction() as session:
        uploads.deploy(session, id_, analyst)
    assert counted(database) == (1, 1)
    with database.reading() as session:
        assert session.scalar(select(func.count()).select_from(Deployment)) == 0


def test_a_repair_makes_a_new_upload_and_lists_what_it_did(database: Database, analyst: Actor) -> None:
    id_ = kept(database, analyst, a__bpmn=PLAIN, b__bpmn=GOOD)
    with database.transaction() as session:
        offered = uploads.mended(session, uploads.get(session, id_, analyst))
        new = uploads.repaired(session, id_, analyst).id
    with database.reading() as session:
        old, copy = uploads.get(session, id_, analyst), uploads.get(session, new, analyst)
        assert uploads.contents(session, old)["a.bpmn"] == PLAIN
        assert uploads.contents(session, copy)["b.bpmn"] == GOOD
        assert uploads.repairs(copy)["a.bpmn"] == [one.message for one in offered["a.bpmn"].repairs]
        assert all(isinstance(one, Message) for one in uploads.repairs(copy)["a.bpmn"])
        assert not [one for one in uploads.findings(session, copy) if one.severity == "error"]
    with database.transaction() as session, pytest.raises(Conflict, match=r"deploying\.no_repairs"):
        uploads.repaired(session, new, analyst)
    with database.transaction() as session:
        assert uploads.deploy(session, new, analyst).definitions


def test_what_waited_for_a_week_goes_when_the_next_one_comes(database: Database, analyst: Actor) -> None:
    old = kept(database, analyst, a__bpmn=GOOD)
    young = kept(database, analyst, a__bpmn=GOOD)
    with database.transaction() as session:
        past = now() - uploads.LIFE - timedelta(seconds=1)
        session.execute(update(Upload).where(Upload.id == old).values(sent_at=past))
    last = kept(database, analyst, a__bpmn=GOOD)
    with database.reading() as session:
        assert {one.id for one in uploads.find(session, analyst)} == {young, last}
    assert counted(database) == (2, 2)


def test_one_person_keeps_only_so_many(
    database: Database, analyst: Actor, people: People, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(uploads, "MOST", 2)
    other = kept(database, people("budi", admin=True), a__bpmn=GOOD)
    ids = [kept(database, analyst, a__bpmn=GOOD) for _ in range(4)]
    with database.reading() as session:
        assert {one.id for one in uploads.find(session, analyst)} == set(ids[-2:])
        assert uploads.get(session, other, analyst).sent_by == "budi"
