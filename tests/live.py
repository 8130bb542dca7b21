"""A server that answers on a free port, and Debian's chromium to visit it."""

import shutil
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from threading import Thread

import pytest
from flask import Flask
from playwright.sync_api import Browser, expect, sync_playwright
from werkzeug.serving import make_server

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
    thread = Thread(target=server.serve_forever, args=(0.02,))
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.port}"
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


@cache
def missing() -> str:
    """The Debian packages that a browser test lacks here, with spaces between them."""
    driver = subprocess.run(
        [sys.executable, "-m", "playwright", "--version"], check=False, capture_output=True
    )
    lacking = {"chromium": shutil.which("chromium") is None, "libatomic1": driver.returncode != 0}
    return " ".join(package for package, lacks in lacking.items() if lacks)


@contextmanager
def browsing() -> Iterator[Browser]:
    """A headless chromium; skips the test where there is none."""
    if missing():
        pytest.skip(f"not tested in a browser: Debian's {missing()} is not installed")
    expect.set_options(timeout=PATIENCE)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=shutil.which("chromium"), args=list(QUIET))
        yield browser
        browser.close()
