"""The client is believed about nothing but its own answers."""

import json
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from service import forms
from service.errors import InvalidSubmission
from service.language import say
from service.values import dumps
from tests.forms.asking import field, mistakes

JAKARTA = ZoneInfo("Asia/Jakarta")
HALF_PAST_EIGHT = datetime.fromisoformat("2026-01-31T08:30")


OPTIONS = {"values": [{"label": "Setuju", "value": "setuju"}, {"label": "Tiga", "value": 3}, "lima"]}


@pytest.mark.parametrize(
    ("component", "given", "kept"),
    [
        (field("textfield"), "a\nb\tc", "a b c"),
        (field("textfield"), None, ""),
        (field("textarea"), "a\nb", "a\nb"),
        (field("number"), 5, 5),
        (field("number"), 5.0, 5),
        (field("number"), -2.5, -2.5),
        (field("number"), None, None),
        (field("number", serializeToString=True), "12345678901234567890.5", "12345678901234567890.5"),
        (field("number", serializeToString=True), 7, "7"),
        (field("checkbox"), True, True),
        (field("checkbox"), None, False),
        (field("radio", **OPTIONS), "setuju", "setuju"),
        (field("radio", **OPTIONS), 3, 3),
        (field("select", **OPTIONS), "3", 3),
        (field("select", **OPTIONS), "", None),
        (field("checklist", **OPTIONS), ["lima", "3"], ["lima", 3]),
        (field("taglist", **OPTIONS), [], []),
        (field("datetime"), "2026-01-31", date(2026, 1, 31)),
        (field("datetime"), date(2026, 1, 31), date(2026, 1, 31)),
        (field("datetime", subtype="time"), "08:30", time(8, 30)),
        (field("datetime", subtype="datetime"), "2026-01-31T08:30", HALF_PAST_EIGHT),
        (
            field("datetime", subtype="datetime"),
            "2026-01-31T01:30:00Z",
            HALF_PAST_EIGHT,
        ),
        (
            field("datetime", subtype="datetime", timeSerializingFormat="utc_offset"),
            "2026-01-31T08:30",
            HALF_PAST_EIGHT.replace(tzinfo=JAKARTA),
        ),
    ],
)
def test_an_answer_is_kept_as_what_it_is(form, component, given, kept):
    written = forms.check(form(component), {}, {"a": given})
    assert written == {"a": kept}
    assert type(written["a"]) is type(kept)


@pytest.mark.parametrize(
    ("component", "given", "key"),
    [
        (field("textfield"), 5, "form.text"),
        (field("textfield"), ["x"], "form.text"),
        (field("textarea"), {"x": 1}, "form.text"),
        (field("textarea"), "x" * 100_001, "form.long"),
        (field("textarea"), "x" * 10_000_000, "form.long"),
        (field("textfield"), "a\x00b", "form.unstorable"),
        (field("textarea"), "\ud800", "form.unstorable"),
        (field("number"), "5", "form.number"),
        (field("number"), True, "form.number"),
        (field("number"), float("nan"), "form.number"),
        (field("number"), float("inf"), "form.number"),
        (field("number"), 10**400, "form.number"),
        (field("number"), 2**53 + 1, "form.number_large"),
        (field("number", serializeToString=True), "satu", "form.number"),
        (field("checkbox"), "ya", "form.checkbox"),
        (field("checkbox"), 1, "form.checkbox"),
        (field("radio", **OPTIONS), "tidak", "form.option"),
        (field("radio", **OPTIONS), True, "form.option"),
        (field("radio", **OPTIONS), ["setuju"], "form.option"),
        (field("select", **OPTIONS), {"value": "setuju"}, "form.option"),
        (field("select", values=[1]), True, "form.option"),
        (field("checklist", **OPTIONS), "setuju", "form.list"),
        (field("checklist", **OPTIONS), ["setuju", "tidak"], "form.option"),
        (field("taglist", **OPTIONS), ["lima", "lima"], "form.option_twice"),
        (field("taglist", **OPTIONS), [3, "3"], "form.option_twice"),
        (field("taglist", **OPTIONS), ["x"] * 1001, "form.picks"),
        (field("datetime"), "31/01/2026", "form.date"),
        (field("datetime"), "2026-02-30", "form.date"),
        (field("datetime"), 20260131, "form.date"),
        (field("datetime", subtype="time"), "25:00", "form.time"),
        (field("datetime", subtype="datetime"), "2026-01-31", "form.datetime"),
        (field("datetime", subtype="datetime"), "0001-01-01T00:00:00+14:00", "form.datetime"),
        (field("filepicker"), "files::x", "form.files"),
        (field("filepicker"), ["made-up"], "form.file_unknown"),
        (field("filepicker"), [{"name": "x"}], "form.file_unknown"),
    ],
)
def test_an_answer_of_another_kind_is_refused(form, component, given, key):
    assert mistakes(form(component), {"a": given}) == {"a": key}


