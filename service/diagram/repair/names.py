"""Names that are made of others: of a variable for a gateway, of an id that may be one."""

import re


def variable(key: str) -> str:
    """The variable in which the choice at a gateway stands."""
    return "pilihan_" + re.sub(r"\W", "_", key)


def ncname(text: str, otherwise: str) -> str:
    """An id made of a text: letters, digits, dots and dashes, with a letter first."""
    key = re.sub(r"[^\w.-]+", "_", text).strip("_")
    if not key:
        return otherwise
    return key if re.match(r"[^\W\d]", key) else f"_{key}"
