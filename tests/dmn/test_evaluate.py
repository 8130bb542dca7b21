"""Decisions in Camunda Modeler's files give what their tables say, and tell which rules said so."""

from datetime import date
from typing import Any

import pytest

from service import dmn, feel
from service.dmn import Decided
from service.errors import DecisionFailed
from service.feel import runtime
from service.language import say
from tests.dmn.asking import decided, of_file, refusal
from tests.dmn.drawing import Column, file, literal, table

START = date(2026, 1, 1)


def hits(found: Decided) -> list[int]:
    return [hit.number for hit in found.hits]


@pytest.mark.parametrize(
    ("name", "context", "rows", "rules"),
    [
        (
            "unique",
            {"lama": 3, "golongan": "II", "mulai": START},
            [{"penyetuju": "atasan", "batas": date(2026, 1, 4)}],
            [1],
        ),
        ("unique", {"lama": 20}, [{"penyetuju": "sekjen", "batas": date(2026, 12, 31)}], [4]),
        ("unique", {"golongan": "II"}, [], []),
        ("any", {"masa": 0, "hukuman": True}, [{"berhak": False}], [1]),
        ("any", {"masa": 2, "hukuman": False}, [{"berhak": True}], [3]),
        ("any_contradicting", {"n": 1.5}, [{"x": 1}], [1]),
        ("first", {"kota": "Jakarta", "hari": 5}, [{"uang": 530000}], [1]),
        ("first", {"kota": "Jakarta", "hari": 2}, [{"uang": 502000}], [2]),
        ("first", {"kota": "Bogor", "hari": 2}, [{"uang": 370000}], [3]),
        ("first", {"kota": "Bogor", "hari": 0}, [{"uang": 0}], []),
        ("priority", {"nilai": 5, "lokasi": "luar"}, [{"risiko": "rendah", "periksa": 0}], [1]),
        ("priority", {"nilai": 500, "lokasi": "luar"}, [{"risiko": "sedang", "periksa": 2}], [3]),
        ("priority", {"nilai": 5000, "lokasi": "luar"}, [{"risiko": "tinggi", "periksa": 1}], [4]),
        ("output_order", {"nilai": 1}, [{"pemeriksa": "staf", "urut": 1}], [1]),
    ],
)
def test_a_table_gives_what_its_hit_policy_says(
    name: str, context: dict[str, Any], rows: list[dict[str, Any]], rules: list[int]
) -> None:
    found = of_file(name, **context)
    assert list(found.rows) == rows
    assert hits(found) == rules


@pytest.mark.parametrize(
    ("name", "context", "value", "rules"),
    [
        (
            "rule_order",
            {"jenis": "dinas", "luar": True},
            ["surat tugas", "undangan", "paspor", "izin setneg"],
            [1, 2, 3, 4],
        ),
        ("rule_order", {"jenis": "lain", "luar": False}, ["surat tugas"], [1]),
        (
            "output_order",
            {"nilai": 1000},
            [
                {"pemeriksa": "irjen", "urut": 3},
                {"pemeriksa": "kepala", "urut": 2},
                {"pemeriksa": "kepala", "urut": 4},
                {"pemeriksa": "staf", "urut": 1},
            ],
            [3, 2, 4, 1],
        ),
        (
            "collect",
            {"golongan": "III", "hadir": 15},
            [{"nama": "pajak", "persen": 5}, {"nama": "absen", "persen": 2.5}],
            [1, 2],
        ),
        ("collect", {"golongan": "I", "hadir": 30}, [], []),
    ],
)
def test_several_rules_give_a_list(
    name: str, context: dict[str, Any], value: list[Any], rules: list[int]
) -> None:
    found = of_file(name, **context)
    assert found.value == value
    assert hits(found) == rules
    assert len(found.rows) == len(value)


@pytest.mark.parametrize(
    ("aggregation", "at_four", "at_two", "at_none"),
    [("sum", 47.3, 0.3, None), ("min", 0.1, 0.1, None), ("max", 40, 0.2, None), ("count", 4, 2, 0)],
)
def test_an_aggregation_makes_one_value_of_the_rules(
    aggregation: str, at_four: float, at_two: float, at_none: float | None
) -> None:
    name = f"collect_{aggregation}"
    assert [of_file(name, nilai=n).value for n in (4, 2, 0)] == [at_four, at_two, at_none]
    assert of_file(name, nilai=4).rows == ({"poin": at_four},)


