"""Eighteen ways to break out of FEEL or to wear it out: each is stopped, and the next expression works."""

from zoneinfo import available_timezones

import pytest

from service.errors import ExpressionError
from service.feel import evaluate, matches, render, runtime, zones

A_REGULAR_EXPRESSION_THAT_EXPLODES = "^(a+)+$"
ITS_TEXT = "a" * 40 + "!"


def doubled(first, step):
    """A context that grows to 2³⁰ times its first entry."""
    entries = [f"x0: {first}", *(f"x{n + 1}: {step.replace('x', f'x{n}')}" for n in range(30))]
    return f"{{{', '.join(entries)}}}.x30"


WEARING = {
    "a long loop": "for i in 1..1000000000 return i",
    "loops in loops": "count(for i in 1..3000, j in 1..3000, k in 1..3000 return i + j + k)",
    "an exploding pattern": f'matches("{ITS_TEXT}", "{A_REGULAR_EXPRESSION_THAT_EXPLODES}")',
    "a list that doubles": f"count({doubled('[1, 2, 3]', 'concatenate(x, x)')})",
    "a text that doubles": f"string length({doubled(chr(34) + 'abc' + chr(34), 'x + x')})",
    "a text of a hundred million": 'string join(for i in 1..100000000 return "xx")',
    "a text that replaces itself": "replace(" * 12 + '"aaaa"' + ', "a", "aaaaaaaaaaaa")' * 12,
    "a function that calls itself": "{f: function(f, n) f(f, n + 1) + f(f, n + 1), x: f(f, 0)}.x",
    "brackets": "(" * 20_000 + "1" + ")" * 20_000,
    "lists in lists": "[" * 20_000 + "]" * 20_000,
    "a megabyte": "1 + " * 262_144 + "1",
}
PRYING = {
    "a prototype": ("a.__proto__", [None]),
    "a constructor": ("a.constructor", [None]),
    "a way to Function": ('a.constructor.constructor("return 1")()', [None]),
    "a prototype that is put": (
        'context put({}, "__proto__", {polluted: 1})',
        [{"__proto__": {"polluted": 1}}, {}],
    ),
    "a prototype that is merged": ("context merge([{a: 1}, b])", [{"a": 1, "__proto__": {"polluted": 1}}]),
    "Python's import": ('__import__("os")', [None]),
    "an import": ("import os", [None]),
}


@pytest.fixture(autouse=True)
def half_a_second(monkeypatch):
    """Less patience than in earnest, in a new engine, and a new one after it."""
    monkeypatch.setattr(runtime, "TIME_LIMIT", 0.5)
    fresh_engine()
    yield
    fresh_engine()


def fresh_engine():
    runtime._free.clear()


def assert_works():
    assert evaluate("1 + 1", {}).value == 2
    assert evaluate("a.polluted", {"a": {"b": 1}}).value is None
    assert evaluate('get value(a, "polluted")', {"a": {}}).value is None
    assert evaluate("for x in [{}] return x", {}).value == [{}]


@pytest.mark.parametrize("attack", WEARING.values(), ids=WEARING)
def test_what_wears_the_engine_out_is_stopped(attack):
    with pytest.raises(ExpressionError) as caught:
        evaluate(attack, {})
    assert caught.value.message.key in ("feel.limit", "feel.long", "feel.syntax")
    assert_works()


@pytest.mark.parametrize(("attack", "harmless"), PRYING.values(), ids=PRYING)
def test_what_pries_finds_nothing(attack, harmless):
    context = {"a": {"x": 1}, "b": {"__proto__": {"polluted": 1}}}
    assert evaluate(attack, context).value in harmless
    assert_works()


@pytest.mark.parametrize("name", ["eval", "Function", "globalThis", "call", "Date", "Intl", "this", "alur"])
def test_no_name_of_the_engine_is_a_variable(name):
    assert evaluate(name, {}).value is None
    assert evaluate(f'{name}("1")', {}).value is None


def test_data_cannot_change_what_the_next_expression_sees():
    evil = {
        "toString": 1,
        "hasOwnProperty": 2,
        "__proto__": {"polluted": 1},
        "constructor": {"prototype": {}},
    }
    assert evaluate("x", {"x": evil}).value == evil
    assert render("{{x.toString}}{{#loop l}}{{this.constructor}}{{/loop}}", {"x": evil, "l": [{}]}) == "1"
    assert_works()


def test_an_exploding_pattern_of_a_form_is_stopped():
    with pytest.raises(ExpressionError) as caught:
        matches(A_REGULAR_EXPRESSION_THAT_EXPLODES, ITS_TEXT)
    assert caught.value.message.key == "feel.limit"
    assert matches("^a+!$", ITS_TEXT)


def test_a_template_that_wears_the_engine_out_is_stopped():
    with pytest.raises(ExpressionError):
        render("{{#loop 1..1000000000}}x{{/loop}}", {})
    with pytest.raises(ExpressionError):
        render("{{for i in 1..1000000000 return i}}", {})
    assert render("{{1 + 1}}", {}) == "2"


def test_a_text_with_every_zone_in_it_does_not_hold_python_up(monkeypatch):
    made = []
    monkeypatch.setattr(zones, "table", lambda name: made.append(name) or ([0], [0]))
    assert (
        evaluate("contains(teks, sep)", {"teks": " ".join(available_timezones()), "sep": "/"}).value is True
    )
    assert 0 < len(made) < 20


def test_large_data_does_not_hold_the_engine_up():
    text = "x" * 5_000_000
    assert evaluate("string length(teks)", {"teks": text}).value == len(text)
    with pytest.raises(ExpressionError):
        evaluate("teks + teks", {"teks": "é" * 20_000_000})
    assert_works()


def test_an_engine_that_met_a_limit_is_replaced():
    assert evaluate("1", {}).value == 1
    [before] = runtime._free
    with pytest.raises(ExpressionError):
        evaluate(WEARING["a list that doubles"], {})
    assert evaluate("1", {}).value == 1
    assert before not in runtime._free
