"""Places in nested values: `pegawai[0].nip` is the path ("pegawai", 0, "nip")."""

import re
from typing import Any, Final

Path = tuple[str | int, ...]


class Missing:
    """Says that nothing stands at a place, which null cannot say."""

    def __bool__(self) -> bool:
        return False


MISSING: Final = Missing()

_INDEX = re.compile(r"\[(\d{1,9})\]")


def spell(path: Path) -> str:
    """`pegawai[0].nip`"""
    parts = (f"[{part}]" if isinstance(part, int) else f".{part}" for part in path)
    return "".join(parts).removeprefix(".")


def unspell(text: str) -> Path:
    """The path behind a spelled one."""
    path: list[str | int] = []
    for segment in text.split("."):
        key, *indexes = _INDEX.split(segment)
        path.append(key)
        path.extend(int(index) for index in indexes if index)
    return tuple(path)


def at(values: Any, path: Path) -> Any:
    """What stands at a place; MISSING where nothing does."""
    for part in path:
        if isinstance(part, int):
            if not isinstance(values, list) or part >= len(values):
                return MISSING
            values = values[part]
        elif isinstance(values, dict) and part in values:
            values = values[part]
        else:
            return MISSING
    return values


def put(values: dict[str, Any], path: Path, value: Any) -> None:
    """Set a value, making the objects on the way; a list on the way must be long enough."""
    node: Any = values
    for part in path[:-1]:
        below = node[part] if isinstance(part, int) else node.get(part)
        if not isinstance(below, dict | list):
            below = node[part] = {}
        node = below
    node[path[-1]] = value


def drop(values: dict[str, Any], path: Path) -> None:
    """Take away what stands at a place, and the objects around it that become empty."""
    holder = at(values, path[:-1])
    if isinstance(holder, dict):
        holder.pop(path[-1], None)
        if not holder and len(path) > 1:
            drop(values, path[:-1])
