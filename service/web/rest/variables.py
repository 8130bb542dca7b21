"""Variables on their way in and out: a map of names and typed values."""

from collections.abc import Mapping, Sequence
from typing import Any

from service.errors import NotFound
from service.web.present import settings
from service.web.rest.shapes import Asked, Names, SentValue, Text, Variable
from service.web.rest.values import typed, untyped


class VariablesQuery(Asked):
    """Clients say how they want serialized objects; ours are JSON text, with either answer."""

    deserialize_values: bool = True
    deserialize_value: bool = True


class FormVariablesQuery(VariablesQuery):
    """Which variables; all without a list."""

    variable_names: Names | None = None


class ModificationsBody(Asked):
    """Variables to set and names to delete; a name in both is deleted."""

    modifications: dict[Text, SentValue] = {}
    deletions: Sequence[Text] = ()


def sent_values(variables: Mapping[str, SentValue]) -> dict[str, Any]:
    """The values that a client sent; InvalidInput names the variable whose value cannot be read."""
    return {name: sent_value(name, sent) for name, sent in variables.items()}


def sent_value(name: str, sent: SentValue) -> Any:
    """One value that a client sent."""
    return untyped(sent.model_dump(by_alias=True), name, settings().zone)


def answers(values: Mapping[str, Any]) -> dict[str, Variable]:
    """Values as clients read them."""
    return {name: answer(value) for name, value in values.items()}


def answer(value: Any) -> Variable:
    """One value as clients read it."""
    return Variable.model_validate(typed(value, settings().zone))


def one(values: Mapping[str, Any], name: str) -> Variable:
    """The answer for one name; NotFound when there is no such variable."""
    if name not in values:
        raise NotFound("rest.no_variable", name=name)
    return answer(values[name])
