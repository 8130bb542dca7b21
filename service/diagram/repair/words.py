"""The words that a repair writes into a diagram or a form, in the language of the offices."""

from lxml import etree

from service import language
from service.diagram.parts import name as name_of
from service.diagram.repair.drawing import Drawing
from service.diagram.source import local
from service.errors import Message

LONGEST = 120


def written(key: str, **params: str) -> str:
    """A phrase of the diagram: `repair.word.<key>`."""
    return language.say(Message(f"repair.word.{key}", params), "id")


def waiting(label: str) -> str:
    """The name of the step in which somebody waits for something."""
    return written("waiting", name=label)


def sending(label: str) -> str:
    """The name of the step in which somebody sends something."""
    return written("sending", name=label)


def label(drawing: Drawing, node: etree._Element) -> str:
    """What an event is about: its name, that of its message flow, whom it goes to, else its kind."""
    if name := name_of(node):
        return name
    key = node.get("id", "")
    for flow in drawing.messages_of(key):
        if name := name_of(flow):
            return name
    for flow in drawing.messages_of(key):
        ends = (flow.get("sourceRef"), flow.get("targetRef"))
        others = (drawing.node(end) for end in ends if end != key)
        for other in others:
            if other is not None and (name := name_of(other)):
                return written("from" if flow.get("targetRef") == key else "to", name=name)
    return written(_kind(node))


def _kind(node: etree._Element) -> str:
    """What an event without a name is called."""
    kinds = [local(one).removesuffix("EventDefinition") for one in node.iterchildren("*")]
    return next((kind for kind in kinds if kind in ("message", "timer", "signal")), "event")