def test_a_default_is_given_when_no_rule_fits() -> None:
    assert of_file("collect_default", telat=4).value == 30
    assert of_file("collect_default", telat=40).rows == ({"denda": 100},)
    counting = table([Column("n")], [Column("x", default="7")], [(["> 1"], ["1"])], "COLLECT", "COUNT")
    assert [decided(counting, n=n).value for n in (0, 2)] == [7, 1]


def test_a_default_of_one_output_leaves_the_others_empty() -> None:
    drawn = table([Column("n")], [Column("x", default='"-"'), Column("y")], [(["> 1"], ["1", "2"])])
    assert decided(drawn, n=0).rows == ({"x": "-", "y": None},)


def test_two_rules_of_a_unique_table_are_an_error_and_not_a_guess() -> None:
    drawn = table([Column("n")], [Column("x")], [(["> 1"], ["1"]), (["> 2"], ["1"])])
    assert decided(drawn, n=2).value == 1
    assert refusal(drawn, n=3) == "dmn.several_hits"


def test_different_results_of_an_any_table_are_an_error_and_not_a_guess() -> None:
    with pytest.raises(DecisionFailed) as failed:
        of_file("any_contradicting", n=3)
    assert failed.value.message.key == "dmn.different_hits"
    assert "1, 2" in say(failed.value.message, "en")


def test_required_decisions_come_first_and_each_once() -> None:
    found = of_file("drd", "biaya", negara="Indonesia", hari=3)
    assert found.value == 1111000
    assert [step.key for step in found.steps] == ["wilayah", "tarif", "biaya"]
    assert [[hit.annotation for hit in step.hits] for step in found.steps] == [[None], ["Dalam negeri"], []]
    assert found.steps[1].inputs == {"Wilayah": "dalam"}
    assert of_file("drd", "biaya", negara="Jepang", hari=2).value == 6000000


def test_what_is_required_is_seen_by_its_id_its_name_and_its_output() -> None:
    source = table([], [Column("keluar")], [([], ["5"])], id_="sumber").replace(
        'name="Tabel"', 'name="Sumber Utama"'
    )
    drawn = literal("[sumber, Sumber Utama, keluar]", requires=["sumber"])
    assert decided(source, drawn, key="nilai", keluar=1).value == [5, 5, 5]


def test_an_output_name_of_two_required_decisions_belongs_to_neither() -> None:
    first = table([], [Column("keluar")], [([], ["5"])], id_="a")
    second = table([], [Column("keluar")], [([], ["6"])], id_="b")
    drawn = literal("[a, b, keluar]", requires=["a", "b"])
    assert decided(first, second, drawn, key="nilai", keluar="kasus").value == [5, 6, "kasus"]


@pytest.mark.parametrize(
    ("key", "value"),
    [
        ("rincian", {"uang harian": 300, "ganda": 600}),
        ("jumlah", 8),
        ("daftar", [3, "lama"]),
        ("tabel", [{"kota": "Bogor", "tarif": 30}, {"kota": "Depok", "tarif": 20}]),
        ("saring", ["BOGOR", "DEPOK"]),
        ("semua", True),
    ],
)
def test_boxed_expressions_are_what_they_say(key: str, value: Any) -> None:
    assert of_file("boxed", key, hari=3).value == value


def test_a_table_of_camunda_with_juel_in_it_is_run() -> None:
    assert of_file("old", "lama", pesanan={"jumlah": 12, "nama": "x"}).value == "khusus"
    assert of_file("old", "lama", pesanan={"jumlah": 12, "nama": "y"}).value == "besar"
    assert of_file("old", "lama", pesanan={"jumlah": 10, "nama": "y"}).value == "pas"


