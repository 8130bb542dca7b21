"""Several pools in one file: those that run talk by messages, the others are only drawn."""

from sqlalchemy import select

from service import worker
from service.operations import gate, history, instances, tasks
from service.operations.identity import Actor
from service.store.database import Database
from service.store.models import EarlyMessage
from tests.engine.drawing import NAMESPACES, catch, end, event, scope, start, task, throw
from tests.operations.moves import GROUP, Deploy, begin, complete, open_task

OPERATOR = Actor("operator", "Operator", admin=True)
TWO = f"""<bpmn:definitions {NAMESPACES}>
  <bpmn:message id="usul" name="usulan"/><bpmn:message id="jawab" name="jawaban"/>
  <bpmn:collaboration id="kolaborasi">
    <bpmn:participant id="k" name="Kantor" processRef="kantor"/>
    <bpmn:participant id="p" name="Provinsi" processRef="provinsi"/>
    <bpmn:participant id="w" name="Warga"/>
    <bpmn:messageFlow id="m1" sourceRef="kirim" targetRef="mulai"/>
    <bpmn:messageFlow id="m2" sourceRef="balas" targetRef="tunggu"/>
    <bpmn:messageFlow id="m3" sourceRef="w" targetRef="k"/>
  </bpmn:collaboration>
  <bpmn:process id="kantor" isExecutable="true">{{}}</bpmn:process>
  <bpmn:process id="provinsi" isExecutable="{{}}">{{}}</bpmn:process>
</bpmn:definitions>"""


def two_pools(theirs_runs: str) -> bytes:
    sent = '<bpmn:extensionElements><camunda:inputOutput><camunda:inputParameter name="perihal">=hal'
    sent += "</camunda:inputParameter></camunda:inputOutput></bpmn:extensionElements>"
    ours = {
        "a": task("a", "userTask", GROUP),
        "kirim": throw("kirim", sent + event("message", "usul")),
        "tunggu": catch("tunggu", event("message", "jawab")),
        "b": task("b", "userTask", GROUP),
    }
    theirs = {
        "mulai": start("mulai", event("message", "usul")),
        "c": task("c", "userTask", GROUP),
        "balas": end("balas", event("message", "jawab")),
    }
    kantor = scope("start -> a -> kirim -> tunggu -> b -> end", ours)
    provinsi = scope("mulai -> c -> balas", theirs, "g")
    return TWO.format(kantor, theirs_runs, provinsi).encode()


def work(database: Database) -> None:
    while worker.work(database, "w"):
        pass


def test_two_pools_that_run_send_each_other_messages_of_the_same_case(
    database: Database, deployed: Deploy
) -> None:
    deployed(**{"dua.bpmn": two_pools("true")})
    case = begin(database, "kantor")
    complete(database, case, hal="Kartu")
    work(database)
    with database.reading() as session:
        [theirs] = tasks.find(session, element_id="c")
        assert gate.variables(session, theirs.instance_id) == {"perihal": "Kartu"}
        numbers = {instances.get(session, one, OPERATOR).business_key for one in (case, theirs.instance_id)}
    assert len(numbers) == 1
    complete(database, theirs.instance_id)
    work(database)
    assert open_task(database, case).element_id == "b"
    with database.reading() as session:
        for one in (case, theirs.instance_id):
            assert history.verify(session, one) is None


def test_what_goes_to_a_pool_that_does_not_run_holds_nobody_up(database: Database, deployed: Deploy) -> None:
    deployed(**{"dua.bpmn": two_pools("false")})
    case = begin(database, "kantor")
    complete(database, case, hal="Kartu")
    work(database)
    with database.reading() as session:
        assert [wait.name for wait in session.scalars(select(EarlyMessage))] == ["usulan"]
        assert instances.get(session, case, OPERATOR).status == "active"
