"""The six diagrams are drawn as the SOP's table: actors are columns, steps are rows, nothing overlaps."""

import re
from collections.abc import Iterator
from itertools import combinations, pairwise
from pathlib import Path
from typing import NamedTuple

import pytest
from lxml import etree

DIAGRAMS = sorted((Path(__file__).parent.parent / "bpmn").glob("*/*.bpmn"))
NS = {
    "bpmn": "http://www.omg.org/spec/BPMN/20100524/MODEL",
    "bpmndi": "http://www.omg.org/spec/BPMN/20100524/DI",
    "dc": "http://www.omg.org/spec/DD/20100524/DC",
    "di": "http://www.omg.org/spec/DD/20100524/DI",
}
NODES = ("startEvent", "endEvent", "intermediateCatchEvent", "userTask", "exclusiveGateway", "subProcess")
APART = 6
"""The least distance between what does not belong together, in the diagram's pixels."""


class Box(NamedTuple):
    left: float
    top: float
    right: float
    bottom: float

    def meets(self, other: "Box", margin: float = 0) -> bool:
        return (
            self.left < other.right + margin
            and other.left < self.right + margin
            and self.top < other.bottom + margin
            and other.top < self.bottom + margin
        )

    def holds(self, other: "Box") -> bool:
        inside_width = self.left <= other.left and other.right <= self.right
        return inside_width and self.top <= other.top and other.bottom <= self.bottom


class Line(NamedTuple):
    source: str
    target: str
    points: tuple[tuple[float, float], ...]

    def pieces(self) -> Iterator[Box]:
        for (x, y), (u, v) in pairwise(self.points):
            yield Box(min(x, u), min(y, v), max(x, u), max(y, v))


class Picture:
    """What is drawn: boxes and labels by element id, lines by flow id, and the order of the lanes."""

    def __init__(self, path: Path) -> None:
        self.root = etree.parse(path).getroot()
        self.elements = {node.get("id"): node for node in self.root.iter() if node.get("id")}
        self.boxes: dict[str, Box] = {}
        self.labels: dict[str, Box] = {}
        self.lines: dict[str, Line] = {}
        for shape in self.all("bpmndi:BPMNShape"):
            self.boxes[shape.get("bpmnElement")] = _box(shape.find("dc:Bounds", NS))
            self._label(shape)
        for edge in self.all("bpmndi:BPMNEdge"):
            flow = self.elements[edge.get("bpmnElement")]
            points = tuple((float(p.get("x")), float(p.get("y"))) for p in edge.findall("di:waypoint", NS))
            self.lines[flow.get("id")] = Line(flow.get("sourceRef"), flow.get("targetRef"), points)
            self._label(edge)

    def all(self, path: str) -> list[etree._Element]:
        return self.root.findall(f".//{path}", NS)

    def kind(self, key: str) -> str:
        return str(etree.QName(self.elements[key]).localname)

    def parent(self, key: str) -> str:
        return str(self.elements[key].getparent().get("id"))

    def nodes(self) -> dict[str, Box]:
        return {key: box for key, box in self.boxes.items() if self.kind(key) in NODES}

    def flows(self) -> dict[str, Line]:
        return {key: line for key, line in self.lines.items() if self.kind(key) == "sequenceFlow"}

    def _label(self, shape: etree._Element) -> None:
        if (bounds := shape.find("bpmndi:BPMNLabel/dc:Bounds", NS)) is not None:
            self.labels[shape.get("bpmnElement")] = _box(bounds)


def _box(bounds: etree._Element) -> Box:
    x, y, width, height = (float(bounds.get(name)) for name in ("x", "y", "width", "height"))
    return Box(x, y, x + width, y + height)


@pytest.fixture(params=DIAGRAMS, ids=lambda path: path.stem)
def picture(request: pytest.FixtureRequest) -> Picture:
    return Picture(request.param)


