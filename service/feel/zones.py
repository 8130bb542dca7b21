"""The rules of a time zone as a table, for an engine that knows no zones."""

import re
from datetime import UTC, datetime, timedelta
from functools import cache
from zoneinfo import ZoneInfo, available_timezones

_NAME = re.compile(r"[A-Z]\w*(?:/[A-Za-z0-9_+-]+)+")
_FIRST = datetime(1900, 1, 1, tzinfo=UTC)
_LAST = datetime(2100, 1, 1, tzinfo=UTC)
_STRIDE = timedelta(days=7)
_MOST = 16


def named_in(text: str) -> set[str]:
    """The zones that a text mentions, as in `@Asia/Makassar`.

    At most 16, the first in the alphabet: a table takes 10 ms to make, and there are 600 zones.
    """
    found = set(_NAME.findall(text))
    return set(sorted(found & _available())[:_MOST]) if found else found


@cache
def _available() -> frozenset[str]:
    return frozenset(available_timezones())


@cache
def table(name: str) -> tuple[list[int], list[int]]:
    """From which epoch seconds on a zone has which offset in seconds, 1900 to 2100.

    zoneinfo does not tell its transitions, so they are looked for: week by week, then to the second.
    """
    zone = ZoneInfo(name)
    since, offsets = [0], [_offset(zone, _FIRST)]
    moment = _FIRST
    while moment < _LAST:
        following = moment + _STRIDE
        if _offset(zone, following) != offsets[-1]:
            changed = _change(zone, moment, following)
            since.append(int(changed.timestamp()))
            offsets.append(_offset(zone, changed))
        moment = following
    since[0] = int(_FIRST.timestamp())
    return since, offsets


def _offset(zone: ZoneInfo, moment: datetime) -> int:
    offset = moment.astimezone(zone).utcoffset()
    return int(offset.total_seconds()) if offset else 0


def _change(zone: ZoneInfo, before: datetime, after: datetime) -> datetime:
    """The first second with another offset than `before` has."""
    offset = _offset(zone, before)
    while after - before > timedelta(seconds=1):
        middle = before + timedelta(seconds=(after - before) // timedelta(seconds=2))
        if _offset(zone, middle) == offset:
            before = middle
        else:
            after = middle
    return after
