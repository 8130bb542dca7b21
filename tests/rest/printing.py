"""What the tests of external tasks send over HTTP, and the case that they work for."""

from typing import Any

from tests.engine.drawing import xml
from tests.operations.printing import ERROR, GALAT, work_of
from tests.rest.client import As

PROPERTIES = (
    "<bpmn:extensionElements><camunda:properties>"
    '<camunda:property name="pencetak" value="lantai 2"/></camunda:properties></bpmn:extensionElements>'
)
WORK = work_of("cetak", more='camunda:taskPriority="7"', inside=PROPERTIES)
DRAWN = xml("start -> cetak -> b -> end; gagal -> c -> end", {"cetak": WORK, "gagal": ERROR}, GALAT, "kartu")


def asked(**more: Any) -> dict[str, Any]:
    """A body for fetchAndLock; what is named after a topic's field goes there."""
    topic = {"topicName": "cetak", "lockDuration": 60_000, **more.pop("topic", {})}
    return {"workerId": "w1", "maxTasks": 1, "topics": [topic], **more}


def fetch(as_: As, **more: Any) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = as_("admin")("POST", "/external-task/fetchAndLock", asked(**more))
    return found


def act(
    as_: As, task: dict[str, Any], verb: str, *, status: int = 204, worker: str = "w1", **more: Any
) -> Any:
    return as_("admin")(
        "POST", f"/external-task/{task['id']}/{verb}", {"workerId": worker, **more}, status=status
    )
