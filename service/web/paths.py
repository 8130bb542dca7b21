"""Which addresses a reader may be sent to: pages of this site, and no other."""

from urllib.parse import urlsplit

from flask import current_app
from werkzeug.exceptions import HTTPException


def own_path(address: str | None) -> str | None:
    """The address when it is a path of this site; None for anything a browser could take elsewhere."""
    if not address or not address.startswith("/") or address[1:2] in ("/", "\\"):
        return None
    if not address.isprintable() or "\\" in address:
        return None
    parts = urlsplit(address)
    return None if parts.scheme or parts.netloc else address


def readable(path: str) -> bool:
    """Is there a page at this path that can be opened with GET?"""
    try:
        current_app.url_map.bind("").match(path, "GET")
    except HTTPException:
        return False
    return True
