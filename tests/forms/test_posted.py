"""What a page posts becomes what was typed."""

import json

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from service import forms
from service.errors import InvalidSubmission
from service.forms import SentFile

LIST = {
    "type": "dynamiclist",
    "path": "pegawai",
    "components": [
        {"type": "textfield", "key": "nip"},
        {"type": "checkbox", "key": "aktif"},
        {"type": "filepicker", "key": "foto"},
    ],
}


@pytest.fixture
def shown(form):
    return form(
        {"type": "textfield", "key": "nama"},
        {"type": "textarea", "key": "alamat.jalan"},
        {"type": "number", "key": "umur"},
        {"type": "number", "key": "kode", "serializeToString": True},
        {"type": "checkbox", "key": "setuju"},
        {"type": "radio", "key": "pilih", "values": ["a", "b"]},
        {"type": "checklist", "key": "ada", "values": ["a", "b"]},
        {"type": "datetime", "key": "tgl"},
        {"type": "filepicker", "key": "surat"},
        {"type": "filepicker", "key": "lampiran", "multiple": True},
        LIST,
    )


def typed(form, *pairs, language="id"):
    return forms.posted(form, pairs, language).typed


def test_texts_become_what_their_fields_hold(shown):
    assert typed(
        shown,
        ("nama", "Budi"),
        ("alamat.jalan", "satu\r\ndua"),
        ("umur", "1.234,5"),
        ("kode", "1.234,50"),
        ("setuju", "true"),
        ("pilih", "b"),
        ("ada", "a"),
        ("ada", "b"),
        ("tgl", "2026-01-31"),
        ("surat", "1"),
    ) == {
        "nama": "Budi",
        "alamat": {"jalan": "satu\ndua"},
        "umur": 1234.5,
        "kode": "1234.50",
        "setuju": True,
        "pilih": "b",
        "ada": ["a", "b"],
        "tgl": "2026-01-31",
        "surat": ["1"],
    }


def test_numbers_are_read_in_the_readers_language(shown):
    assert typed(shown, ("umur", "1,500"), language="en") == {"umur": 1500}
    assert typed(shown, ("umur", "1,500"), language="id") == {"umur": 1.5}


@pytest.mark.parametrize("text", ["satu", "1.2.3", "9" * 5000, "1e999999"])
def test_what_is_no_number_stays_for_the_check_to_refuse(shown, text):
    with pytest.raises(InvalidSubmission) as refused:
        forms.check(shown, {}, typed(shown, ("umur", text)))
    assert refused.value.fields["umur"].key in ("form.number", "form.number_large")


def test_a_control_that_was_drawn_and_sent_nothing_is_empty(shown):
    drawn = [("_shown", name) for name in ("setuju", "pilih", "ada", "surat", "pegawai", "tidak_ada")]
    assert typed(shown, *drawn) == {"setuju": False, "pilih": None, "ada": [], "surat": [], "pegawai": []}
    assert typed(shown) == {}


def test_rows_come_in_their_order_without_gaps(shown):
    assert typed(shown, ("pegawai[10].nip", "b"), ("pegawai[2].nip", "a"), ("pegawai[2]._row", "4")) == {
        "pegawai": [{"nip": "a", "_row": 4}, {"nip": "b"}]
    }


def test_a_row_with_nothing_in_it_is_still_a_row(shown):
    assert typed(shown, ("pegawai[0]._row", ""), ("_shown", "pegawai[0].aktif")) == {
        "pegawai": [{"_row": None, "aktif": False}]
    }


def test_a_button_adds_a_row(shown):
    pairs = [("pegawai[0]._row", "0"), ("pegawai[0].nip", "a"), ("_add", "pegawai")]
    posted = forms.posted(shown, pairs, "id")
    assert posted.change
    assert posted.typed == {"pegawai": [{"_row": 0, "nip": "a"}, {"_row": None}]}


