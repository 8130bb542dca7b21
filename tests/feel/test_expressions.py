"""What FEEL answers: a table of expressions, its warnings, and its mistakes."""

from datetime import UTC, date, datetime, time, timedelta, timezone
from zoneinfo import ZoneInfo

import pytest

from service.config import zone
from service.errors import ExpressionError, InvalidInput
from service.feel import evaluate, matches, parse, unary
from service.feel.expressions import LONGEST_TEXT
from service.feel.juel import RESERVED
from service.language import LANGUAGES, say
from service.values import YearsMonths

WIB = timezone(timedelta(hours=7))
LOCAL = datetime.fromisoformat("2026-01-01T10:00:00")
STAFF = [
    {"nama": "Ani", "golongan": 3, "aktif": True},
    {"nama": "Budi", "golongan": 4, "aktif": False},
    {"nama": "Cici", "golongan": 3, "aktif": True},
]
CASE = {
    "jumlah": 1500000,
    "keputusan": "setuju",
    "pegawai": STAFF,
    "kosong": None,
    "lengkap": True,
    "tmt": date(2026, 3, 1),
    "diterima": datetime(2026, 1, 5, 8, 30, tzinfo=WIB),
    "jumlah total": 7,
    "nomor-surat": "B-12",
    "alamat": {"kota": "Painan", "kode pos": "25611"},
}

