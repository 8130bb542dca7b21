"""A server that answers on a free port, and Debian's chromium to visit it."""

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from threading import Thread

import pytest
from flask import Flask
from playwright.sync_api import Browser, expect, sync_playwright
from werkzeug.serving import make_server

CHROMIUM = shutil.which("chromium")
QUIET = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)
"""Runs as root, and asks nobody on the network for anything."""
PATIENCE = 20_000
"""Milliseconds that a page may take on a busy machine before a test gives it up."""


@contextmanager
def serving(app: Flask) -> Iterator[str]:
    """The address of the application, served by a thread for each request.

    Not by waitress: it stops only when the browser has let go of its last connection.
    """
    server = make_server("127.0.0.1", 0, app, threaded=True)
    thread = Thread(target=server.serve_forever)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.port}"
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


@contextmanager
def browsing() -> Iterator[Browser]:
    """A headless chromium; skips the test where there is none."""
    if CHROMIUM is None:
        pytest.skip("not tested in a browser: Debian's chromium is not installed")
    expect.set_options(timeout=PATIENCE)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=list(QUIET))
        yield browser
        browser.close()
