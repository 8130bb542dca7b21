"""The deployed processes that several tests of operations walk."""

import pytest

from service.operations.identity import Actor
from tests.engine.drawing import xml
from tests.operations.moves import CATCH, LOOP, REVIEW, Deploy, People, task_xml
from tests.operations.printing import work_of


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
