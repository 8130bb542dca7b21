"""What a position (jabatan) is called among programs; needs no database."""

import re
import unicodedata

from service.errors import InvalidInput


def position_id(office: str, lane_name: str) -> str:
    """The candidate group of a lane: `kemenag` and `Kasubbag TU` give `kemenag.kasubbag-tu`.

    InvalidInput for a name without a letter or a digit.
    """
    name = _slug(lane_name)
    if not name:
        raise InvalidInput("identity.position_name", name=lane_name)
    return f"{_slug(office)}.{name}" if _slug(office) else name


def _slug(name: str) -> str:
    """Small letters and digits of any script, accents folded, everything between them one dash."""
    plain = "".join(c for c in unicodedata.normalize("NFKD", name) if not unicodedata.combining(c))
    return re.sub(r"[\W_]+", "-", plain.casefold()).strip("-")
