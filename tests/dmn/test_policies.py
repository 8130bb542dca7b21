"""Generated tables give what a small evaluation in Python, which knows nothing of FEEL, says they give."""

import operator
from collections.abc import Callable
from decimal import Decimal
from typing import Any, NamedTuple

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from service import dmn
from service.errors import DecisionFailed
from tests.dmn.drawing import Column, file, table

WORDS = ("a", "b", "c", "d")
ERROR = "error"
COMPARISONS: dict[str, Callable[[Any, Any], bool]] = {
    "<": operator.lt,
    "<=": operator.le,
    ">": operator.gt,
    ">=": operator.ge,
}


class Cell(NamedTuple):
    """A test as it is written, and as Python does it."""

    text: str
    fits: Callable[[Any], bool]


Rule = tuple[list[Cell], list[str]]


def number(value: Any) -> bool:
    return value is not None


@st.composite
def of_numbers(draw: st.DrawFn) -> Cell:
    low, high = sorted(draw(st.tuples(*[st.integers(0, 6)] * 2)))
    sign = draw(st.sampled_from(sorted(COMPARISONS)))
    opening, closing = draw(st.sampled_from("[(]")), draw(st.sampled_from("])["))
    above = operator.ge if opening == "[" else operator.gt
    below = operator.le if closing == "]" else operator.lt
    return draw(
        st.sampled_from(
            [
                Cell("-", lambda _: True),
                Cell("", lambda _: True),
                Cell(str(low), lambda value: value == low),
                Cell(f"{low},{high}", lambda value: value in (low, high)),
                Cell(f"not({low}, {high})", lambda value: value not in (low, high)),
                Cell(f"{sign} {low}", lambda value: number(value) and COMPARISONS[sign](value, low)),
                Cell(f"not({sign} {low})", lambda value: number(value) and not COMPARISONS[sign](value, low)),
                Cell(
                    f"{opening}{low}..{high}{closing}",
                    lambda value: number(value) and above(value, low) and below(value, high),
                ),
            ]
        )
    )


@st.composite
def of_words(draw: st.DrawFn) -> Cell:
    words = draw(st.lists(st.sampled_from(WORDS), min_size=1, max_size=3, unique=True))
    text = ",".join(f'"{word}"' for word in words)
    return draw(
        st.sampled_from(
            [
                Cell("-", lambda _: True),
                Cell(text, lambda value: value in words),
                Cell(f"not({text})", lambda value: value not in words),
            ]
        )
    )


@st.composite
def rules(draw: st.DrawFn, outputs: st.SearchStrategy[str], columns: int = 1) -> list[Rule]:
    one = st.tuples(
        st.tuples(of_numbers(), of_words()).map(list), st.lists(outputs, min_size=columns, max_size=columns)
    )
    return draw(st.lists(one, max_size=7))


INPUTS = st.tuples(st.none() | st.integers(-1, 7), st.none() | st.sampled_from((*WORDS, "e")))
SOME_WORDS = st.sampled_from([f'"{word}"' for word in WORDS])
SOME_NUMBERS = st.sampled_from(["1", "2", "0.1", "0.2", "-3"])


def asked(
    drawn: list[Rule],
    inputs: tuple[Any, Any],
    policy: str,
    aggregation: str = "",
    values: str = "",
    columns: int = 1,
) -> tuple[Any, list[int]] | str:
    """What the product says: the value and the rules, or that it is an error."""
    outputs = [Column(f"x{n}", values=values) for n in range(columns)]
    written = [([cell.text for cell in cells], texts) for cells, texts in drawn]
    xml = file(table([Column("n"), Column("w")], outputs, written, policy, aggregation))
    try:
        found = dmn.evaluate(dmn.read(xml), "tabel", {"n": inputs[0], "w": inputs[1]})
    except DecisionFailed:
        return ERROR
    return found.value, [hit.number for hit in found.hits]


