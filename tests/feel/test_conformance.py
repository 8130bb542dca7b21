"""A hundred and some expressions and what the FEEL standard makes of them."""

from datetime import UTC, date, datetime, time, timedelta, timezone

import pytest

from service.feel import evaluate
from service.values import YearsMonths

WIB = timezone(timedelta(hours=7))
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
