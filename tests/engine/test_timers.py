"""Timers: when they are due, and what is no moment to come."""

from datetime import datetime, timedelta

import pytest

from service import config
from service.errors import ExecutionFailed
from tests.engine.drawing import boundary, draw, timer
from tests.engine.walking import NOW, Walk

MIDNIGHT = datetime(2026, 2, 1, tzinfo=config.zone())


@pytest.mark.parametrize(
    ("kind", "text", "due"),
    [
        ("duration", "PT15M", NOW + timedelta(minutes=15)),
        ("duration", "=duration(lama)", NOW + timedelta(days=2)),
        ("date", "2026-02-01T08:00:00+07:00", NOW.replace(month=2, day=1, hour=1)),
        ("duration", "P1M", NOW.replace(month=2)),
        ("duration", "=lama", NOW + timedelta(days=2)),
        ("date", "2026-02-01", MIDNIGHT),
        ("date", '="2026-02-01"', MIDNIGHT),
        ("date", '=date("2026-02-01")', MIDNIGHT),
    ],
)
def test_a_timer_knows_when_it_is_due(kind: str, text: str, due: object) -> None:
    walk = Walk(draw("start -> t -> a -> end", {"t": timer("t", kind, text)}), {"lama": "P2D"})
    assert [wait.due for wait in walk.waits] == [due]
    assert walk.do("t").open == ["a"]


@pytest.mark.parametrize(
    ("kind", "text"),
    [
        ("duration", '="P9999Y"'),
        ("duration", "=lama"),
        ("date", '="9999-12-31T23:59:59-05:00"'),
        ("date", '="0001-01-01T00:00:00+14:00"'),
        ("date", '=date("0001-01-01")'),
        ("date", '="2026-02-01T08:00:00"'),
        ("date", '="besok"'),
        ("cycle", '="R0/PT1H"'),
        ("cycle", '="R/PT0S"'),
    ],
)
def test_a_timer_that_is_no_moment_to_come_stops_the_instance_by_name(kind: str, text: str) -> None:
    with pytest.raises(ExecutionFailed) as failed:
        Walk(draw("start -> t -> end", {"t": timer("t", kind, text)}))
    assert failed.value.message.key == "engine.timer"
    assert failed.value.element == "t"


def test_a_cycle_on_the_border_comes_as_often_as_it_says_and_does_not_drift() -> None:
    body = "<bpmn:timerEventDefinition><bpmn:timeCycle>R3/PT1H</bpmn:timeCycle></bpmn:timerEventDefinition>"
    walk = Walk(draw("start -> a -> end; b1 -> b -> end", {"b1": boundary("b1", "a", body, False)}))
    for hour in (1, 2, 3):
        walk.now = NOW + timedelta(hours=hour, minutes=7)
        assert [w.due for w in walk.waits if w.kind == "timer"] == [NOW + timedelta(hours=hour)]
        walk.do("b1")
    assert walk.open == ["a", "b", "b", "b"]
