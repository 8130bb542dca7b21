"""Rules of what an activity gets and gives (camunda:inputOutput): names, texts, expressions; no scripts."""

from collections.abc import Iterator

from service.diagram.model import Diagram, Element, Parameter, Process
from service.diagram.passing import texts
from service.diagram.rules.expressions import is_mixed
from service.diagram.rules.finding import error, node_error
from service.diagram.rules.whole import carrier, nodes
from service.diagram.source import camunda
from service.errors import Finding

SHAPES = frozenset(map(camunda, ("list", "map", "value", "entry", "inputParameter", "outputParameter")))
HOLDERS = SHAPES | {camunda("inputOutput")}


def no_parameter(process: Process) -> Iterator[Finding]:
    """A parameter is a variable, which has a name."""
    for element, parameter in _parameters(process):
        if not parameter.name:
            yield error("no_parameter", element)


def odd_parameter(diagram: Diagram) -> Iterator[Finding]:
    """A value is a text, an expression, a list or a map; a script is a program."""
    for node in nodes(diagram):
        holder = node.getparent()
        if holder is not None and holder.tag in HOLDERS and node.tag not in SHAPES:
            yield node_error("odd_parameter", carrier(node))


def mixed_text(process: Process) -> Iterator[Finding]:
    """A value is plain text or one expression, so that nothing stands in a text unseen."""
    for element, parameter in _parameters(process):
        for text in texts(parameter.value):
            if is_mixed(text):
                yield error("mixed_text", element, text=text)


def _parameters(process: Process) -> Iterator[tuple[Element, Parameter]]:
    for element in process.elements.values():
        yield from ((element, parameter) for parameter in (*element.inputs, *element.outputs))
