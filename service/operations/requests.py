"""Commands that a client names with a key: each is done once, and its first answer kept for a day."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from sqlalchemy import delete, select, tuple_, update
from sqlalchemy.orm import Session

from service.errors import InvalidInput, KeyReused
from service.store.database import add_missing
from service.store.models import RequestKey, now

LONGEST_KEY = 200
"""Characters of a key; a UUID has 36."""
LIFE = timedelta(hours=24)
"""How long a command may come again; after that it would be done again."""
BATCH = 5000
"""Keys that are thrown away at once."""


@dataclass(frozen=True)
class Said:
    """An answer: its status, its body, and what else of it counts."""

    status: int
    media_type: str
    body: str
    headers: Mapping[str, Any]


def begin(session: Session, actor_id: str, key: str, fingerprint: str) -> Said | None:
    """Takes the person's key for this transaction, or gives what the same request was answered before.

    A twin that is under way is waited for. `fingerprint` tells one request from another: KeyReused
    where the key came with another one. InvalidInput for a key that cannot be kept.
    """
    if not 1 <= len(key) <= LONGEST_KEY or not key.isprintable():
        raise InvalidInput("request.key", limit=LONGEST_KEY)
    taken = {"actor": actor_id, "key": key, "fingerprint": fingerprint}
    if add_missing(session, RequestKey, **taken):
        return None
    known = session.get_one(RequestKey, (actor_id, key))
    if known.fingerprint != fingerprint or known.status is None:
        raise KeyReused("request.reused")
    return Said(known.status, known.media_type, known.body or "", known.headers)


def answered(session: Session, actor_id: str, key: str, said: Said) -> None:
    """Keeps the answer, in the transaction that did what was asked."""
    kept = {"status": said.status, "media_type": said.media_type, "body": said.body, "headers": said.headers}
    session.execute(update(RequestKey).where(*_is(actor_id, key)).values(kept))


def forget(session: Session, actor_id: str, key: str) -> None:
    """Gives the key back: nothing was done under it."""
    session.execute(delete(RequestKey).where(*_is(actor_id, key)))


def purge(session: Session) -> None:
    """Throws away the oldest keys that are past their life, so many at once."""
    old = (
        select(RequestKey.actor, RequestKey.key)
        .where(RequestKey.created_at < now() - LIFE)
        .order_by(RequestKey.created_at)
        .limit(BATCH)
    )
    session.execute(delete(RequestKey).where(tuple_(RequestKey.actor, RequestKey.key).in_(old)))


def _is(actor_id: str, key: str) -> tuple[Any, Any]:
    return RequestKey.actor == actor_id, RequestKey.key == key
