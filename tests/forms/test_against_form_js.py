"""The server says about a submission what form-js, drawn in a page, says about it."""

import json
from copy import deepcopy
from datetime import date

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from service import forms
from service.errors import InvalidSubmission, Refused
from service.forms.places import unspell


def verdict(form, data, typed):
    """The places that the server complains about, and the values where it has no complaint."""
    nested = {}
    for place, value in typed.items():
        nest(nested, unspell(place), value)
    try:
        return set(), plain({**data, **forms.check(form, data, nested)})
    except InvalidSubmission as error:
        return set(error.fields), None


def nest(node, path, value):
    """Put a value at its place, with empty rows before its own."""
    part, *rest = path
    if isinstance(part, int):
        node.extend({} for _ in range(part + 1 - len(node)))
    if not rest:
        node[part] = value
    elif isinstance(part, int):
        nest(node[part], rest, value)
    else:
        nest(node.setdefault(part, [] if isinstance(rest[0], int) else {}), rest, value)


def plain(value):
    if isinstance(value, dict):
        return {key: plain(item) for key, item in value.items()}
    if isinstance(value, list):
        return [plain(item) for item in value]
    return value.isoformat() if isinstance(value, date) else value


def agree(oracle, schema, data, typed):
    form = forms.read(json.dumps(schema).encode(), "form.form")
    answer = oracle.ask(schema, data, typed)
    assert "refused" not in answer, answer
    seen = {place: value for place, value in typed.items() if place not in answer["unplaced"]}
    errors, values = verdict(form, deepcopy(data), seen)
    assert errors == set(answer["errors"])
    if not errors:
        locked = {component.name[-1] for component in form.walk() if component.get("readonly")}
        assert within(answer["values"], values, locked) == []
        assert values.keys() <= answer["values"].keys() | data.keys() | {"l"}


def within(theirs, ours, locked, place=""):
    """Where what form-js writes is not what the server writes.

    But for read-only values, which the server leaves as they are and form-js makes fit their field.
    Of a row or an object the server also keeps what is hidden.
    """
    if isinstance(theirs, dict) and isinstance(ours, dict):
        pairs = [(key, item, ours.get(key, "missing")) for key, item in theirs.items() if key not in locked]
    elif isinstance(theirs, list) and isinstance(ours, list) and len(theirs) <= len(ours):
        pairs = [(index, item or {}, ours[index]) for index, item in enumerate(theirs) if item != ours[index]]
    else:
        return [] if theirs == ours else [(place, theirs, ours)]
    return [found for key, one, two in pairs for found in within(one, two, locked, f"{place}.{key}")]


def test_the_forms_of_others_are_refused_by_name_or_empty_judged_as_form_js_does(oracle, corpus):
    accepted = 0
    for name, content in corpus.items():
        answer = oracle.ask(json.loads(content), {}, {})
        try:
            form = forms.read(content, name)
        except Refused as refused:
            assert all(finding.element for finding in refused.findings), name
            continue
        accepted += 1
        assert set(answer["errors"]) == verdict(form, {}, {})[0], name
    assert accepted


def field(kind, key, **properties):
    return {"type": kind, "key": key, "id": f"id_{key}", **properties}


def text(key, **properties):
    return field("textfield", key, **{"validate": {"required": True}, **properties})


def rows(path, *components, **properties):
    return {"type": "dynamiclist", "path": path, "id": f"id_{path}", "components": components, **properties}


HIDES = {
    "a condition on what is missing": "=tidak_ada",
    "a negated one": "=not(tidak_ada)",
    "a comparison with what is missing": "=tidak_ada > 5",
    "one that is always true": "=true",
    "one that gives a text": '="x"',
    "an if": "=if n = 1 then true else null",
}


@pytest.mark.parametrize(
    ("components", "data", "typed"),
    [
        *[([text("a", conditional={"hide": hide})], {"n": 2}, {}) for hide in HIDES.values()],
        ([text("a", validate={"minLength": "=n", "maxLength": "=tidak_ada"})], {"n": 3}, {"a": "ab"}),
        ([field("select", "a", valuesExpression="=d")], {"d": ["x"], "a": "y"}, {}),
        ([field("select", "a", valuesKey="d")], {"d": ["x"], "a": "x"}, {}),
        ([field("taglist", "a", valuesExpression="=d[item > 1]")], {"d": [1, 2]}, {"a": [2]}),
        ([field("expression", "e", expression="=n + 1", computeOn="change")], {"n": 1}, {}),
        (
            [
                field("number", "x"),
                field("expression", "y", expression="=x + 1", computeOn="presubmit"),
                text("z", conditional={"hide": "=y = 3"}),
            ],
            {},
            {"x": 2, "z": "ada"},
        ),
        (
            [
                field("expression", "x", expression="=n + 1", computeOn="presubmit"),
                field("expression", "n", expression="=x", computeOn="presubmit", validate={"min": 5}),
            ],
            {"n": 1, "x": 4},
            {},
        ),
        ([rows("l", text("a"), defaultRepetitions=2)], {}, {"l[1].a": "x"}),
        ([rows("l", text("a"), defaultRepetitions=0)], {}, {}),
        ([rows("l", text("a", conditional={"hide": "=i[1] = 1"}))], {"l": [{}, {}]}, {}),
        ([rows("l", rows("m", text("a", conditional={"hide": "=parent.x"})))], {"l": [{"x": True}, {}]}, {}),
        ([rows("l", {"type": "group", "id": "g", "path": "g", "components": [text("a")]})], {"l": [{}]}, {}),
        ([{**rows("l", text("a")), "isRepeating": False}], {}, {}),
        ([{"type": "group", "id": "g", "components": [text("a.b"), text("a.c")]}], {"a": {"c": "x"}}, {}),
        ([text("a", readonly="=kunci", defaultValue="")], {"kunci": True}, {}),
        ([text("a", disabled=True)], {}, {}),
        ([field("filepicker", "f", validate={"required": True})], {}, {}),
        ([field("datetime", "t", subtype="time", validate={"required": True})], {}, {}),
        ([field("number", "n", serializeToString=True)], {"n": 1.5}, {}),
    ],
)
def test_form_js_says_the_same(oracle, components, data, typed):
    agree(oracle, {"type": "default", "components": components}, data, typed)


