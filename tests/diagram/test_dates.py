"""Days are read in the ways in which offices write them."""

from datetime import date

import pytest
from babel.dates import format_date
from hypothesis import given
from hypothesis import strategies as st

from service.diagram import sop
from service.diagram.dates import day
from service.diagram.read import read
from tests.engine.drawing import xml

days = st.dates(date(1900, 1, 1), date(2999, 12, 31))


@given(
    days, st.sampled_from(["d MMMM y", "dd MMMM y", "EEEE, d MMMM y", "dd-MM-y", "d/M/y", "d.M.y", "y-MM-dd"])
)
def test_what_is_written_is_read_in_both_languages(one: date, pattern: str) -> None:
    for language in ("id_ID", "en_GB"):
        written = format_date(one, pattern, locale=language)
        assert day(written) == day(written.upper()) == day(f"  {written} ") == one


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("8 Desember 2020", date(2020, 12, 8)),
        ("08-12-2020", date(2020, 12, 8)),
        ("02 Januari 2023", date(2023, 1, 2)),
        ("17 Agt. 2024", date(2024, 8, 17)),
        ("5 Nopember 2021", date(2021, 11, 5)),
        ("Jum'at, 3 Pebruari 2023", date(2023, 2, 3)),
        ("8\nDesember\t2020", date(2020, 12, 8)),
        ("29 Februari 2024", date(2024, 2, 29)),
    ],
)
def test_the_usual_ways_are_known(text: str, said: date) -> None:
    assert day(text) == said


@pytest.mark.parametrize(
    "text",
    ["", "-", "segera", "Desember 2020", "29 Februari 2023", "32-01-2020", "8 12 2020", "08-12-20",
     "2020/12/08", "12 Foobar 2020", "8 Desember 2020 s.d. 9 Desember 2020", "0000-01-01", "8 Desember 0000",
     "01-01-0001", "31-12-9999", "Senin,", "8 Desember 2020 Senin,", 60 * "8 Desember 2020 "],
)  # fmt: skip
def test_anything_else_is_no_day(text: str) -> None:
    assert day(text) is None


@pytest.mark.parametrize("flood", ["x", "day", "1", " ", "1 ", "senin, ", "- "])
def test_a_flood_is_no_day_and_costs_next_to_nothing(flood: str) -> None:
    assert day(flood * 1_000_000) is None


@given(st.text(max_size=40))
def test_no_text_is_too_strange(text: str) -> None:
    assert day(text) is None or day(text)


def test_the_facts_of_a_revision_are_what_the_diagram_says_in_its_words() -> None:
    said = {
        "nomor": "000.8.3.3/15/OR",
        "tanggal_revisi": "08-07-2020",
        "disahkan_oleh": "Kepala Biro",
        "disahkan_oleh.nama": "Budi",
    }
    listed = "".join(f'<camunda:property name="sop.{name}" value="{text}"/>' for name, text in said.items())
    block = (
        f"<bpmn:extensionElements><camunda:properties>{listed}</camunda:properties></bpmn:extensionElements>"
    )
    content = xml("start -> end").replace(b'isExecutable="true">', f'isExecutable="true">{block}'.encode())
    [process] = read(content).processes.values()
    assert sop.facts(process) == sop.Facts("000.8.3.3/15/OR", "", "08-07-2020", "", "Kepala Biro, Budi")
