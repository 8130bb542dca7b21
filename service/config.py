"""Every setting, read once from the environment."""

import os
import re
import secrets
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

GROUP = re.compile(r"\w[\w.-]*")
"""The id of a position, or the word `admin`."""


@dataclass(frozen=True)
class Config:
    """The settings of one running Alur; `from_environment` fills it, tests build it directly.

    `data` holds the SQLite database, the documents and the secret key. `trusted_proxy` is the
    address of a web server in front, or `*`. `body_limit` is in bytes. `approvers` are the candidate
    groups of which somebody must approve what another person deployed; empty where nobody needs to.
    """

    data: Path = Path("data")
    database_url: str = ""
    secret_key: str = field(default="", repr=False)
    zone: ZoneInfo = ZoneInfo("Asia/Jakarta")
    language: str = "id"
    demo: bool = False
    secure_cookies: bool = False
    trusted_proxy: str = ""
    body_limit: int = 20 * 1024 * 1024
    approvers: tuple[str, ...] = ()

    @property
    def database(self) -> str:
        """The SQLAlchemy URL: the one that is set, or a SQLite file in `data`."""
        return self.database_url or f"sqlite:///{self.data / 'alur.db'}"


def from_environment(data: Path | None = None, *, demo: bool = False) -> Config:
    """The settings from `ALUR_*`; a malformed value raises ValueError with the variable's name."""
    folder = data or Path(os.environ.get("ALUR_DATA", "data"))
    folder.mkdir(parents=True, exist_ok=True)
    return Config(
        data=folder.resolve(),
        database_url=os.environ.get("ALUR_DATABASE_URL", ""),
        secret_key=os.environ.get("ALUR_SECRET_KEY") or _kept_secret(folder / "secret.key"),
        zone=zone(),
        language=language(),
        demo=demo,
        trusted_proxy=os.environ.get("ALUR_TRUSTED_PROXY", ""),
        secure_cookies=_one_of("ALUR_SECURE_COOKIES", ("no", "yes")) == "yes",
        approvers=_groups("ALUR_APPROVERS", own="{kantor}."),
    )


def language() -> str:
    """The language of whoever has not chosen one, and of the command line."""
    return _one_of("ALUR_LANGUAGE", ("id", "en"))


def analysts() -> tuple[str, ...]:
    """The candidate groups that may deploy beside the administrators."""
    return _groups("ALUR_ANALYSTS")


@cache
def zone() -> ZoneInfo:
    """The office's zone, as the whole process has it: FEEL's now() and today() are in it."""
    name = os.environ.get("ALUR_ZONE", "Asia/Jakarta")
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError) as error:
        raise ValueError(f"ALUR_ZONE is {name!r}; it may be a name like Asia/Jakarta") from error


def _one_of(name: str, choices: tuple[str, ...]) -> str:
    value = os.environ.get(name, choices[0])
    if value not in choices:
        raise ValueError(f"{name} is {value!r}; it may be {' or '.join(choices)}")
    return value


def _groups(name: str, own: str = "") -> tuple[str, ...]:
    """Position ids with commas between them; after `own` stands the position of the diagram's office."""
    groups = tuple(word for part in os.environ.get(name, "").split(",") if (word := part.strip()))
    for group in groups:
        if not GROUP.fullmatch(group.removeprefix(own)):
            raise ValueError(
                f"{name} has {group!r}; it may have ids of positions like kantor.kepala, or admin"
            )
    return groups


def _kept_secret(path: Path) -> str:
    """Made on the first start and kept, so that a restart signs nobody out."""
    if not path.exists():
        path.touch(mode=0o600)
        path.write_text(secrets.token_hex(32), encoding="ascii")
    return path.read_text(encoding="ascii").strip()
