"""Where FEEL is asked for trouble: kinds that do not compare, misspelt names, mistakes, odd variables."""

from datetime import UTC, date, datetime, timedelta, timezone
from zoneinfo import ZoneInfo

import pytest

from service.config import zone
from service.errors import ExpressionError, InvalidInput
from service.feel import evaluate, matches, parse, unary
from service.feel.expressions import LONGEST_TEXT
from service.feel.juel import RESERVED
from service.language import LANGUAGES, say

WIB = timezone(timedelta(hours=7))
LOCAL = datetime.fromisoformat("2026-01-01T10:00:00")


@pytest.mark.parametrize(
    ("expression", "context"),
    [
        ('"5" > 3', {}),
        ('"5" < 3', {}),
        ('tgl > date("2026-01-01")', {"tgl": "2026-05-01"}),
        ('"5" in [1..9]', {}),
        ("x between 1 and 9", {"x": "5"}),
        ("5 > true", {}),
        ("5 > [1, 2]", {}),
        ('1 in [1.."z"]', {}),
        ("lokal < now()", {"lokal": LOCAL}),
        ("lokal - now()", {"lokal": LOCAL}),
    ],
)
def test_values_of_different_kinds_have_no_order(expression, context):
    assert evaluate(expression, context).value is None


def test_numbers_are_doubles_so_cents_are_rounded_by_the_author():
    assert evaluate("0.1 + 0.2 = 0.3", {}).value is False
    assert evaluate("decimal(0.1 + 0.2, 2) = 0.3", {}).value is True
    assert evaluate("9007199254740991 + 0", {}).value == 9007199254740991
    with pytest.raises(InvalidInput):
        evaluate("x", {"x": 2**53 + 1})


def test_a_misspelt_variable_is_null_with_a_warning():
    result = evaluate("setujuu = true", {"setuju": True})
    assert result.value is False
    assert result.warnings == ("NO_VARIABLE_FOUND: Variable 'setujuu' not found",)


def test_a_comparison_without_an_answer_warns():
    assert "NOT_COMPARABLE" in evaluate('"5" > 3', {}).warnings[0]


def test_warnings_are_few_even_for_long_lists():
    assert len(evaluate("for i in 1..1000 return tak", {}).warnings) == 1


def test_today_is_the_offices_day():
    before = datetime.now(zone()).date()
    assert before <= evaluate("today()", {}).value <= datetime.now(zone()).date()
    moment = evaluate("now()", {}).value
    assert moment.utcoffset() == datetime.now(zone()).utcoffset()
    assert abs(moment - datetime.now(UTC)) < timedelta(minutes=5)


@pytest.mark.parametrize("name", ["Asia/Jakarta", "Europe/Paris", "America/Sao_Paulo", "Africa/Casablanca"])
@pytest.mark.parametrize(
    "wall", ["1950-06-01T00:00:00", "2026-03-29T01:59:00", "2026-03-29T03:01:00", "2040-12-01T12:00:00"]
)
def test_a_zone_has_the_offset_that_python_knows(name, wall):
    value = evaluate(f'date and time("{wall}@{name}")', {}).value
    assert value == datetime.fromisoformat(wall).replace(tzinfo=ZoneInfo(name)).astimezone(UTC)


@pytest.mark.parametrize(
    ("expression", "position", "text"),
    [("1 +", 4, ""), ("", 1, ""), ("a ) b", 3, ")"), ('"a', 1, '"'), ("if a then", 10, "")],
)
def test_a_syntax_error_names_its_place(expression, position, text):
    for read in (parse, lambda text: evaluate(text, {})):
        with pytest.raises(ExpressionError) as caught:
            read(expression)
        assert caught.value.message.key == "feel.syntax"
        assert caught.value.message.params["position"] == position
        assert caught.value.message.params["text"] == text


