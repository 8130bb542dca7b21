"""Reads the days that an SOP's identity block names, in the ways offices write them."""

import re
from datetime import MAXYEAR, MINYEAR, date

MONTHS = {
    name: number
    for number, names in enumerate(
        (
            ("januari", "january", "jan"),
            ("februari", "pebruari", "february", "feb", "peb"),
            ("maret", "march", "mar"),
            ("april", "apr"),
            ("mei", "may"),
            ("juni", "june", "jun"),
            ("juli", "july", "jul"),
            ("agustus", "august", "agu", "agt", "aug"),
            ("september", "sep", "sept"),
            ("oktober", "october", "okt", "oct"),
            ("november", "nopember", "nov", "nop"),
            ("desember", "december", "des", "dec"),
        ),
        start=1,
    )
    for name in names
}
"""Indonesian names, their older spelling too, English ones, and the short ones."""
WEEKDAY = re.compile(r"(senin|selasa|rabu|kamis|jumat|jum'at|sabtu|minggu|ahad|[a-z]+day)\s*,\s*")
WORDS = re.compile(r"(\d{1,2})[\s.-]+([a-z]+)\.?[\s,.-]+(\d{4})")
NUMBERS = re.compile(r"(\d{1,2})\s*[-/.]\s*(\d{1,2})\s*[-/.]\s*(\d{4})")
ISO = re.compile(r"(\d{4})-(\d{2})-(\d{2})")

LONGEST = 1000
"""Characters that are looked at: no day takes as many, with every blank that somebody may have typed."""


def day(text: str) -> date | None:
    """`8 Desember 2020`, `08-12-2020`, `8/12/2020`, `2020-12-08`; None for anything else.

    Of two numbers the first is the day, as everywhere in Indonesia.
    """
    said = " ".join(text[:LONGEST].lower().split())
    if weekday := WEEKDAY.match(said):
        said = said[weekday.end() :]
    if found := ISO.fullmatch(said):
        return _date(int(found[1]), int(found[2]), int(found[3]))
    if found := NUMBERS.fullmatch(said):
        return _date(int(found[3]), int(found[2]), int(found[1]))
    if (found := WORDS.fullmatch(said)) and (month := MONTHS.get(found[2])):
        return _date(int(found[3]), month, int(found[1]))
    return None


def _date(year: int, month: int, day: int) -> date | None:
    """The calendar's first and last year are left out: in another zone such a day is in none."""
    if not MINYEAR < year < MAXYEAR:
        return None
    try:
        return date(year, month, day)
    except ValueError:
        return None
