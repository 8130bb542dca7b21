"""When a timer is due: ISO 8601 dates, durations and repeating cycles, literal or by expression."""

import re
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import Any

from SpiffWorkflow.task import Task

from service import config, feel
from service.engine import scripting
from service.engine.scope import Case
from service.errors import ExecutionFailed, ExpressionError
from service.values import YearsMonths

LITERAL = re.compile(r"(R\d*/)?(P[\dYMDTHSW.]+|\d{4}-\d\d-\d\dT.+|\d{4}-\d\d-\d\d)$")
DAY = re.compile(r"\d{4}-\d\d-\d\d")
CYCLE = re.compile(r"R(\d*)/(P.+)$")


@dataclass(frozen=True)
class Due:
    """The next moment, and for a cycle how often it comes again (None: without end) and after how long."""

    at: datetime
    left: int | None = 0
    every: str = ""


def due(case: Case, token: Task, kind: str, text: str) -> Due:
    """The first moment of a timer whose definition is FEEL or ISO 8601 text."""
    value = text if LITERAL.match(text) else scripting.evaluate(case, token, text)
    if kind == "cycle" and isinstance(value, str) and (cycle := CYCLE.match(value)):
        left = int(cycle[1]) - 1 if cycle[1] else None
        first = _after(case.now, cycle[2], token)
        if left == -1 or first <= case.now:  # never, or without a pause
            raise _unreadable(token, value)
        return Due(first, left, cycle[2])
    if kind == "duration":
        return Due(_after(case.now, value, token))
    if kind == "date" and (at := _moment(value)):
        return Due(at)
    raise _unreadable(token, value)


def again(case: Case, token: Task, last: Due) -> Due | None:
    """The next moment of a cycle, counted from the last one so that it does not drift; None at its end."""
    if not last.every or last.left == 0:
        return None
    return Due(_after(last.at, last.every, token), last.left and last.left - 1, last.every)


def _after(start: datetime, length: Any, token: Task) -> datetime:
    """FEEL's own calendar adds months; the sum of a moment and a duration is a moment."""
    duration = "duration(length)" if isinstance(length, str) else "length"
    if isinstance(length, str | timedelta | YearsMonths):
        try:
            moment = feel.evaluate(f"start + {duration}", {"start": start, "length": length}).value
        except ExpressionError as error:  # beyond the calendar
            raise _unreadable(token, length) from error
        if isinstance(moment, datetime):
            return moment.astimezone(UTC)
    raise _unreadable(token, length)


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


def _unreadable(token: Task, value: Any) -> ExecutionFailed:
    element = token.task_spec.element
    return ExecutionFailed(
        "engine.timer",
        element=element.id,
        name=element.name or "",
        value="null" if value is None else str(value),
    )
