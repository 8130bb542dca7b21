"""Programs of Camunda's that hang on an element: they are taken off, and what was drawn stays."""

from service.diagram.repair import fields, layers
from service.diagram.repair.drawing import Drawing
from service.diagram.repair.kinds import Repairs, of
from service.diagram.rules.whole import carrier
from service.diagram.source import camunda
from service.errors import Finding

LISTENERS = ("executionListener", "taskListener")


def extension(drawing: Drawing, finding: Finding) -> Repairs:
    """What a program would do unseen at an element is not done; the analyst may draw it as a step."""
    node = drawing.node(finding.element)
    name = str(finding.params.get("extension", ""))
    if name == "formData":
        yield from fields.form_data(drawing, finding)
    elif node is not None and name in LISTENERS:
        mine = [one for one in node.iter(camunda(name)) if carrier(one) is node]
        for one in mine:
            layers.take_off(one)
        if mine:
            yield of(finding, "listener", extension=name, count=len(mine))
