"""Repairs what others drew: nearly all of it can be deployed then, and every case of it ends."""

from pathlib import Path
from random import Random

import pytest

from service.diagram import check
from service.diagram.repair import Repaired, repair
from service.operations import resources
from tests.diagram.repair.pictures import is_whole
from tests.diagram.repair.walks import walks

CORPUS = Path(__file__).resolve().parents[4] / "shared" / "corpus" / "hdbpmn"
FILES = sorted(CORPUS.glob("*.bpmn"))
SOME = FILES[::4]
"""For what takes long: `scripts/corpus` measures all of them."""
pytestmark = pytest.mark.skipif(not FILES, reason="the corpus is not here")


@pytest.fixture(scope="module")
def mended() -> dict[Path, Repaired]:
    return {path: repair(path.read_bytes(), path.name) for path in FILES}


def errors(findings):
    return [finding for finding in findings if finding.severity == "error"]


def test_nearly_all_can_be_deployed_after_their_repairs(mended):
    whole = [path for path, one in mended.items() if not errors(resources.read(one.files).findings)]
    assert len(whole) >= 0.95 * len(FILES)


def test_more_is_listed_than_the_check_had_found(mended):
    for path, one in mended.items():
        found = errors(check.check(path.read_bytes(), path.name)[1])
        told = {(repair.finding, repair.element) for repair in one.repairs}
        left = {(finding.code, finding.element) for finding in one.findings}
        assert len(one.repairs) >= len(found)
        assert [f for f in found if (f.code, f.element) not in told | left] == []


def test_every_case_ends_whatever_is_chosen(mended):
    for number, one in enumerate(mended.values()):
        if not errors(one.findings):
            walks(one, Random(number))  # noqa: S311 (a seed, no secret)


def test_their_pictures_are_whole(mended):
    for path, one in mended.items():
        is_whole(path.read_bytes(), one.files[path.name])


def test_a_copy_needs_no_repair(mended):
    for path in SOME:
        assert repair(mended[path].files[path.name], path.name).repairs == ()
