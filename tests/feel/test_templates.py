"""form-js templates: `{{…}}`, conditions and loops, over a case's values."""

from datetime import date, time

import pytest

from service.errors import ExpressionError
from service.feel import may_read, render, template_names

CASE = {
    "nama": "Ani",
    "jumlah": 3,
    "lengkap": False,
    "kosong": None,
    "tanggal": date(2026, 3, 1),
    "pegawai": [{"nama": "Budi", "anak": [{"nama": "Dedi"}]}, {"nama": "Cici", "anak": []}],
    "kode": ["a", "b"],
    "jahat": '<b onclick="x">{{nama}}</b>',
}


@pytest.mark.parametrize(
    ("template", "text"),
    [
        ("Halo", "Halo"),
        ("", ""),
        ("Halo {{nama}}!", "Halo Ani!"),
        ("{{ nama }}{{jumlah + 1}}", "Ani4"),
        ("a{{tak ada}}b{{kosong}}c{{nama.x}}d", "abcd"),
        ('="Halo " + nama', "Halo Ani"),
        ("=kosong", ""),
        ("{{tanggal}}", "2026-03-01"),
        ("{{lengkap}}", "false"),
        ("{{#if lengkap}}ya{{/if}}{{#if jumlah > 2}}banyak{{/if}}", "banyak"),
        ("{{#loop pegawai}}- {{nama}}\n{{/loop}}", "- Budi\n- Cici\n"),
        ("{{#loop kode}}{{this}},{{/loop}}", "a,b,"),
        ("{{#loop pegawai}}{{nama}}/{{parent.nama}};{{/loop}}", "Budi/Ani;Cici/Ani;"),
        ("{{#loop pegawai}}{{#loop anak}}{{nama}}<{{parent.nama}}{{/loop}}{{/loop}}", "Dedi<Budi"),
        ("{{#loop kosong}}x{{/loop}}", ""),
        ("{{this.nama}} {{_this_.jumlah}}", "Ani 3"),
        ("**{{nama}}** [a](b) {x} }}", "**Ani** [a](b) {x} }}"),
        ("{{jahat}}", '<b onclick="x">{{nama}}</b>'),
    ],
)
def test_a_template_is_filled_in(template, text):
    assert render(template, CASE) == text


def test_a_template_sees_the_names_that_a_form_gives_it():
    row = {"nama": "Budi", "this": {"nama": "Budi"}, "parent": {"nama": "Ani"}, "i": [1]}
    assert render("{{i[1]}}. {{this.nama}}, {{parent.nama}}", row) == "1. Budi, Ani"


def test_values_cannot_bring_html_where_html_is_drawn():
    html = render("<p>{{jahat}}</p>", CASE, html=True)
    assert html.startswith("<p>") and html.endswith("</p>")
    assert "<b" not in html and "{" not in html and '"' not in html
    assert render("<p>{{kosong}}</p>", CASE, html=True) == "<p></p>"


@pytest.mark.parametrize(
    ("template", "names"),
    [
        ("tetap", set()),
        ("{{nama}} {{a.b + c}}", {"nama", "a", "c"}),
        ("=nama", {"nama"}),
        ("{{#if lengkap}}{{nama}}{{/if}}", {"lengkap", "nama"}),
        ("{{#loop pegawai}}{{nama}}{{/loop}}{{kota}}", {"pegawai", "kota"}),
        ("{{#loop pegawai}}{{#loop anak}}{{nama}}{{/loop}}{{/loop}}", {"pegawai"}),
        ("{{this.nama}} {{parent}}", set()),
    ],
)
def test_the_variables_that_a_template_reads_are_known_before_it_is_filled_in(template, names):
    assert template_names(template) == names


@pytest.mark.parametrize(
    ("template", "position"),
    [
        ("Halo {{nama +}}", 14),
        ("{{nama", 7),
        ("{{#if lengkap}}x", 17),
        ("=nama +", 8),
        ("{{#loop pegawai}}{{/if}}", 18),
    ],
)
def test_a_mistake_in_a_template_names_its_place(template, position):
    with pytest.raises(ExpressionError) as caught:
        template_names(template)
    assert caught.value.message.key == "feel.syntax"
    assert caught.value.message.params["position"] == position


def test_a_template_with_a_mistake_is_not_filled_in():
    with pytest.raises(ExpressionError):
        render("Halo {{nama +}}", CASE)


@pytest.mark.parametrize(
    ("template", "name", "may"),
    [
        ("Usulan {{nama}}", "nama", True),
        ("{{nama   pegawai}}", "nama pegawai", True),
        ("{{#loop daftar}}{{parent.nama}}{{/loop}}", "nama", True),
        ("{{_this_}}", "nama", True),
        ("{{pegawai.nama}}", "unit", False),
        ("Usulan", "nama", False),
    ],
)
def test_a_template_is_known_to_say_the_same_whatever_a_variable_is(template, name, may):
    assert may_read(template, ["lain", name]) is may
    if not may:
        assert render(template, {name: "a"}) == render(template, {name: "b"})


def test_a_moment_that_is_inserted_is_iso_or_said_as_asked() -> None:
    seen = {"tanggal": date(2026, 1, 5), "jam": time(9, 30), "nomor": "B-1/2026-01-05"}
    template = "{{tanggal}} {{jam}} {{nomor}}"
    assert render(template, seen) == "2026-01-05 09:30:00 B-1/2026-01-05"
    assert render(template, seen, say=lambda moment: moment.strftime("%d.%H")) == "05.00 01.09 B-1/2026-01-05"


def test_the_signs_that_mark_a_moment_cannot_be_sent_in() -> None:
    assert render("{{isi}}", {"isi": "\ue0002026-01-05\ue001"}, say=lambda _: "dikatakan") == "2026-01-05"
