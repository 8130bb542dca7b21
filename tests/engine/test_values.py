"""Values come back from a case as they went in, whichever way they take through it."""

from datetime import date, datetime, time, timedelta, timezone
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from service import values
from service.values import LARGEST_INTEGER, YearsMonths
from tests.engine.drawing import call, draw, extensions, mappings, script, several, task
from tests.engine.walking import Walk

TEXTS = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"), max_size=20)
NAMES = st.sampled_from(["a", "b c", "$", "v", "typename", "nama", "0"])
ZONES = st.integers(-14 * 60, 14 * 60).map(lambda minutes: timezone(timedelta(minutes=minutes)))
LONGEST = timedelta(microseconds=LARGEST_INTEGER)
"""A longer duration than 285 years is refused by expressions, as a number that large is."""
SIMPLE = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(-LARGEST_INTEGER, LARGEST_INTEGER),
    st.floats(allow_nan=False, allow_infinity=False),
    TEXTS,
    st.dates(),
    st.datetimes(datetime(2, 1, 1), datetime(9998, 12, 31), timezones=ZONES),  # noqa: DTZ001 (zone drawn)
    st.times(),
    st.times(timezones=ZONES),
    st.timedeltas(-LONGEST, LONGEST),
    st.integers(-120_000, 120_000).map(YearsMonths),
)
ANY = st.recursive(
    SIMPLE,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(NAMES, inner, max_size=4),
    max_leaves=8,
)


def stored(walk: Walk) -> dict[str, Any]:
    """The variables as the database gives them back."""
    return values.loads(values.dumps(walk.variables))


def kinds(value: Any) -> Any:
    """The value with its kinds, as `True == 1`, and a moment equals the same one in another zone."""
    match value:
        case list():
            return [kinds(item) for item in value]
        case dict():
            return {name: kinds(item) for name, item in value.items()}
        case bool() | YearsMonths() | timedelta():
            return type(value), value
        case date() | time():
            return type(value), value.isoformat()
    return value


@settings(deadline=None)
@given(value=ANY)
def test_what_a_form_writes_is_what_the_next_one_reads(value: Any) -> None:
    walk = Walk(draw("start -> a -> b -> end")).do("a", {"v": value})
    assert kinds(stored(walk)) == kinds({"v": value})


@settings(deadline=None)
@given(value=ANY)
def test_a_value_goes_through_an_expression_unchanged(value: Any) -> None:
    drawn = {"s": script("s", "w", "=v")}
    walk = Walk(draw("start -> s -> a -> end", drawn), {"v": value})
    assert kinds(stored(walk)) == kinds({"v": value, "w": value})


@settings(deadline=None)
@given(value=ANY)
def test_a_value_goes_in_and_out_of_an_activity_unchanged(value: Any) -> None:
    drawn = {"a": task("a", inner=mappings({"own": "=v"}, {"w": "=own"}))}
    walk = Walk(draw("start -> a -> b -> end", drawn), {"v": value})
    assert kinds(walk.waits[0].locals) == kinds({"own": value})
    assert kinds(stored(walk.do("a"))) == kinds({"v": value, "w": value})


@settings(deadline=None)
@given(rows=st.lists(ANY, min_size=1, max_size=3))
def test_the_items_of_a_list_and_what_becomes_of_them_are_what_was_written(rows: list[Any]) -> None:
    drawn = {"a": task("a", inner=several("rows", "row", sequential=True))}
    walk = Walk(draw("start -> a -> b -> end", drawn), {"rows": [{"n": row} for row in rows]})
    for row in rows:
        assert kinds(walk.waits[0].locals["row"]) == kinds({"n": row})
        walk.do("a", {"m": row})
    assert kinds(stored(walk)) == kinds({"rows": [{"n": row, "m": row} for row in rows]})


@settings(deadline=None)
@given(value=ANY)
def test_a_value_goes_into_a_called_case_and_comes_back_unchanged(value: Any) -> None:
    passed = '<camunda:in source="v" target="w"/><camunda:out source="w" target="back"/>'
    walk = Walk(draw("start -> j -> b -> end", {"j": call("j", extensions(passed))}), {"v": value})
    given_there, _ = walk.restored().passing(walk.waits[0].id)
    child = Walk(draw("start -> a -> end"), given_there, called=True).do("a")
    assert kinds(stored(walk.do("j", stored(child)))) == kinds({"v": value, "back": value})
