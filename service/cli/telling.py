"""How the command line says things: sentences in the configured language, findings with their place."""

from typing import Any

from service import config
from service.errors import Finding
from service.language import say


def said(key: str, /, **params: Any) -> str:
    """The sentence in the configured language."""
    return say(key, config.language(), **params)


def finding(one: Finding, file: str = "") -> str:
    """In two lines, as compilers tell it: the place and what is wrong, then the remedy."""
    told = as_json(one)
    place = ":".join(str(part) for part in (file or one.file, one.line) if part)
    return f"{place}: {said(f'cli.{one.severity}')}: {told['message']}\n    {told['remedy']}"


def as_json(one: Finding) -> dict[str, Any]:
    """In plain JSON types, for other programs."""
    language = config.language()
    return {
        "code": one.code,
        "severity": one.severity,
        "element": one.element,
        "name": one.name,
        "line": one.line,
        "message": say(one.message, language),
        "remedy": say(one.remedy, language),
    }
