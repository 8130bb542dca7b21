"""Fills in a form over one page: shown, redrawn as it changes, refused with its mistakes, or accepted."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, TypeVar

from flask import g, get_template_attribute, request

from service import forms
from service.errors import InvalidSubmission
from service.forms import Form, FormView
from service.web import submissions
from service.web.present import language, settings

T = TypeVar("T")


@dataclass(frozen=True)
class Redrawn:
    """The form to be drawn again: it was only changed (200), or refused with its mistakes (422)."""

    view: FormView | None
    status: int


@dataclass(frozen=True)
class Filling:
    """A form on a page: whose it is, and the values it is filled in over.

    `owner` is the task's id or `start:<key>`; without a form there is nothing to fill in.
    """

    form: Form | None
    data: Mapping[str, Any]
    owner: str

    def shown(self) -> FormView | None:
        """The form as it is opened, with the documents that were sent for it before."""
        return self._drawn({}, submissions.pending(self.form, self.owner) if self.form else {})

    def sent(self, accept: Callable[[dict[str, Any], Any], T]) -> T | Redrawn:
        """What `accept` makes of what was typed and the files; the form again where it is not done.

        When `accept` raises InvalidSubmission only its own work is undone: documents that were
        sent stay kept.
        """
        if self.form is None:
            return accept({}, {})
        received = submissions.received(self.form, self.owner)
        if received.action != "complete":
            return Redrawn(self._drawn(received.typed, received.files), 200)
        try:
            with g.session.begin_nested():
                return accept(received.typed, received.files)
        except InvalidSubmission as error:
            return Redrawn(self._drawn(received.typed, received.files, error), 422)

    def over(self) -> FormView | None:
        """The form with what was posted for another version of it, as far as it has the same fields."""
        if self.form is None:
            return None
        received = submissions.received(self.form, self.owner)
        return self._drawn(received.typed, received.files)

    def _drawn(
        self, typed: Mapping[str, Any], files: Any, error: InvalidSubmission | None = None
    ) -> FormView | None:
        if self.form is None:
            return None
        return forms.view(
            self.form,
            self.data,
            typed=typed,
            errors=error.fields if error else None,
            language=language(),
            files=files,
            zone=settings().zone,
        )


def only_redraws() -> bool:
    """Does this post change the page and nothing else: no file to keep, none to throw away?"""
    if "_discard" in request.form or not {"_add", "_remove", "_refresh"} & request.form.keys():
        return False
    return not any(file.filename for sent in request.files.listvalues() for file in sent)


def wants_part() -> bool:
    """Did htmx ask to have the fields alone drawn again?"""
    return "HX-Request" in request.headers


def part(view: FormView | None) -> str:
    """The fields alone."""
    return str(get_template_attribute("forms/form.html", "fields")(view))
