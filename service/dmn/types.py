"""The types that a file names: FEEL's, Camunda's, and those it declares itself."""

from collections.abc import Mapping
from dataclasses import dataclass

from service.dmn.model import Allowed
from service.dmn.nodes import Node, Reading

NAMES = {
    "string": "string",
    "boolean": "boolean",
    "number": "number",
    "integer": "integer",
    "long": "integer",
    "double": "double",
    "date": "date",
    "time": "time",
    "datetime": "datetime",
    "dateandtime": "datetime",
    "duration": "duration",
    "daytimeduration": "duration",
    "daysandtimeduration": "duration",
    "yearmonthduration": "duration",
    "yearsandmonthsduration": "duration",
}
"""The types by the names that FEEL and Camunda have for them, without blanks and capitals."""
ANY = ("any", "context", "list")


@dataclass(frozen=True)
class Type:
    """A type by one of our names, and the values that it allows; None for whatever it is."""

    name: str | None = None
    allowed: Allowed | None = None


class Types:
    """The types that a file declares itself, by name."""

    def __init__(self, root: Node) -> None:
        self._declared: Mapping[str, Node] = {
            node.get("name", ""): node for node in root.findall("itemDefinition")
        }

    def named(self, name: str | None, node: Node, reading: Reading) -> Type:
        """The type behind a typeRef; an unknown one is noted and converts nothing."""
        allowed, seen = None, set[str | None]()
        while name not in seen and (declared := self._declared.get(name or "")) is not None:
            seen.add(name)
            if declared.get("isCollection") == "true" or declared.find("itemComponent") is not None:
                return Type()
            values = declared.find("allowedValues")
            if values is not None and allowed is None and (text := reading.feel(values, tests=True)):
                allowed = Allowed(text)
            reference = declared.find("typeRef")
            name = None if reference is None else "".join(map(str, reference.itertext())).strip()
        return Type(self._known(name, node, reading), allowed)

    def _known(self, name: str | None, node: Node, reading: Reading) -> str | None:
        plain = (name or "").rpartition(":")[2].replace(" ", "").lower()
        if not plain or plain in ANY or plain.startswith(("list<", "context<")):
            return None
        if plain not in NAMES:
            reading.warning("type", node, type=name)
        return NAMES.get(plain)
