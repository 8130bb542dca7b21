"""What a page gets to draw, and how it is drawn."""

from datetime import UTC, date, datetime, time
from html.parser import HTMLParser
from pathlib import Path

import pytest
from jinja2 import Environment, FileSystemLoader

from service import forms
from service.errors import InvalidSubmission, Message
from service.forms import SentFile
from service.language import say

TEMPLATES = Path(__file__).parents[2] / "service/web/templates"
PAGE = '{% from "forms/form.html" import fields, summary %}{{ summary(view) }}{{ fields(view) }}'


def fields(view):
    """Every field of a view by its place."""
    found = {}

    def collect(lines):
        for line in lines:
            for node in line:
                if hasattr(node, "input"):
                    found[node.path] = node
                collect(getattr(node, "lines", ()))
                for row in getattr(node, "rows", ()):
                    collect(row.lines)

    collect(view.lines)
    return found


class Elements(HTMLParser):
    """The elements of a page with their attributes, and its text."""

    def __init__(self, html):
        super().__init__()
        self.all, self.text = [], ""
        self.feed(html)

    def handle_starttag(self, tag, attrs):
        self.all.append((tag, dict(attrs)))

    def handle_data(self, data):
        self.text += data

    def named(self, *tags, **wanted):
        return [
            attrs
            for tag, attrs in self.all
            if tag in tags and all(attrs.get(name) == value for name, value in wanted.items())
        ]


def drawn(view, language="id"):
    environment = Environment(
        loader=FileSystemLoader(TEMPLATES), autoescape=True, trim_blocks=True, lstrip_blocks=True
    )
    environment.globals["t"] = lambda key, **params: say(key, language, **params)
    environment.globals["url_for"] = lambda endpoint, document_id: f"/documents/{document_id}"
    return Elements(environment.from_string(PAGE).render(view=view))


EVERYTHING = [
    {"type": "text", "text": "# Untuk {{nama}}"},
    {
        "type": "textfield",
        "key": "nama",
        "label": "Nama",
        "description": "Sesuai KTP",
        "validate": {"required": True},
    },
    {
        "type": "number",
        "key": "umur",
        "label": "Umur {{nama}}",
        "appearance": {"prefixAdorner": "±", "suffixAdorner": '="tahun"'},
    },
    {"type": "textarea", "key": "alamat", "label": "Alamat"},
    {"type": "datetime", "key": "tgl", "dateLabel": "Tanggal"},
    {"type": "datetime", "key": "jam", "subtype": "time", "timeLabel": "Jam"},
    {"type": "checkbox", "key": "benar", "label": "Benar"},
    {"type": "radio", "key": "pilih", "label": "Pilih", "values": ["a", "b"]},
    {"type": "select", "key": "tujuan", "label": "Tujuan", "values": ["a", "b"]},
    {"type": "checklist", "key": "ada", "label": "Ada", "values": ["a", "b"]},
    {"type": "taglist", "key": "tanda", "label": "Tanda", "values": ["a", "b"]},
    {"type": "filepicker", "key": "berkas", "label": "Berkas", "accept": ".pdf", "multiple": True},
    {"type": "expression", "key": "n", "expression": "=1"},
    {"type": "group", "label": "Kelompok", "components": [{"type": "textfield", "key": "g", "label": "G"}]},
    {
        "type": "dynamiclist",
        "path": "pegawai",
        "label": "Pegawai",
        "components": [
            {"type": "textfield", "key": "nip", "label": "NIP"},
            {"type": "radio", "key": "x", "values": ["a"]},
        ],
    },
    {"type": "html", "content": "<p>Halo {{nama}}</p>"},
    {"type": "image", "source": "https://a.id/x.png", "alt": "Lambang"},
    {"type": "table", "label": "Tabel", "dataSource": "=daftar", "columns": [{"key": "a", "label": "A"}]},
    {"type": "iframe", "label": "Aturan", "url": "https://a.id"},
    {"type": "documentPreview", "label": "Lihat", "dataSource": "=surat"},
    {"type": "separator"},
    {"type": "spacer", "height": 10},
    {"type": "button", "label": "Submit", "key": "submit"},
]
DATA = {"nama": "Budi", "daftar": [{"a": 1.5}, {"a": [True]}], "surat": [{"id": "9", "name": "s.pdf"}]}


@pytest.fixture
def whole(form):
    return form(*EVERYTHING)


def test_every_control_has_its_label_and_every_id_stands_once(whole):
    page = drawn(forms.view(whole, DATA))
    ids = [attrs["id"] for _, attrs in page.all if "id" in attrs]
    assert len(ids) == len(set(ids))
    labels = {attrs["for"] for attrs in page.named("label")}
    controls = [
        attrs["id"] for attrs in page.named("input", "select", "textarea") if attrs.get("type") != "hidden"
    ]
    assert set(controls) == labels
    assert {attrs["aria-describedby"] for _, attrs in page.all if "aria-describedby" in attrs} <= set(ids)