def fitting(drawn: list[Rule], inputs: tuple[Any, Any]) -> list[int]:
    """The numbers of the rules whose cells all fit."""
    return [
        place
        for place, (cells, _) in enumerate(drawn, 1)
        if all(cell.fits(value) for cell, value in zip(cells, inputs, strict=True))
    ]


def given_by(drawn: list[Rule], numbers: list[int]) -> list[list[str]]:
    return [drawn[place - 1][1] for place in numbers]


def unquoted(text: str) -> str:
    return text.strip('"')


@given(rules(SOME_WORDS), INPUTS)
def test_unique_is_the_only_rule_that_fits(drawn: list[Rule], inputs: tuple[Any, Any]) -> None:
    fits = fitting(drawn, inputs)
    value = unquoted(given_by(drawn, fits)[0][0]) if fits else None
    assert asked(drawn, inputs, "UNIQUE") == (ERROR if len(fits) > 1 else (value, fits))


@given(rules(st.sampled_from(['"a"', '"a"', '"a"', '"b"'])), INPUTS)
def test_any_is_what_all_rules_agree_on(drawn: list[Rule], inputs: tuple[Any, Any]) -> None:
    fits = fitting(drawn, inputs)
    values = {unquoted(texts[0]) for texts in given_by(drawn, fits)}
    expected = ERROR if len(values) > 1 else (next(iter(values), None), fits[:1])
    assert asked(drawn, inputs, "ANY") == expected


@given(rules(SOME_WORDS), INPUTS)
def test_first_is_the_first_rule_that_fits(drawn: list[Rule], inputs: tuple[Any, Any]) -> None:
    fits = fitting(drawn, inputs)[:1]
    value = unquoted(given_by(drawn, fits)[0][0]) if fits else None
    assert asked(drawn, inputs, "FIRST") == (value, fits)


@pytest.mark.parametrize("policy", ["RULE ORDER", "COLLECT"])
@given(drawn=rules(SOME_WORDS), inputs=INPUTS)
def test_all_rules_that_fit_are_given_in_their_order(
    policy: str, drawn: list[Rule], inputs: tuple[Any, Any]
) -> None:
    fits = fitting(drawn, inputs)
    assert asked(drawn, inputs, policy) == ([unquoted(texts[0]) for texts in given_by(drawn, fits)], fits)


@settings(max_examples=50)
@given(rules(SOME_WORDS, columns=2), INPUTS, st.permutations(WORDS))
def test_priorities_are_the_places_in_the_lists_of_values(
    drawn: list[Rule], inputs: tuple[Any, Any], order: list[str]
) -> None:
    fits = fitting(drawn, inputs)
    rank = {number: [order.index(unquoted(text)) for text in drawn[number - 1][1]] for number in fits}
    by_rank = sorted(fits, key=lambda number: rank[number])
    rows = [dict(zip(("x0", "x1"), map(unquoted, texts), strict=True)) for texts in given_by(drawn, by_rank)]
    values = ",".join(f'"{word}"' for word in order)
    assert asked(drawn, inputs, "OUTPUT ORDER", values=values, columns=2) == (rows, by_rank)
    first = rows[0] if rows else None
    assert asked(drawn, inputs, "PRIORITY", values=values, columns=2) == (first, by_rank[:1])


@pytest.mark.parametrize(
    ("aggregation", "aggregate"),
    [
        ("SUM", lambda found: sum(found) if found else None),
        ("MIN", lambda found: min(found, default=None)),
        ("MAX", lambda found: max(found, default=None)),
        ("COUNT", len),
    ],
)
@given(drawn=rules(SOME_NUMBERS), inputs=INPUTS)
def test_an_aggregation_is_over_all_rules_that_fit(
    aggregation: str, aggregate: Callable[[list[Decimal]], Any], drawn: list[Rule], inputs: tuple[Any, Any]
) -> None:
    fits = fitting(drawn, inputs)
    expected = aggregate([Decimal(texts[0]) for texts in given_by(drawn, fits)])
    value = asked(drawn, inputs, "COLLECT", aggregation)
    assert value == (expected if expected is None else float(expected), fits)
