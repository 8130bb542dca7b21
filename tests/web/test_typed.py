"""A value that an operator sees and sends again as it stands is the same value, whatever it is."""

from datetime import date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from service import values
from service.errors import InvalidInput
from service.language import LANGUAGES, Language, say
from service.values import LARGEST_INTEGER, YearsMonths
from service.web import typed
from service.web.typed import KINDS, Typed

ZONES = (ZoneInfo("Asia/Jakarta"), ZoneInfo("Europe/London"))
MOMENTS = st.datetimes(datetime(3, 1, 1), datetime(9997, 1, 1))  # noqa: DTZ001  given a zone below
LEAVES = (
    st.none()
    | st.booleans()
    | st.integers(-LARGEST_INTEGER, LARGEST_INTEGER)
    | st.floats(allow_nan=False, allow_infinity=False)
    | st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\x00"))
    | st.dates()
    | MOMENTS
    | st.builds(lambda moment, zone: moment.replace(tzinfo=zone), MOMENTS, st.sampled_from(ZONES))
    | st.times()
    | st.timedeltas()
    | st.builds(YearsMonths, st.integers(-1000, 1000))
)
VALUES = st.recursive(
    LEAVES,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from(["a", "$", "v"]), inner),
    max_leaves=6,
)
languages = st.sampled_from(LANGUAGES)
zones = st.sampled_from(ZONES)


@given(VALUES, languages, zones)
def test_a_value_that_is_sent_as_it_stands_stays(value: Any, language: Language, zone: ZoneInfo) -> None:
    seen = typed.shown(value, language, zone)
    assert seen.kind in KINDS
    kept = typed.read(seen, language, zone)
    assert values.loads(values.dumps(kept)) == values.loads(values.dumps(value))
    assert isinstance(kept, bool) == isinstance(value, bool)


@given(st.sampled_from([*KINDS, "other"]), st.text(), languages, zones)
def test_whatever_is_typed_is_a_value_or_refused_in_words(
    kind: str, text: str, language: Language, zone: ZoneInfo
) -> None:
    try:
        kept = typed.read(Typed(kind, text), language, zone)
    except InvalidInput as error:
        assert say(error.message, language)
    else:
        values.dumps(kept)


@pytest.mark.parametrize(
    ("value", "kind"),
    [
        (None, "empty"),
        (True, "yes_no"),
        (3, "number"),
        (2.5, "number"),
        (1e300, "json"),
        ("teks", "text"),
        ("dua\r\nbaris", "json"),
        (date(2026, 1, 31), "date"),
        (datetime(2026, 1, 31, 9, tzinfo=ZONES[0]), "moment"),
        (datetime(2026, 1, 31, 9), "json"),  # noqa: DTZ001  a moment of no zone
        (time(9), "json"),
        (timedelta(days=2), "json"),
        ([1, 2], "json"),
    ],
)
def test_a_value_is_shown_by_its_kind(value: Any, kind: str) -> None:
    assert typed.shown(value, "id", ZONES[0]).kind == kind
