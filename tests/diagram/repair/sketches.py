"""Draws small diagrams with their picture: nodes in a row or at given places, and straight flows."""

from collections.abc import Mapping, Sequence

HEAD = """<?xml version="1.0" encoding="UTF-8"?>
<!-- a comment before it -->
<bpmn:definitions xmlns:bpmn="http://www.omg.org/spec/BPMN/20100524/MODEL" \
xmlns:bpmndi="http://www.omg.org/spec/BPMN/20100524/DI" xmlns:dc="http://www.omg.org/spec/DD/20100524/DC" \
xmlns:di="http://www.omg.org/spec/DD/20100524/DI" id="definitions" targetNamespace="http://alur.test">
  <bpmn:process id="p" name="Kantor" isExecutable="true">
"""
SIZES = {"Event": (36, 36), "Gateway": (50, 50)}
Node = tuple[str, str] | tuple[str, str, str]
"""Its kind and id, and what stands in it."""


def sketch(
    nodes: Sequence[Node],
    flows: Sequence[tuple[str, str]],
    places: Mapping[str, tuple[int, int]] | None = None,
    inside: Mapping[str, str] | None = None,
    attributes: Mapping[str, str] | None = None,
) -> bytes:
    """A process `p`; the flows are `<source>_<target>`, `inside` is what stands in a flow by its id."""
    where = {node[1]: (places or {}).get(node[1], (at, 0)) for at, node in enumerate(nodes)}
    said = attributes or {}
    text = HEAD
    for kind, key, *inner in nodes:
        more = f" {said[key]}" if key in said else ""
        text += _element(kind, f'id="{key}" name="{key.title()}"{more}', "".join(inner))
    for source, target in flows:
        key = f"{source}_{target}"
        held = (inside or {}).get(key, "")
        ends = f'sourceRef="{source}" targetRef="{target}"'
        text += _element("sequenceFlow", f'id="{key}" name="{key}" {ends}', held)
    text += (
        '  </bpmn:process>\n  <bpmndi:BPMNDiagram id="d">\n    <bpmndi:BPMNPlane id="pl" bpmnElement="p">\n'
    )
    boxes = {node[1]: _box(node[0], where[node[1]]) for node in nodes}
    for key, (x, y, w, h) in boxes.items():
        bounds = f'<dc:Bounds x="{x}" y="{y}" width="{w}" height="{h}" />'
        text += f'      <bpmndi:BPMNShape id="{key}_s" bpmnElement="{key}">{bounds}</bpmndi:BPMNShape>\n'
    for source, target in flows:
        text += _edge(source, target, boxes)
    return (text + "    </bpmndi:BPMNPlane>\n  </bpmndi:BPMNDiagram>\n</bpmn:definitions>\n").encode()


def _element(kind: str, said: str, inner: str) -> str:
    return f"    <bpmn:{kind} {said}>{inner}</bpmn:{kind}>\n" if inner else f"    <bpmn:{kind} {said} />\n"


def _box(kind: str, place: tuple[int, int]) -> tuple[int, int, int, int]:
    width, height = next((size for end, size in SIZES.items() if kind.endswith(end)), (100, 80))
    return 100 + 180 * place[0] - width // 2, 200 + 140 * place[1] - height // 2, width, height


def _edge(source: str, target: str, boxes: Mapping[str, tuple[int, int, int, int]]) -> str:
    key = f"{source}_{target}"
    if source not in boxes or target not in boxes:
        return ""
    (a, b, c, d), (e, f, _, h) = boxes[source], boxes[target]
    points = f'<di:waypoint x="{a + c}" y="{b + d / 2}" /><di:waypoint x="{e}" y="{f + h / 2}" />'
    return f'      <bpmndi:BPMNEdge id="{key}_e" bpmnElement="{key}">{points}</bpmndi:BPMNEdge>\n'
