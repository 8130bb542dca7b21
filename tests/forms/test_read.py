"""What a form file may be, and by which name it is refused."""

import json
from pathlib import Path

import pytest

from service import forms
from service.errors import Refused
from service.forms.schema import HOLDERS, KEYED, SHOWN
from service.language import LANGUAGES, say


def refusal(content, file="x.form"):
    with pytest.raises(Refused) as refused:
        forms.read(content if isinstance(content, bytes) else json.dumps(content).encode(), file)
    for finding in refused.value.findings:
        assert all(
            say(message, language) for message in (finding.message, finding.remedy) for language in LANGUAGES
        )
    return [(finding.code, finding.element) for finding in refused.value.findings]


def components(*parts):
    return {"type": "default", "components": list(parts)}


@pytest.mark.parametrize("content", [b"", b"<form>", b"{", b"\xff\xfe", b"[" * 100_000, b'{"id": NaN}'])
def test_what_is_not_json_is_refused(content):
    assert refusal(content) == [("form_json", None)]


@pytest.mark.parametrize("sign", ["\x00", "\ud800"])
@pytest.mark.parametrize("place", ["id", "label", "key", "name"])
def test_what_no_database_and_no_page_can_hold_is_refused(sign, place):
    field = {"type": "textfield", "id": "F", "key": "a", "label": "A", "properties": {"x": "y"}}
    form = components(field)
    match place:
        case "id":
            form["id"] = sign
        case "name":
            field["properties"] = {sign: "y"}
        case _:
            field[place] = f"A{sign}"
    assert refusal(form) == [("form_text", None)]


@pytest.mark.parametrize(
    "content",
    [{}, [], "x", {"components": {}}, {"fields": [], "outcomes": []}, {"type": "object", "properties": {}}],
)
def test_what_is_another_kind_of_form_is_refused(content):
    assert refusal(content) == [("form_no_components", None)]


def test_every_component_type_of_form_js_is_accepted():
    parts = [{"type": kind, "id": f"c_{kind}", "key": f"k_{kind}"} for kind in sorted(KEYED | SHOWN)]
    parts += [{"type": kind, "path": f"p_{kind}", "components": []} for kind in sorted(HOLDERS)]
    form = forms.read(json.dumps(components(*parts)).encode(), "x.form")
    assert set(form.fields) == {f"k_{kind}" for kind in KEYED} | {f"p_{kind}" for kind in HOLDERS}


@pytest.mark.parametrize("kind", ["range", "columns", "default", "custom", "TEXTFIELD", ""])
def test_another_component_type_is_refused_by_its_name_and_id(kind):
    unknown = {"type": kind, "key": "a", "id": "Field_7", "label": "Nilai"}
    with pytest.raises(Refused) as refused:
        forms.read(json.dumps(components({"type": "group", "components": [unknown]})).encode())
    [finding] = refused.value.findings
    assert (finding.code, finding.element, finding.name) == ("form_component_unknown", "Field_7", "Nilai")
    assert finding.params == {"type": kind}


def test_every_mistake_of_a_form_is_found_at_once():
    found = refusal(
        components(
            {"type": "range", "id": "a"},
            {"type": "textfield", "id": "b", "key": "b", "conditional": {"hide": "=1 +"}},
            "text",
        )
    )
    assert found == [
        ("form_component_unknown", "a"),
        ("form_component_broken", None),
        ("form_expression", "b"),
    ]


@pytest.mark.parametrize(
    ("first", "second"),
    [
        ({"type": "textfield", "key": "a"}, {"type": "number", "key": "a"}),
        ({"type": "textfield", "key": "a"}, {"type": "number", "key": "a.b"}),
        ({"type": "number", "key": "a.b"}, {"type": "textfield", "key": "a"}),
        (
            {"type": "textfield", "key": "g.a"},
            {"type": "group", "path": "g", "components": [{"type": "textfield", "key": "a"}]},
        ),
        ({"type": "dynamiclist", "path": "a", "components": []}, {"type": "textfield", "key": "a"}),
        ({"type": "dynamiclist", "path": "a", "components": []}, {"type": "textfield", "key": "a.b"}),
        ({"type": "dynamiclist", "path": "a"}, {"type": "group", "path": "a", "components": []}),
    ],
)
def test_two_components_cannot_write_to_one_place(first, second):
    assert [code for code, _ in refusal(components(first, second))] == ["form_key_twice"]