def test_a_button_takes_the_row_it_names(shown):
    pairs = [("pegawai[0].nip", "a"), ("pegawai[1].nip", "b"), ("pegawai[2].nip", "c")]
    posted = forms.posted(shown, [*pairs, ("_remove", "pegawai[1]")], "id")
    assert posted.typed == {"pegawai": [{"nip": "a"}, {"nip": "c"}]}
    last = forms.posted(shown, [("pegawai[0].nip", "a"), ("_remove", "pegawai[0]")], "id")
    assert last.typed == {"pegawai": []}


@pytest.mark.parametrize("name", ["_add", "_remove"])
@pytest.mark.parametrize(
    "value", ["", "nama", "pegawai", "pegawai[9]", "x[0]", "pegawai[0].nip", "[0]", "pegawai["]
)
def test_a_button_of_no_row_changes_nothing_else(shown, name, value):
    posted = forms.posted(shown, [("nama", "x"), (name, value)], "id")
    assert posted.change
    assert posted.typed["nama"] == "x"


def test_a_fixed_list_has_no_buttons(form):
    shown = form({**LIST, "allowAddRemove": False})
    for button in (("_add", "pegawai"), ("_remove", "pegawai[0]")):
        assert len(typed(shown, ("pegawai[0].nip", "a"), button)["pegawai"]) == 1


def test_a_document_that_is_thrown_away_is_left_out_everywhere(shown):
    pairs = [("surat", "1"), ("lampiran", "1"), ("lampiran", "2"), ("nama", "x"), ("_discard", "1")]
    posted = forms.posted(shown, pairs, "id")
    assert (posted.change, posted.discarded) == (True, "1")
    assert posted.typed == {"surat": [], "lampiran": ["2"], "nama": "x"}


def test_the_last_document_replaces_the_one_before_where_one_may_be(shown):
    pairs = [("surat", "1"), ("surat", "2"), ("lampiran", "1"), ("lampiran", "2")]
    assert typed(shown, *pairs) == {"surat": ["2"], "lampiran": ["1", "2"]}


def test_the_pages_own_names_are_no_fields_and_all_others_must_be(shown):
    pairs = [
        ("csrf_token", "x"),
        ("_complete", "1"),
        ("_anything", "1"),
        ("asing", "1"),
        ("pegawai[0].asing", "2"),
    ]
    posted = forms.posted(shown, pairs, "id")
    assert not posted.change
    assert posted.typed.keys() == {"asing", "pegawai[0].asing"}
    with pytest.raises(InvalidSubmission) as refused:
        forms.check(shown, {}, posted.typed)
    assert refused.value.fields.keys() == {"asing", "pegawai[0].asing"}


def test_only_a_file_field_takes_files(shown):
    names = ("surat", "pegawai[3].foto", "nama", "pegawai.foto", "pegawai[x].foto", "")
    assert [forms.file_field(shown, name) for name in names] == [True, True, False, False, False, False]


PLACES = "nama umur alamat alamat.jalan pegawai pegawai[0] pegawai[0].nip pegawai[0].foto pegawai[1]._row"
ODD = "_shown _add _remove _discard pegawai[0]._row.x [0] ."
NAMES = st.sampled_from(f"{PLACES} {ODD}".split())
TEXTS = st.sampled_from(["", "1", "pegawai", "pegawai[0]", "nama", "pegawai[1].aktif", "alamat", "²"])


@settings(deadline=None)
@given(st.lists(st.tuples(NAMES, TEXTS), max_size=8))
def test_whatever_is_posted_can_be_checked_and_drawn(pairs):
    components = [{"type": "textfield", "key": "nama"}, {"type": "number", "key": "umur"}, LIST]
    components.append({"type": "textarea", "key": "alamat.jalan"})
    form = forms.read(json.dumps({"components": components}).encode())
    files = {"pegawai[0].foto": [SentFile("1", "a.pdf", "application/pdf", 1)]}
    posted = forms.posted(form, pairs, "id")
    try:
        forms.check(form, {}, posted.typed, files)
    except InvalidSubmission as refused:
        forms.view(form, {}, typed=posted.typed, errors=refused.fields, files=files)
