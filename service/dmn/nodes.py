"""The XML of a DMN file: parsed behind the same guards as a diagram, and what is noticed while reading it."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any, Literal

from lxml import etree

from service import feel
from service.diagram import source
from service.errors import ExpressionError, Finding, Message

MODELS = (
    "http://www.omg.org/spec/DMN/20151101/dmn.xsd",
    "http://www.omg.org/spec/DMN/20151101/dmn11.xsd",
    "http://www.omg.org/spec/DMN/20180521/MODEL/",
    "https://www.omg.org/spec/DMN/20191111/MODEL/",
    "https://www.omg.org/spec/DMN/20211108/MODEL/",
    "https://www.omg.org/spec/DMN/20230324/MODEL/",
)
"""DMN 1.1 to 1.5; what is read here is written alike in all of them."""
EXTENSIONS = ("http://camunda.org/schema/1.0/dmn", "http://operaton.org/schema/1.0/dmn")
OURS = ("feel", "juel")
"""Languages are named by a word, or by an address that holds it."""

Node = etree._Element


def parse(xml: bytes, file: str) -> Node:
    """The root of a DMN file, in which DMN's own elements are named without their namespace."""
    roots = [f"{{{model}}}definitions" for model in MODELS]
    root = source.parse(xml, file, roots, "dmn_not_dmn")
    for node in root.iter("*"):
        name = etree.QName(node)
        if name.namespace in MODELS:
            node.tag = name.localname
    return root


def text(node: Node | None) -> str:
    """What stands in an element's `text`, without the white space around it."""
    inner = None if node is None else node.find("text")
    return "" if inner is None else "".join(map(str, inner.itertext())).strip()


def label(node: Node) -> str:
    """An element's name on one line, or its id."""
    return " ".join((node.get("name") or node.get("label") or "").split()) or node.get("id", "")


def extension(node: Node, name: str) -> str | None:
    """A camunda attribute."""
    return next(
        (node.get(f"{{{space}}}{name}") for space in EXTENSIONS if node.get(f"{{{space}}}{name}")), None
    )


def referred(node: Node, requirement: str, kind: str) -> tuple[str, ...]:
    """The ids that a decision's or a function's requirements point to."""
    found = node.findall(f"{requirement}/{kind}")
    return tuple(dict.fromkeys(reference.get("href", "").removeprefix("#") for reference in found))


@dataclass(frozen=True)
class Written:
    """An expression of the file, for the check to read it once: unary tests, or a value."""

    text: str
    node: Node
    tests: bool = False


@dataclass
class Reading:
    """What is noticed on the way through a file: mistakes, and every expression with its place."""

    file: str
    language: str = ""
    findings: list[Finding] = field(default_factory=list)
    written: list[Written] = field(default_factory=list)

    def error(self, code: str, node: Node, **params: Any) -> None:
        """Notes what keeps the file from being deployed; `code` without its `dmn_`."""
        self.findings.append(self._finding(code, "error", node, params))

    def warning(self, code: str, node: Node, **params: Any) -> None:
        """Notes what should be looked at."""
        self.findings.append(self._finding(code, "warning", node, params))

    def feel(self, node: Node, *, tests: bool = False) -> str:
        """The FEEL of an element with a `text`, translated if it is JUEL; empty where it says nothing."""
        written = text(node)
        if not written:
            return ""
        language = (node.get("expressionLanguage") or self.language).lower()
        if language and not any(ours in language for ours in OURS):
            self.error("language", node, language=language)
            return ""
        if tests and ("juel" in language or written.startswith(("${", "#{"))):
            self.error("juel_test", node, text=written)
            return ""
        if "juel" in language and "{" not in written:
            written = f"${{{written}}}"
        return self._translated(written, node, tests)

    def _translated(self, written: str, node: Node, tests: bool) -> str:
        try:
            translated = written if tests else feel.translate(written)
        except ExpressionError as problem:
            self.unreadable(node, written, problem.message)
            return ""
        self.written.append(Written(translated, node, tests))
        return translated

    def unreadable(self, node: Node, written: str, reason: Message) -> None:
        """Notes an expression that is none."""
        self.error("unreadable", node, text=written, reason=reason)

    def _finding(
        self, code: str, severity: Literal["error", "warning"], node: Node, params: dict[str, Any]
    ) -> Finding:
        place = next(named(node), node)
        return Finding(
            f"dmn_{code}", severity, self.file, place.get("id"), label(place), source.line_of(node), params
        )


def named(node: Node) -> Iterator[Node]:
    """The element itself and those around it that a person would know by their name, the nearest first."""
    for around in (node, *node.iterancestors()):
        if around.tag in ("input", "output", "decision", "businessKnowledgeModel") and around.get("id"):
            yield around