def test_nothing_drawn_has_a_style_or_a_script_of_its_own(whole):
    page = drawn(forms.view(whole, DATA))
    assert not [tag for tag, attrs in page.all if tag in ("script", "style") or "style" in attrs]
    assert not [name for _, attrs in page.all for name in attrs if name.startswith("on")]


def test_templates_and_feel_are_filled_in(whole):
    shown = fields(forms.view(whole, DATA))
    assert shown["umur"].label == "Umur Budi"
    assert (shown["umur"].prefix, shown["umur"].suffix) == ("±", "tahun")
    page = drawn(forms.view(whole, DATA))
    assert "Untuk Budi" in page.text
    assert "Halo Budi" in page.text


def test_values_in_templates_are_never_markup(whole):
    page = drawn(forms.view(whole, {"nama": "<b id=x onclick=y>Budi</b>"}))
    assert not page.named("b")
    assert page.text.count("<b id=x onclick=y>Budi</b>") >= 3


def test_a_required_field_says_so_in_words(whole):
    page = drawn(forms.view(whole, DATA))
    assert "Nama (wajib)" in page.text
    assert page.named("input", id="field-nama")[0]["aria-required"] == "true"
    assert "Nama (required)" in drawn(forms.view(whole, DATA, language="en"), "en").text


def test_what_is_hidden_is_not_drawn(form):
    shown = form(
        {"type": "radio", "key": "a", "values": ["ya", "tidak"]},
        {"type": "textfield", "key": "b", "conditional": {"hide": '=a != "tidak"'}},
    )
    assert fields(forms.view(shown, {})).keys() == {"a"}
    assert fields(forms.view(shown, {}, typed={"a": "tidak"})).keys() == {"a", "b"}
    assert "_refresh" in [attrs.get("name") for attrs in drawn(forms.view(shown, {})).named("button")]


@pytest.mark.parametrize(
    ("component", "value", "language", "text", "words"),
    [
        ({"type": "number"}, 1234.5, "id", "1234,5", ""),
        ({"type": "number"}, 1234.5, "en", "1234.5", ""),
        ({"type": "number"}, 1e3, "id", "1000", ""),
        ({"type": "datetime"}, date(2026, 1, 15), "id", "2026-01-15", "Kamis, 15 Januari 2026"),
        ({"type": "datetime"}, date(2026, 1, 15), "en", "2026-01-15", "Thursday, 15 January 2026"),
        ({"type": "datetime", "subtype": "time"}, time(8, 30, 15), "id", "08:30", ""),
        (
            {"type": "datetime", "subtype": "datetime", "timeSerializingFormat": "utc_offset"},
            datetime(2026, 1, 14, 23, 30, tzinfo=UTC),
            "id",
            "2026-01-15T06:30",
            "Kamis, 15 Januari 2026",
        ),
        ({"type": "textfield"}, 5, "id", "5", ""),
    ],
)
def test_a_value_is_shown_as_its_control_takes_it(form, component, value, language, text, words):
    field = fields(forms.view(form({**component, "key": "a"}), {"a": value}, language=language))["a"]
    assert (field.value, field.words) == (text, words)


def test_what_cannot_be_taken_stays_in_its_control(form):
    shown = form({"type": "number", "key": "a"}, {"type": "datetime", "key": "b"})
    view = fields(forms.view(shown, {"a": 1}, typed={"a": "satu", "b": "kemarin"}))
    assert (view["a"].value, view["b"].value) == ("satu", "kemarin")


def test_mistakes_stand_beside_their_fields_and_in_the_summary_in_the_pages_order(whole):
    typed = {"nama": "", "umur": "x", "asing": 1, "pegawai": [{"nip": 5}]}
    with pytest.raises(InvalidSubmission) as refused:
        forms.check(whole, {}, typed)
    view = forms.view(whole, {}, typed=typed, errors=refused.value.fields)
    assert fields(view)["nama"].error == "“Nama” wajib diisi."
    assert [complaint.id for complaint in view.errors] == [
        "field-nama",
        "field-umur",
        "field-pegawai[0].nip",
        "",
    ]
    page = drawn(view)
    [summary] = page.named("div", role="alert")
    assert summary["tabindex"] == "-1"
    ids = {attrs.get("id") for _, attrs in page.all}
    assert {attrs["href"].removeprefix("#") for attrs in page.named("a") if attrs["href"][0] == "#"} <= ids
    assert page.named("input", id="field-nama")[0]["aria-invalid"] == "true"


def test_a_mistake_that_has_no_field_is_still_said(form):
    view = forms.view(form(), {}, errors={"x": Message("form.unknown", {"label": "x"})})
    assert "Formulir ini tidak mempunyai isian “x”." in drawn(view).text


def test_a_read_only_field_sends_nothing(form):
    kinds = ["textfield", "textarea", "number", "datetime", "checkbox", "radio", "select", "checklist"]
    shown = form(
        *({"type": kind, "key": kind, "readonly": True, "values": ["a"]} for kind in kinds),
        {"type": "filepicker", "key": "f", "disabled": True},
    )
    known = {"radio": "dulu", "checklist": ["a", "dulu"], "f": [{"id": "1", "name": "x.pdf"}]}
    page = drawn(forms.view(shown, known))
    assert [
        attrs for tag, attrs in page.all if tag in ("input", "select", "textarea") and "name" in attrs
    ] == []
    checked = [attrs["value"] for attrs in page.named("input") if "checked" in attrs]
    assert checked == ["dulu", "a", "dulu"]
    assert page.named("a", href="/documents/1")


