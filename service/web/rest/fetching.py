"""External tasks, fetched: at once, or as soon as there are some while the worker waits for the answer."""

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from datetime import timedelta
from threading import Lock
from time import monotonic
from typing import Any, Literal

from flask import current_app, g, request
from pydantic import Field

from service.operations import bell, deployments, external
from service.operations.external import case_of
from service.store.faults import tried
from service.store.models import Job
from service.web.rest.auth import database
from service.web.rest.external import ExternalTaskAnswer, told
from service.web.rest.routes import Routes
from service.web.rest.shapes import Asked, Names, Text, Variable
from service.web.rest.variables import answers
from service.web.rest.workers import Duration

ROUTES = Routes("External task")
LOOK = 2.0
"""Seconds after which who waits looks unasked: another process may have made work, or a lock ran out."""
WAITERS = 16
"""How many may wait in one process; whoever comes on top of them is answered at once."""
LONGEST_WAIT = 30 * 60 * 1000
"""Milliseconds, as in Camunda 7."""


class Waiters:
    """Who waits for work, each of them in a thread that can do nothing else meanwhile.

    `grow` is told how many threads there must be on top of the usual ones, so that as many as ever
    are left for everybody else. It never takes any back: they are few, and idle ones cost nothing.
    """

    def __init__(self, most: int = WAITERS) -> None:
        self.grow: Callable[[int], object] = lambda threads: None
        self.dismissed = False
        self._most = most
        self._lock = Lock()
        self._now = self._ever = 0

    @contextmanager
    def room(self) -> Iterator[bool]:
        """Whether one more may wait; for as long as it does."""
        with self._lock:
            free = self._now < self._most and not self.dismissed
            self._now += free
            if self._now > self._ever:
                self._ever = self._now
                self.grow(self._ever)
        try:
            yield free
        finally:
            with self._lock:
                self._now -= free

    def dismiss(self) -> None:
        """Nobody waits any longer: they are answered now, for the server comes to its end."""
        self.dismissed = True
        bell.NEW_WORK.ring()


class TopicBody(Asked):
    """What a worker can do: a topic, and how long it wants each task of it.

    The rest narrows it down; of `processVariables` the case must have all. `variables` are the ones
    that are sent along, all of them without a list; with `localVariables` only the task's own.
    """

    topic_name: Text
    lock_duration: Duration
    business_key: Text | None = None
    process_definition_id: Text | None = None
    process_definition_id_in: Names | None = None
    process_definition_key: Text | None = None
    process_definition_key_in: Names | None = None
    process_variables: dict[Text, Any] = {}
    variables: list[Text] | None = None
    local_variables: bool = False
    include_extension_properties: bool = False
    deserialize_values: bool = False
    without_tenant_id: bool = False

    def topic(self) -> external.Topic:
        """As `external.fetch_and_lock` has it."""
        return external.Topic(
            self.topic_name,
            timedelta(milliseconds=self.lock_duration),
            business_key=self.business_key,
            definition_ids=_both(self.process_definition_id, self.process_definition_id_in),
            definition_keys=_both(self.process_definition_key, self.process_definition_key_in),
            values=self.process_variables,
        )


class FetchOrder(Asked):
    """Which of the tasks come first."""

    sort_by: Literal["createTime"]
    sort_order: Literal["asc", "desc"]


class FetchBody(Asked):
    """Who fetches, how much of what, and for how many milliseconds they wait for it."""

    worker_id: Text
    max_tasks: int = Field(ge=0)
    use_priority: bool = False
    async_response_timeout: int = Field(0, ge=0, le=LONGEST_WAIT)
    topics: list[TopicBody] = []
    sorting: list[FetchOrder] = []

    @property
    def order(self) -> external.Order:
        """As `external.fetch_and_lock` has it."""
        newest = bool(self.sorting) and self.sorting[0].sort_order == "desc"
        return external.Order(by_priority=self.use_priority, newest_first=newest)


class LockedTaskAnswer(ExternalTaskAnswer):
    """A task that is the worker's now, with what it needs to do it."""

    error_details: str | None
    variables: dict[str, Variable]
    extension_properties: dict[str, str]


@ROUTES.post("/external-task/fetchAndLock", admin=True, only_reads=True)
def fetch_and_lock(body: FetchBody) -> list[LockedTaskAnswer]:
    """Locks tasks for a worker and gives them, at most 200.

    While there are none, the answer waits for so many milliseconds as `asyncResponseTimeout` says;
    only a few may wait in one process, and the others are answered at once. Whoever waits holds no
    connection to the database.
    """
    topics = [topic.topic() for topic in body.topics]
    if (found := _fetched(body, topics)) or not body.async_response_timeout or not topics:
        return found
    waiters: Waiters = current_app.extensions["alur.waiters"]
    with waiters.room() as free:
        return _awaited(body, topics, waiters) if free else []


def _awaited(body: FetchBody, topics: Sequence[external.Topic], waiters: Waiters) -> list[LockedTaskAnswer]:
    """The tasks as soon as there are any; none for a worker who is gone, for nobody would do them."""
    until = monotonic() + body.async_response_timeout / 1000
    gone: Callable[[], bool] = request.environ.get("waitress.client_disconnected", lambda: False)
    while not (gone() or waiters.dismissed):
        heard = bell.NEW_WORK.rung
        if found := _fetched(body, topics):
            return found
        if (left := until - monotonic()) <= 0:
            break
        bell.NEW_WORK.wait(heard, min(left, LOOK))
    return []


def _fetched(body: FetchBody, topics: Sequence[external.Topic]) -> list[LockedTaskAnswer]:
    """In a transaction of its own, and only where there is something: else no writer is held up."""
    with database().reading() as session:
        if not external.available(session, topics):
            return []
    return tried(lambda: _lock(body, topics))


def _lock(body: FetchBody, topics: Sequence[external.Topic]) -> list[LockedTaskAnswer]:
    with database().transaction() as g.session:
        rows = external.fetch_and_lock(g.session, body.worker_id, topics, body.max_tasks, body.order)
        return [_answer(row, body.topics[number]) for row, number in rows]


def _answer(row: Job, topic: TopicBody) -> LockedTaskAnswer:
    values = external.own_values(row) if topic.local_variables else external.values(row)
    wanted = values if topic.variables is None else [name for name in topic.variables if name in values]
    properties: dict[str, str] = {}
    if topic.include_extension_properties:
        process = deployments.diagram(g.session, case_of(row).definition_id)
        properties = dict(process.elements[row.element_id].properties)
    return LockedTaskAnswer(
        **told(row),
        error_details=row.error_details,
        variables=answers({name: values[name] for name in wanted}),
        extension_properties=properties,
    )


def _both(one: str | None, several: list[str] | None) -> list[str] | None:
    """What fits both the one and the several, of which either may not be asked for."""
    if one is None:
        return several
    return [one] if several is None or one in several else []
