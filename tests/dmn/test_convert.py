"""Values become what columns, results and input data ask for, or nothing comes out at all."""

from datetime import date, datetime, time, timedelta
from typing import Any

import pytest

from service.values import YearsMonths
from tests.dmn.asking import decided, refusal
from tests.dmn.drawing import Column, literal, table

MOMENT = datetime.fromisoformat("2026-01-31T10:00:00")


@pytest.mark.parametrize(
    ("type_", "value", "converted"),
    [
        ("number", "5", 5),
        ("integer", 5.0, 5),
        ("long", "7", 7),
        ("double", 5, 5.0),
        ("string", 5, "5"),
        ("string", True, "true"),
        ("boolean", "false", False),
        ("date", "2026-01-31", date(2026, 1, 31)),
        ("date", "2026-01-31T10:00:00", MOMENT),
        ("dateTime", "2026-01-31T10:00:00", MOMENT),
        ("date and time", "2026-01-31T10:00:00", MOMENT),
        ("time", "10:30:00", time(10, 30)),
        ("dayTimeDuration", "P1DT2H", timedelta(days=1, hours=2)),
        ("yearMonthDuration", "P1Y2M", YearsMonths(14)),
        ("feel:number", "5", 5),
        ("Any", "5", "5"),
        ("", "5", "5"),
        ("number", None, None),
    ],
)
def test_a_value_becomes_what_its_column_asks_for(type_: str, value: Any, converted: Any) -> None:
    drawn = table([Column("n", type_)], [Column("x", type_)], [(["-"], ["n"])])
    found = decided(drawn, n=value)
    assert found.steps[0].inputs == {"n": converted}
    assert found.value == converted
    assert type(found.value) is type(converted)


@pytest.mark.parametrize(
    ("type_", "value"),
    [
        ("number", "lima"),
        ("number", True),
        ("number", ""),
        ("integer", 1.5),
        ("string", [1]),
        ("string", timedelta(1)),
        ("boolean", "ya"),
        ("boolean", 1),
        ("date", "besok"),
        ("date", 5),
        ("dateTime", date(2026, 1, 1)),
        ("time", "siang"),
        ("dayTimeDuration", "lama"),
    ],
)
def test_a_value_that_is_not_of_its_type_is_an_error(type_: str, value: Any) -> None:
    assert refusal(table([Column("n", type_)], [Column("x")], [(["-"], ["1"])]), n=value) == "dmn.type"
    assert refusal(table([], [Column("x", type_)], [([], ["n"])]), n=value) == "dmn.type"


def test_a_value_outside_those_allowed_is_an_error() -> None:
    drawn = table([Column("n", values='"a","b"')], [Column("x", values="[1..5]")], [(["-"], ["m"])])
    assert decided(drawn, n="a", m=5).value == 5
    assert decided(drawn, n=None, m=None).value is None
    assert refusal(drawn, n="c", m=5) == "dmn.not_allowed"
    assert refusal(drawn, n="a", m=6) == "dmn.not_allowed"


def test_the_types_that_a_file_declares_are_known() -> None:
    declared = (
        '<itemDefinition name="tNilai"><typeRef>number</typeRef></itemDefinition>'
        '<itemDefinition name="tKelas"><typeRef>string</typeRef>'
        "<allowedValues><text>&quot;atas&quot;,&quot;bawah&quot;</text></allowedValues></itemDefinition>"
        '<itemDefinition name="tDaftar" isCollection="true"><typeRef>tNilai</typeRef></itemDefinition>'
    )
    drawn = table(
        [Column("n", "tNilai"), Column("d", "tDaftar")],
        [Column("x", "tKelas")],
        [(["-", "-"], ['"bawah"']), (["> 3", "-"], ['"atas"'])],
        "PRIORITY",
    )
    assert [decided(declared, drawn, n=n, d=[1]).value for n in ("1", "5")] == ["bawah", "atas"]
    assert refusal(declared, drawn, n="x", d=[1]) == "dmn.type"


def test_input_data_has_the_type_that_is_drawn_for_it() -> None:
    data = '<inputData id="d" name="batas"><variable name="batas" typeRef="date"/></inputData>'
    arrow = '<informationRequirement><requiredInput href="#d"/></informationRequirement>'
    drawn = literal('batas > date("2026-01-01")').replace("<literal", f"{arrow}<literal")
    assert decided(data, drawn, key="nilai", batas="2026-02-01").value is True
    assert decided(data, drawn, key="nilai", batas="2025-02-01").value is False
    assert decided(data, drawn, key="nilai").value is None
    assert refusal(data, drawn, key="nilai", batas="besok") == "dmn.type"
    assert decided(data, literal("batas"), key="nilai", batas="besok").value == "besok"


def test_a_literal_expression_gives_the_type_of_its_variable() -> None:
    assert decided(literal('"5"', type_="integer"), key="nilai").value == 5
    assert refusal(literal('"lima"', type_="integer"), key="nilai") == "dmn.type"
