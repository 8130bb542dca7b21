"""Rules of an SOP's table: one beginning, times that can be read, documents that are handed on."""

import re
from collections import defaultdict
from collections.abc import Iterator
from textwrap import shorten

from service.diagram.model import Element, Process
from service.diagram.rules.elements import GATEWAYS
from service.diagram.rules.finding import warning
from service.diagram.sop import Row, rows
from service.errors import Finding

UNIT = r"(?:hari\s+kerja|hari|jam|menit|minggu|bulan|tahun)"
NUMBER = r"\d{1,5}(?:[.,]\d{1,2})?(?:\s*\([^()]{1,40}\))?"
UNTIL = r"(?:-|–|—|s\.?/?d\.?|sampai(?:\s+dengan)?|hingga)"
ABOUT = r"(?:±|\+/-|≤|<|maks(?:imal|imum)?\.?|paling\s+lama|paling\s+lambat|kurang\s+lebih|sekitar)"
TIME = re.compile(
    rf"(?:{ABOUT}\s*)?{NUMBER}(?:\s*{UNTIL}\s*{NUMBER})?\s*{UNIT}(?:\s*(?:,|dan)?\s*{NUMBER}\s*{UNIT}){{0,2}}\.?"
    r"|(?:di|me(?:ny)?)?sesuai(?:kan)?\b.{0,100}",
    re.IGNORECASE,
)
"""`15 menit`, `1 jam 30 menit`, `2 (dua) hari kerja`, `3 - 5 hari`, `Disesuaikan`, `Sesuai jadwal`."""
LONGEST, LONGEST_CELL = 150, 2000
"""Letters of a time that can be one, and of documents that are compared."""
BLANK = frozenset(("", "-", "–", "—"))
PASSED = GATEWAYS - {"eventBasedGateway"} | {"intermediateThrowEvent", "startEvent", "endEvent"}
"""What hands nothing on itself: the row before is looked for behind it."""
FARTHEST = 200
"""Elements that are looked at between two rows."""
MOST_WORDS = 100
"""Different words of a text that are compared by their parts too."""
WORD = re.compile(r"[^\W\d_]{3,}")
EMPTY = frozenset(
    ("dan", "yang", "atau", "dari", "untuk", "dengan", "oleh", "pada", "serta", "beserta", "kepada")
)


def is_sop(process: Process) -> bool:
    """Whether the diagram is an SOP's: it has something of the identity block."""
    return any(name.startswith("sop.") for name in process.properties)


def many_beginnings(process: Process) -> Iterator[Finding]:
    """An SOP has one beginning: its table has one first row."""
    starts = [e for e in process.elements.values() if e.type == "startEvent" and e.parent == process.id]
    if is_sop(process):
        for start in starts[1:]:
            yield warning("many_beginnings", start, first=starts[0].name or starts[0].id)


def blank_time(process: Process) -> Iterator[Finding]:
    """A row's time is blank only where it waits for somebody outside, and no clock runs."""
    table = _Table(process)
    for at, time in table.times():
        if time in BLANK and not table.before(at.id)[1]:
            yield warning("blank_time", at)


def bad_time(process: Process) -> Iterator[Finding]:
    """A time is a number with a unit, or says that it depends."""
    for at, time in _Table(process).times():
        if time not in BLANK and (len(time) > LONGEST or not TIME.fullmatch(time)):
            yield warning("bad_time", at, text=shorten(time, 60))


def unasked_output(process: Process) -> Iterator[Finding]:
    """What a row asks for has something of what the row before puts out."""
    table = _Table(process)
    for key, row in table.rows.items():
        found, foreign = table.before(key)
        before = [table.rows[one] for one in found]
        given = {word for one in before for word in _words(one.output)}
        asked = _words(row.kelengkapan)
        if given and asked and not foreign and not _meet(asked, given):
            yield warning("unasked_output", process.elements[key], **_told(process, row, before[0]))


def _told(process: Process, row: Row, before: Row) -> dict[str, str]:
    return {
        "asked": shorten(row.kelengkapan, 80),
        "output": shorten(before.output, 80),
        "before": process.elements[before.element].name or before.element,
    }


class _Table:
    """The rows of an SOP by their elements; of a diagram that is none there are no rows."""

    def __init__(self, process: Process) -> None:
        self.process = process
        self.rows = {row.element: row for row in rows(process)} if is_sop(process) else {}
        self.ends: dict[str, list[Element]] = defaultdict(list)
        for element in process.elements.values():
            if element.type == "endEvent":
                self.ends[element.parent].append(element)

    def times(self) -> Iterator[tuple[Element, str]]:
        """The rows that say a time, if only a blank one; of the others `no_time` tells."""
        for key, row in self.rows.items():
            at = self.process.elements[key]
            if "sop.waktu" in at.properties:
                yield at, " ".join(row.waktu.split())

    def before(self, key: str) -> tuple[list[str], bool]:
        """The rows that come just before one, and whether anything else may bring it something."""
        found: list[str] = []
        seen: set[str] = set()
        ahead = _sources(self.process, self.process.elements[key])
        foreign = False
        while ahead and len(seen) < FARTHEST:
            one = ahead.pop()
            if one.id in seen:
                continue
            seen.add(one.id)
            if one.id in self.rows:
                found.append(one.id)
            elif one.type in PASSED and (one.type != "startEvent" or not one.events):
                ahead += _sources(self.process, one)[:FARTHEST]
            elif one.type == "subProcess":
                ahead += self.ends[one.id][:FARTHEST]
            else:
                foreign = True
        return found, foreign or bool(ahead)


def _sources(process: Process, element: Element) -> list[Element]:
    """What stands before an element; before the start of a sub-process, what stands before that."""
    host = process.elements.get(element.parent)
    if element.type == "startEvent" and host and not host.triggered_by_event:
        return _sources(process, host)
    sources = (process.flows[flow].source for flow in element.incoming)
    return [process.elements[source] for source in sources if source in process.elements]


def _words(text: str) -> set[str]:
    """The words that mean something, without the ending -nya."""
    return {word.removesuffix("nya") for word in WORD.findall(text[:LONGEST_CELL].lower())} - EMPTY


def _meet(some: set[str], others: set[str]) -> bool:
    """Whether two texts have a word in common; of very long ones, whether they have the very same."""
    if len(some) > MOST_WORDS or len(others) > MOST_WORDS:
        return not some.isdisjoint(others)
    return any(_alike(one, other) for one in some for other in others)


def _alike(one: str, other: str) -> bool:
    """Whether two words are one, or one holds the other: `koreksi` and `terkoreksi`."""
    return one == other or (min(len(one), len(other)) > 3 and (one in other or other in one))
