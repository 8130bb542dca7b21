"""Dates and times that a form only shows are said in the reader's words."""

from datetime import UTC, date, datetime, time

import pytest

from service import forms
from tests.forms.test_view import drawn

DATA = {"tanggal": date(2026, 1, 5), "jam": time(9, 30), "saat": datetime(2026, 1, 5, 9, tzinfo=UTC)}
TEXT = {"type": "text", "id": "t", "text": "{{tanggal}} | {{jam}} | {{saat}}"}
TABLE = {"type": "table", "id": "b", "dataSource": "=baris", "columns": [{"key": "tanggal", "label": "Hari"}]}


@pytest.mark.parametrize(
    ("language", "said"),
    [
        ("id", "5 Januari 2026 | 09.30 | 5 Januari 2026 16.00"),
        ("en", "5 January 2026 | 09:30 | 5 January 2026 16:00"),
    ],
)
def test_moments_in_texts_and_tables_are_said_in_words(form, language, said):
    page = drawn(forms.view(form(TEXT, TABLE), {**DATA, "baris": [DATA]}, language=language)).text
    assert said in page
    assert page.count(said.split(" |")[0]) == 3
