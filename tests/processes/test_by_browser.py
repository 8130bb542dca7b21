"""Each SOP is walked from its start to each of its ends by people, in a browser."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser

from service.config import Config
from service.operations import deployments
from service.operations.positions import position_id
from service.store.database import Database
from service.web import create_app
from tests.live import serving
from tests.processes import karpeg, ktp, usulan
from tests.processes.clicking import Office
from tests.processes.conftest import furnish
from tests.processes.walks import Arrival, Walk

pytestmark = pytest.mark.browser

WALKS = {**karpeg.WALKS, **ktp.WALKS, **usulan.WALKS}


@pytest.fixture
def served(sqlite: Database, tmp_path: Path) -> Iterator[str]:
    """The address of the office."""
    furnish(sqlite)
    with serving(create_app(Config(data=tmp_path, secret_key="test"), sqlite)) as address:
        yield address


@pytest.mark.parametrize("walk", WALKS.values(), ids=WALKS)
def test_people_walk_the_sop(
    sqlite: Database, served: str, chromium: Browser, walk: Walk, request: pytest.FixtureRequest
) -> None:
    office = Office(chromium, served)
    request.addfinalizer(office.close)
    case = office.start(walk)
    for step in walk.steps:
        if isinstance(step, Arrival):
            office.record(case, step)
        else:
            office.do(case, step, holder(sqlite, walk, step.element))
    with sqlite.reading() as session:
        process = deployments.diagram(session, deployments.latest(session, walk.key).id)
    assert process.elements[walk.end].name in office.ended_at(case, walk.starter)


def holder(database: Database, walk: Walk, element: str) -> str:
    """The login of who holds the position of the element's lane."""
    with database.reading() as session:
        definition = deployments.latest(session, walk.key)
        process = deployments.diagram(session, definition.id)
    lane = process.elements[element].lane
    assert lane
    return position_id(definition.office, process.lanes[lane].name or "")
