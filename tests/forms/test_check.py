"""The client is believed about nothing but its own answers."""

import json
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from service import forms
from service.errors import InvalidSubmission, Message
from service.forms import SentFile
from service.language import LANGUAGES, say
from service.values import dumps

JAKARTA = ZoneInfo("Asia/Jakarta")
HALF_PAST_EIGHT = datetime.fromisoformat("2026-01-31T08:30")


def mistakes(form, typed, data=None, files=None):
    """The sentence's key for each place that is refused; every sentence can be said."""
    with pytest.raises(InvalidSubmission) as refused:
        forms.check(form, data or {}, typed, files)
    for message in refused.value.fields.values():
        assert all(say(message, language) for language in LANGUAGES)
    return {place: message.key for place, message in refused.value.fields.items()}


def field(kind, **properties):
    return {"type": kind, "key": "a", "label": "Isian", **properties}


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


class TestHidden:
    """What is hidden is neither checked nor written."""

    DECISION = {
        "type": "radio",
        "key": "keputusan",
        "values": ["setuju", "tidak"],
        "validate": {"required": True},
    }
    NOTE = {
        "type": "textarea",
        "key": "catatan",
        "validate": {"required": True},
        "conditional": {"hide": '=keputusan != "tidak"'},
    }

    def test_a_note_is_asked_for_only_when_it_is_shown(self, form):
        shown = form(self.DECISION, self.NOTE)
        assert forms.check(shown, {}, {"keputusan": "setuju"}) == {"keputusan": "setuju"}
        assert mistakes(shown, {"keputusan": "tidak"}) == {"catatan": "form.required"}

    def test_what_was_typed_before_it_was_hidden_is_left_out(self, form):
        shown = form(self.DECISION, self.NOTE)
        typed = {"keputusan": "setuju", "catatan": "x" * 200_000}
        assert forms.check(shown, {"catatan": "lama"}, typed) == {"keputusan": "setuju"}

    def test_a_hidden_group_hides_what_is_in_it(self, form):
        group = {"type": "group", "path": "g", "components": [self.DECISION], "conditional": {"hide": "=a"}}
        shown = form(field("checkbox"), group)
        assert forms.check(shown, {}, {"a": True}) == {"a": True}
        assert mistakes(shown, {"a": False}) == {"g.keputusan": "form.required_choice"}

    def test_a_condition_does_not_see_what_is_hidden(self, form):
        shown = form(
            field("checkbox"),
            {"type": "textfield", "key": "b", "conditional": {"hide": "=a"}},
            {"type": "textfield", "key": "c", "conditional": {"hide": '=b = "x"'}},
        )
        assert forms.check(shown, {}, {"a": False, "b": "x"}) == {"a": False, "b": "x"}
        assert forms.check(shown, {}, {"a": True, "b": "x", "c": "y"}) == {"a": True, "c": "y"}


class TestLocked:
    """What is read-only or disabled keeps the case's value."""

    def test_a_change_of_a_read_only_field_is_refused(self, form):
        shown = form(field("textfield", readonly=True))
        assert mistakes(shown, {"a": "lain"}, {"a": "asli"}) == {"a": "form.readonly"}
        assert mistakes(shown, {"a": 7}, {"a": "asli"}) == {"a": "form.readonly"}
        assert forms.check(shown, {"a": "asli"}, {"a": "asli"}) == {}

    def test_a_read_only_value_is_left_as_it_is_even_where_the_field_could_not_hold_it(self, form):
        shown = form(field("textfield", readonly=True))
        assert forms.check(shown, {"a": {"x": 1}}, {}) == {}
        assert forms.check(shown, {"a": {"x": 1}}, {"a": {"x": 1}}) == {}

    def test_a_read_only_default_is_written(self, form):
        assert forms.check(form(field("textfield", readonly=True, defaultValue="x")), {}, {}) == {"a": "x"}

    def test_read_only_may_depend_on_another_answer(self, form):
        shown = form(field("checkbox"), {"type": "textfield", "key": "b", "readonly": "=a"})
        assert forms.check(shown, {"b": "asli"}, {"a": False, "b": "lain"}) == {"a": False, "b": "lain"}
        assert mistakes(shown, {"a": True, "b": "lain"}, {"b": "asli"}) == {"b": "form.readonly"}

    def test_a_disabled_field_is_neither_checked_nor_written(self, form):
        shown = form(field("textfield", disabled=True, validate={"required": True}))
        assert forms.check(shown, {}, {}) == {}
        assert mistakes(shown, {"a": "x"}) == {"a": "form.readonly"}

    def test_a_date_that_comes_back_as_text_is_no_change(self, form):
        shown = form(field("datetime", readonly=True))
        assert forms.check(shown, {"a": date(2026, 1, 31)}, {"a": "2026-01-31"}) == {}


