"""`alur serve`, `alur work` and `alur migrate`: the service itself."""

import logging
import signal
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from threading import Event, Thread
from typing import Any

import waitress

from service import worker
from service.cli.commands import DONE, Asked, command, database, opened
from service.cli.telling import said
from service.config import Config
from service.errors import InvalidInput
from service.store.database import Database
from service.web import create_app

THREADS = 8
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
    """Serves until the process is told to end; says the address in one line. `work` fires timers too.

    InvalidInput if the port cannot be had; with port 0 it is any that is free.
    """
    logging.getLogger("waitress.queue").setLevel(logging.ERROR)  # else a line for each request that waits
    server = _listening(create_app(settings, kept), host, port)
    with _working(kept, wanted=work):
        signal.signal(signal.SIGTERM, lambda *_: sys.exit(DONE))
        port = getattr(server, "effective_port", port)
        print(said("cli.serving", address=f"http://{host}:{port}"), flush=True)
        server.run()


def _serve(asked: Asked) -> int:
    with opened(asked) as (settings, kept):
        serve(settings, kept, asked.host, asked.port, work=not asked.no_work)
    return DONE


def _listening(app: Any, host: str, port: int) -> Any:
    try:
        return waitress.create_server(app, host=host, port=port, threads=THREADS, ident=None)
    except (OSError, OverflowError, ValueError) as error:
        raise InvalidInput("cli.serve.no_port", host=host, port=port, reason=error) from error


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
    for number in (signal.SIGTERM, signal.SIGINT):
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
