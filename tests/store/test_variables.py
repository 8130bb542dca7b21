"""A case's values come back as they were, and what nobody asks for is neither read nor written anew."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from service import values
from service.errors import InvalidInput
from service.store.models import Variables

TEXTS = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\x00"), max_size=20)
SCALARS = st.none() | st.booleans() | st.integers(-(2**53), 2**53) | TEXTS | st.dates() | st.timedeltas()
ANY = st.recursive(
    SCALARS,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(TEXTS, inner, max_size=3),
    max_leaves=8,
)


@given(st.dictionaries(TEXTS, ANY, max_size=5), st.dictionaries(TEXTS, ANY, max_size=3), st.data())
def test_values_come_back_as_they_were_whatever_was_asked_and_set_in_between(first, second, data):
    kept = Variables.read(Variables(first).text())
    for name in data.draw(st.sets(st.sampled_from(sorted(first)))) if first else ():
        assert repr(kept[name]) == repr(first[name])
    kept.update(second)
    again = Variables.read(kept.text())
    assert repr(dict(again)) == repr({**first, **second})
    assert again == {**first, **second} and len(again) == len({**first, **second})


@given(st.dictionaries(TEXTS, ANY, max_size=5))
def test_it_is_one_json_object_and_any_other_is_read_too(plain):
    assert values.loads(Variables(plain).text()) == plain if "$" not in plain else True
    assert repr(dict(Variables.read(values.dumps(plain)))) == repr(plain)


def test_what_nobody_asks_for_is_not_read(monkeypatch):
    text = Variables({"besar": [1, 2, 3], "kecil": date(2026, 1, 5)}).text()
    read = []
    loads = values.loads
    monkeypatch.setattr(values, "loads", lambda text: read.append(text) or loads(text))
    kept = Variables(Variables.read(text))
    assert "besar" in kept and [*kept] == ["besar", "kecil"]
    assert kept["kecil"] == date(2026, 1, 5)
    kept["baru"] = timedelta(days=1)
    assert kept.text() == text.removesuffix("\n}") + ',\n"baru":{"$":"duration","v":86400000000}\n}'
    assert read == ['{"$":"date","v":"2026-01-05"}']


def test_a_copy_has_its_own_names_and_a_change_in_place_is_written():
    kept = Variables.read(Variables({"a": [1], "b": 2}).text())
    copy = Variables(kept)
    del copy["b"]
    copy["a"].append(2)
    assert dict(Variables.read(copy.text())) == {"a": [1, 2]}
    assert kept["b"] == 2


@pytest.mark.parametrize("bad", [{"a": "\x00"}, {"a\x00": 1}, {"a": 2**60}, {"a": object()}])
def test_what_cannot_be_kept_is_refused(bad):
    with pytest.raises(InvalidInput):
        Variables(bad).text()
