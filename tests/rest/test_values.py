"""Camunda's typed values and Python's, both ways."""

from datetime import UTC, date, datetime, time, timedelta, timezone
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from service.errors import InvalidInput
from service.language import say
from service.values import LARGEST_INTEGER, YearsMonths
from service.web.rest.values import moment, plain, typed, untyped

JAKARTA = ZoneInfo("Asia/Jakarta")
TEXT = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\x00"), max_size=20)
WHOLE = st.integers(-LARGEST_INTEGER, LARGEST_INTEGER)
NUMBER = WHOLE | st.floats(allow_nan=False, allow_infinity=False)
JSON = st.recursive(
    st.none() | st.booleans() | NUMBER | TEXT,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(TEXT, inner, max_size=4),
    max_leaves=10,
)
MOMENT = st.datetimes(timezones=st.just(UTC)).map(
    lambda at: at.replace(microsecond=at.microsecond // 1000 * 1000)
)
CALENDAR = (
    st.dates()
    | st.times()
    | st.datetimes()
    | st.timedeltas()
    | st.integers(-12_000, 12_000).map(YearsMonths)
    | MOMENT.filter(lambda at: 1 < at.year < 9999)
)


@given(JSON | CALENDAR)
def test_a_value_comes_back_as_it_went_out(value: Any) -> None:
    back = untyped(typed(value, JAKARTA), "x", JAKARTA)
    assert back == value
    assert type(back) is type(value)


@given(JSON | CALENDAR)
def test_what_goes_out_is_plain_json(value: Any) -> None:
    sent = typed(value, JAKARTA)
    assert sent["value"] is None or isinstance(sent["value"], str | int | float | bool)
    assert plain(sent) == sent


def test_a_moment_is_told_in_the_offices_zone_with_milliseconds() -> None:
    at = datetime(2026, 1, 31, 3, 0, 0, 123456, tzinfo=UTC)
    assert moment(at, JAKARTA) == "2026-01-31T10:00:00.123+0700"
    assert typed(at, JAKARTA) == {"value": "2026-01-31T10:00:00.123+0700", "type": "Date", "valueInfo": {}}


@pytest.mark.parametrize(
    ("value", "type_", "text"),
    [
        (None, "Null", None),
        (True, "Boolean", True),
        (7, "Integer", 7),
        (2**31, "Long", 2**31),
        (1.5, "Double", 1.5),
        ("teks", "String", "teks"),
        ([1, {"a": date(2026, 1, 31)}], "Json", '[1, {"a": "2026-01-31"}]'),
        (date(2026, 1, 31), "String", "2026-01-31"),
        (time(8, 30), "String", "08:30:00"),
        (timedelta(days=3, hours=2), "String", "P3DT7200S"),
        (YearsMonths(14), "String", "P14M"),
    ],
)
def test_each_kind_of_value_has_its_type(value: Any, type_: str, text: Any) -> None:
    sent = typed(value, JAKARTA)
    assert (sent["type"], sent["value"]) == (type_, text)


@pytest.mark.parametrize(
    ("sent", "value"),
    [
        ({"value": 1}, 1),
        ({"value": [1, 2]}, [1, 2]),
        ({"value": {"a": 1}}, {"a": 1}),
        ({}, None),
        ({"value": None, "type": "Integer"}, None),
        ({"value": 2.0, "type": "integer"}, 2),
        ({"value": 3, "type": "Short"}, 3),
        ({"value": 3, "type": "Double"}, 3.0),
        ({"value": '{"a": [1]}', "type": "Json"}, {"a": [1]}),
        ({"value": {"a": 1}, "type": "Json"}, {"a": 1}),
        (
            {"value": "[1]", "type": "Object", "valueInfo": {"serializationDataFormat": "application/json"}},
            [1],
        ),
        ({"value": "2026-01-31", "type": "Date"}, date(2026, 1, 31)),
        ({"value": "2026-01-31T10:00:00", "type": "Date"}, datetime(2026, 1, 31, 10, tzinfo=JAKARTA)),
        (
            {"value": "2026-01-31T10:00:00.000+0900", "type": "Date"},
            datetime(2026, 1, 31, 10, tzinfo=timezone(timedelta(hours=9))),
        ),
        ({"value": "P1Y2M", "type": "String", "valueInfo": {"kind": "months"}}, YearsMonths(14)),
        ({"value": "-PT1.5S", "type": "String", "valueInfo": {"kind": "duration"}}, -timedelta(seconds=1.5)),
    ],
)
def test_what_clients_send_is_read(sent: dict[str, Any], value: Any) -> None:
    read = untyped(sent, "x", JAKARTA)
    assert read == value
    assert type(read) is type(value)


@pytest.mark.parametrize(
    "sent",
    [
        {"value": "9999-12-31T23:59:59-05:00", "type": "Date"},
        {"value": "0001-01-01T00:00:00+14:00", "type": "Date"},
        {"value": "9999-12-31T23:59:59", "type": "String", "valueInfo": {"kind": "datetime"}},
        {"value": "1", "type": "Integer"},
        {"value": True, "type": "Integer"},
        {"value": 1.5, "type": "Long"},
        {"value": float("inf"), "type": "Long"},
        {"value": "1.5", "type": "Double"},
        {"value": "true", "type": "Boolean"},
        {"value": 1, "type": "Boolean"},
        {"value": 1, "type": "String"},
        {"value": "31 Januari", "type": "Date"},
        {"value": 20260131, "type": "Date"},
        {"value": "x", "type": "Null"},
        {"value": "{", "type": "Json"},
        {"value": "[" * 100_000, "type": "Json"},
        {"value": "NaN", "type": "Json"},
        {
            "value": "rO0ABQ==",
            "type": "Object",
            "valueInfo": {"serializationDataFormat": "application/x-java"},
        },
        {"value": "P", "type": "String", "valueInfo": {"kind": "duration"}},
        {"value": "P1D", "type": "String", "valueInfo": {"kind": "months"}},
        {"value": "AA==", "type": "Bytes"},
        {"value": "AA==", "type": "File"},
        {"value": "x", "type": "apa saja"},
        {"value": 2**53 + 1},
        {"value": float("nan")},
        {"value": "\x00"},
        {"value": ["\ud800"]},
    ],
)
def test_what_cannot_be_kept_is_refused_by_the_variables_name(sent: dict[str, Any]) -> None:
    with pytest.raises(InvalidInput) as refused:
        untyped(sent, "jumlah", JAKARTA)
    for language in ("id", "en"):
        assert "jumlah" in say(refused.value.message, language)
