"""What clients ask the whole program: which Camunda it speaks like, and its own description."""

from typing import Any

from flask import current_app

from service.web.rest.openapi import document
from service.web.rest.routes import Routes
from service.web.rest.shapes import Answer

ROUTES = Routes("Engine")
CAMUNDA = "7.24.0"
"""The last minor version of Camunda 7, whose REST contract this is a part of."""


class VersionAnswer(Answer):
    """The version of Camunda that clients should take this for."""

    version: str


@ROUTES.get("/version")
def version() -> VersionAnswer:
    """The Camunda version whose dialect is spoken here; `/health` has our own."""
    return VersionAnswer(version=CAMUNDA)


@ROUTES.get("/openapi.json", open_to_all=True)
def openapi() -> dict[str, Any]:
    """This description, generated from the code."""
    return document(current_app.extensions["alur.routes"])