def test_two_groups_may_share_a_path():
    group = {"type": "group", "path": "g"}
    form = forms.read(
        json.dumps(
            components(
                {**group, "components": [{"type": "textfield", "key": "a"}]},
                {**group, "components": [{"type": "textfield", "key": "b"}]},
            )
        ).encode()
    )
    assert form.fields == ("g",)


def test_an_id_may_stand_once():
    one = {"type": "textfield", "id": "f"}
    assert refusal(components({**one, "key": "a"}, {**one, "key": "b"})) == [("form_id_twice", "f")]


@pytest.mark.parametrize(
    "key", ["__proto__", "a.constructor", "_shown", "csrf_token", "a[0]", "a..b", " ", "."]
)
def test_a_key_that_a_page_or_a_client_would_trip_over_is_refused(key):
    assert [code for code, _ in refusal(components({"type": "textfield", "key": key}))] == [
        "form_key_unusable"
    ]


def test_a_component_without_a_key_takes_its_id_with_a_warning():
    form = forms.read(json.dumps(components({"type": "textfield", "id": "Field_1"})).encode())
    assert form.fields == ("Field_1",)
    assert [finding.code for finding in form.findings] == ["form_key_missing"]


@pytest.mark.parametrize(
    "part",
    [
        {"conditional": {"hide": "=a ="}},
        {"valuesExpression": "=[1,"},
        {"readonly": "=("},
        {"validate": {"min": "=1 2"}},
        {"label": "Halo {{nama +}}"},
        {"description": "{{#if a}}x"},
        {"appearance": {"prefixAdorner": "={"}},
    ],
)
def test_an_expression_that_cannot_be_read_is_refused(part):
    found = refusal(components({"type": "select", "id": "f", "key": "a", **part}))
    assert found == [("form_expression", "f")]


def test_a_pattern_that_is_no_regular_expression_is_refused():
    broken = {"type": "textfield", "id": "f", "key": "a", "validate": {"pattern": "("}}
    assert refusal(components(broken)) == [("form_pattern", "f")]


def test_a_property_of_the_wrong_kind_is_refused():
    wrong = {"type": "select", "id": "f", "key": "a", "values": "x", "validate": [], "label": 5}
    assert {code for code, _ in refusal(components(wrong))} == {"form_property"}


def test_an_equals_sign_alone_is_no_expression():
    form = forms.read(
        json.dumps(components({"type": "textfield", "key": "a", "conditional": {"hide": "="}})).encode()
    )
    assert forms.check(form, {}, {"a": "x"}) == {"a": "x"}


def test_a_form_that_is_too_deep_or_too_large_is_refused():
    deep = {"type": "textfield", "key": "a"}
    for _ in range(30):
        deep = {"type": "group", "components": [deep]}
    assert ("form_large", None) in refusal(components(deep))
    many = components(*({"type": "group", "components": [{"type": "spacer"}] * 3} for _ in range(500)))
    assert ("form_large", None) in refusal(many)


@pytest.mark.parametrize(
    ("schema", "file", "id_"),
    [({"id": "f"}, "x/y.form", "f"), ({}, "x/y.form", "y"), ({"id": ""}, "y.form", "y"), ({}, "", "form")],
)
def test_a_form_without_an_id_takes_the_name_of_its_file(schema, file, id_):
    assert forms.read(json.dumps({**components(), **schema}).encode(), file).id == id_


def test_only_a_form_that_shows_what_is_typed_is_dynamic(form):
    name = {"type": "textfield", "key": "nama"}
    assert not form(name, {"type": "text", "text": "Untuk {{pemohon}}"}).dynamic
    assert form(name, {"type": "text", "text": "Halo {{nama}}"}).dynamic
    assert form(name, {"type": "number", "key": "n", "conditional": {"hide": '=nama = ""'}}).dynamic
    assert form(name, {"type": "expression", "key": "n", "expression": "=string length(nama)"}).dynamic


def test_the_projects_own_forms_are_read_without_a_warning():
    paths = sorted((Path(__file__).parents[2] / "forms").rglob("*.form"))
    assert paths
    assert [path.name for path in paths if forms.read(path.read_bytes(), path.name).findings] == []
