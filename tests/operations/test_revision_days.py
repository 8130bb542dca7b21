"""Days of revisions at the calendar's two ends: refused in a sentence, or no day at all."""

from datetime import UTC, datetime, timedelta, timezone

import pytest

from service.errors import InvalidInput
from service.language import LANGUAGES, say
from service.operations import revisions
from service.operations.deployments import deploy
from service.store.database import Database
from tests.engine.drawing import xml
from tests.operations.moves import task_xml

ONE = xml("start -> a -> end", {"a": task_xml("a")}, key="surat")
WEST = timezone(timedelta(hours=-12))


@pytest.mark.parametrize(
    "wished", [datetime(9999, 12, 31, 23, tzinfo=WEST), datetime(9999, 12, 31, tzinfo=UTC)]
)
@pytest.mark.parametrize("approvers", [(), ("uji.kepala",)])
def test_a_moment_that_is_in_no_year_here_is_refused(
    database: Database, wished: datetime, approvers: tuple[str, ...]
) -> None:
    with pytest.raises(InvalidInput) as error, database.transaction() as session:
        deploy(session, "test", {"a.bpmn": ONE}, approvers=approvers, effective_at=wished)
    assert error.value.message.key == "value.moment"
    assert all(say(error.value.message, language) for language in LANGUAGES)
    with database.reading() as session:
        assert revisions.of(session, "surat") == []


@pytest.mark.parametrize("said", ["31-12-9999", "01-01-0001"])
def test_a_diagram_that_names_no_day_of_this_calendar_is_in_force_at_once(
    database: Database, said: str
) -> None:
    block = '<bpmn:extensionElements><camunda:properties><camunda:property name="sop.tanggal_efektif"'
    block += f' value="{said}"/></camunda:properties></bpmn:extensionElements>'
    content = ONE.replace(b'isExecutable="true">', f'isExecutable="true">{block}'.encode())
    with database.transaction() as session:
        deploy(session, "test", {"a.bpmn": content})
    with database.reading() as session:
        assert revisions.stage_of(session, revisions.in_force(session, "surat")) == "effective"
