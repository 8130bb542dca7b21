"""Hands out a document that somebody sent, as a file to keep: never as something a browser would run."""

from flask import Blueprint, current_app, g, send_file
from flask.typing import ResponseReturnValue

from service.operations import documents
from service.store.documents import Directory

blueprint = Blueprint("documents", __name__)

SANDBOX = "sandbox; default-src 'none'"


@blueprint.get("/documents/<document_id>")
def download(document_id: str) -> ResponseReturnValue:
    """The bytes, for whoever may see the case; whatever they are, the browser saves them."""
    document = documents.read(g.session, document_id, g.actor)
    store: Directory = current_app.extensions["alur.documents"]
    response = send_file(
        store.open(document.sha256),
        mimetype="application/octet-stream",
        as_attachment=True,
        download_name=document.name,
        etag=False,
    )
    response.headers["Content-Length"] = str(document.size)
    response.headers["Content-Security-Policy"] = SANDBOX
    response.headers["Cache-Control"] = "no-store"
    return response