def test_one_pool_has_its_lanes_side_by_side_as_columns(picture: Picture) -> None:
    assert len(picture.all("bpmn:participant")) == 1
    for shape in picture.all("bpmndi:BPMNShape"):
        if picture.kind(shape.get("bpmnElement")) in ("participant", "lane"):
            assert shape.get("isHorizontal") == "false"
    lanes = [picture.boxes[lane.get("id")] for lane in picture.all("bpmn:lane")]
    assert all(left.right == right.left and left.top == right.top for left, right in pairwise(lanes))


def test_everything_that_is_in_the_file_is_drawn(picture: Picture) -> None:
    shown = {*picture.boxes, *picture.lines}
    drawn = (*NODES, "lane", "participant", "textAnnotation", "sequenceFlow", "association")
    assert {key for key in picture.elements if picture.kind(key) in drawn} == shown


def test_every_step_stands_in_the_column_of_its_lane(picture: Picture) -> None:
    for lane in picture.all("bpmn:lane"):
        for reference in lane.findall("bpmn:flowNodeRef", NS):
            assert picture.boxes[lane.get("id")].holds(picture.boxes[reference.text or ""])


def test_the_rows_go_down_the_page_in_the_order_of_the_table(picture: Picture) -> None:
    rows = {}
    for task in picture.all("bpmn:userTask"):
        number = next(p.get("value") for p in task.iter() if p.get("name") == "sop.no")
        rows[int(number)] = picture.boxes[task.get("id")]
    assert all(rows[number].bottom < rows[number + 1].top for number in range(1, len(rows)))


def test_nothing_overlaps(picture: Picture) -> None:
    notes = {key: box for key, box in picture.boxes.items() if picture.kind(key) == "textAnnotation"}
    boxes = picture.nodes() | notes
    for one, other in combinations(boxes, 2):
        if one != picture.parent(other) and other != picture.parent(one):
            assert not boxes[one].meets(boxes[other], APART), (one, other)
    for key, label in picture.labels.items():
        assert not [other for other, box in picture.labels.items() if other != key and label.meets(box)], key
        around = picture.parent(key)
        assert not [other for other, box in boxes.items() if other != around and label.meets(box, 1)], key


def test_no_line_runs_through_a_box_or_a_label(picture: Picture) -> None:
    for key, line in picture.flows().items():
        away = set(picture.nodes()) - {line.source, line.target, picture.parent(key)}
        for piece in line.pieces():
            assert not [other for other in away if piece.meets(picture.boxes[other], APART)], key
            assert not [other for other, box in picture.labels.items() if piece.meets(box)], key


def test_lines_turn_at_right_angles_and_end_on_their_boxes(picture: Picture) -> None:
    for key, line in picture.flows().items():
        assert all(piece.left == piece.right or piece.top == piece.bottom for piece in line.pieces()), key
        for point, end in ((line.points[0], line.source), (line.points[-1], line.target)):
            assert _on_border(point, picture.boxes[end]), (key, end)


def test_no_two_lines_cross_or_share_a_way(picture: Picture) -> None:
    for one, other in combinations(picture.flows(), 2):
        for piece in picture.lines[one].pieces():
            assert not [way for way in picture.lines[other].pieces() if piece.meets(way, 1)], (one, other)


def test_each_note_says_what_it_belongs_to(picture: Picture) -> None:
    notes = {note.get("id") for note in picture.all("bpmn:textAnnotation")}
    assert notes == {picture.lines[one.get("id")].target for one in picture.all("bpmn:association")}


def test_names_of_steps_are_short_and_begin_with_what_is_done(picture: Picture) -> None:
    for task in picture.all("bpmn:userTask"):
        assert re.match(r"Me\w+", task.get("name")) and len(task.get("name")) <= 40


def _on_border(point: tuple[float, float], box: Box) -> bool:
    x, y = point
    beside = x in (box.left, box.right) and box.top <= y <= box.bottom
    return beside or (y in (box.top, box.bottom) and box.left <= x <= box.right)
