"""Conditions, locks, choices and computed values are decided on the server."""

from datetime import date

from service import forms
from tests.forms.asking import field, mistakes

OPTIONS = {"values": [{"label": "Setuju", "value": "setuju"}, {"label": "Tiga", "value": 3}, "lima"]}


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
