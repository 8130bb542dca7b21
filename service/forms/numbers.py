"""Numbers as people write them: `1.234,5` in Indonesian, `1,234.5` in English."""

import re
from decimal import Decimal, InvalidOperation
from typing import Any

from service.values import LARGEST_INTEGER

LONGEST = 100
"""The most digits that are looked at."""

MARKS = {"id": (".", ","), "en": (",", ".")}
"""The marks for thousands and for decimals."""

PLAIN = re.compile(r"[+-]?([0-9]+(\.[0-9]*)?|\.[0-9]+)([eE][+-]?[0-9]{1,3})?")


def canonical(text: str, language: str) -> str:
    """A written number with a decimal point and no other marks; the text itself where it is none.

    Whichever mark cannot be one for thousands is taken for the decimals': `12.5` is twelve and a
    half in both languages, `1.500` only in English one and a half.
    """
    thousands, decimals = MARKS[language]
    compact = re.sub(r"[\s\u00a0\u202f_]", "", text).replace("\u2212", "-")
    grouped = rf"[+-]?[1-9][0-9]{{0,2}}(\{thousands}[0-9]{{3}})+(\{decimals}[0-9]*)?"
    if re.fullmatch(grouped, compact):
        compact = compact.replace(thousands, "")
    plain = compact.replace(",", ".")
    return plain if PLAIN.fullmatch(plain) else text


def decimal(value: Any) -> Decimal | None:
    """The exact number behind a number or a plain numeric text; None for anything else."""
    if isinstance(value, bool) or not isinstance(value, int | float | str):
        return None
    if isinstance(value, int) and value.bit_length() > LONGEST * 3:
        return None
    text = str(value).strip()
    if len(text) > LONGEST:
        return None
    if isinstance(value, str) and not PLAIN.fullmatch(text):
        return None
    try:
        number = Decimal(text)
    except InvalidOperation:
        return None
    return number if number.is_finite() else None


def number(exact: Decimal) -> int | float | None:
    """The number as the process keeps it; None where that would change it."""
    if abs(exact) > LARGEST_INTEGER:
        return None
    whole = exact.to_integral_value()
    return int(whole) if whole == exact else float(exact)


def written(value: Any, language: str) -> str:
    """A number as its input shows it: with the language's decimal mark, without thousands."""
    exact = decimal(value)
    if exact is None:
        return "" if value is None else str(value)
    plain = f"{exact.normalize():f}" if exact else "0"
    return plain.replace(".", MARKS[language][1])