@pytest.mark.parametrize(
    ("aggregation", "outputs"),
    [
        ("SUM", ['"a"', "1"]),
        ("SUM", ["null"]),
        ("SUM", ["true"]),
        ("MIN", ['"a"', "1"]),
        ("MAX", ["null", "1"]),
    ],
)
def test_what_cannot_be_added_or_compared_is_an_error(aggregation: str, outputs: list[str]) -> None:
    rules = [([], [text]) for text in outputs]
    assert refusal(table([], [Column("x")], rules, "COLLECT", aggregation)) == "dmn.aggregation"


def test_dates_have_a_smallest_and_a_largest() -> None:
    rules = [([], [f'date("2026-0{month}-01")']) for month in (3, 1, 2)]
    drawn = [table([], [Column("x")], rules, "COLLECT", aggregation) for aggregation in ("MIN", "MAX")]
    assert [decided(each).value for each in drawn] == [date(2026, 1, 1), date(2026, 3, 1)]


def test_cells_may_use_other_variables_and_the_value_itself() -> None:
    rules = [
        (["> batas"], ['"lebih"']),
        (["cellInput = batas"], ['"sama"']),
        (["? < batas - 1"], ['"kurang"']),
    ]
    drawn = table([Column("n")], [Column("x")], rules, "FIRST")
    assert [decided(drawn, n=n, batas=5).value for n in (6, 5, 3, 4.5)] == ["lebih", "sama", "kurang", None]


def test_two_columns_of_one_label_are_both_told() -> None:
    drawn = table([Column("n"), Column("m")], [Column("x")], [(["-", "-"], ["1"])])
    drawn = drawn.replace("<input ", '<input label="Nilai" ')
    assert decided(drawn, n=1, m=2).steps[0].inputs == {"Nilai": 1, "m": 2}


def test_variables_that_are_missing_are_told() -> None:
    drawn = table([Column("n"), Column("m + 1")], [Column("x")], [(["-", "> batas"], ["hasil"])])
    assert decided(drawn, m=1, batas=1).missing == ("n", "hasil")
    assert decided(drawn, n=1, m=1, batas=1, hasil=1).missing == ()


def test_what_a_test_cannot_tell_does_not_fit() -> None:
    drawn = table([Column("n")], [Column("x")], [(["not(> 5)"], ["1"]), (["> 5"], ["2"])])
    assert decided(drawn, n=None).rows == ()


def test_a_list_of_dates_holds_a_date() -> None:
    drawn = table([Column("n")], [Column("x")], [(["libur"], ["true"]), (["not(libur)"], ["false"])])
    assert [decided(drawn, n=day, libur=[START]).value for day in (START, date(2026, 2, 1))] == [True, False]


def test_a_function_or_a_range_is_no_result() -> None:
    assert refusal(literal("[1..2]"), key="nilai") == "dmn.expression"


def test_a_decision_that_is_not_there_is_an_error() -> None:
    assert refusal(literal("1"), key="lain") == "dmn.no_decision"


def test_a_long_chain_of_decisions_is_evaluated() -> None:
    chain = [
        literal("1", "d0"),
        *(literal(f"d{n - 1} + 1", f"d{n}", requires=[f"d{n - 1}"]) for n in range(1, 300)),
    ]
    assert decided(*chain, key="d299").value == 300


def test_a_table_asks_the_script_engine_no_more_than_twice(monkeypatch: pytest.MonkeyPatch) -> None:
    found = dmn.read(
        file(
            table(
                [Column("a"), Column("b + 1")],
                [Column("x")],
                [(["> 1", "-"], ["b"])] * 1 + [(["<= 1", f"{n}"], ["b"]) for n in range(60)],
            )
        )
    )
    asked: list[str] = []
    call = runtime.call
    monkeypatch.setattr(
        runtime, "call", lambda operation, **more: (asked.append(operation), call(operation, **more))[1]
    )
    assert dmn.evaluate(found, "tabel", {"a": 0, "b": 4}).value == 4
    assert asked == ["values", "rules"]


def test_many_expressions_see_the_functions_beside_them() -> None:
    functions = [("f", "function(x) x * 2"), ("g h", "function(x) f(x) + 1")]
    assert feel.evaluate_all(["f(a)", "g h(a)"], {"a": 2}, functions).value == [4, 5]
