"""The JavaScript engine that FEEL runs in: with limits, without access to anything, one for each caller."""

import json
from functools import cache
from pathlib import Path
from typing import Any

# the package `quickjs` around it starts a thread when it is imported
from _quickjs import Context, JSException

from service import config
from service.errors import ExpressionError, Message
from service.feel import zones
from service.values import LARGEST_INTEGER

MEMORY_LIMIT = 64 * 1024 * 1024
"""Bytes, for one engine."""
TIME_LIMIT = 2.0
"""Seconds of the process's CPU time, other threads' included, for one call."""
READING_LIMIT = 1.0
"""Seconds to read an expression, which takes a thousandth: a mistake can send the parser astray."""
READING = ("names", "testNames", "templateNames")
LONGEST_QUOTE = 60
"""Characters of an expression that an error repeats."""

HARMLESS = ("syntax", "value", "pattern")
"""The mistakes after which an engine is used again.

One that met a limit may have lost some of its memory for good, and feelers says of whatever happens
inside a template that it failed, too little memory among it.
"""

_CORE = Path(__file__).parent / "core.js"
_free: list["Engine"] = []
"""The engines that nobody uses now; the one used last is taken first, for it has kept what it made."""


class Engine:
    """A JavaScript context with FEEL in it, and the zones it has been told of."""

    def __init__(self) -> None:
        context = Context()
        context.set_memory_limit(MEMORY_LIMIT)
        context.eval(_core())
        context.set_time_limit(TIME_LIMIT)
        self._context = context
        self._call = context.get("call")
        self._zones: set[str] = set()
        self._be_in(config.zone().key)

    def call(self, request: str, seconds: float) -> Any:
        """The answer to one request, both as JSON; JSException when a limit is reached."""
        self._context.set_time_limit(seconds)
        for name in zones.named_in(request) - self._zones:
            self._learn(name)
        return json.loads(self._call(request), parse_int=_whole)

    def _learn(self, name: str) -> None:
        since, offsets = zones.table(name)
        self._call(json.dumps({"operation": "zone", "id": name, "since": since, "offsets": offsets}))
        self._zones.add(name)

    def _be_in(self, name: str) -> None:
        self._learn(name)
        self._call(json.dumps({"operation": "office", "id": name}))


def call(operation: str, **parameters: Any) -> dict[str, Any]:
    """What an operation of build/entry.js answers; ExpressionError when it cannot, within the limits."""
    request = json.dumps({"operation": operation, **parameters}, ensure_ascii=False, allow_nan=False)
    engine, seconds = _taken(), READING_LIMIT if operation in READING else TIME_LIMIT
    try:
        answer: dict[str, Any] = engine.call(request, seconds)
    except JSException as error:
        raise ExpressionError("feel.limit", seconds=f"{seconds:g}") from error
    mistake = answer.get("error")
    if mistake is None or mistake["kind"] in HARMLESS:
        _free.append(engine)
    if mistake:
        raise _error(mistake)
    return answer


def _taken() -> Engine:
    """An engine that is nobody else's until it is put back among the free ones."""
    try:
        return _free.pop()
    except IndexError:
        return Engine()


def _error(mistake: dict[str, Any]) -> ExpressionError:
    match mistake:
        case {"kind": "syntax", "near": near, "position": position}:
            return ExpressionError("feel.syntax", text=near[:LONGEST_QUOTE], position=position + 1)
        case {"kind": "value", "what": what}:
            return ExpressionError("feel.value", what=Message(f"feel.kind.{what}"))
        case {"kind": "pattern"}:
            return ExpressionError("feel.pattern")
        case {"kind": "limit"}:
            return ExpressionError("feel.limit", seconds=f"{TIME_LIMIT:g}")
    return ExpressionError("feel.failed", what=mistake["what"])


@cache
def _core() -> str:
    return _CORE.read_text(encoding="ascii")


def _whole(digits: str) -> int | float:
    """Whole numbers that a double need not hold exactly stay doubles."""
    number = int(digits)
    return number if abs(number) <= LARGEST_INTEGER else float(digits)
