"""Says things to the reader: sentences, dates in words with the office's zone, files by their content."""

import hashlib
from datetime import UTC, datetime
from functools import cache
from pathlib import Path
from typing import Any, get_args

from babel.dates import format_datetime, format_timedelta
from babel.numbers import format_decimal
from flask import Flask, Response, current_app, flash, g, request, url_for
from jinja2 import StrictUndefined

from service.config import Config
from service.errors import Message
from service.language import LANGUAGES, Language, say
from service.operations import incidents
from service.store.models import Incident

LANGUAGE_COOKIE = "alur_language"
LANGUAGE_NAMES: dict[Language, str] = {"id": "Bahasa Indonesia", "en": "English"}
"""Each in its own words, for whoever cannot read the other."""
LOCALES: dict[str, str] = {"id": "id", "en": "en_GB"}
"""British, because the day stands before the month as it does in Indonesian."""

YEAR = 365 * 24 * 3600


def register(app: Flask, config: Config) -> None:
    """Give the templates their words: `t`, `asset`, and the filters of this file."""
    app.extensions["alur.config"] = config
    app.jinja_env.globals.update(t=t, asset=asset, languages=LANGUAGE_NAMES, here=here)
    app.jinja_env.globals.update(zone_name=zone_name, status_name=status_name, said=said)
    app.jinja_env.filters.update(moment=moment, ago=ago, iso=iso, size=size, day_of=day_of)
    app.context_processor(lambda: {"language": language(), "demo": config.demo})
    app.jinja_env.undefined = StrictUndefined
    app.jinja_env.trim_blocks = app.jinja_env.lstrip_blocks = True


def settings() -> Config:
    """The settings of the running app."""
    config: Config = current_app.extensions["alur.config"]
    return config


def language() -> Language:
    """The reader's language: the one they chose, or the office's."""
    if "language" not in g:
        chosen = request.cookies.get(LANGUAGE_COOKIE, settings().language)
        g.language = chosen if chosen in get_args(Language) else settings().language
    spoken: Language = g.language
    return spoken


def choose_language(response: Response, chosen: str) -> None:
    """Keep the reader's choice for a year; anything but a language of ours changes nothing."""
    if chosen in LANGUAGES:
        secure = settings().secure_cookies
        response.set_cookie(
            LANGUAGE_COOKIE, chosen, max_age=YEAR, httponly=True, samesite="Lax", secure=secure
        )


def t(message: Message | str, /, **params: Any) -> str:
    """The sentence behind a Message or a key, in the reader's language."""
    return say(message, language(), **params)


def moment(value: datetime) -> str:
    """`Kamis, 15 Januari 2026 pukul 15.30 WIB`, in the office's zone."""
    here = value.astimezone(settings().zone)
    words = format_datetime(here, t("web.moment"), tzinfo=settings().zone, locale=LOCALES[language()])
    return f"{words} {here.tzname()}"


def day_of(value: datetime) -> str:
    """`2026-01-15`: the office's day, as an `<input type=date>` has it."""
    return value.astimezone(settings().zone).date().isoformat()


def ago(value: datetime) -> str:
    """`3 jam yang lalu`; below a minute, `baru saja`."""
    past = value - datetime.now(UTC)
    if abs(past.total_seconds()) < 60:
        return t("web.just_now")
    return format_timedelta(past, add_direction=True, locale=LOCALES[language()])


def size(count: int) -> str:
    """`1,4 MB`: a file's size, from its bytes."""
    unit, divisor = ("MB", 1_000_000) if count >= 1_000_000 else ("kB", 1000)
    number = format_decimal(max(count / divisor, 0.1), format="#,##0.#", locale=LOCALES[language()])
    return f"{number} {unit}"


def status_name(status: str | None) -> str:
    """What a case's status is called; without one, all of them."""
    return t(f"web.status.{status or 'all'}")


def said(incident: Incident) -> str:
    """An incident's sentence."""
    return t(incidents.told(incident))


def zone_name() -> str:
    """`WIB`: what the office calls its time."""
    return datetime.now(settings().zone).tzname() or ""


def here() -> str:
    """The address of this page, to come back to; for the answer to a form, the page of the form."""
    return request.full_path.rstrip("?") if request.method == "GET" else request.path


def iso(value: datetime) -> str:
    """The machine's form of a moment, for `<time datetime>`."""
    return value.isoformat(timespec="seconds")


def notify(kind: str, sentence: str, href: str = "", label: str = "") -> None:
    """Say something on the next page, with a link to where it can be seen; `kind` is ok or warn."""
    flash({"sentence": sentence, "href": href, "label": label}, kind)  # type: ignore[arg-type]


@cache
def _digest(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()[:16]


def asset(name: str) -> str:
    """The address of a static file, with its content's hash, so that it may be kept for ever."""
    return url_for("static", filename=name, v=_digest(Path(str(current_app.static_folder)) / name))


def is_current_asset() -> bool:
    """Does this request name a static file by its present content?"""
    if request.endpoint != "static" or "v" not in request.args:
        return False
    path = Path(str(current_app.static_folder)) / str((request.view_args or {}).get("filename"))
    return path.is_file() and request.args["v"] == _digest(path)
