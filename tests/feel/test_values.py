"""Every value that a case can hold comes back from FEEL as it was."""

from datetime import UTC, datetime, time, timedelta, timezone

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from service.errors import ExpressionError
from service.feel import evaluate
from service.values import LARGEST_INTEGER, YearsMonths

SECOND = timedelta(seconds=1)
offsets = st.integers(-86399, 86399).map(lambda seconds: timezone(seconds * SECOND))
zones = st.none() | st.just(UTC) | offsets
moments = st.datetimes(datetime(2, 1, 1), datetime(9998, 12, 31), timezones=zones)  # noqa: DTZ001 (the zone is drawn)
"""The calendar's first and last year are refused: in another zone such a moment is in none."""
texts = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\x00"), max_size=20)
scalars = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(-LARGEST_INTEGER, LARGEST_INTEGER),
    st.floats(allow_nan=False, allow_infinity=False),
    texts,
    st.dates(),
    moments,
    st.times(timezones=zones),
    st.integers(1 - LARGEST_INTEGER, LARGEST_INTEGER - 1).map(lambda n: timedelta(microseconds=n)),
    st.integers(-99999, 99999).map(YearsMonths),
)
names = texts | st.sampled_from(["$", "__proto__", "constructor", "toString", "true", "length"])
anything = st.recursive(
    scalars,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(names, inner, max_size=4),
    max_leaves=12,
)


@settings(max_examples=300, deadline=None)
@given(anything)
def test_a_value_comes_back_as_it_was(value):
    back = evaluate("nilai", {"nilai": value}).value
    assert back == value
    assert type(back) is type(value) or {type(back), type(value)} == {int, float}


@settings(max_examples=100, deadline=None)
@given(moments | st.times(timezones=zones))
def test_a_moment_keeps_its_offset(moment):
    back = evaluate("saat", {"saat": moment}).value
    assert back.isoformat() == moment.isoformat()


@settings(max_examples=100, deadline=None)
@given(names.filter(lambda name: name.strip()), scalars)
def test_a_member_is_found_by_its_name(name, value):
    assert evaluate("get value(isi, nama)", {"isi": {name: value}, "nama": name}).value == value


def test_whole_numbers_come_back_as_integers():
    assert [type(evaluate(text, {}).value) for text in ("2.0", "4 / 2", "1.5", "2 ** 60")] == [
        int,
        int,
        float,
        float,
    ]


def test_a_number_beyond_all_numbers_is_null():
    assert evaluate("10 ** 400", {}).value is None


def test_half_a_character_is_not_given_back():
    assert evaluate('replace("😀", "^.", "x")', {}).value == "x"
    assert "\ufffd" in evaluate(r'"\ud83d"', {}).value


def nested(depth):
    value = []
    for _ in range(depth):
        value = [value]
    return value


@pytest.mark.parametrize("depth", [150, 5000])
def test_data_that_is_nested_too_deeply_is_refused(depth):
    with pytest.raises(ExpressionError) as caught:
        evaluate("dalam", {"dalam": nested(depth)})
    assert caught.value.message.key == "feel.value"


def test_a_duration_of_centuries_is_refused():
    with pytest.raises(ExpressionError):
        evaluate("lama", {"lama": timedelta(days=999999999)})
    with pytest.raises(ExpressionError):
        evaluate('duration("P200000D")', {})


def test_only_the_variables_that_are_named_need_to_fit():
    assert evaluate("a", {"a": 1, "b": object()}).value == 1
    assert evaluate("jumlah  total", {"jumlah total": 1}).value == 1
    assert evaluate("a+b", {"a + b": 3, "a": 1}).value == 3


def test_naive_and_aware_stay_apart():
    assert evaluate("saat", {"saat": datetime.fromisoformat("2026-01-01")}).value.tzinfo is None
    assert evaluate("jam", {"jam": time(1, 2, 3, 4)}).value == time(1, 2, 3, 4)
