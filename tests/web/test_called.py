"""A case says which case it waits for, and a called one by which case it was called."""

import re

import pytest

from service.operations import deployments, instances
from service.operations.identity import SYSTEM
from tests.engine.drawing import xml
from tests.operations.moves import complete, task_xml
from tests.operations.test_calls import call, the_called
from tests.web.conftest import Office
from tests.web.reader import As, words

LOKET = 'camunda:candidateGroups="uji.loket"'


@pytest.fixture
def calling(office: Office) -> str:
    """A case that waits for another one."""
    outer = xml(
        "start -> panggil -> b -> end", {"panggil": call(inner=""), "b": task_xml("b", LOKET)}, key="induk"
    )
    inner = xml("start -> a -> end", {"a": task_xml("a", LOKET)}, key="anak")
    with office.database.transaction() as session:
        deployed = deployments.deploy(session, "surat", {"i.bpmn": outer, "a.bpmn": inner})
        definition = next(one for one in deployed.definitions if one.key == "induk")
        return instances.start(session, definition, SYSTEM, {}).id


def test_a_case_leads_to_the_case_that_it_waits_for_and_back(as_: As, office: Office, calling: str) -> None:
    called = the_called(office.database, calling).id
    page = as_("admin").get(f"/cases/{calling}")
    assert "Menunggu kasus lain: anak" in words(page)
    assert f'href="/cases/{called}"' in page
    page = as_("admin").get(f"/cases/{called}")
    assert "Dipanggil oleh kasus" in words(page)
    assert f'href="/cases/{calling}"' in page


def test_a_case_that_has_come_back_is_still_found_from_its_step(
    as_: As, office: Office, calling: str
) -> None:
    called = the_called(office.database, calling).id
    complete(office.database, called, office.admin)
    page = as_("admin").get(f"/cases/{calling}")
    assert re.findall(r'<li class="step (\w+)"', page) == ["done", "now"]
    assert f'href="/cases/{called}"' in page


def test_who_may_not_see_the_caller_is_not_led_there(as_: As, office: Office, calling: str) -> None:
    called = the_called(office.database, calling).id
    page = as_("siti").get(f"/cases/{called}")
    assert "Dipanggil oleh kasus" not in words(page)
    assert calling not in page
