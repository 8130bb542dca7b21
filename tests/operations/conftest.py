"""The deployed processes that several tests of operations walk."""

import pytest

from tests.engine.drawing import xml
from tests.operations.moves import CATCH, LOOP, REVIEW, Deploy, task_xml


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
