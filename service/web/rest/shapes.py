"""What the shapes of requests and answers have in common: Camunda's names, texts, moments and pages."""

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from fnmatch import fnmatchcase
from glob import escape
from typing import Annotated, Any, Literal, TypeVar

from flask import request
from pydantic import (
    AfterValidator,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    PlainSerializer,
    SerializationInfo,
    model_validator,
)
from pydantic.alias_generators import to_camel

from service import values
from service.errors import InvalidInput
from service.web.rest.values import moment

Row = TypeVar("Row")
LARGEST_PAGE = 2**31 - 1
"""Clients say "all" with Java's largest integer."""


def _storable(text: str) -> str:
    """NUL and lone surrogates would be refused by one database and kept by the other."""
    try:
        values.text(text)
    except InvalidInput as error:
        raise ValueError from error
    return text


def _split(value: Any) -> Any:
    return value.split(",") if isinstance(value, str) else value


def _one_or_several(value: Any) -> Any:
    return [value] if isinstance(value, dict) else value


def _in_office_zone(value: datetime, info: SerializationInfo[Any]) -> str:
    return moment(value, info.context)


Text = Annotated[str, AfterValidator(_storable)]
Names = Annotated[list[Text], BeforeValidator(_split)]
"""A list in a body, or commas in a query."""
Moment = Annotated[datetime, PlainSerializer(_in_office_zone, return_type=str)]
"""A moment in an answer; the serialization context is the office's zone."""


class Answer(BaseModel):
    """What a client reads: snake_case here, camelCase there."""

    model_config = ConfigDict(alias_generator=to_camel, validate_by_name=True, serialize_by_alias=True)


class Asked(BaseModel):
    """What a client sends. A field nobody knows is refused, unless it says nothing (null).

    Refusing matters for filters: one that is silently left out shows more than was asked for.
    """

    model_config = ConfigDict(alias_generator=to_camel, extra="forbid")

    @model_validator(mode="before")
    @classmethod
    def _without_nulls(cls, sent: Any) -> Any:
        if not isinstance(sent, dict):
            return sent
        return {name: value for name, value in sent.items() if value is not None}


class Nothing(Asked):
    """A query or a body in which nothing may stand."""


class Page(Asked):
    """Which part of a list: `firstResult` counts from 0."""

    first_result: int = Field(0, ge=0, le=LARGEST_PAGE)
    max_results: int = Field(LARGEST_PAGE, ge=0, le=LARGEST_PAGE)

    def cut(self, rows: Sequence[Row]) -> list[Row]:
        """The page of rows that are all there."""
        return list(rows[self.first_result : self.first_result + self.max_results])


class Order(Asked):
    """What a list is sorted by."""

    sort_by: Text
    sort_order: Literal["asc", "desc"]


class Sorted(Page):
    """A page of a list in an order; `sortBy` and `sortOrder` come together, as in Camunda."""

    sort_by: Text | None = None
    sort_order: Literal["asc", "desc"] | None = None

    @property
    def orders(self) -> list[Order]:
        """The order asked for, if there is one; InvalidInput for half of one."""
        if self.sort_by is None and self.sort_order is None:
            return []
        if self.sort_by is None or self.sort_order is None:
            raise InvalidInput("rest.half_sorted")
        return [Order.model_validate({"sortBy": self.sort_by, "sortOrder": self.sort_order})]

    def sort(self, rows: Sequence[Row], keys: Mapping[str, Callable[[Row], Any]]) -> list[Row]:
        """The rows in the order asked for."""
        return in_order(rows, self.orders, keys)


def in_order(
    rows: Sequence[Row], orders: Sequence[Order], keys: Mapping[str, Callable[[Row], Any]]
) -> list[Row]:
    """The rows by the first order, then by the second …; rows without a value come last.

    `keys` maps each `sortBy` to what is compared; InvalidInput for another one.
    """
    ordered = list(rows)
    for order in reversed(orders):
        if (key := keys.get(order.sort_by)) is None:
            raise InvalidInput("rest.sort", choices=", ".join(keys))
        missing = [row for row in ordered if key(row) is None]
        ordered = [row for row in ordered if key(row) is not None]
        ordered.sort(key=key, reverse=order.sort_order == "desc")
        ordered += missing
    return ordered


Orders = Annotated[list[Order], BeforeValidator(_one_or_several)]


class Count(Answer):
    """How many rows a query without a page would give."""

    count: int


class Link(Answer):
    """Camunda's answers link to what they made."""

    method: str
    href: str
    rel: str


class SentValue(Asked):
    """A variable as clients send it; without a type the JSON value speaks for itself."""

    value: Any = None
    type: Text | None = None
    value_info: dict[str, Any] | None = None
    local: bool = False


class Variable(Answer):
    """A typed value in an answer."""

    value: Any
    type: str
    value_info: dict[str, Any]


def link(noun: str, id_: str) -> Link:
    """Where what was made can be read."""
    return Link(method="GET", href=f"{request.root_url}engine-rest/{noun}/{id_}", rel="self")


def matches(row: Any, asked: Mapping[str, Any]) -> bool:
    """Has the row every value that is asked for? None asks for nothing, a list for one of several."""
    return all(
        getattr(row, name) in wanted if isinstance(wanted, list) else getattr(row, name) == wanted
        for name, wanted in asked.items()
        if wanted is not None
    )


def like(text: str, pattern: str | None) -> bool:
    """SQL's LIKE, as Camunda's `…Like` filters have it: `%` for any text; None fits everything."""
    return pattern is None or fnmatchcase(text, escape(pattern).replace("%", "*").replace("_", "?"))
