"""The command line: what `alur` can be told, and how it answers."""

import argparse
import logging
import os
import sys
from collections.abc import Sequence
from importlib import import_module
from io import TextIOWrapper

from service import __version__, config
from service.cli.commands import REFUSED, UNREADABLE
from service.cli.telling import finding, said
from service.errors import AlurError, Refused
from service.language import say

FILES = {
    **dict.fromkeys(("serve", "work", "migrate"), "running"),
    "check": "checking",
    "deploy": "deploying",
    "revision": "revisions",
    "user": "people",
    "verify": "proving",
}
"""Which file has each command. Only the one that is asked for is loaded: a check waits for no web server."""


def main(arguments: Sequence[str] | None = None) -> int:
    """Runs one command; 0 when it is done, 1 when it is refused, 2 when it cannot be understood."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, TextIOWrapper):
            stream.reconfigure(errors="backslashreplace")
    logging.basicConfig(level=logging.WARNING, format="%(asctime)s %(name)s: %(message)s")
    try:
        config.language()
    except ValueError as error:
        print(f"alur: {error}", file=sys.stderr)
        return UNREADABLE
    return _run(_parser(sys.argv[1:] if arguments is None else arguments).parse_args(arguments))


def _run(asked: argparse.Namespace) -> int:
    try:
        outcome: int = asked.run(asked)
    except AlurError as error:
        for one in error.findings if isinstance(error, Refused) else ():
            print(finding(one), file=sys.stderr)
        print(f"alur: {say(error.message, config.language())}", file=sys.stderr)
        return REFUSED
    except BrokenPipeError:
        # whoever read the output has seen enough; Python would complain once more when it ends
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return REFUSED
    except OSError as error:
        print(f"alur: {error}", file=sys.stderr)
        return UNREADABLE
    return outcome


def _parser(arguments: Sequence[str] = ()) -> argparse.ArgumentParser:
    """Of the command that stands first; of all of them where none does, so that they can be listed."""
    parser = argparse.ArgumentParser(prog="alur", description=said("cli.alur"))
    parser.add_argument("--version", action="version", version=f"Alur {__version__}")
    commands = parser.add_subparsers(required=True, metavar=said("cli.command"))
    asked = FILES.get(arguments[0]) if arguments else None
    for file in [asked] if asked else dict.fromkeys(FILES.values()):
        import_module(f"service.cli.{file}").add(commands)
    return parser
