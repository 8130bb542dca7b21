"""`alur verify`: reads the history of cases again, and says whether each event is as it was written."""

import sys
from collections.abc import Iterator, Sequence
from typing import Any

from service.cli.commands import DONE, REFUSED, Asked, command
from service.cli.opening import opened
from service.cli.telling import said
from service.errors import NotFound
from service.operations import proving
from service.operations.proving import PAGE, Proof
from service.store.database import Database


def add(commands: Any) -> None:
    """Declares the command."""
    parser = command(commands, "verify", _verify)
    parser.add_argument("cases", nargs="*", metavar=said("cli.verify.case"), help=said("cli.verify.cases"))


def _verify(asked: Asked) -> int:
    """Ends at the first chain that is broken, and names the case and the event."""
    count = 0
    with opened(asked) as (_, kept):
        for case, broken in _proofs(kept, asked.cases):
            if broken is not None:
                print(said("cli.verify.broken", number=case.business_key, id=case.id, event=broken))
                return REFUSED
            count += 1
            if count % PAGE == 0:
                print(said("cli.verify.progress", count=count), file=sys.stderr, flush=True)
    print(said("cli.verify.whole", count=count))
    return DONE


def _proofs(kept: Database, names: Sequence[str]) -> Iterator[Proof]:
    """The cases that are named, or all."""
    for name in names:
        with kept.reading() as session:
            found = proving.named(session, name)
        if not found:
            raise NotFound("cli.verify.none", name=name)
        yield from found
    after, more = "", not names
    while more:
        with kept.reading() as session:
            found = proving.page(session, after)
        yield from found
        more = len(found) == PAGE
        after = found[-1][0].id if found else ""