class TestChoices:
    """Options come from the form, the case or FEEL, never from the client."""

    def test_of_the_cases_list(self, form):
        shown = form(field("select", valuesKey="pilihan"))
        data = {"pilihan": ["a", {"label": "B", "value": {"kode": 2}}, {"value": 4}, "", None, {}]}
        assert forms.check(shown, data, {"a": {"kode": 2}}) == {"a": {"kode": 2}}
        assert forms.check(shown, data, {"a": "4"}) == {"a": 4}
        assert mistakes(shown, {"a": ""} | {"a": "c"}, data) == {"a": "form.option"}

    def test_a_client_cannot_bring_its_own_list(self, form):
        shown = form(field("select", valuesKey="pilihan"))
        assert mistakes(shown, {"a": "x", "pilihan": ["x"]}) == {
            "a": "form.option",
            "pilihan": "form.unknown",
        }

    def test_by_feel_over_what_is_typed(self, form):
        shown = form(
            {"type": "radio", "key": "pilih", "values": ["x", "y"]},
            field("select", valuesExpression="=daftar[jenis = pilih].nama"),
        )
        data = {"daftar": [{"jenis": "x", "nama": "satu"}, {"jenis": "y", "nama": "dua"}]}
        assert forms.check(shown, data, {"pilih": "y", "a": "dua"}) == {"pilih": "y", "a": "dua"}
        assert mistakes(shown, {"pilih": "x", "a": "dua"}, data) == {"a": "form.option"}

    def test_what_the_case_has_and_nobody_offers_any_more_is_dropped(self, form):
        assert forms.check(form(field("select", **OPTIONS)), {"a": "dulu"}, {}) == {"a": None}
        assert forms.check(form(field("taglist", **OPTIONS)), {"a": ["dulu", "lima"]}, {}) == {"a": ["lima"]}


class TestComputed:
    """Computed values are computed here."""

    def test_the_clients_value_is_ignored(self, form):
        shown = form(field("number"), {"type": "expression", "key": "n", "expression": "=a * 2"})
        assert forms.check(shown, {}, {"a": 4, "n": 1000}) == {"a": 4, "n": 8}

    def test_one_after_the_other_in_any_order(self, form):
        shown = form(
            {"type": "expression", "key": "z", "expression": "=y + 1"},
            {"type": "expression", "key": "y", "expression": "=x + 1"},
            {"type": "number", "key": "x"},
            field("textfield", conditional={"hide": "=z < 10"}),
        )
        assert forms.check(shown, {}, {"x": 1}) == {"x": 1, "y": 2, "z": 3}
        assert forms.check(shown, {}, {"x": 8}) == {"x": 8, "y": 9, "z": 10, "a": ""}

    def test_once_when_sent(self, form):
        shown = form({"type": "expression", "key": "n", "expression": "=n + 1", "computeOn": "presubmit"})
        assert forms.check(shown, {"n": 1}, {}) == {"n": 2}

    def test_a_hidden_one_is_left_out(self, form):
        hidden = {"type": "expression", "key": "n", "expression": "=1", "conditional": {"hide": "=true"}}
        assert forms.check(form(hidden), {}, {}) == {}

    def test_a_circle_ends(self, form):
        shown = form(
            {"type": "expression", "key": "x", "expression": "=if y = null then 1 else y + 1"},
            {"type": "expression", "key": "y", "expression": "=x"},
        )
        assert forms.check(shown, {}, {}).keys() == {"x", "y"}