@pytest.mark.parametrize(
    ("component", "given", "key"),
    [
        (field("textfield", validate={"required": True}), "", "form.required"),
        (field("textfield", validate={"required": "=wajib"}), "", "form.required"),
        (field("textfield", validate={"minLength": 3}), " ab ", "form.min_length"),
        (field("textfield", validate={"maxLength": "=batas"}), "abcdef", "form.max_length"),
        (field("textfield", validate={"pattern": "^[0-9]{18}$"}), "123", "form.pattern"),
        (
            field("textfield", validate={"pattern": "x", "patternErrorMessage": "NIP 18 angka"}),
            "1",
            "form.pattern_said",
        ),
        (field("textfield", validate={"pattern": "^(a+)+$"}), "a" * 40 + "!", "form.pattern_hard"),
        (field("textfield", validate={"validationType": "email"}), "a@", "form.email"),
        (field("textfield", validate={"validationType": "phone"}), "0812345678", "form.phone"),
        (field("textarea", validate={"maxLength": 1}), "\U0001f600", "form.max_length"),
        (field("number", validate={"required": True}), None, "form.required"),
        (field("number", validate={"min": 1}), 0, "form.min"),
        (field("number", validate={"max": "=batas"}), 6, "form.max"),
        (field("number", decimalDigits=0), 1.5, "form.whole"),
        (field("number", decimalDigits=1), 1.25, "form.decimals"),
        (field("number", increment="0.1"), 0.25, "form.step"),
        (field("checkbox", validate={"required": True}), False, "form.required_tick"),
        (field("radio", **OPTIONS, validate={"required": True}), None, "form.required_choice"),
        (field("checklist", **OPTIONS, validate={"required": True}), [], "form.required_choice"),
        (field("datetime", validate={"required": True}), None, "form.required"),
        (field("datetime", disallowPassedDates=True), "2000-01-01", "form.past"),
        (field("datetime", subtype="datetime", disallowPassedDates=True), "2000-01-01T08:00", "form.past"),
        (field("filepicker", validate={"required": True}), [], "form.required_file"),
    ],
)
def test_an_answer_that_breaks_a_rule_is_refused(form, component, given, key):
    assert mistakes(form(component), {"a": given}, {"batas": 5, "wajib": True}) == {"a": key}


@pytest.mark.parametrize(
    ("component", "given"),
    [
        (field("number", validate={"required": True}), 0),
        (field("number", increment="0.1"), 0.3),
        (field("number", decimalDigits=2, serializeToString=True), "99999999999999999999.25"),
        (field("textfield", validate={"validationType": "email"}), "nama@kantor.go.id"),
        (field("textfield", validate={"validationType": "phone"}), "+628123456789"),
        (field("textfield", validate={"pattern": "[0-9]"}), "nomor 1 saja"),
        (field("textfield", validate={"pattern": "x", "minLength": 3}), ""),
        (field("datetime", disallowPassedDates=True), str(datetime.now(JAKARTA).date() + timedelta(days=3))),
    ],
)
def test_an_answer_that_keeps_the_rules_is_taken(form, component, given):
    assert "a" in forms.check(form(component), {}, {"a": given})


def test_a_past_day_that_the_case_has_already_stays(form):
    shown = form(field("datetime", disallowPassedDates=True))
    assert forms.check(shown, {"a": date(2000, 1, 1)}, {}) == {"a": date(2000, 1, 1)}


def test_what_the_form_has_no_field_for_is_refused_at_its_place(form):
    shown = form(
        field("textfield"),
        {"type": "text", "id": "t", "text": "x"},
        {"type": "group", "path": "g", "components": [field("textfield")]},
        {"type": "dynamiclist", "path": "l", "components": [field("textfield")]},
    )
    typed = {"a": "x", "b": 1, "t": "x", "g": {"a": "", "c": 1}, "l": [{"a": "x"}, {"d": 1}]}
    assert set(mistakes(shown, typed)) == {"b", "t", "g.c", "l[1].d"}
    assert set(mistakes(shown, typed).values()) == {"form.unknown"}


def test_a_field_that_was_not_sent_has_its_default_or_what_the_case_has(form):
    shown = form(field("textfield", defaultValue="baru"), {"type": "number", "key": "n", "defaultValue": 2})
    assert forms.check(shown, {"n": 7}, {}) == {"a": "baru", "n": 7}


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=5),
    lambda inner: (
        st.lists(inner, max_size=3) | st.dictionaries(st.text("anl_ row", max_size=4), inner, max_size=3)
    ),
    max_leaves=8,
)
EVERYTHING = [
    {"type": kind, "key": f"a{number}", "values": ["x", 1]}
    for number, kind in enumerate(
        ["textfield", "textarea", "number", "datetime", "checkbox", "radio", "checklist", "filepicker"]
    )
]


@given(st.dictionaries(st.sampled_from([f"a{n}" for n in range(8)] + ["l", "g", "?"]), JSON))
def test_whatever_is_sent_is_taken_or_refused_with_sentences(typed):
    rows = {"type": "dynamiclist", "path": "l", "components": [{"type": "number", "key": "a"}]}
    group = {"type": "group", "path": "g", "components": [{"type": "textfield", "key": "n"}]}
    shown = forms.read(json.dumps({"components": [*EVERYTHING, rows, group]}).encode())
    try:
        written = forms.check(shown, {}, typed)
    except InvalidSubmission as refused:
        assert all(say(message, "id") for message in refused.fields.values())
        forms.view(shown, {}, typed=typed, errors=refused.fields)
    else:
        assert dumps(written)


def test_a_form_takes_only_the_variables_that_it_mentions(form):
    taken = form(field("textfield", validate={"required": "=b > 1 and nama  pegawai != null"}))
    names = ["a", "b", "nama pegawai", "nama", "lampiran", "c"]
    assert taken.mentioned(names) == ["a", "b", "nama pegawai", "nama"]
    whole = form(field("textfield", label="{{#loop this}}{{_this_}}{{/loop}}"))
    assert whole.mentioned(names) == names
