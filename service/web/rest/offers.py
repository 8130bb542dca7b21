"""What repairs would do about findings, for programs that are told of them."""

import time
from collections.abc import Mapping, Sequence

from service.diagram.repair import Repair, repair
from service.errors import Finding, Message, Refused
from service.operations import resources

SECONDS = 1.5
"""When no further diagram is tried to be repaired: clients wait five seconds for all of it."""
MOST = 200
"""Errors of a diagram that is tried: with more, it is better drawn anew."""

Offers = Mapping[tuple[str, str, str | None], Message]
"""What a repair would do, by the file, the finding's code and its element."""


def offers(contents: Mapping[str, bytes], findings: Sequence[Finding]) -> Offers:
    """What repairs would do about these findings, in diagrams that can be read, as far as time allows."""
    until = time.monotonic() + SECONDS
    errors = [one.file for one in findings if one.severity == "error"]
    found: dict[tuple[str, str, str | None], Message] = {}
    for name in dict.fromkeys(errors):
        readable = name.lower().endswith(resources.DIAGRAMS) and name in contents
        if readable and errors.count(name) <= MOST and time.monotonic() < until:
            found |= {(name, one.finding, one.element): one.message for one in _repairs(contents[name], name)}
    return found


def _repairs(content: bytes, file: str) -> Sequence[Repair]:
    try:
        return repair(content, file).repairs
    except Refused:
        return ()
