"""Numbers as people write them."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from service.forms.numbers import canonical, decimal, number, written


@pytest.mark.parametrize(
    ("text", "indonesian", "english"),
    [
        ("12", "12", "12"),
        ("12,5", "12.5", "12.5"),
        ("12.5", "12.5", "12.5"),
        ("1.500", "1500", "1.500"),
        ("1,500", "1.500", "1500"),
        ("1.234.567,89", "1234567.89", "1.234.567,89"),
        ("1,234,567.89", "1,234,567.89", "1234567.89"),
        ("0.125", "0.125", "0.125"),
        ("-1.500", "-1500", "-1.500"),
        (" 1 500 ", "1500", "1500"),
        ("1\u00a0500", "1500", "1500"),
        ("\u22125", "-5", "-5"),
        (",5", ".5", ".5"),
        ("Rp5", "Rp5", "Rp5"),
        ("", "", ""),
        ("1.2.3", "1.2.3", "1.2.3"),
        ("٣", "٣", "٣"),
    ],
)
def test_a_written_number_is_read_by_its_language(text, indonesian, english):
    assert (canonical(text, "id"), canonical(text, "en")) == (indonesian, english)


@given(st.decimals(-(10**12), 10**12, places=3), st.sampled_from(["id", "en"]))
def test_a_number_that_was_shown_is_read_as_it_was(value, language):
    assert decimal(canonical(written(str(value), language), language)) == value


@pytest.mark.parametrize(
    "value", ["", "x", "NaN", "Infinity", "\u0663", "1" * 101, True, None, [], float("nan"), 10**200]
)
def test_what_is_no_number_is_none(value):
    assert decimal(value) is None


def test_a_number_that_a_double_would_change_is_none():
    assert number(Decimal(2**53)) == 2**53
    assert number(Decimal(2**53 + 1)) is None
    assert number(Decimal("2.50")) == 2.5
