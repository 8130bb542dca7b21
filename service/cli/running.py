"""`alur serve`, `alur work` and `alur migrate`: the service itself."""

import logging
import signal
from collections.abc import Iterator
from contextlib import contextmanager
from threading import Event, Thread
from typing import Any

from service import worker
from service.cli.commands import DONE, Asked, command
from service.cli.listening import Listener
from service.cli.opening import database, opened
from service.cli.telling import said
from service.config import Config
from service.store.database import Database
from service.web import create_app

SIGNALS = (signal.SIGTERM, signal.SIGINT)
PATIENCE = 10.0
"""Seconds that the worker's last job may take when the service ends."""


def add(commands: Any) -> None:
    """Declares the commands."""
    web = command(commands, "serve", _serve)
    web.add_argument("--host", default="127.0.0.1", help=said("cli.serve.host"))
    web.add_argument("--port", type=int, default=8080, help=said("cli.serve.port"))
    web.add_argument("--no-work", action="store_true", help=said("cli.serve.no_work"))
    command(commands, "work", _work)
    command(commands, "migrate", _migrate)


def serve(settings: Config, kept: Database, host: str, port: int, *, work: bool = True) -> None:
    """Serves until the process is told to end, then answers what is under way; `work` fires timers too.

    Says the address in one line. InvalidInput if the port cannot be had; with port 0 it is any that is free.
    """
    logging.getLogger("waitress.queue").setLevel(logging.ERROR)  # else a line for each request that waits
    app = create_app(settings, kept)
    waiters = app.extensions["alur.waiters"]
    listener = Listener(app, host, port, settings.trusted_proxy, waiters)
    with _working(kept, wanted=work):
        for number in SIGNALS:
            signal.signal(number, listener.end)
        print(said("cli.serving", address=f"http://{host}:{listener.port}"), flush=True)
        listener.run()


def _serve(asked: Asked) -> int:
    with opened(asked) as (settings, kept):
        serve(settings, kept, asked.host, asked.port, work=not asked.no_work)
    return DONE


@contextmanager
def _working(kept: Database, *, wanted: bool) -> Iterator[None]:
    """The worker in a thread beside the web, until the web ends."""
    stop = Event()
    thread = Thread(target=worker.run, args=(kept, stop), name="worker", daemon=True)
    if wanted:
        thread.start()
    try:
        yield
    finally:
        stop.set()
        if wanted:
            thread.join(PATIENCE)


def _work(asked: Asked) -> int:
    stop = Event()
    for number in SIGNALS:
        signal.signal(number, lambda *_: stop.set())
    with opened(asked) as (_, kept):
        print(said("cli.working"), flush=True)
        worker.run(kept, stop)
    return DONE


def _migrate(asked: Asked) -> int:
    with database(asked) as (_, kept):
        kept.migrate()
    print(said("cli.migrated"))
    return DONE
