"""A person with a browser, without the browser: keeps the cookies and fills in the forms' tokens."""

import re
from collections.abc import Callable
from html import unescape
from typing import Any

from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from service.operations import identity
from service.store.database import Database

TOKEN = re.compile(r'name="csrf_token" value="([^"]+)"')
As = Callable[[str | None], "Reader"]


class Buffered(FlaskClient):
    """Reads each answer to its end and closes it, as a browser does."""

    def open(self, *args: Any, **more: Any) -> TestResponse:
        return super().open(*args, **{"buffered": True, **more})


class Reader:
    """Reads pages and sends forms; `login` is signed in already, None is nobody."""

    def __init__(self, app: Flask, login: str | None) -> None:
        self.http = Buffered(app, app.response_class)
        if login is not None:
            database: Database = app.extensions["alur.database"]
            with database.reading() as reading:
                actor = identity.actor(reading, login)
            with self.http.session_transaction() as session:
                session.permanent = True
                session["person"], session["stamp"] = actor.id, actor.stamp

    def get(self, path: str, status: int = 200, **more: Any) -> str:
        """The page's text; the status is part of what is expected."""
        answer = self.http.get(path, **more)
        assert answer.status_code == status, (answer.status_code, words(answer.text)[:600])
        return answer.text

    def send(self, path: str, **fields: Any) -> TestResponse:
        """Posts a form as its page would; `_` begins what is not a field: `_follow`, `_headers`."""
        follow, headers = fields.pop("_follow", False), fields.pop("_headers", {})
        data = {"csrf_token": self.token(), **fields}
        return self.http.post(path, data=data, follow_redirects=follow, headers=headers)

    def post(self, path: str, status: int = 303, **fields: Any) -> str:
        """Posts a form; the text of the answer."""
        answer = self.send(path, **fields)
        assert answer.status_code == status, (answer.status_code, words(answer.text)[:600])
        return answer.text

    def token(self) -> str:
        """The forgery token of this reader's session."""
        for path in ("/account/password", "/sign-in"):
            if found := TOKEN.search(self.http.get(path).text):
                return found[1]
        raise AssertionError("no page has a token")


def words(html: str) -> str:
    """What a page says, without its tags, its head and its surplus of white space."""
    body = html.partition("<body>")[2] or html
    return " ".join(unescape(re.sub(r"<[^>]+>", " ", body)).split())