class TestLists:
    """A list's rows are checked one by one; parts that the form does not show stay."""

    NIP = {"type": "textfield", "key": "nip", "label": "NIP", "validate": {"required": True}}
    KNOWN = {"pegawai": [{"nip": "1", "lama": "a"}, {"nip": "2", "lama": "b"}]}

    def listing(self, form, *components, **properties):
        return form(
            {"type": "dynamiclist", "path": "pegawai", "components": components or [self.NIP], **properties}
        )

    def test_a_row_is_named_by_its_number(self, form):
        shown = self.listing(form)
        with pytest.raises(InvalidSubmission) as refused:
            forms.check(shown, {}, {"pegawai": [{"nip": "1"}, {"nip": ""}]})
        [(place, message)] = refused.value.fields.items()
        assert place == "pegawai[1].nip"
        assert say(message, "id") == "“NIP, baris 2” wajib diisi."

    @pytest.mark.parametrize("given", ["x", {"nip": "1"}, ["1"], [None]])
    def test_a_list_is_a_list_of_objects(self, form, given):
        assert mistakes(self.listing(form), {"pegawai": given}, self.KNOWN) == {"pegawai": "form.rows_kind"}

    def test_a_list_has_at_most_two_hundred_rows(self, form):
        rows = [{"nip": str(number)} for number in range(201)]
        assert forms.check(self.listing(form), {}, {"pegawai": rows[:200]}) == {"pegawai": rows[:200]}
        assert mistakes(self.listing(form), {"pegawai": rows}) == {"pegawai": "form.rows"}
        assert mistakes(self.listing(form), {}, {"pegawai": rows}) == {"pegawai": "form.rows"}

    def test_rows_may_be_taken_away_to_the_last(self, form):
        assert forms.check(self.listing(form), self.KNOWN, {"pegawai": []}) == {"pegawai": []}

    def test_a_fixed_list_keeps_its_rows(self, form):
        shown = self.listing(form, allowAddRemove=False)
        assert mistakes(shown, {"pegawai": [{"nip": "1"}]}, self.KNOWN) == {"pegawai": "form.rows_fixed"}
        written = forms.check(shown, self.KNOWN, {"pegawai": [{"nip": "9"}, {}]})
        assert written == {"pegawai": [{"nip": "9", "lama": "a"}, {"nip": "2", "lama": "b"}]}

    def test_a_row_knows_which_of_the_cases_rows_it_is(self, form):
        shown = self.listing(form, self.NIP, {"type": "textfield", "key": "lama", "readonly": True})
        typed = {"pegawai": [{"_row": 1, "nip": "2"}, {"_row": None, "nip": "3"}]}
        assert forms.check(shown, self.KNOWN, typed) == {
            "pegawai": [{"nip": "2", "lama": "b"}, {"nip": "3", "lama": ""}]
        }

    @pytest.mark.parametrize("origin", [7, -1, "0", True, 1.5])
    def test_a_row_that_is_none_of_the_cases_is_new(self, form, origin):
        written = forms.check(self.listing(form), self.KNOWN, {"pegawai": [{"_row": origin, "nip": "9"}]})
        assert written == {"pegawai": [{"nip": "9"}]}

    def test_a_new_list_has_its_rows_and_their_defaults(self, form):
        shown = self.listing(form, {**self.NIP, "defaultValue": "0"}, defaultRepetitions=2)
        assert forms.check(shown, {}, {}) == {"pegawai": [{"nip": "0"}, {"nip": "0"}]}

    def test_conditions_see_the_row_what_is_around_it_and_its_number(self, form):
        shown = self.listing(
            form,
            {"type": "checkbox", "key": "aktif"},
            {"type": "textfield", "key": "x", "conditional": {"hide": "=not(this.aktif)"}},
            {"type": "textfield", "key": "y", "conditional": {"hide": "=parent.batas < i[1]"}},
        )
        rows = [{"aktif": True, "x": "1", "y": "1"}, {"aktif": False, "x": "2", "y": "2"}]
        assert forms.check(shown, {"batas": 1}, {"pegawai": rows}) == {
            "pegawai": [{"aktif": True, "x": "1", "y": "1"}, {"aktif": False}]
        }

    def test_lists_stand_in_lists(self, form):
        inner = {"type": "dynamiclist", "path": "anak", "components": [{"type": "number", "key": "umur"}]}
        shown = self.listing(form, self.NIP, inner)
        typed = {"pegawai": [{"nip": "1", "anak": [{"umur": 3}, {"umur": "x"}]}]}
        assert mistakes(shown, typed) == {"pegawai[0].anak[1].umur": "form.number"}
        typed["pegawai"][0]["anak"][1]["umur"] = 5
        assert forms.check(shown, {}, typed) == typed

    def test_computed_values_count_rows(self, form):
        shown = form(
            {"type": "dynamiclist", "path": "pegawai", "components": [self.NIP]},
            {"type": "expression", "key": "jumlah", "expression": "=count(pegawai)"},
        )
        assert forms.check(shown, {}, {"pegawai": [{"nip": "1"}, {"nip": "2"}]})["jumlah"] == 2


