"""Words of another engine, which would silently count for nothing: they are taken out."""

from service.diagram.repair import layers
from service.diagram.repair.drawing import Drawing
from service.diagram.repair.kinds import Repairs, of
from service.diagram.rules.whole import ZEEBE
from service.errors import Finding


def other_engine(drawing: Drawing, finding: Finding) -> Repairs:
    """Camunda 8's forms, people and lists are given anew in the modeller; the flow is the same."""
    taken = 0
    for node in [*drawing.root.iter(f"{{{ZEEBE}}}*")]:
        if node.getparent() is not None:
            layers.take_off(node)
            taken += 1
    yield of(finding, "other_engine", count=taken)
