"""What a completion asks of the database: one commit, ten statements at the most, whoever asks for it."""

from collections.abc import Iterator
from contextlib import contextmanager
from threading import get_ident
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import Engine, event

from service.store.database import Database
from tests.engine.drawing import xml
from tests.rest.client import As, values
from tests.web.reader import Reader

MOST = 10
"""Statements, signing in included; beginning and committing are none."""
FOR_A_KEY = 2
"""What it costs to do a command once that may come twice: taking its key, and keeping its answer."""
FOR_A_PAGE = 5
"""The task before, and afterwards what the next page says of where the case stands."""
IN_TWO_BRANCHES = "start -> a -> p1; p1 -> b -> p2; p1 -> c -> p2; p2 -> d -> end"


class Costs:
    """What was asked of a database."""

    def __init__(self) -> None:
        self.statements: list[str] = []
        self.commits = 0


@contextmanager
def counted(database: Database) -> Iterator[Costs]:
    """Counts what is asked of the database in between."""
    costs, mine = Costs(), get_ident()

    def executed(_connection: Any, _cursor: Any, statement: str, *_: Any) -> None:
        if get_ident() == mine and not statement.startswith(("BEGIN", "SAVEPOINT", "RELEASE")):
            costs.statements.append(statement)

    def committed(_connection: Any) -> None:
        costs.commits += get_ident() == mine

    listeners = (("before_cursor_execute", executed), ("commit", committed))
    for name, listener in listeners:
        event.listen(Engine, name, listener)
    try:
        yield costs
    finally:
        for name, listener in listeners:
            event.remove(Engine, name, listener)


@pytest.fixture
def warm(as_: As, surat: dict[str, Any]) -> None:
    """A case has been through already: diagrams, forms and passwords are known."""
    client = as_("petugas")
    walk(as_, start(as_, client))


def start(as_: As, client: Any) -> str:
    body = {"variables": {"perihal": {"value": "Undangan", "type": "String"}}}
    case: str = client("POST", "/process-definition/key/surat/start", body)["id"]
    return case


def task(client: Any, case: str, element: str = "") -> str:
    rows = client("GET", "/task", processInstanceId=case)
    found: str = next(row["id"] for row in rows if row["taskDefinitionKey"].startswith(element))
    return found


def walk(as_: As, case: str) -> None:
    client = as_("petugas")
    body = values(nomor="1/2026", sifat="biasa")
    client("POST", f"/task/{task(client, case)}/complete", body, status=204)


def test_a_completion_is_one_commit_and_few_statements(
    database: Database, as_: As, surat: dict[str, Any], warm: None
) -> None:
    client = as_("petugas")
    done = task(client, start(as_, client))
    with counted(database) as costs:
        client("POST", f"/task/{done}/complete", values(nomor="1/2026", sifat="biasa"), status=204)
    assert costs.commits == 1
    assert len(costs.statements) <= MOST, "\n".join(costs.statements)


def test_a_key_costs_two_statements_more(
    database: Database, as_: As, surat: dict[str, Any], warm: None
) -> None:
    client = as_("petugas")
    done = task(client, start(as_, client))
    key = {"Idempotency-Key": "once"}
    with counted(database) as costs:
        body = values(nomor="1/2026", sifat="biasa")
        assert client.send("POST", f"/task/{done}/complete", json=body, headers=key).status_code == 204
    assert costs.commits == 1
    assert len(costs.statements) <= MOST + FOR_A_KEY, "\n".join(costs.statements)


def test_a_page_looks_before_and_after(
    app: Flask, database: Database, as_: As, surat: dict[str, Any], warm: None
) -> None:
    client, reader = as_("petugas"), Reader(app, "petugas")
    done = task(client, start(as_, client))
    token = reader.token()
    with counted(database) as costs:
        sent = {"csrf_token": token, "nomor": "1/2026", "sifat": "biasa"}
        assert reader.http.post(f"/tasks/{done}", data=sent).status_code == 303
    assert costs.commits == 1
    assert len(costs.statements) <= MOST + FOR_A_PAGE, "\n".join(costs.statements)


@pytest.mark.parametrize(("first", "second"), [("b", "c"), ("c", "b")])
def test_a_completion_that_joins_branches_costs_no_more(
    database: Database, as_: As, first: str, second: str
) -> None:
    admin = as_("admin")
    admin.deploy({"cabang.bpmn": xml(IN_TWO_BRANCHES, key="cabang")})
    for _ in range(2):
        case = admin("POST", "/process-definition/key/cabang/start", {})["id"]
        for element in ("a", first, second):
            done = task(admin, case, element)
            with counted(database) as costs:
                admin("POST", f"/task/{done}/complete", {}, status=204)
    assert costs.commits == 1
    assert len(costs.statements) <= MOST, "\n".join(costs.statements)


def test_the_counter_counts(database: Database) -> None:
    with counted(database) as costs:
        for _ in range(2):
            with database.transaction() as session:
                session.connection().exec_driver_sql("SELECT 1")
    assert (costs.commits, costs.statements) == (2, ["SELECT 1", "SELECT 1"])
