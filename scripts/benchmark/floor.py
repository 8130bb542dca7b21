"""The floor: what the same web stack does at the least, one durable commit for each request."""

import argparse
import logging
import os
import signal
from typing import Any

from flask import Flask, Response, request
from sqlalchemy import Column, Integer, MetaData, Table, Text, insert

from service.cli.listening import Listener
from service.store.database import Database

NOTES = Table("note", MetaData(), Column("id", Integer, primary_key=True), Column("words", Text))
KEEP = insert(NOTES)


def application(database: Database) -> Flask:
    """Keeps what comes to the address of a completion, in a transaction as the service has it."""
    with database.transaction() as session:
        NOTES.metadata.create_all(session.connection())
    app = Flask(__name__)

    @app.post("/engine-rest/task/<id>/complete")
    def keep(id: str) -> Response:
        words = request.get_json()
        with database.transaction() as session:
            session.execute(KEEP, {"words": str(words)})
        return Response(status=204)

    @app.get("/engine-rest/process-definition/count")
    def count() -> dict[str, Any]:
        return {"count": 0}

    return app


def main(words: list[str]) -> int:
    """Serves it as `alur serve` serves the service."""
    parser = argparse.ArgumentParser()
    parser.add_argument("serve")
    parser.add_argument("--data")
    parser.add_argument("--port", type=int)
    asked = parser.parse_args(words)
    logging.getLogger("waitress.queue").setLevel(logging.ERROR)
    listener = Listener(application(Database(os.environ["ALUR_DATABASE_URL"])), "127.0.0.1", asked.port, "")
    signal.signal(signal.SIGTERM, listener.end)
    print(f"http://127.0.0.1:{listener.port}", flush=True)
    listener.run()
    return 0
