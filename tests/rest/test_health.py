"""Whether the program can work, for whoever watches over it."""

import pytest
from flask import Flask

from service import __version__
from service.store.database import Database
from service.store.faults import Unwritable


def test_a_working_program_says_so_without_a_password(app: Flask) -> None:
    answer = app.test_client().get("/health")
    assert answer.status_code == 200
    assert answer.json == {"status": "ok", "database": "ok", "version": __version__}


def test_a_program_whose_database_is_gone_says_503(app: Flask) -> None:
    app.extensions["alur.database"] = Database("postgresql://nobody@127.0.0.1:1/none")
    answer = app.test_client().get("/health")
    assert answer.status_code == 503
    assert answer.json["status"] == "error"
    assert answer.json["version"] == __version__


def test_a_disk_that_takes_nothing_is_told_until_it_takes_something(app: Flask, database: Database) -> None:
    with pytest.raises(Unwritable), database.transaction():
        raise Unwritable("store.full")
    answer = app.test_client().get("/health")
    assert answer.status_code == 503
    assert "penuh" in answer.json["database"]
    with database.transaction():
        pass
    assert app.test_client().get("/health").status_code == 200
