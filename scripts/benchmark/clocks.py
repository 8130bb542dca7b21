"""Tells each answer's time by parts, in its Server-Timing header; for the benchmark's own server.

Each part is charged what is spent in it and in nothing inside it that is another part. The parts
of a request add up to the time that the application had it.
"""

import threading
import time
from collections.abc import Callable
from functools import wraps
from typing import Any

from sqlalchemy.engine import default
from sqlalchemy.engine.result import ScalarResult
from sqlalchemy.orm import Session, SessionTransaction

from service import forms
from service.feel import runtime
from service.operations import gate, identity, tasks
from service.web import App

PARTS = ("engine", "feel", "sql", "orm", "forms", "operations", "web")
"""`sql` is the driver's: statements, and the commit with its wait for the disk; `orm` SQLAlchemy's own."""

PLACES: tuple[tuple[str, Any, tuple[str, ...]], ...] = (
    ("sql", default.DefaultDialect, ("do_execute", "do_executemany", "do_commit", "do_rollback")),
    ("orm", Session, ("execute", "scalar", "scalars", "get", "get_one", "flush", "close")),
    ("orm", SessionTransaction, ("commit",)),
    ("orm", ScalarResult, ("all", "first", "one", "one_or_none")),
    ("feel", runtime, ("call",)),
    ("forms", forms, ("check",)),
    ("operations", tasks, ("complete", "get", "form")),
    ("operations", identity, ("actor",)),
)
EXECUTION = ("people", "complete", "advance", "freeze", "title")


class Clock(threading.local):
    """What this thread spent on each part, in seconds."""

    def __init__(self) -> None:
        self.inside: list[str] = []
        self.since = 0.0
        self.begin()

    def begin(self) -> None:
        """Everything from here on is another request."""
        self.spent = dict.fromkeys(PARTS, 0.0)

    def enter(self, part: str) -> None:
        """What follows is charged to this part."""
        self.charge()
        self.inside.append(part)

    def leave(self) -> None:
        """What follows is charged to the part around this one."""
        self.charge()
        self.inside.pop()

    def charge(self) -> None:
        """Charges what has passed to the part that it passed in."""
        now = time.perf_counter()
        if self.inside:
            self.spent[self.inside[-1]] += now - self.since
        self.since = now


CLOCK = Clock()


def charged(part: str, function: Callable[..., Any]) -> Callable[..., Any]:
    """The function, its time charged to a part."""

    @wraps(function)
    def run(*arguments: Any, **named: Any) -> Any:
        CLOCK.enter(part)
        try:
            return function(*arguments, **named)
        finally:
            CLOCK.leave()

    return run


def install(put: Callable[[Any, str, Any], None] = setattr) -> None:
    """Sets the clocks in this process; `put` is how a name is given another value."""
    for part, owner, names in PLACES:
        for name in names:
            put(owner, name, charged(part, getattr(owner, name)))
    execution = gate.Execution
    for name in EXECUTION:
        put(execution, name, charged("engine", getattr(execution, name)))
    for name in ("start", "restore"):
        put(execution, name, classmethod(charged("engine", getattr(execution, name).__func__)))
    waits = execution.waits
    put(execution, "waits", charged("engine", lambda self: iter(list(waits(self)))))
    put(App, "wsgi_app", told(App.wsgi_app))


def told(application: Callable[..., Any]) -> Callable[..., Any]:
    """The application, its answers with the time of each part and the thread's CPU time, in ms."""

    def run(app: Any, environ: Any, start_response: Callable[..., Any]) -> Any:
        CLOCK.begin()
        CLOCK.enter("web")
        cpu = time.thread_time()

        def answer(status: str, headers: list[tuple[str, str]], *more: Any) -> Any:
            CLOCK.charge()
            spent = {**CLOCK.spent, "cpu": time.thread_time() - cpu}
            words = (f"{part};dur={seconds * 1000:.4f}" for part, seconds in spent.items())
            return start_response(status, [*headers, ("Server-Timing", ", ".join(words))], *more)

        try:
            return application(app, environ, answer)
        finally:
            CLOCK.leave()

    return run