WORDS = st.text("ab1 -", max_size=4)
DAYS = st.dates(date(2000, 1, 1), date(2030, 1, 1)).map(date.isoformat)
NUMBERS = st.integers(-20, 20) | st.sampled_from([0.5, 1.25, -2.75])
CHOICES = ["satu", "dua", 3, "tiga puluh"]
ANSWERS = {
    "textfield": WORDS,
    "textarea": WORDS,
    "number": st.none() | NUMBERS,
    "checkbox": st.booleans(),
    "radio": st.none() | st.sampled_from(CHOICES),
    "select": st.none() | st.sampled_from(CHOICES),
    "checklist": st.lists(st.sampled_from(CHOICES), unique=True),
    "taglist": st.lists(st.sampled_from(CHOICES), unique=True),
    "datetime": st.none() | DAYS,
}
ANYTHING = st.none() | st.booleans() | NUMBERS | WORDS | DAYS | st.lists(st.sampled_from(CHOICES), max_size=3)
RULES = {
    "textfield": {
        "minLength": st.integers(0, 3) | st.just("=batas"),
        "maxLength": st.integers(0, 3),
        "pattern": st.sampled_from(["^a", "[0-9]$", "b"]),
        "validationType": st.sampled_from(["email", "phone"]),
    },
    "number": {"min": NUMBERS | st.just("=batas"), "max": NUMBERS},
}


@st.composite
def conditions(draw, earlier):
    """FEEL over the fields that stand before."""
    name = draw(st.sampled_from(earlier))
    literal = draw(st.sampled_from(['"satu"', "3", "true", "null", '"a"']))
    return draw(
        st.sampled_from(
            [f"={name} = {literal}", f"={name}", f"=not({name})", f'={name} in (3, "a")', f"={name} != null"]
        )
    )


@st.composite
def fields(draw, key, earlier):
    """One component under a key, with its rules."""
    kind = draw(st.sampled_from(sorted(ANSWERS)))
    rules = {"required": st.booleans(), **RULES.get(kind, {})}
    field = {"type": kind, "key": key, "id": f"id_{key}", "label": key}
    field["validate"] = draw(st.fixed_dictionaries({}, optional=rules))
    if kind in ("radio", "select", "checklist", "taglist"):
        field["values"] = [{"label": str(choice), "value": choice} for choice in CHOICES]
    if kind == "datetime":
        field["subtype"] = "date"
    if kind == "number":
        field |= draw(
            st.fixed_dictionaries(
                {}, optional={"decimalDigits": st.integers(0, 2), "increment": st.just("0.5")}
            )
        )
    if draw(st.booleans()):
        field["defaultValue"] = draw(ANSWERS[kind].filter(lambda value: value is not None))
    if earlier and draw(st.booleans()):
        field["conditional"] = {"hide": draw(conditions(earlier))}
    if draw(st.integers(0, 5)) == 0:
        field["readonly"] = draw(conditions(earlier)) if earlier and draw(st.booleans()) else True
    if draw(st.integers(0, 7)) == 0:
        field["disabled"] = True
    return field


def asked(top):
    """The fields that conditions may ask about: a date is a date on the server, a text in form-js."""
    return [field["key"] for field in top if field["type"] != "datetime"]


def known(field):
    """What a case may have: anything, but a read-only choice stays where form-js would drop it.

    To JavaScript a blank text is the number 0; here it is none.
    """
    if field.get("readonly"):
        return ANSWERS[field["type"]]
    return ANYTHING.filter(lambda value: value == "" or not isinstance(value, str) or value.strip())


@st.composite
def submissions(draw):
    """A form, the case's values, and what a person fills in."""
    keys = [f"k{number}" for number in range(draw(st.integers(1, 6)))]
    top = []
    for key in keys:
        top.append(draw(fields(key, asked(top))))
    typed = {
        field["key"]: draw(ANSWERS[field["type"]])
        for field in top
        if draw(st.booleans()) and not field.get("readonly") and not field.get("disabled")
    }
    data = {field["key"]: draw(known(field)) for field in top if draw(st.integers(0, 2)) == 0}
    data["batas"] = draw(st.sampled_from([1, 2, None]))
    components = list(top)
    if draw(st.booleans()):
        group = {"type": "group", "id": "g", "path": draw(st.sampled_from(["", "g"])), "components": []}
        group["components"] = [draw(fields("g1", asked(top))), draw(fields("g2", asked(top)))]
        if draw(st.booleans()):
            group["conditional"] = {"hide": draw(conditions(asked(top) or ["batas"]))}
        components.append(group)
    if draw(st.booleans()):
        row = [draw(fields("r1", ["this.r0", *asked(top)])), draw(fields("r2", ["parent.k0", "i[1]"]))]
        components.append({"type": "dynamiclist", "id": "l", "path": "l", "components": row})
        if draw(st.booleans()):
            data["l"] = [
                {field["key"]: draw(known(field)) for field in row} for _ in range(draw(st.integers(0, 3)))
            ]
    return {"type": "default", "components": components}, data, typed


@settings(max_examples=100, deadline=None, suppress_health_check=list(HealthCheck))
@given(submissions())
def test_generated_forms_are_judged_as_form_js_does(oracle, submission):
    agree(oracle, *submission)