@pytest.mark.parametrize(
    "expression", ["[1..3]", "function(x) x", "count", "{a: [1..2]}", 'date("9999-12-31") + @"P1D"']
)
def test_what_only_lives_in_an_expression_is_no_result(expression):
    with pytest.raises(ExpressionError) as caught:
        evaluate(expression, {})
    assert caught.value.message.key == "feel.value"
    assert all(say(caught.value.message, language) for language in LANGUAGES)


@pytest.mark.parametrize(
    ("expression", "names"),
    [
        ("a + b.c + d[1]", {"a", "b", "d"}),
        ("count(pegawai) > batas", {"pegawai", "batas"}),
        ("pegawai[golongan = cari]", {"pegawai"}),
        ("pegawai[nomor]", {"pegawai", "nomor"}),
        ("for p in pegawai, k in p.anak return p.nama + k + akhir", {"pegawai", "akhir"}),
        ("some p in pegawai satisfies p.umur > batas", {"pegawai", "batas"}),
        ("{a: 1, b: a + luar}", {"luar"}),
        ("(function(x) x + luar)(dalam)", {"luar", "dalam"}),
        ('date("2026-01-01") > tgl and x instance of number', {"tgl", "x"}),
        ("hitung(a: nilai)", {"hitung", "nilai"}),
        ("jumlah total > 1", {"jumlah total"}),
        ('"tetap"', set()),
    ],
)
def test_the_variables_that_an_expression_reads_are_known_before_it_runs(expression, names):
    assert parse(expression) == names


@pytest.mark.parametrize(
    ("test", "value", "context", "passes"),
    [
        ("-", None, {}, True),
        ("5", 5, {}, True),
        ("> 3", 5, {}, True),
        ("> 3", "5", {}, False),
        ("[1..batas]", 5, {"batas": 9}, True),
        ('"a", "b"', "b", {}, True),
        ('not("a", "b")', "b", {}, False),
        ('starts with(?, "A")', "Ani", {}, True),
        ("null", None, {}, True),
        ("true", False, {"$": 1}, False),
        ("< tmt", date(2026, 1, 1), {"tmt": date(2026, 2, 1)}, True),
    ],
)
def test_a_unary_test_passes_or_not(test, value, context, passes):
    assert unary(test, value, context) is passes


@pytest.mark.parametrize("word", sorted(RESERVED))
def test_no_variable_takes_the_place_of_a_word_of_feel(word):
    assert evaluate("[true, false, null]", {word: 1}).value == [True, False, None]
    assert evaluate("if a = true and not(false) then 1 else 2", {word: 7, "a": True}).value == 1
    assert evaluate("daftar[a = true]", {"daftar": [{"a": True, word: 1}]}).value == [{"a": True, word: 1}]


def test_a_variable_named_like_a_function_does_not_hide_it():
    case = {"date": date(2026, 3, 1), "count": 2, "not": 1}
    assert evaluate('date > date("2026-01-01") and count = count([1, 2]) and not(false)', case).value is True


def test_the_same_text_is_read_anew_when_its_names_change():
    assert evaluate("a-b", {"a": 5, "b": 3}).value == 2
    assert evaluate("a-b", {"a": 5, "b": 3, "a-b": 9}).value == 9
    assert evaluate("a-b", {"a": 5, "b": 3}).value == 2


@pytest.mark.parametrize(
    ("pattern", "text", "found"),
    [
        ("^[0-9]{18}$", "1" * 18, True),
        ("^[0-9]{18}$", "1" * 17, False),
        ("b", "abc", True),
        ("^B", "b", False),
        ("", "", True),
        (r"^\p{L}$", "p{L}", True),
    ],
)
def test_a_pattern_is_javascripts(pattern, text, found):
    assert matches(pattern, text) is found


def test_a_pattern_that_is_none_is_said_so():
    with pytest.raises(ExpressionError) as caught:
        matches("(", "x")
    assert caught.value.message.key == "feel.pattern"


@pytest.mark.parametrize("text", ["a" * (LONGEST_TEXT + 1), "\ud800", "\x00"])
def test_a_text_that_is_no_expression_is_refused(text):
    with pytest.raises((ExpressionError, InvalidInput)):
        evaluate(text, {})
