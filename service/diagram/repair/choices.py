"""Ways without a condition: people choose one by its name, in a form."""

import json

from lxml import etree

from service.diagram.parts import name as name_of
from service.diagram.repair import words
from service.diagram.repair.boxes import Point
from service.diagram.repair.conditions import choose
from service.diagram.repair.drawing import Drawing
from service.diagram.repair.kinds import Repairs, of
from service.diagram.repair.names import variable
from service.diagram.rules.elements import WORK
from service.diagram.source import bpmn, camunda, local
from service.errors import Finding

FORMS = tuple(map(camunda, ("formRef", "formKey", "formRefBinding", "formRefVersion")))


def missing_condition(drawing: Drawing, finding: Finding) -> Repairs:
    """One way that is left over is the default; of several ones people choose."""
    flow = drawing.node(finding.element)
    gateway = None if flow is None else drawing.node(flow.get("sourceRef"))
    if flow is None or gateway is None or flow.tag != bpmn("sequenceFlow"):
        return
    key = gateway.get("id", "")
    flows = drawing.outgoing(key)
    bare = [one for one in flows if _is_bare(one) and one.get("id") != gateway.get("default")]
    if key not in drawing.asked:
        if len(bare) == 1 and not gateway.get("default"):
            gateway.set("default", flow.get("id", ""))
            yield of(finding, "default", gateway=drawing.label(key), way=_label(drawing, flow))
            return
        _ask(drawing, gateway, bare)
    asked = drawing.asked[key]
    way = asked.get(finding.element or "")
    if way is not None:
        choose(flow, _condition(gateway, way))
        yield of(finding, "chosen", gateway=drawing.label(key), way=way, step=asked[""])


def _ask(drawing: Drawing, gateway: etree._Element, bare: list[etree._Element]) -> None:
    """A form with the names of the ways, on the step before the gateway or on one of its own."""
    key = gateway.get("id", "")
    default = drawing.node(gateway.get("default"))
    several = local(gateway) == "inclusiveGateway"
    offered = bare if default is None or several else [*bare, default]
    labels = _labels(drawing, offered)
    asker = _asker(drawing, gateway)
    step = _new_step(drawing, gateway) if asker is None else asker
    drawing.asked[key] = {**labels, "": drawing.label(step.get("id", ""))}
    title = name_of(gateway) or words.written("choose")
    required = not several or default is None
    _give_form(drawing, step, variable(key), title, list(labels.values()), several, required)


def _asker(drawing: Drawing, gateway: etree._Element) -> etree._Element | None:
    """The step of a person that leads to the gateway alone, and has room for a form."""
    flows = drawing.incoming(gateway.get("id", ""))
    before = drawing.before(gateway.get("id", ""))
    if len(flows) != 1 or len(before) != 1:
        return None
    step = before[0]
    alone = len(drawing.outgoing(step.get("id", ""))) == 1
    repeated = any(local(child).endswith("LoopCharacteristics") for child in step.iterchildren("*"))
    filled = any(step.get(name) for name in FORMS) or _extended(step)
    is_free = alone and not repeated and not filled and f"{step.get('id')}.form" not in drawing.forms
    return step if local(step) in WORK and is_free else None


def _extended(step: etree._Element) -> bool:
    """Whether what it reads and writes is said in other ways."""
    tags = map(camunda, ("inputOutput", "formData"))
    return any(step.find(f"{bpmn('extensionElements')}/{tag}") is not None for tag in tags)


def _new_step(drawing: Drawing, gateway: etree._Element) -> etree._Element:
    """A step in which somebody chooses, before the gateway and in its lane."""
    key = gateway.get("id", "")
    flows = drawing.incoming(key)
    title = name_of(gateway)
    name = words.written("choosing", name=title) if title else words.written("choose")
    box, edge = drawing.picture.box(key), flows[0].get("id", "") if len(flows) == 1 else ""
    near = drawing.picture.middle(edge) or (Point(box.x - 90, box.centre.y) if box else None)
    step = drawing.add("userTask", drawing.fresh(f"Pilih_{key}"), name, gateway, near, edge)
    target = gateway
    if local(gateway) == "inclusiveGateway" and len(flows) > 1:
        target = drawing.add("inclusiveGateway", drawing.fresh(f"Gabung_{key}"), "", gateway, near)
        drawing.connect(target, step)
    for flow in flows:
        drawing.lead(flow, "incoming", step if target is gateway else target)
    drawing.connect(step, gateway)
    return step


def _give_form(
    drawing: Drawing,
    step: etree._Element,
    field: str,
    title: str,
    ways: list[str],
    several: bool,
    required: bool,
) -> None:
    key = step.get("id", "")
    step.tag = bpmn("userTask")
    step.set(camunda("formRef"), key)
    step.set(camunda("formRefBinding"), "deployment")
    component = {
        "type": "checklist" if several else "radio",
        "id": f"Field_{field}",
        "key": field,
        "label": title,
        "values": [{"label": way, "value": way} for way in ways],
        "validate": {"required": required},
    }
    form = {"type": "default", "id": key, "schemaVersion": 16, "components": [component]}
    drawing.forms[f"{key}.form"] = json.dumps(form, indent=2, ensure_ascii=False).encode() + b"\n"


def _labels(drawing: Drawing, flows: list[etree._Element]) -> dict[str, str]:
    """What each way is called: its name, else that of what it leads to; each another word."""
    labels: dict[str, str] = {}
    for flow in flows:
        word, number = _label(drawing, flow), 1
        label = word
        while label in labels.values():
            number += 1
            label = f"{word} ({number})"
        labels[flow.get("id", "")] = label
    return labels


def _label(drawing: Drawing, flow: etree._Element) -> str:
    target = drawing.node(flow.get("targetRef"))
    seen = {flow.get("id")}
    word = name_of(flow)
    while word is None and target is not None:
        word = name_of(target)
        ahead = drawing.outgoing(target.get("id", ""))
        if len(ahead) != 1 or ahead[0].get("id") in seen:
            break
        seen.add(ahead[0].get("id"))
        target = drawing.node(ahead[0].get("targetRef"))
    if word is None and target is not None and local(target) == "endEvent":
        word = words.written("finish")
    return word or words.written("way")


def _condition(gateway: etree._Element, way: str) -> str:
    field = variable(gateway.get("id", ""))
    said = way.replace("\\", "\\\\").replace('"', '\\"')
    if local(gateway) == "inclusiveGateway":
        return f'=list contains({field}, "{said}")'
    return f'={field} = "{said}"'


def _is_bare(flow: etree._Element) -> bool:
    condition = flow.find(bpmn("conditionExpression"))
    return condition is None or not "".join(map(str, condition.itertext())).strip()
