"""When a timer is due: ISO 8601 dates, durations and repeating cycles, literal or by expression."""

import re
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import Any

from SpiffWorkflow.task import Task

from service import config, feel
from service.diagram.model import Element
from service.engine import scripting
from service.engine.scope import Case
from service.errors import ExecutionFailed, ExpressionError
from service.values import YearsMonths

LITERAL = re.compile(r"(R\d*/([^/]+/)?P[\dYMDTHSW.]+|P[\dYMDTHSW.]+|\d{4}-\d\d-\d\dT.+|\d{4}-\d\d-\d\d)$")
DAY = re.compile(r"\d{4}-\d\d-\d\d")
CYCLE = re.compile(r"R(\d*)/(?:([^/]+)/)?(P[^/]+)$")


@dataclass(frozen=True)
class Due:
    """The next moment, and for a cycle how often it comes again (None: without end) and in which rhythm.

    `every` is `<moment>/<duration>`: the cycle is counted from that moment, so that it does not
    drift, and the end of January is followed by the end of February and of March.
    """

    at: datetime
    left: int | None = 0
    every: str = ""


def due(case: Case, token: Task, kind: str, text: str) -> Due:
    """The first moment of a timer whose definition is FEEL or ISO 8601 text."""
    value = text if LITERAL.match(text) else scripting.evaluate(case, token, text)
    if value is None:
        lacking = scripting.lacking(case, token, text)
        raise token.task_spec.failed("engine.timer", value="null", lacking=lacking)
    return _first(token.task_spec.element, kind, value, case.now)


def scheduled(element: Element, now: datetime) -> Due:
    """The first moment of a start event's timer; its expression sees no variables: there is no case yet."""
    event = next(event for event in element.events if event.kind == "timer")
    value: Any = (event.expression or "").strip()
    try:
        if not LITERAL.match(value):
            value = feel.evaluate(feel.translate(value), {}).value
    except ExpressionError as error:
        raise _unreadable(element, value) from error
    return _first(element, event.timer or "", value, now)


def again(case: Case, token: Task, last: Due) -> Due | None:
    """The next moment of a cycle after now; None at its end."""
    return following(token.task_spec.element, last, case.now)


def following(element: Element, last: Due, now: datetime) -> Due | None:
    """The next moment of a cycle that is still to come; None at its end.

    What was missed while nothing ran is not made up for, and counts as having been, as in Camunda 7.
    """
    if not last.every or last.left == 0:
        return None
    anchor, _, length = last.every.rpartition("/")
    rhythm = _Rhythm(datetime.fromisoformat(anchor) if anchor else last.at, length, element)
    number = rhythm.number_after(max(now, last.at))
    left = last.left and last.left - (number - rhythm.number_after(max(last.at, rhythm.first)) + 1)
    if left is not None and left < 0:
        return None
    return Due(rhythm.moment(number), left, last.every if anchor else rhythm.text)


class _Rhythm:
    """The moments of a cycle: the first one, and each a multiple of its length later."""

    def __init__(self, first: datetime, text: str, element: Element) -> None:
        self.first, self._element = first, element
        self.text = f"{first.isoformat()}/{text}"
        self._length = feel.evaluate("duration(text)", {"text": text}).value
        if not isinstance(self._length, timedelta | YearsMonths) or self.moment(1) <= first:
            raise _unreadable(element, text)

    def moment(self, number: int) -> datetime:
        """The moment with this number; the first has 0."""
        length = self._length
        many = YearsMonths(length.months * number) if isinstance(length, YearsMonths) else length * number
        return _after(self.first, many, self._element)

    def number_after(self, moment: datetime) -> int:
        """The number of the first one after this moment."""
        if isinstance(self._length, YearsMonths):
            months = (moment.year - self.first.year) * 12 + moment.month - self.first.month
            number = months // self._length.months
        else:
            number = (moment - self.first) // self._length
        number = max(0, number - 1)
        while self.moment(number) <= moment:
            number += 1
        return number


def _first(element: Element, kind: str, value: Any, now: datetime) -> Due:
    if kind == "cycle" and isinstance(value, str) and (cycle := CYCLE.match(value)):
        return _first_round(element, cycle, now)
    if kind == "duration":
        return Due(_after(now, value, element))
    if kind == "date" and (at := _moment(value)):
        return Due(at)
    raise _unreadable(element, value)


def _first_round(element: Element, cycle: re.Match[str], now: datetime) -> Due:
    """A cycle without a moment of its own begins now, and comes for the first time after its length."""
    begin = _moment(cycle[2]) if cycle[2] else now
    if begin is None or cycle[1].strip("0") == "" != cycle[1]:
        raise _unreadable(element, cycle[0])
    rhythm = _Rhythm(begin, cycle[3], element)
    earliest = 0 if cycle[2] else 1
    number = max(earliest, rhythm.number_after(now - timedelta(microseconds=1)))
    last = earliest + int(cycle[1]) - 1 if cycle[1] else None
    if last is not None:
        number = min(number, last)
    return Due(rhythm.moment(number), None if last is None else last - number, rhythm.text)


def _after(start: datetime, length: Any, element: Element) -> datetime:
    """FEEL's own calendar adds months, in the office's zone; the sum is a moment."""
    duration = "duration(length)" if isinstance(length, str) else "length"
    if isinstance(length, str | timedelta | YearsMonths):
        there = {"start": start.astimezone(config.zone()), "length": length}
        try:
            moment = feel.evaluate(f"start + {duration}", there).value
        except ExpressionError as error:  # beyond the calendar
            raise _unreadable(element, length) from error
        if isinstance(moment, datetime):
            return moment.astimezone(UTC)
    raise _unreadable(element, length)


def _moment(value: Any) -> datetime | None:
    """A day begins at midnight in the office's zone."""
    try:
        moment = _parsed(value) if isinstance(value, str) else value
        if isinstance(moment, date) and not isinstance(moment, datetime):
            moment = datetime.combine(moment, time(), config.zone())
        return moment.astimezone(UTC) if isinstance(moment, datetime) and moment.tzinfo else None
    except (ValueError, OverflowError):
        return None


def _parsed(text: str) -> date:
    return date.fromisoformat(text) if DAY.fullmatch(text) else datetime.fromisoformat(text)


def _unreadable(element: Element, value: Any) -> ExecutionFailed:
    return ExecutionFailed(
        "engine.timer",
        element=element.id,
        name=element.name or "",
        value="null" if value is None else str(value),
    )
