"""Says a Message in the reader's language, from the catalogues in `translations/`."""

import json
from functools import cache
from pathlib import Path
from typing import Any, Literal

from service.errors import Message

Language = Literal["id", "en"]
LANGUAGES: tuple[Language, ...] = ("id", "en")

CATALOGUES = Path(__file__).parent / "translations"


@cache
def catalogue() -> dict[str, dict[str, str]]:
    """Every sentence by key and language; each file holds one area's `{"key": {"id": …, "en": …}}`."""
    sentences: dict[str, dict[str, str]] = {}
    for path in sorted(CATALOGUES.glob("*.json")):
        area = json.loads(path.read_text(encoding="utf-8"))
        if twice := sentences.keys() & area.keys():
            raise ValueError(f"{path.name}: said elsewhere already: {sorted(twice)}")
        sentences.update(area)
    return sentences


def say(message: Message | str, language: str, /, **params: Any) -> str:
    """The sentence behind a Message or a key; an unknown key raises KeyError, for a test to find."""
    if isinstance(message, str):
        message = Message(message, params)
    spoken = {
        name: say(value, language) if isinstance(value, Message) else value
        for name, value in message.params.items()
    }
    return catalogue()[message.key][language].format_map(spoken)
