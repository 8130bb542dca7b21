"""Markdown and HTML of form designers, made safe to show."""

from functools import cache

import nh3
from markdown_it import MarkdownIt
from markdown_it.token import Token

SCHEMES = {"http", "https", "mailto"}
IMAGES = ("data:image/png", "data:image/jpeg", "data:image/gif", "data:image/webp", "data:image/svg+xml")


def markdown(text: str) -> str:
    """Markdown as HTML; HTML in it is shown as text, links lead to the web or to a mailbox only."""
    parser = _markdown()
    tokens = parser.parse(text)
    for token in tokens:
        _adapt(token)
    return str(parser.renderer.render(tokens, parser.options, {}))


@cache
def _markdown() -> MarkdownIt:
    parser = MarkdownIt("commonmark", {"html": False})
    parser.enable(["table", "strikethrough"]).disable("image")
    parser.validateLink = _leads_out  # type: ignore[method-assign]  # the library's way to say it
    return parser


def _leads_out(url: str) -> bool:
    return url.strip().lower().startswith(("http://", "https://", "mailto:"))


def _adapt(token: Token) -> None:
    """Headings step down one level, for the page has its own first; links tell their page nothing."""
    if token.tag in ("h1", "h2", "h3", "h4", "h5"):
        token.tag = f"h{int(token.tag[1]) + 1}"
    if token.type == "link_open":
        token.attrSet("rel", "noopener noreferrer")
    for child in token.children or ():
        _adapt(child)


def clean(html: str) -> str:
    """HTML without scripts, styles, forms, frames, classes and foreign images."""
    return nh3.clean(
        html, url_schemes=SCHEMES | {"data"}, attribute_filter=_attribute, link_rel="noopener noreferrer"
    )


def _attribute(tag: str, name: str, value: str) -> str | None:
    if name == "src":
        return image(value) or None
    if value.strip().lower().startswith("data:"):
        return None
    return value


def image(source: str) -> str:
    """An image's address, if the page's security policy lets it be shown: its own, or in the text."""
    own = source.startswith("/") and not source.startswith(("//", "/\\"))
    return source if own or source.lower().startswith(IMAGES) else ""


def frame(address: str) -> str:
    """The address of a page to be framed, if form-js would frame it."""
    return address if address.lower().startswith("https://") else ""
