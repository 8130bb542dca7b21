"""Form fields that are written into an element (Camunda's formData): they become a form of their own."""

import json
from typing import Any

from lxml import etree

from service.diagram.repair import layers
from service.diagram.repair.drawing import Drawing
from service.diagram.repair.kinds import Repairs, of
from service.diagram.rules.expressions import VARIABLE, is_expression
from service.diagram.source import bpmn, camunda
from service.errors import Finding

TYPES = {"string": "textfield", "long": "number", "boolean": "checkbox", "date": "datetime", "enum": "select"}
LIMITS = {"minlength": "minLength", "maxlength": "maxLength", "min": "min", "max": "max"}
READABLE = frozenset(("required", "readonly", *LIMITS))
"""Constraints that a form has too; any other is a program."""
OTHER = tuple(map(camunda, ("formRef", "formKey")))


def form_data(drawing: Drawing, finding: Finding) -> Repairs:
    """The same fields, asked for in a form beside the diagram; what no form can say is left as it is."""
    node = drawing.node(finding.element)
    data = None if node is None else node.find(f"{bpmn('extensionElements')}/{camunda('formData')}")
    if node is None or data is None or any(node.get(name) for name in OTHER) or data.get("businessKey"):
        return
    fields = [*data.iterchildren(camunda("formField"))]
    if not fields or not all(map(_is_plain, fields)):
        return
    key = node.get("id", "")
    form = {"type": "default", "id": key, "schemaVersion": 16, "components": [*map(_component, fields)]}
    drawing.forms[f"{key}.form"] = json.dumps(form, indent=2, ensure_ascii=False).encode() + b"\n"
    node.set(camunda("formRef"), key)
    node.set(camunda("formRefBinding"), "deployment")
    layers.take_off(data)
    yield of(finding, "form", form=f"{key}.form", count=len(fields))


def _is_plain(field: etree._Element) -> bool:
    """Whether a field asks for one of the five kinds of values, and no program checks it."""
    constraints = {one.get("name") for one in field.iter(camunda("constraint"))}
    known = field.get("type", "string") in TYPES and constraints <= READABLE
    return known and VARIABLE.fullmatch(field.get("id", "")) is not None


def _component(field: etree._Element) -> dict[str, Any]:
    key, label = field.get("id", ""), field.get("label", "")
    kind = TYPES[field.get("type", "string")]
    said = {one.get("name", ""): one.get("config", "") for one in field.iter(camunda("constraint"))}
    component: dict[str, Any] = {"type": kind, "id": f"Field_{key}", "key": key}
    component["label"] = key if not label or is_expression(label) else label
    component["validate"] = {"required": "required" in said} | _limits(said)
    if (value := _default(kind, field.get("defaultValue", ""))) is not None:
        component["defaultValue"] = value
    if "readonly" in said:
        component["readonly"] = True
    if kind == "datetime":
        component |= {"subtype": "date", "dateLabel": component.pop("label")}
    if kind == "select":
        values = field.iterchildren(camunda("value"))
        component["values"] = [
            {"label": one.get("name") or one.get("id", ""), "value": one.get("id", "")} for one in values
        ]
    return component


def _limits(said: dict[str, str]) -> dict[str, int]:
    return {LIMITS[name]: int(text) for name, text in said.items() if name in LIMITS and text.isdecimal()}


def _default(kind: str, text: str) -> str | int | bool | None:
    """What stands in a field at first; a date and what is computed are left out."""
    match kind:
        case "number":
            return int(text) if text.isdecimal() else None
        case "checkbox":
            return text == "true" or None
        case "textfield" | "select":
            return text if text and not is_expression(text) else None
    return None
