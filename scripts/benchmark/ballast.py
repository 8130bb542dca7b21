"""Many cases that only stand there: copies, in the database, of one that waits at its first task."""

from typing import Any

from sqlalchemy import (
    Connection,
    Integer,
    Table,
    Text,
    cast,
    column,
    create_engine,
    insert,
    select,
    text,
    true,
)
from sqlalchemy import table as named

from scripts.benchmark import cases
from service.store.models import ActivityInstance, Candidate, HistoryEvent, ProcessInstance, UserTask
from service.store.rows import table

TABLES = (ProcessInstance, UserTask, Candidate, ActivityInstance, HistoryEvent)
KEYS = ("id", "instance_id", "task_id", "root_id")
COPY = named("copy", column("n", Integer))
NUMBERS = text(
    "INSERT INTO copy (n) WITH RECURSIVE number (n) AS "
    "(SELECT 0 UNION ALL SELECT n + 1 FROM number WHERE n + 1 < :count) SELECT n FROM number"
)
POSITIONS = 1000
"""The copies' tasks are offered to so many positions in turn, as in a large office."""


def load(url: str, count: int) -> None:
    """So many copies of a new case with its open task, its visits and its history."""
    [original] = cases.begun(url, cases.PROCESS, {}, 1)
    engine = create_engine(url)
    with engine.begin() as connection:
        connection.execute(text("CREATE TEMPORARY TABLE copy (n INTEGER)"))
        connection.execute(NUMBERS, {"count": count})
        for model in TABLES:
            _copy(connection, table(model), original)
    with engine.begin() as connection:
        connection.execute(text("ANALYZE"))
    engine.dispose()


def _copy(connection: Connection, kind: Table, original: str) -> None:
    """Each row of the original once for each number, with the number behind its ids."""
    row: dict[str, Any] = {field.name: field for field in kind.c}
    row |= {name: row[name] + "-" + cast(COPY.c.n, Text) for name in KEYS if name in row}
    ours = kind.c.id == original if kind.name == "process_instance" else None
    if kind.name == "candidate":
        row["name"] = "benchmark.position-" + cast(COPY.c.n % POSITIONS, Text)
        tasks = table(UserTask)
        ours = kind.c.task_id.in_(select(tasks.c.id).where(tasks.c.instance_id == original))
    elif ours is None:
        ours = kind.c.instance_id == original
    copies = select(*row.values()).select_from(kind.join(COPY, true())).where(ours)
    connection.execute(insert(kind).from_select(list(row), copies))