NUMBERS = [
    ("1 + 2 * 3", 7),
    ("(1 + 2) * 3", 9),
    ("-jumlah", -1500000),
    ("2 ** 10", 1024),
    ("7 / 2", 3.5),
    ("7 / 0", None),
    ("10 - 2 - 3", 5),
    ("modulo(-12, 5)", 3),
    ("abs(-3)", 3),
    ("floor(1.5)", 1),
    ("ceiling(1.2)", 2),
    ("decimal(1 / 3, 2)", 0.33),
    ("round half up(2.5, 0)", 3),
    ("odd(3) and even(4)", True),
    ("jumlah total + 1", 8),
    ("jumlah > 1000000", True),
    ("jumlah between 1 and 10", False),
    ("jumlah in [1000000..2000000]", True),
    ("5 in (1, 3, 5)", True),
    ("5 in (> 3)", True),
    ("1 = 1.0", True),
    ('number("1.500,25", ".", ",")', 1500.25),
]
TEXTS = [
    ('keputusan = "setuju"', True),
    ('keputusan != "setuju"', False),
    ('"a" + "b"', "ab"),
    ('upper case("abc")', "ABC"),
    ('lower case("ABC")', "abc"),
    ('substring("Kementerian", 1, 4)', "Keme"),
    ('substring before("a-b", "-")', "a"),
    ('substring after("a-b", "-")', "b"),
    ('contains("Painan", "nan")', True),
    ('starts with("Painan", "Pai")', True),
    ('ends with("Painan", "nan")', True),
    ('string length("😀é")', 2),
    ('replace("12-34", "[0-9]", "x")', "xx-xx"),
    ('matches("III/d", "^[IV]+/[a-e]$")', True),
    ('split("a;b;c", ";")', ["a", "b", "c"]),
    ('string join(["a", null, "b"], ", ")', "a, b"),
    ("string(1 + 1)", "2"),
    ("string(true)", "true"),
    ("nomor-surat", "B-12"),
    ('keputusan in ("setuju", "tidak")', True),
    (r'"baris\nbaru \"kutip\" \\"', 'baris\nbaru "kutip" \\'),
]
TRUTHS = [
    ("lengkap and true", True),
    ("lengkap and kosong", None),
    ("false and kosong", False),
    ("true or kosong", True),
    ("false or kosong", None),
    ("not(lengkap)", False),
    ("not(kosong)", None),
    ("kosong = null", True),
    ('kosong != "a"', True),
    ("kosong > 1", None),
    ('if jumlah > 10 then "besar" else "kecil"', "besar"),
    ('if kosong then "ya" else "tidak"', "tidak"),
    ("jumlah instance of number", True),
    ("tmt instance of date", True),
    ("pegawai instance of list", True),
    ("alamat instance of context", True),
]
LISTS = [
    ("count(pegawai)", 3),
    ("pegawai[1].nama", "Ani"),
    ("pegawai[-1].nama", "Cici"),
    ("pegawai[9]", None),
    ("pegawai[golongan = 3].nama", ["Ani", "Cici"]),
    ("pegawai[aktif = false][1].nama", "Budi"),
    ("pegawai.golongan", [3, 4, 3]),
    ("sum(pegawai.golongan)", 10),
    ("min(3, 1, 2)", 1),
    ("max([3, 1, 2])", 3),
    ("mean([1, 2, 3])", 2),
    ("median([1, 5, 3])", 3),
    ("distinct values([1, 2, 1])", [1, 2]),
    ("list contains([1, 2], 2)", True),
    ("index of([1, 2, 1], 1)", [1, 3]),
    ("append([1], 2)", [1, 2]),
    ("concatenate([1], [2, 3])", [1, 2, 3]),
    ("flatten([[1], [2, [3]]])", [1, 2, 3]),
    ("reverse([1, 2])", [2, 1]),
    ("sort([3, 1, 2], function(a, b) a < b)", [1, 2, 3]),
    ("for p in pegawai return p.nama", ["Ani", "Budi", "Cici"]),
    ("for i in 1..3, j in [10, 20] return i + j", [11, 21, 12, 22, 13, 23]),
    ("some p in pegawai satisfies p.golongan > 3", True),
    ("every p in pegawai satisfies p.golongan > 3", False),
    ("[1, 2, 3, 4][item > 2]", [3, 4]),
    ("all([true, true])", True),
    ("any([false, true])", True),
]
CONTEXTS = [
    ("alamat.kota", "Painan"),
    ("alamat.kode pos", "25611"),
    ("alamat.tak ada", None),
    ("kosong.kota", None),
    ("{a: 1, b: a + 1}.b", 2),
    ('get value(alamat, "kode pos")', "25611"),
    ("get entries({a: 1})", [{"key": "a", "value": 1}]),
    ('context put({a: 1}, "b", 2)', {"a": 1, "b": 2}),
    ("{tambah: function(a, b) a + b, c: tambah(1, 2)}.c", 3),
    ("context merge([{a: 1}, {b: 2}])", {"a": 1, "b": 2}),
]
TIMES = [
    ('date("2026-01-31") + duration("P1M")', date(2026, 2, 28)),
    ('date("2024-02-29") + duration("P1Y")', date(2025, 2, 28)),
    ('date("2026-02-30")', None),
    ("date(2026, 1, 2)", date(2026, 1, 2)),
    ("tmt.year", 2026),
    ('tmt > date("2026-01-01")', True),
    ('tmt - date("2026-02-01")', timedelta(days=28)),
    ("day of week(tmt)", "Sunday"),
    ("date(diterima)", date(2026, 1, 5)),
    ("time(diterima)", time(8, 30, tzinfo=WIB)),
    ('diterima + duration("P3DT2H")', datetime(2026, 1, 8, 10, 30, tzinfo=WIB)),
    ('duration("PT90M")', timedelta(minutes=90)),
    ('duration("P1Y2M")', YearsMonths(14)),
    ('duration("P1D") = duration("PT24H")', True),
    ('duration("P200D") = duration("P201D")', False),
    ('years and months duration(date("2025-01-01"), tmt)', YearsMonths(14)),
    ('time("10:15:00")', time(10, 15)),
    ('@"2026-01-01"', date(2026, 1, 1)),
    ('date and time("2026-01-01T10:00:00@Asia/Makassar")', datetime(2026, 1, 1, 2, tzinfo=UTC)),
    (
        'date and time("2026-03-28T10:00:00@Europe/Paris") + duration("P1D")',
        datetime(2026, 3, 29, 8, tzinfo=UTC),
    ),
    ('diterima = date and time("2026-01-05T01:30:00Z")', True),
    ('diterima - date and time("2026-01-05T01:30:00Z")', timedelta(0)),
    ('now() = now() and now() - now() = duration("PT0S")', True),
]


@pytest.mark.parametrize(
    ("expression", "expected"),
    [*NUMBERS, *TEXTS, *TRUTHS, *LISTS, *CONTEXTS, *TIMES],
    ids=lambda case: str(case),
)
def test_an_expression_has_its_value_the_first_time_and_again(expression, expected):
    for _ in range(2):
        value = evaluate(expression, CASE).value
        assert value == expected
        assert isinstance(value, bool) == isinstance(expected, bool)


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
