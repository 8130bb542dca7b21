"""Why somebody does something: asked on every page whose doing the history must be able to explain."""

from flask import request

from service.errors import InvalidInput

LONGEST = 500
"""Characters."""


def given(*, needed: bool = True) -> str:
    """The reason that was typed; InvalidInput where it is too long, or needed and nobody said."""
    reason = request.form.get("reason", "").strip()
    if needed and not reason:
        raise InvalidInput("mend.reason_missing")
    if len(reason) > LONGEST:
        raise InvalidInput("mend.reason_long", limit=LONGEST)
    return reason
