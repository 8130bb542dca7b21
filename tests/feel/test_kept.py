"""What an expression or a template became is kept: it says the same the second time, and no more is kept."""

from datetime import date

from service.feel import evaluate, matches, render, runtime, unary
from tests.feel import test_conformance as conformance
from tests.feel.test_conformance import CASE

ALL = (
    *conformance.NUMBERS,
    *conformance.TEXTS,
    *conformance.LISTS,
    *conformance.CONTEXTS,
    *conformance.TIMES,
)
OTHERS = [{}, {"keputusan": "lain", "jumlah": None, "pegawai": [], "tmt": date(2020, 2, 29)}]


def test_expressions_say_the_same_again_with_the_same_warnings():
    runtime._free.clear()
    for expression, _ in ALL:
        first = evaluate(expression, CASE)
        for other in OTHERS:
            evaluate(expression, CASE | other)
        assert repr(evaluate(expression, CASE)) == repr(first), expression


def test_warnings_are_those_of_this_time():
    assert evaluate("a + 1", {"a": "x"}).warnings
    assert evaluate("a + 1", {"a": 1}) == (2, ())
    assert [unary("> 3", value, {}) for value in (4, 3, 4)] == [True, False, True]


def test_a_template_is_filled_in_anew_each_time():
    template = "{{nama}} {{#if lama > 2}}lama{{/if}}"
    cases = [("Ani", 3), ("Budi", 1), ("Ani", 3)]
    said = [render(template, {"nama": name, "lama": days}) for name, days in cases]
    assert said == ["Ani lama", "Budi ", "Ani lama"]
    # the same template, other names: `a-b` is one name where there is a variable of that name
    contexts = [{"a": 5, "b": 2}, {"a": 5, "b": 2, "a-b": 7}, {"a": 5, "b": 2}]
    assert [render("{{a-b}}", context) for context in contexts] == ["3", "7", "3"]


def test_a_loop_reads_each_elements_own_names():
    template = "{{#loop daftar}}{{a-b}};{{/loop}}"
    for rows, said in (
        ([{"a": 5, "b": 2}], "3;"),
        ([{"a-b": 7}], "7;"),
        ([{"a": 5, "b": 2}, {"a-b": 7}], "3;7;"),
    ):
        assert render(template, {"daftar": rows}) == said


def test_many_expressions_stay_within_the_engines_memory():
    runtime._free.clear()
    evaluate("1", {})
    [engine] = runtime._free
    for number in range(300):
        assert evaluate(f"{'[' * 30}{number}{']' * 30} != null", {}).value is True
    assert runtime._free == [engine]  # no limit was met
    assert matches("a", "a")
