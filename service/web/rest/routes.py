"""The table of routes: what each one asks and answers, for Flask and for the OpenAPI document alike."""

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from types import NoneType
from typing import Any, TypeVar, get_type_hints

from flask import Response, g, request
from pydantic import BaseModel, TypeAdapter, ValidationError
from pydantic_core import from_json
from werkzeug.exceptions import UnsupportedMediaType

from service.errors import InvalidInput, NotAllowed
from service.web.present import settings
from service.web.rest.refusals import misunderstood
from service.web.rest.shapes import Asked
from service.web.rest.values import JSON_FORMAT

Model = TypeVar("Model", bound=BaseModel)
MULTIPART_FORMAT = "multipart/form-data"
JSON_LIMIT = 2 * 1024 * 1024
"""Bytes of a JSON body; files come as multipart, under the application's own limit."""
PLACE = re.compile(r"{(\w+)}")


@dataclass(frozen=True)
class Route:
    """One method of one path. The function's annotations say the rest:

    `query`, `body` and `form` are Asked models, the other parameters stand in the path, and the
    return type is the answer; None is a 204, and a Response is sent as it is. `form` are the texts
    of a multipart body, beside its files. What `only_reads` need not wait for writers.
    """

    method: str
    path: str
    function: Callable[..., Any]
    noun: str
    admin: bool
    only_reads: bool
    open_to_all: bool

    @cached_property
    def hints(self) -> dict[str, Any]:
        """The function's annotations."""
        return get_type_hints(self.function)

    @property
    def query(self) -> type[Asked] | None:
        """What may stand in the query string."""
        return self.hints.get("query")

    @property
    def body(self) -> type[Asked] | None:
        """What may stand in the JSON body."""
        return self.hints.get("body")

    @property
    def form(self) -> type[Asked] | None:
        """What may stand in the texts of a multipart body."""
        return self.hints.get("form")

    @cached_property
    def answer(self) -> TypeAdapter[Any] | None:
        """How the result becomes JSON; None when there is no result or it is a Response."""
        kind = self.hints["return"]
        return None if kind in (NoneType, Response) else TypeAdapter(kind)

    @property
    def places(self) -> list[str]:
        """The names of the path's parameters."""
        return PLACE.findall(self.path)

    @property
    def rule(self) -> str:
        """The path as Flask writes it."""
        return PLACE.sub(r"<\1>", self.path)

    def read(self, places: Mapping[str, str]) -> dict[str, Any]:
        """What the request says, as the function's arguments; InvalidInput where it cannot be read."""
        arguments: dict[str, Any] = dict(places)
        if self.query:
            arguments["query"] = read(self.query, _query())
        if self.body:
            arguments["body"] = read(self.body, _body())
        if self.form:
            arguments["form"] = read(self.form, _form())
        return arguments

    def __call__(self, **_: str) -> Response:
        """Calls the function with what was read before the transaction began; writes its answer."""
        if self.admin and not g.actor.admin:
            raise NotAllowed("rest.admin_only")
        return self._answered(self.function(**g.arguments))

    def _answered(self, result: Any) -> Response:
        if isinstance(result, Response):
            return result
        if self.answer is None or result is None:
            return Response(status=204)
        text = self.answer.dump_json(result, by_alias=True, context=settings().zone)
        return Response(text, content_type=JSON_FORMAT)


class Routes:
    """The routes of one noun, in the order they are written."""

    def __init__(self, noun: str) -> None:
        self.noun = noun
        self._routes: list[Route] = []

    def __iter__(self) -> Iterator[Route]:
        return iter(self._routes)

    def get(self, path: str, **more: Any) -> Callable[[Any], Any]:
        """Decorates a function that only reads."""
        return self._add("GET", path, only_reads=True, **more)

    def post(self, path: str, **more: Any) -> Callable[[Any], Any]:
        """Decorates a function that does something."""
        return self._add("POST", path, **more)

    def put(self, path: str, **more: Any) -> Callable[[Any], Any]:
        """Decorates a function that sets something."""
        return self._add("PUT", path, **more)

    def delete(self, path: str, **more: Any) -> Callable[[Any], Any]:
        """Decorates a function that takes something away."""
        return self._add("DELETE", path, **more)

    def _add(
        self,
        method: str,
        path: str,
        *,
        admin: bool = False,
        only_reads: bool = False,
        open_to_all: bool = False,
    ) -> Callable[[Any], Any]:
        def keep(function: Callable[..., Any]) -> Callable[..., Any]:
            self._routes.append(Route(method, path, function, self.noun, admin, only_reads, open_to_all))
            return function

        return keep


def read(model: type[Model], sent: Any) -> Model:
    """The model that was sent; InvalidInput in the product's words, without repeating the values."""
    try:
        return model.model_validate(sent)
    except ValidationError as error:
        raise misunderstood(error) from error


def _query() -> dict[str, str]:
    """The query string; a parameter that comes twice is refused, for one of the two would be lost."""
    for name, sent in request.args.lists():
        if len(sent) > 1:
            raise InvalidInput("rest.twice", name=name)
    return request.args.to_dict()


def _form() -> dict[str, str]:
    """The texts of a multipart body; an empty one says nothing."""
    if request.mimetype != MULTIPART_FORMAT:
        raise UnsupportedMediaType
    return {name: text for name, text in request.form.items() if text}


def _body() -> Any:
    """The JSON body; an empty one is an empty object."""
    request.max_content_length = JSON_LIMIT
    data = request.get_data()
    if data and request.mimetype != JSON_FORMAT:
        raise UnsupportedMediaType
    try:
        return from_json(data, allow_inf_nan=False) if data else {}
    except ValueError as error:
        raise InvalidInput("rest.bad_json") from error
