"""What repairs would do about findings, for programs that are told of them."""

import re
import time
from collections.abc import Mapping, Sequence

from service.diagram.repair import Repair, repair
from service.errors import Finding, Message, Refused
from service.operations import resources

SECONDS = 1.5
"""When no further diagram is tried to be repaired: clients wait five seconds for all of it."""
MOST, MOST_FLOWS = 200, 800
"""Errors and sequence flows of a diagram that is tried; the page of what was sent tries any."""
FLOW = re.compile(rb"<(?:\w+:)?sequenceFlow\b")

Offers = Mapping[tuple[str, str, str | None], Message]
"""What a repair would do, by the file, the finding's code and its element."""


def offers(contents: Mapping[str, bytes], findings: Sequence[Finding]) -> Offers:
    """What repairs would do about these findings, in diagrams that can be read, as far as time allows."""
    until = time.monotonic() + SECONDS
    errors = [one.file for one in findings if one.severity == "error"]
    found: dict[tuple[str, str, str | None], Message] = {}
    for name in dict.fromkeys(errors):
        content = contents.get(name, b"")
        small = errors.count(name) <= MOST and len(FLOW.findall(content)) <= MOST_FLOWS
        if content and small and name.lower().endswith(resources.DIAGRAMS) and time.monotonic() < until:
            found |= {(name, one.finding, one.element): one.message for one in _repairs(content, name)}
    return found


def _repairs(content: bytes, file: str) -> Sequence[Repair]:
    try:
        return repair(content, file).repairs
    except Refused:
        return ()
