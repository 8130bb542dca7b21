"""Asks decisions: of the files in tests/decisions, and of those that a test writes itself."""

from pathlib import Path
from typing import Any

import pytest

from service import dmn
from service.dmn import Decided
from service.errors import DecisionFailed
from service.language import LANGUAGES, say
from tests.dmn.drawing import file

DECISIONS = Path(__file__).parent.parent / "decisions"


def of_file(name: str, key: str = "", **context: Any) -> Decided:
    """What a decision of tests/decisions gives; without a key, the one named like the file."""
    xml = (DECISIONS / f"{name}.dmn").read_bytes()
    found, findings = dmn.check(xml, name)
    assert found
    assert findings == ()
    return dmn.evaluate(found, key or name, context)


def decided(*decisions: str, key: str = "tabel", **context: Any) -> Decided:
    """What a decision of these, written as elements, gives."""
    return dmn.evaluate(dmn.read(file(*decisions)), key, context)


def refusal(*decisions: str, **context: Any) -> str:
    """The key of the sentence that says why there is no answer."""
    with pytest.raises(DecisionFailed) as failed:
        decided(*decisions, **context)
    for language in LANGUAGES:
        assert say(failed.value.message, language)
    return failed.value.message.key
