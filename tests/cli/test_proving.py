"""`alur verify` finds the first event that is not as it was written."""

import pytest
from sqlalchemy import delete, update

from service.operations import deployments, instances, proving
from service.operations.identity import SYSTEM
from service.store.database import Database
from service.store.models import HistoryEvent
from tests.cli.conftest import SEQUENCE, Alur


@pytest.fixture
def cases(kept: Database) -> list[str]:
    """The ids of three cases, in their order."""
    with kept.transaction() as session:
        (definition,) = deployments.deploy(session, "uji", {"a.bpmn": SEQUENCE.encode()}).definitions
        found = [instances.start(session, definition, SYSTEM, {}, business_key="S-1") for _ in range(2)]
        found.append(instances.start(session, definition, SYSTEM, {}, business_key="S-2"))
        return sorted(case.id for case in found)


def test_whole_histories_are_said_to_be_whole(alur: Alur, cases: list[str]) -> None:
    assert alur("verify") == (0, "The histories of 3 cases are whole.\n", "")
    assert alur("verify", "S-1").out == "The histories of 2 cases are whole.\n"
    assert alur("verify", cases[0], "S-2").code == 0


def test_nothing_to_look_at_is_whole(alur: Alur) -> None:
    assert alur("verify") == (0, "The histories of 0 cases are whole.\n", "")
    assert alur("verify", "S-9") == (1, "", "alur: There is no case S-9.\n")


def test_progress_is_told_page_by_page(alur: Alur, cases: list[str], monkeypatch: pytest.MonkeyPatch) -> None:
    for module in ("service.operations.proving", "service.cli.proving"):
        monkeypatch.setattr(f"{module}.PAGE", 1)
    assert proving.PAGE == 1
    told = alur("verify")
    assert (told.code, told.out) == (0, "The histories of 3 cases are whole.\n")
    assert told.error.splitlines() == [f"{count} cases checked …" for count in (1, 2, 3)]


@pytest.mark.parametrize("broken", ["changed", "missing", "cut off"])
def test_the_first_event_that_is_not_as_it_was_is_named(
    alur: Alur, kept: Database, cases: list[str], broken: str
) -> None:
    with kept.transaction() as session:
        here = HistoryEvent.instance_id == cases[1]
        match broken:
            case "changed":
                session.execute(update(HistoryEvent).where(here, HistoryEvent.seq == 1).values(actor="x"))
            case "missing":
                session.execute(delete(HistoryEvent).where(here, HistoryEvent.seq == 1))
            case "cut off":
                session.execute(delete(HistoryEvent).where(here))
    told = alur("verify")
    assert told.code == 1
    assert told.out.startswith("BROKEN: case S-")
    assert f"({cases[1]}), event 1 was changed" in told.out
    assert alur("verify", cases[0]).code == 0
    assert alur("verify", cases[1]).code == 1
