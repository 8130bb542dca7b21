"""Repairs diagrams that were damaged at random: no crash, no silence, no case that is stuck."""

from random import Random

from hypothesis import given, settings
from hypothesis import strategies as st

from service.diagram import check
from service.diagram.repair import repair
from service.errors import Refused
from service.language import say
from tests.diagram.repair.damage import damaged
from tests.diagram.repair.test_repair import CASES, errors
from tests.diagram.repair.walks import walks

DIAGRAMS = [content for content, _ in CASES.values()]


@given(st.sampled_from(DIAGRAMS), st.integers(0, 2**32), st.integers(1, 6))
@settings(max_examples=50)
def test_what_was_damaged_is_mended_or_told(content, seed, times):
    random = Random(seed)  # noqa: S311 (drawn by hypothesis, a walk would never leave a circle)
    content = damaged(content, random, times)
    try:
        repaired = repair(content, "p.bpmn")
    except Refused:
        return
    found, left = errors(check.check(content)[1]), errors(repaired.findings)
    told = {(one.finding, one.element) for one in repaired.repairs}
    assert [one for one in found if one not in told and one not in left] == []
    assert all(say(one.message, "id") for one in repaired.repairs)
    if not left:
        walks(repaired, random)
        assert repair(repaired.files["p.bpmn"], "p.bpmn").repairs == ()
