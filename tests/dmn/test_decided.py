"""A result is given to a process in the way that its step asks for."""

from typing import Any

import pytest

from service.errors import DecisionFailed
from tests.dmn.asking import decided, of_file
from tests.dmn.drawing import Column, table


@pytest.mark.parametrize(
    ("mapping", "values"),
    [
        ("singleEntry", [None, 1]),
        ("singleResult", [None, {"x": 1}]),
        ("collectEntries", [[], [1], [1, 2]]),
        ("resultList", [[], [{"x": 1}], [{"x": 1}, {"x": 2}]]),
        (None, [[], [{"x": 1}], [{"x": 1}, {"x": 2}]]),
    ],
)
def test_a_result_is_mapped_as_the_task_asks(mapping: str | None, values: list[Any]) -> None:
    drawn = table([Column("n")], [Column("x")], [([f"> {n}"], [str(n)]) for n in (1, 2)], "COLLECT")
    for n, value in enumerate(values, 1):
        assert decided(drawn, n=n).mapped(mapping) == value


@pytest.mark.parametrize(
    ("mapping", "key"),
    [
        ("singleEntry", "dmn.several_rows"),
        ("singleResult", "dmn.several_rows"),
        ("collectEntries", "dmn.several_outputs"),
    ],
)
def test_what_a_mapping_has_no_room_for_is_an_error(mapping: str, key: str) -> None:
    found = of_file("collect", golongan="III", hadir=5)
    with pytest.raises(DecisionFailed) as failed:
        found.mapped(mapping)
    assert failed.value.message.key == key
