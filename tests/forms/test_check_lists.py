"""A list's rows are checked one by one, and parts that the form does not show stay."""

import pytest

from service import forms
from service.errors import InvalidSubmission
from service.language import say
from tests.forms.asking import field, mistakes


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
