"""The values of a case by name, each read only when it is asked for, and written again only if it was."""

import json
from collections.abc import Iterator, Mapping, MutableMapping
from typing import Any

from sqlalchemy import Text
from sqlalchemy.engine import Dialect
from sqlalchemy.types import TypeDecorator

from service import values

HEAD, BETWEEN, END = "{\n", ",\n", "\n}"
"""The text is a JSON object with a line for each value: there is no line end inside of one."""

NAME = json.JSONDecoder()
"""Reads the text before the colon, and says where it ends."""


class _Unread(str):
    """The JSON text of a value that nobody has asked for."""

    __slots__ = ()


class Variables(MutableMapping[str, Any]):
    """Values by name, in the order in which they came.

    What a step does not touch costs it neither decoding nor encoding, however much it is. A value
    that was asked for is written anew, as it may have been changed in place.
    """

    def __init__(self, entries: Mapping[str, Any]) -> None:
        """A copy that shares the values; unread ones stay so."""
        self._entries: dict[str, Any] = dict(entries._entries if isinstance(entries, Variables) else entries)

    @classmethod
    def read(cls, text: str) -> "Variables":
        """What `text` wrote, and any other object that `values.dumps` wrote."""
        if not text.startswith(HEAD):
            return cls(values.loads(text))
        kept = cls({})
        for line in text[len(HEAD) : -len(END)].split(BETWEEN):
            name, end = NAME.raw_decode(line)
            kept._entries[name] = _Unread(line[end + 1 :])
        return kept

    def text(self) -> str:
        """Everything as JSON; InvalidInput for what cannot be kept."""
        if not self._entries:
            return "{}"
        lines = (
            f"{json.dumps(values.text(name), ensure_ascii=False)}:"
            f"{value if isinstance(value, _Unread) else values.dumps(value)}"
            for name, value in self._entries.items()
        )
        return HEAD + BETWEEN.join(lines) + END

    def __getitem__(self, name: str) -> Any:
        value = self._entries[name]
        if isinstance(value, _Unread):
            value = self._entries[name] = values.loads(value)
        return value

    def __setitem__(self, name: str, value: Any) -> None:
        self._entries[name] = value

    def __delitem__(self, name: str) -> None:
        del self._entries[name]

    def __contains__(self, name: object) -> bool:
        return name in self._entries

    def __iter__(self) -> Iterator[str]:
        return iter(self._entries)

    def __len__(self) -> int:
        return len(self._entries)

    def __repr__(self) -> str:
        return f"Variables({dict(self)!r})"


class VariablesText(TypeDecorator[Any]):
    """Variables as text. What is set is written, whether it is another value or not."""

    impl = Text
    cache_ok = True

    def process_bind_param(self, value: Any, dialect: Dialect) -> str | None:
        return None if value is None else Variables(value).text()

    def process_result_value(self, value: str | None, dialect: Dialect) -> Any:
        return None if value is None else Variables.read(value)

    def compare_values(self, x: Any, y: Any) -> bool:
        return x is y
