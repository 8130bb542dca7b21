"""What the commands share: how one is declared, and what it ends with."""

import argparse
from collections.abc import Callable
from pathlib import Path
from typing import Any

from service.cli.telling import said

DONE, REFUSED, UNREADABLE = 0, 1, 2
"""What a command ends with: the exit codes of the program."""

Asked = argparse.Namespace


def command(
    commands: Any, key: str, run: Callable[[Asked], int] | None = None, *, data: bool = True
) -> argparse.ArgumentParser:
    """Declares a command; `key` is its sentence and ends with its name. `data` lets one choose the folder."""
    told, name = said(f"cli.{key}"), key.rpartition(".")[2].replace("_", "-")
    parser: argparse.ArgumentParser = commands.add_parser(name, help=told, description=told)
    parser.set_defaults(run=run)
    if data:
        parser.add_argument("--data", type=Path, metavar="DIR", help=said("cli.data"))
    return parser
