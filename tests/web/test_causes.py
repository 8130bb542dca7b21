"""Why a case stops, in the words that a user sees, and how an administrator makes it go on: a walk each."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from sqlalchemy import update

from service import worker
from service.operations import deployments, history, incidents, instances, moving, tasks
from service.operations.identity import SYSTEM
from service.store.models import TRIES, Job, now
from tests.engine.drawing import sub, xml
from tests.operations.moves import task_xml
from tests.web.conftest import Office
from tests.web.reader import As, words

LOKET = 'camunda:candidateGroups="uji.loket"'
EACH = (
    '<bpmn:multiInstanceLoopCharacteristics camunda:collection="${pegawai}" camunda:elementVariable="satu"/>'
)
COUNT = (
    '<bpmn:scriptTask id="h{}" name="Menghitung" scriptFormat="feel" camunda:resultVariable="y">'
    "<bpmn:script>=1</bpmn:script></bpmn:scriptTask>"
)
STEPS = {
    "a": task_xml("a", LOKET),
    "b": task_xml("b", LOKET),
    "x1": '<bpmn:exclusiveGateway id="x1" name="Sudah lengkap?"{default}/>',
    "ulang": sub(
        "ulang",
        "start1 -> h1 -> h2 -> h3 -> h4 -> end1",
        EACH,
        {f"h{n}": COUNT.format(n) for n in range(1, 5)},
    ),
    "panggil": '<bpmn:callActivity id="panggil" name="Minta izin" calledElement="izin"/>',
    "tunggu": '<bpmn:intermediateCatchEvent id="tunggu" name="Esok hari"><bpmn:timerEventDefinition>'
    "<bpmn:timeDuration>PT1H</bpmn:timeDuration></bpmn:timerEventDefinition></bpmn:intermediateCatchEvent>",
    "tiap": f'<bpmn:userTask id="tiap" name="Memeriksa tiap pegawai" {LOKET}>{EACH}</bpmn:userTask>',
}
KEPT = "tersimpan, tetapi kasus ini belum dapat berlanjut. Pengelola akan membereskannya; Anda tidak perlu"


class Walk:
    """One case and who works on it: Siti does its steps, the administrator mends it."""

    def __init__(self, as_: As, office: Office, flow: str) -> None:
        self.office, self.siti, self.admin = office, as_("siti"), as_("admin")
        drawn = {name: text for name, text in STEPS.items() if name in flow.replace(";", " ").split()}
        with office.database.transaction() as session:
            files = {"sebab.bpmn": xml(flow, drawn, key="sebab")}
            (definition,) = deployments.deploy(session, "sebab", files).definitions
            self.case = instances.start(session, definition, SYSTEM, {}).id

    def do(self) -> str:
        """Siti does the step that waits; what she reads then."""
        task = self.office.task(self.case)
        self.siti.post(f"/tasks/{task}/claim")
        return words(self.siti.send(f"/tasks/{task}", _follow=True).text)

    def reads(self) -> str:
        """What stands on the case's page for the administrator."""
        return words(self.admin.get(f"/cases/{self.case}"))

    def mend(self, **sent: str) -> str:
        """The administrator does one thing; what the next page says."""
        with self.office.database.reading() as session:
            (incident,) = incidents.find(session, instance_id=self.case)
            (token, *_) = moving.standing(session, instances.get(session, self.case, SYSTEM))
        sent = {"incident": incident.id, "token": token.id, "reason": "datanya belum lengkap", **sent}
        return words(self.admin.post(f"/cases/{self.case}/mend", 200, _follow=True, **sent))

    def stands(self) -> list[str]:
        """The steps that the case waits at; its history is whole and no incident is open."""
        with self.office.database.reading() as session:
            assert history.verify(session, self.case) is None
            assert incidents.find(session, instance_id=self.case) == []
            return [task.name for task in tasks.find(session, instance_id=self.case)]


Begin = Callable[[str], Walk]


@pytest.fixture
def begin(as_: As, office: Office) -> Begin:
    """A new case of a process drawn from a text."""
    return lambda flow: Walk(as_, office, flow)


