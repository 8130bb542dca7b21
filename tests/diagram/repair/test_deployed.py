"""Deploys a repaired copy with its form, and takes a case through it as staff would."""

from collections.abc import Callable

from service.diagram.repair import repair
from service.operations import deployments, instances, tasks
from service.operations.identity import Actor
from service.store.database import Database
from tests.diagram.repair.sketches import sketch
from tests.diagram.repair.test_repair import CHOICE, WAYS

People = Callable[..., Actor]


def test_the_position_of_the_pool_starts_it_and_chooses_its_way(database: Database, people: People) -> None:
    repaired = repair(sketch(CHOICE, WAYS), "kantor.bpmn")
    with database.transaction() as session:
        definition = deployments.deploy(session, "kantor", repaired.files).definitions[0]
    ani = people("ani", "kantor")
    with database.transaction() as session:
        assert [one.id for one in deployments.startable(session, ani)] == [definition.id]
        case = instances.start(session, definition, ani, {})
        (task,) = tasks.box(session, ani, "unit")
        tasks.complete(session, task.id, ani, {"pilihan_g": "g_e"})
        assert case.status == "completed"