def test_lines_stand_as_the_form_says(form):
    shown = form(
        {"type": "textfield", "key": "a", "layout": {"row": "r1", "columns": 8}},
        {"type": "textfield", "key": "b", "layout": {"row": "r2"}},
        {"type": "textfield", "key": "c", "layout": {"row": "r1", "columns": None}},
        {"type": "textfield", "key": "d", "layout": {"row": "r3", "columns": 99}},
    )
    lines = [[(node.path, node.columns) for node in line] for line in forms.view(shown, {}).lines]
    assert lines == [[("a", 8), ("c", 0)], [("b", 0)], [("d", 0)]]


class TestLists:
    def view(self, form, data=None, **properties):
        listing = {"type": "dynamiclist", "path": "l", "label": "Pegawai", **properties}
        listing["components"] = [{"type": "textfield", "key": "nip"}]
        return forms.view(form(listing), data or {})

    def test_rows_carry_where_they_come_from_and_their_buttons(self, form):
        page = drawn(self.view(form, {"l": [{"nip": "1"}, {"nip": "2"}]}))
        assert [attrs["value"] for attrs in page.named("input", name="l[1]._row")] == ["1"]
        buttons = [(attrs.get("name"), attrs.get("value")) for attrs in page.named("button")]
        assert buttons[1:] == [("_remove", "l[0]"), ("_remove", "l[1]"), ("_add", "l")]
        assert all("formnovalidate" in attrs for attrs in page.named("button")[1:])

    def test_enter_does_not_press_the_button_that_takes_a_row_away(self, form):
        first = drawn(self.view(form, {"l": [{"nip": "1"}]})).named("button")[0]
        assert "name" not in first

    def test_a_fixed_list_has_no_buttons(self, form):
        page = drawn(self.view(form, {"l": [{"nip": "1"}]}, allowAddRemove=False))
        assert [attrs["name"] for attrs in page.named("button") if "name" in attrs] == []

    def test_a_full_list_takes_no_more(self, form):
        [[listing]] = self.view(form, {"l": [{}] * 200}).lines
        assert (listing.more, listing.fewer, len(listing.rows)) == (False, True, 200)


class TestFiles:
    SENT = SentFile("7", "surat.pdf", "application/pdf", 1_300_000)

    def test_what_was_sent_is_listed_with_its_size_and_sent_again(self, form):
        shown = form({"type": "filepicker", "key": "a"})
        page = drawn(forms.view(shown, {}, typed={"a": ["7"]}, files={"a": [self.SENT]}))
        assert page.named("input", type="hidden", name="a", value="7")
        assert page.named("button", name="_discard", value="7")
        assert page.named("a", href="/documents/7")
        assert "1,2 MB" in page.text

    def test_what_waits_for_the_form_is_listed_when_it_is_opened_again(self, form):
        shown = form({"type": "filepicker", "key": "a"})
        assert [file.id for file in fields(forms.view(shown, {}, files={"a": [self.SENT]}))["a"].files] == [
            "7"
        ]
        assert fields(forms.view(shown, {}, typed={"a": []}, files={"a": [self.SENT]}))["a"].files == ()

    def test_good_files_stay_beside_one_that_was_not_kept(self, form):
        shown = form({"type": "filepicker", "key": "a", "multiple": True})
        big = SentFile("x", "besar.mp4", "", 0, fault=Message("value.long"))
        typed, files = {"a": ["7", "x"]}, {"a": [self.SENT, big]}
        with pytest.raises(InvalidSubmission) as refused:
            forms.check(shown, {}, typed, files)
        view = forms.view(shown, {}, typed=typed, errors=refused.value.fields, files=files)
        assert [file.id for file in fields(view)["a"].files] == ["7"]
        assert "besar.mp4" in fields(view)["a"].error

    def test_a_page_with_files_says_that_it_sends_them(self, form):
        assert forms.view(form({"type": "filepicker", "key": "a"}), {}).multipart
        assert not forms.view(form({"type": "textfield", "key": "a"}), {}).multipart


def test_what_is_only_shown(whole):
    page = drawn(forms.view(whole, DATA))
    assert "Gambar: Lambang" in page.text
    assert page.named("a", href="https://a.id")[0]["rel"] == "noopener noreferrer"
    assert page.named("a", href="/documents/9")
    assert "1.5" in page.text
    assert "[true]" in page.text
    assert "Submit" not in page.text


def test_a_document_may_be_named_as_form_js_names_it(form):
    shown = form({"type": "documentPreview", "dataSource": "=d"})
    entry = {"documentId": "3", "metadata": {"fileName": "x.pdf"}}
    [[node]] = forms.view(shown, {"d": [entry, {"documentId": "4"}, "x", {"id": 5, "name": "y"}]}).lines
    assert [(file.id, file.name) for file in node.files] == [("3", "x.pdf")]
