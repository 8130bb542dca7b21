"""The deployed processes that several tests of operations walk."""

import pytest
from sqlalchemy import select

from service.operations import migrations
from service.operations.identity import Actor
from service.operations.migrations import Instruction, Plan
from service.store.database import Database
from service.store.models import ProcessDefinition
from tests.engine.drawing import xml
from tests.operations.moves import CATCH, LOOP, REVIEW, Deploy, People, task_xml
from tests.operations.printing import work_of
from tests.operations.revising import Revise


@pytest.fixture
def review(deployed: Deploy) -> str:
    """The key of a process with a draft, its review, and a way back."""
    deployed(
        **{"review.bpmn": xml(LOOP, dict(zip(("konsep", "periksa"), REVIEW, strict=True)), key="tinjau")}
    )
    return "tinjau"


@pytest.fixture
def waiting(deployed: Deploy) -> str:
    """The key of a process that waits for a message between two steps of PTSP."""
    drawn = {"a": task_xml("a"), "tunggu": CATCH, "b": task_xml("b")}
    content = xml("start -> a -> tunggu -> b -> end", drawn, '<bpmn:message id="m" name="kartu"/>', "kartu")
    deployed(**{"kartu.bpmn": content})
    return "kartu"


@pytest.fixture
def kartu(deployed: Deploy) -> str:
    """The key of a process in which a program prints, and a person looks at it."""
    deployed(**{"k.bpmn": xml("start -> cetak -> b -> end", {"cetak": work_of("cetak")}, key="kartu")})
    return "kartu"


@pytest.fixture
def admin(people: People) -> Actor:
    """In whose name the workers sign in."""
    return people("admin", admin=True)


@pytest.fixture
def revise(database: Database, deployed: Deploy) -> Revise:
    """Deploys a revision and gives the plan to it from the one before, with some pairs of one's own."""

    def deploy(text: str, drawn: dict[str, str], before: str = "", **pairs: str) -> Plan:
        target = deployed(**{"p.bpmn": xml(text, drawn, before)}).definitions[0]
        with database.reading() as session:
            source = session.scalars(
                select(ProcessDefinition.id).where(
                    ProcessDefinition.key == target.key, ProcessDefinition.version == target.version - 1
                )
            ).first()
            if source is None:
                return Plan("", target.id)
            plan = migrations.generate(session, source, target.id)
        more = tuple(Instruction(one, other) for one, other in pairs.items())
        return Plan(source, target.id, plan.instructions + more)

    return deploy
