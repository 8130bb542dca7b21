"""Asks what the check of a form says."""

import pytest

from service import forms
from service.errors import InvalidSubmission
from service.language import LANGUAGES, say


def mistakes(form, typed, data=None, files=None):
    """The sentence's key for each place that is refused; every sentence can be said."""
    with pytest.raises(InvalidSubmission) as refused:
        forms.check(form, data or {}, typed, files)
    for message in refused.value.fields.values():
        assert all(say(message, language) for language in LANGUAGES)
    return {place: message.key for place, message in refused.value.fields.items()}


def field(kind, **properties):
    return {"type": kind, "key": "a", "label": "Isian", **properties}