def test_a_gateway_that_gets_nothing(begin: Begin) -> None:
    walk = begin("start -> a -> x1 ; x1 -> b [=lengkap] ; x1 -> end [default] ; b -> end")
    assert KEPT in walk.do()
    for part in (
        "Pada “Sudah lengkap?”, syarat jalur “f2” (lengkap) menghasilkan kosong (null)",
        "Data yang belum ada atau kosong: “lengkap”. Isi data yang kurang atau keliru, lalu coba lagi.",
        "Isian Siti tersimpan",
    ):
        assert part in walk.reads()
    assert "berlanjut" in walk.mend(do="set_and_resume", name="lengkap", kind="yes_no", value="ya")
    assert walk.stands() == ["Langkah b"]


def test_a_list_that_nobody_has_filled_in(begin: Begin) -> None:
    walk = begin("start -> a -> tiap -> end")
    assert KEPT in walk.do()
    for part in (
        "“Memeriksa tiap pegawai” harus dijalankan untuk setiap isi daftar pegawai, tetapi itu bukan daftar.",
        "Data yang belum ada atau kosong: “pegawai”.",
        'Isi daftarnya dalam bentuk JSON, misalnya ["A", "B"], lalu coba lagi.',
    ):
        assert part in walk.reads()
    refused = walk.mend(do="set_and_resume", name="pegawai", kind="text", value="Ani")
    assert "masih tertahan" in refused
    assert "berlanjut" in walk.mend(do="set_and_resume", name="pegawai", kind="json", value='["Ani", "Budi"]')
    assert walk.stands() == ["Memeriksa tiap pegawai"] * 2


def test_work_without_end(begin: Begin, office: Office) -> None:
    walk = begin("start -> a -> ulang -> b -> end")
    with office.database.transaction() as session:
        instances.set_variables(session, walk.case, SYSTEM, {"pegawai": list(range(500))})
    assert KEPT in walk.do()
    for part in (
        "langkah tanpa berhenti di “Menghitung”",
        "Ubah data yang membuat diagram berputar, lalu coba lagi",
    ):
        assert part in walk.reads()
    assert "masih tertahan" in walk.mend(do="resume")
    assert "berlanjut" in walk.mend(do="set_and_resume", name="pegawai", kind="json", value="[1, 2]")
    assert walk.stands() == ["Langkah b"]


def test_a_job_without_tries_left(begin: Begin, office: Office) -> None:
    walk = begin("start -> tunggu -> x1 ; x1 -> a [=lengkap] ; x1 -> end [default] ; a -> end")
    for _ in range(TRIES):
        with office.database.transaction() as session:
            session.execute(update(Job).values(lock_until=None, due_at=now() - timedelta(seconds=1)))
        assert worker.work(office.database, "w") == 1
    for part in ("Pada “Sudah lengkap?”", "Data yang belum ada atau kosong: “lengkap”."):
        assert part in walk.reads()
    assert "disimpan" in walk.mend(do="set", name="lengkap", kind="yes_no", value="ya")
    assert "Kasus ini berlanjut." in walk.mend(do="resume")
    assert walk.stands() == ["Langkah a"]


@pytest.mark.parametrize("mended", ["deployed", "skipped"])
def test_a_called_process_that_does_not_exist(begin: Begin, office: Office, mended: str) -> None:
    walk = begin("start -> a -> panggil -> b -> end")
    walk.do()
    for part in (
        "“Minta izin” memanggil prosedur izin, tetapi prosedur itu belum dipasang.",
        "Pasang dulu SOP yang dipanggil, lalu coba lagi; atau lewati langkah ini.",
    ):
        assert part in walk.reads()
    assert "masih tertahan" in walk.mend(do="resume")
    if mended == "skipped":
        assert "Kasus dipindahkan." in walk.mend(do="move", to="")
        assert walk.stands() == ["Langkah b"]
        return
    with office.database.transaction() as session:
        drawn = {"a": task_xml("a", LOKET)}
        deployments.deploy(session, "izin", {"izin.bpmn": xml("start -> a -> end", drawn, key="izin")})
    assert "Kasus ini berlanjut." in walk.mend(do="resume")
    assert walk.stands() == []
    with office.database.reading() as session:
        (called,) = instances.find(session, SYSTEM, definition_key="izin")
    office.do(office.siti, called.id)
    assert walk.stands() == ["Langkah b"]
