"""The command line: what `alur` can be told, and how it answers."""

import argparse
import logging
import os
import sys
from collections.abc import Sequence
from io import TextIOWrapper

from service import __version__, config
from service.cli import checking, deploying, people, proving, revisions, running
from service.cli.commands import REFUSED, UNREADABLE
from service.cli.files import gathered
from service.cli.running import serve
from service.cli.telling import finding, said
from service.errors import AlurError, Refused
from service.language import say

__all__ = ["gathered", "main", "serve"]


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
    return _run(_parser().parse_args(arguments))


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


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="alur", description=said("cli.alur"))
    parser.add_argument("--version", action="version", version=f"Alur {__version__}")
    commands = parser.add_subparsers(required=True, metavar=said("cli.command"))
    running.add(commands)
    checking.add(commands)
    deploying.add(commands)
    revisions.add(commands)
    people.add(commands)
    proving.add(commands)
    return parser
