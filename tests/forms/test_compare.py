"""What differs between two revisions of a form, and that nothing of it is passed over."""

import json
from collections.abc import Callable, Iterator
from copy import deepcopy
from functools import partial
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from service import forms
from service.errors import Refused
from service.forms.compare import compare
from service.forms.schema import Form
from service.language import LANGUAGES, say

FORMS = sorted((Path(__file__).parents[2] / "forms").glob("*.form"))


def form(*components: dict[str, Any]) -> Form:
    return forms.read(json.dumps({"type": "default", "id": "f", "components": components}).encode(), "f.form")


def field(key: str = "nama", **more: Any) -> dict[str, Any]:
    return {"type": "textfield", "id": f"Field_{key}", "key": key, "label": key.title(), **more}


def told(old: Form, new: Form) -> list[str]:
    return [say(change.what, "id") for change in compare(old, new)]


@pytest.mark.parametrize("path", FORMS, ids=lambda path: path.stem)
def test_a_form_is_the_same_as_itself(path: Path) -> None:
    assert told(forms.read(path.read_bytes()), forms.read(path.read_bytes())) == []


def test_fields_come_and_go() -> None:
    old, new = form(field("nama"), field("nip")), form(field("nama"), field("hp", type="number"))
    assert told(old, new) == [
        "formulir: isian “Hp” (angka) ditambahkan",
        "formulir: isian “Nip” (teks satu baris) dihapus",
    ]


def test_what_is_asked_otherwise_is_told_by_what_it_is() -> None:
    old = form(field(validate={"required": False}, conditional={"hide": "=a"}))
    new = form(field(label="Nama lengkap", validate={"required": True, "maxLength": 9}, defaultValue="–"))
    assert told(old, new) == [
        "formulir, isian “Nama lengkap”, label: dari “Nama” menjadi “Nama lengkap”",
        "formulir, isian “Nama lengkap”, isi awal: diisi “–”, sebelumnya kosong",
        "formulir, isian “Nama lengkap”, wajib diisi: dari “tidak” menjadi “ya”",
        "formulir, isian “Nama lengkap”, panjang terpanjang: diisi “9”, sebelumnya kosong",
        "formulir, isian “Nama lengkap”, syarat disembunyikan: dikosongkan, sebelumnya “=a”",
    ]


def test_a_field_of_another_type_or_key_is_the_same_field() -> None:
    assert told(form(field()), form(field(type="textarea"))) == [
        "formulir, isian “Nama”, jenis: dari “teks satu baris” menjadi “teks panjang”"
    ]
    assert told(form(field()), form(field(key="nama_lengkap", id="Field_nama", label="Nama"))) == [
        "formulir, isian “Nama”, nama data: dari “nama” menjadi “nama_lengkap”"
    ]


def test_options_are_told_by_their_values() -> None:
    def choice(*values: tuple[str, str]) -> Form:
        listed = [{"value": value, "label": label} for value, label in values]
        return form(field("putusan", type="radio", values=listed))

    old = choice(("ya", "Ya"), ("tidak", "Tidak"))
    assert told(old, choice(("ya", "Setuju"), ("nanti", "Nanti"))) == [
        "formulir, isian “Putusan”, pilihan: dari “Ya” menjadi “Setuju”",
        "formulir: isian “Putusan” mendapat pilihan “Nanti”",
        "formulir: isian “Putusan” tidak lagi mempunyai pilihan “Tidak”",
    ]
    assert told(old, choice(("tidak", "Tidak"), ("ya", "Ya"))) == [
        "formulir: pilihan pada isian “Putusan” kini dalam urutan lain"
    ]


def test_one_field_that_stands_elsewhere_is_one_that_moved() -> None:
    old = form(field("a"), field("b"), field("c"))
    assert told(old, form(field("c"), field("a"), field("b"))) == [
        "formulir: isian “C” (teks satu baris) pindah tempat"
    ]
    group = {"type": "group", "id": "g", "label": "Data", "components": [field("c")]}
    assert told(old, form(field("a"), field("b"), group)) == [
        "formulir: isian “Data” (kelompok) ditambahkan",
        "formulir: isian “C” (teks satu baris) pindah tempat",
    ]


Mutation = Callable[[Any], None]
UNSAID = ("id", "row", "schemaVersion", "executionPlatform", "executionPlatformVersion", "exporter", "type")


def mutations(raw: Any, place: tuple[Any, ...] = ()) -> Iterator[Mutation]:
    """Every way to change one value of a form's components, or to take it out."""
    items = raw.items() if isinstance(raw, dict) else enumerate(raw)
    for name, value in items:
        if name in UNSAID or value in (None, False, "") or (not place and name != "components"):
            continue
        if isinstance(value, dict | list):
            yield from mutations(value, (*place, name))
        else:
            yield partial(_change, (*place, name))
        says_the_same = name == "layout" or (name == "label" and "value" in raw)
        if place and not says_the_same:
            yield partial(_take_out, (*place, name))


def _at(copy: Any, place: tuple[Any, ...]) -> Any:
    for name in place[:-1]:
        copy = copy[name]
    return copy


def _change(place: tuple[Any, ...], copy: Any) -> None:
    holder = _at(copy, place)
    value = holder[place[-1]]
    holder[place[-1]] = (
        (not value) if isinstance(value, bool) else value + ("x" if isinstance(value, str) else 1)
    )


def _take_out(place: tuple[Any, ...], copy: Any) -> None:
    del _at(copy, place)[place[-1]]


@settings(max_examples=150)
@given(st.data())
def test_whatever_is_written_in_a_form_is_told_when_it_differs(data: st.DataObject) -> None:
    raw = json.loads(data.draw(st.sampled_from(FORMS)).read_bytes())
    copy = deepcopy(raw)
    data.draw(st.sampled_from(list(mutations(raw))))(copy)
    try:
        new = forms.read(json.dumps(copy).encode())
    except Refused:
        return
    found = list(compare(forms.read(json.dumps(raw).encode()), new))
    assert found
    assert all(say(change.what, language) for change in found for language in LANGUAGES)
