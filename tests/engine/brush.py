"""Draws single elements for random diagrams: each gives where it is entered and where it is left."""

from itertools import count
from typing import Any

from tests.engine import drawing

Ends = tuple[str, str]
Mapped = tuple[dict[str, str], dict[str, str]] | None
LETTERS = {"callActivity": "call", "receiveTask": "get", "scriptTask": "script"} | dict.fromkeys(
    ("serviceTask", "sendTask", "businessRuleTask"), "job"
)
OPEN = "<bpmn:extensionElements>"


class Brush:
    """Draws elements and flows in one scope; whoever draws within it counts on with the same numbers."""

    def __init__(self, numbers: Any = None) -> None:
        self.numbers = numbers or count()
        self.links = count()
        self.flows: list[str] = []
        self.drawn: dict[str, str] = {}

    @property
    def text(self) -> str:
        """The flows, as `drawing` reads them."""
        return "; ".join(self.flows)

    def name(self, letter: str) -> str:
        """A new element's id."""
        return f"{letter}{next(self.numbers)}"

    def join(self, source: str, target: str, mark: str | None = None) -> None:
        """A flow with a condition, or the default flow."""
        self.flows.append(f"{source} -> {target}" + (f" [{mark}]" if mark else ""))

    def put(self, element: str, xml: str) -> Ends:
        """An element that is more than its name."""
        self.drawn[element] = xml
        return element, element

    def activity(self, kind: str, mapped: Mapped, loop: tuple[Any, ...] | None) -> str:
        """Anything that is done, several times or once."""
        element = self.name(LETTERS.get(kind, "t"))
        inner = (drawing.mappings(*mapped) if mapped else "") + (looped(loop) if loop else "")
        match kind:
            case "callActivity":
                back = (
                    '<camunda:out variables="all"/>' if mapped else '<camunda:out source="v0" target="v1"/>'
                )
                xml = drawing.call(element, joined(inner, back))
            case "serviceTask" | "sendTask" | "businessRuleTask":
                xml = drawing.external(element, inner=inner, kind=kind)
            case "receiveTask":
                xml = drawing.task(element, kind, 'messageRef="m2"', inner)
            case "scriptTask":
                xml = drawing.script(element, "v0", "v1 + 1", inner)
            case _:
                xml = drawing.task(element, kind, "", inner)
        return self.put(element, xml)[0]

    def work(self, kind: str, mapped: Mapped) -> Ends:
        """An activity, once."""
        element = self.activity(kind, mapped, None)
        return element, element

    def script(self, calculation: tuple[str, str]) -> Ends:
        element = self.name("script")
        return self.put(element, drawing.script(element, calculation[0], calculation[1]))

    def catch(self, event: tuple[str, str]) -> Ends:
        element = self.name("catch")
        return self.put(element, drawing.catch(element, drawing.event(*event)))

    def throw(self, event: tuple[str, str]) -> Ends:
        element = self.name("throw")
        return self.put(element, drawing.throw(element, drawing.event(*event) if event[0] else ""))

    def link(self) -> Ends:
        """A link; each scope has its own of the same name."""
        source, target = self.name("to"), self.name("from")
        link = drawing.event("link", f"L{next(self.links)}")
        self.put(source, drawing.throw(source, link))
        self.put(target, drawing.catch(target, link))
        return source, target


def joined(inner: str, extension: str) -> str:
    """What is in an element, with one extension more."""
    if inner.startswith(OPEN):
        return inner.replace(OPEN, OPEN + extension, 1)
    return drawing.extensions(extension) + inner


def looped(loop: tuple[Any, ...]) -> str:
    """The loop characteristics of a random loop."""
    match loop:
        case ("several", number, enough, sequential):
            return drawing.several(number=str(number), enough=enough, sequential=sequential)
        case ("items", items, sequential):
            return drawing.several(items, "item", sequential=sequential)
        case (_, condition, before, most):
            return drawing.again(condition, before, str(most))
