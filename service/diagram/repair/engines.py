"""Words of another engine, which would silently count for nothing: they are taken out."""

from lxml import etree

from service.diagram.repair import layers
from service.diagram.repair.drawing import Drawing
from service.diagram.repair.kinds import Repairs, of
from service.diagram.rules.whole import ZEEBE
from service.errors import Finding


def other_engine(drawing: Drawing, finding: Finding) -> Repairs:
    """Camunda 8's forms, people and lists are given anew in the modeller; the flow is the same."""
    taken = 0
    for node in [*drawing.root.iter(f"{{{ZEEBE}}}*")]:
        holder = node.getparent()
        if holder is not None:
            layers.take_out(node)
            taken += 1
            _tidy(holder)
    yield of(finding, "other_engine", count=taken)


def _tidy(holder: etree._Element) -> None:
    """An extensionElements that is empty now says nothing."""
    if not len(holder) and str(holder.tag).endswith("}extensionElements"):
        layers.take_out(holder)
