"""Reads what goes into an activity and comes out: its own mappings, and what a called process gets."""

import re
from collections.abc import Iterator
from typing import Any

from lxml import etree

from service.diagram.model import Parameter, Passed
from service.diagram.parts import text
from service.diagram.source import bpmn, camunda

OWN_KEY = re.compile(
    r"\s*[$#]\{\s*execution\.(processBusinessKey|businessKey|getProcessBusinessKey\(\))\s*\}\s*"
)
"""How a diagram says that a called process gets the caller's business key; this is no expression here."""


def inputs(node: etree._Element) -> Iterator[Parameter]:
    """The variables that an activity gets of its own before it begins."""
    return _parameters(node, "inputParameter")


def outputs(node: etree._Element) -> Iterator[Parameter]:
    """The variables that are written around an activity when it is done."""
    return _parameters(node, "outputParameter")


def passed(node: etree._Element, way: str) -> Iterator[Passed]:
    """What a call activity passes: `way` is `in` or `out`. The business key has a place of its own."""
    for one in node.iterfind(f"{bpmn('extensionElements')}/{camunda(way)}"):
        if one.get("businessKey") is None:
            yield Passed(
                target=one.get("target", ""),
                source=one.get("source"),
                expression=one.get("sourceExpression"),
                all=one.get("variables") == "all",
            )


def business_key(node: etree._Element) -> str | None:
    """The expression of the business key that a called process gets."""
    passing = node.iterfind(f"{bpmn('extensionElements')}/{camunda('in')}")
    return next((key for one in passing if (key := one.get("businessKey")) is not None), None)


def texts(value: Any) -> Iterator[str]:
    """Every text of a parameter's value, those in its lists and maps too."""
    if isinstance(value, str):
        yield value
    else:
        for one in value.values() if isinstance(value, dict) else value:
            yield from texts(one)


def _parameters(node: etree._Element, kind: str) -> Iterator[Parameter]:
    path = (bpmn("extensionElements"), camunda("inputOutput"), camunda(kind))
    for one in node.iterfind("/".join(path)):
        yield Parameter(one.get("name", ""), _value(one))


def _value(node: etree._Element) -> Any:
    """A list, a map, or the text as it is written; what else there may be is refused by a rule."""
    if node.tag == camunda("list"):
        return tuple(_value(item) for item in node.iterchildren("*"))
    if node.tag == camunda("map"):
        return {entry.get("key", ""): _value(entry) for entry in node.iterchildren("*")}
    inner = next(node.iterchildren(camunda("list"), camunda("map")), None)
    return (text(node) or "") if inner is None else _value(inner)
