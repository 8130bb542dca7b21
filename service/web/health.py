"""Tells whoever watches over the program whether it can work."""

from flask import Blueprint, Response, current_app, jsonify

from service import __version__
from service.errors import AlurError
from service.store.database import Database
from service.web.auth import open_to_all
from service.web.present import t

blueprint = Blueprint("health", __name__)


@blueprint.get("/health")
@open_to_all
def show() -> Response:
    """200 while the database answers, has this program's schema and takes what is written; else 503, why."""
    database: Database = current_app.extensions["alur.database"]
    try:
        database.check_revision()
        database.check_writable()
    except AlurError as error:
        return _answer(503, "error", t(error.message))
    return _answer(200, "ok", "ok")


def _answer(status: int, said: str, database: str) -> Response:
    response = jsonify(status=said, database=database, version=__version__)
    response.status_code = status
    return response