def test_a_group_with_a_path_leaves_the_rest_of_its_object(form):
    shown = form({"type": "group", "path": "alamat", "components": [field("textfield")]})
    assert forms.check(shown, {"alamat": {"kota": "Painan"}}, {"alamat": {"a": "x"}}) == {
        "alamat": {"kota": "Painan", "a": "x"}
    }
    assert mistakes(shown, {"alamat": "x"}) == {"alamat": "form.object"}


class TestFiles:
    """A file is one that the person sent for this form, or that the case has in this field."""

    PDF = SentFile("1", "surat.pdf", "application/pdf", 10)
    JPG = SentFile("2", "foto.JPG", "image/jpeg", 20)

    def test_what_is_written_says_which_document_it_is(self, form):
        written = forms.check(form(field("filepicker")), {}, {"a": ["1"]}, {"a": [self.PDF]})
        assert written == {"a": [{"id": "1", "name": "surat.pdf", "type": "application/pdf", "size": 10}]}

    def test_the_client_is_not_believed_about_a_documents_name_or_type(self, form):
        forged = [{"id": "1", "name": "x.exe", "type": "text/html", "size": 0}]
        written = forms.check(form(field("filepicker")), {}, {"a": forged}, {"a": [self.PDF]})
        assert written["a"][0]["name"] == "surat.pdf"

    def test_what_the_case_has_may_stay(self, form):
        known = {"a": [self.PDF.value()]}
        assert forms.check(form(field("filepicker")), known, {"a": ["1"]}) == known
        assert forms.check(form(field("filepicker")), known, {}) == known

    def test_one_file_unless_several_may_come(self, form):
        files = {"a": [self.PDF, self.JPG]}
        assert mistakes(form(field("filepicker")), {"a": ["1", "2"]}, files=files) == {
            "a": "form.file_single"
        }
        shown = form(field("filepicker", multiple="=banyak"))
        assert len(forms.check(shown, {"banyak": True}, {"a": ["1", "2", "1"]}, files)["a"]) == 2

    @pytest.mark.parametrize(
        ("accept", "accepted"),
        [
            (".pdf", True),
            ("application/pdf", True),
            ("image/*,.PDF", True),
            (".jpg", False),
            ("image/*", False),
            ("{{jenis}}", True),
        ],
    )
    def test_only_the_kinds_that_are_accepted(self, form, accept, accepted):
        shown = form(field("filepicker", accept=accept))
        check = (shown, {"jenis": ".pdf"}, {"a": ["1"]}, {"a": [self.PDF]})
        if accepted:
            assert forms.check(*check)
        else:
            assert mistakes(shown, {"a": ["1"]}, files={"a": [self.PDF]}) == {"a": "form.file_type"}

    def test_an_extension_does_not_hide_what_a_file_is(self, form):
        page = SentFile("3", "surat.pdf", "text/html", 10)
        shown = form(field("filepicker", accept=".pdf"))
        assert mistakes(shown, {"a": ["3"]}, files={"a": [page]}) == {"a": "form.file_type"}

    def test_a_file_that_was_not_kept_is_told_beside_its_field(self, form):
        big = SentFile("x", "video.mp4", "", 0, fault=Message("value.long"))
        shown = form(field("filepicker"))
        assert mistakes(shown, {"a": ["x"]}, files={"a": [big]}) == {"a": "form.file_refused"}


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
