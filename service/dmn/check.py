"""Checks a DMN file before it is deployed: every rule, each finding with its place and its remedy."""

import json
import re
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from textwrap import shorten
from typing import Any
from typing import Literal as OneOf

from service import feel
from service.dmn.convert import convert
from service.dmn.model import (
    AGGREGATIONS,
    BY_PRIORITY,
    SEVERAL,
    SINGLE,
    Decision,
    Definitions,
    Function,
    Output,
    Rule,
    Table,
)
from service.dmn.nodes import Node, Reading
from service.dmn.order import circle
from service.dmn.read import read_all
from service.errors import ExpressionError, Finding, Refused

Place = Decision | Function | Output | Rule
"""What a finding can be about."""

LONGEST = 30_000
"""Letters of all different expressions of a file together: six thousand cells, read in a few seconds."""
SHORTEST = 10
"""What an expression counts for at least."""
PLAIN = re.compile(r'"[^"\\]*"|-?\d{1,15}(\.\d+)?|true|false|null', re.ASCII)
"""FEEL that is JSON as well, so that nobody needs to ask what it means."""
REFUSED = ("import", "decisionService")


def check(xml: bytes, file: str = "") -> tuple[Definitions | None, tuple[Finding, ...]]:
    """The decisions and all findings about them, errors first, then in the file's order.

    The decisions are None where the file cannot be read at all. It may be deployed when no finding is
    an error.
    """
    try:
        definitions, reading, root = read_all(xml, file)
    except Refused as refused:
        return None, refused.findings
    _of_file(root, reading)
    _unreadable(reading)
    found = [*reading.findings, *_of_decisions(definitions, file)]
    return definitions, tuple(sorted(found, key=lambda f: (f.severity != "error", f.line or 0)))


def _of_file(root: Node, reading: Reading) -> None:
    if root.find("decision") is None:
        reading.error("no_decision", root)
    drawn = [node for tag in ("decision", "businessKnowledgeModel") for node in root.findall(tag)]
    times = Counter(node.get("id", "") for node in drawn)
    for node in drawn:
        if not node.get("id"):
            reading.error("no_id", node)
        elif times[node.get("id", "")] > 1:
            reading.error("twice", node)
    for tag in REFUSED:
        for node in root.findall(tag):
            reading.error("unsupported", node, kind=tag)


def _unreadable(reading: Reading) -> None:
    """Every expression can be read before anybody depends on it; reading a flood would take minutes."""
    length, done = 0, dict[tuple[str, bool], ExpressionError | None]()
    for written in reading.written:
        key = (written.text, written.tests)
        if key not in done:
            length += max(len(written.text), SHORTEST)
            if length > LONGEST:
                reading.error("too_many_expressions", written.node, limit=LONGEST)
                return
            done[key] = _problem(*key)
        if problem := done[key]:
            reading.unreadable(written.node, shorten(written.text, 200), problem.message)


def _problem(text: str, tests: bool) -> ExpressionError | None:
    try:
        feel.parse_tests(text) if tests else feel.parse(text)
    except ExpressionError as problem:
        return problem
    return None


def _of_decisions(definitions: Definitions, file: str) -> Iterator[Finding]:
    for function in definitions.functions.values():
        yield from _requirements(definitions, function, file)
    for decision in definitions.decisions.values():
        yield from _requirements(definitions, decision, file)
        if isinstance(decision.logic, Table):
            for of_table in OF_TABLE:
                yield from of_table(decision, decision.logic, file)


def _requirements(definitions: Definitions, of: Decision | Function, file: str) -> Iterator[Finding]:
    """What is required is there, and not by way of a circle."""
    others = of.requires if isinstance(of, Decision) else ()
    unknown = [key for key in others if key not in definitions.decisions]
    unknown += [key for key in of.knowledge if key not in definitions.functions]
    for key in unknown:
        yield _error("unknown_requirement", of, file, required=key)
    if circle(definitions, of):
        yield _error("circle", of, file)


def _hit_policy(decision: Decision, table: Table, file: str) -> Iterator[Finding]:
    if table.policy not in (*SINGLE, *SEVERAL):
        yield _error("hit_policy", decision, file, policy=table.policy)
    if table.aggregation and (table.policy != "COLLECT" or table.aggregation not in AGGREGATIONS):
        yield _error("aggregation", decision, file, aggregation=table.aggregation, policy=table.policy)
    if table.aggregation and len(table.outputs) > 1:
        yield _error("aggregated_outputs", decision, file, aggregation=table.aggregation)


def _priorities(decision: Decision, table: Table, file: str) -> Iterator[Finding]:
    """Where the order of the values decides, it is written."""
    listed = [output.allowed for output in table.outputs if output.allowed and output.allowed.listed]
    if table.policy in BY_PRIORITY and not listed:
        yield _error("no_priorities", decision, file, policy=table.policy)


def _columns(decision: Decision, table: Table, file: str) -> Iterator[Finding]:
    if not table.outputs:
        yield _error("no_output", decision, file)
    times = Counter(output.name for output in table.outputs)
    for output in table.outputs:
        if times[output.name] > 1:
            yield _error("output_names", output, file, decision=decision.name)


def _rules(decision: Decision, table: Table, file: str) -> Iterator[Finding]:
    if not table.rules:
        yield _warning("no_rules", decision, file)


def _values(decision: Decision, table: Table, file: str) -> Iterator[Finding]:
    """What a rule gives fits the type and values of its column, as far as that can be seen now."""
    for place, output in enumerate(table.outputs):
        cells: list[tuple[Place, str]] = [(output, output.default)] if output.default else []
        cells += [(rule, texts[place]) for rule, texts in zip(table.rules, table.cells.outputs, strict=True)]
        problems = {text: _mistake(output, text) for text in {text for _, text in cells}}
        for at, text in cells:
            if code := problems[text]:
                allowed = output.allowed.text if output.allowed else ""
                words = {"text": text, "type": output.type or "", "allowed": allowed}
                yield _error(code, at, file, decision=decision.name, column=output.name, **words)


def _mistake(output: Output, text: str) -> str | None:
    """What is wrong with a value; nothing, with one that cannot be known before it is evaluated."""
    try:
        value = convert(_constant(text), output.type)
        return None if value is None or output.allowed is None or output.allowed.permit(value) else "unlisted"
    except ExpressionError:
        return None
    except ValueError:
        return "value_type"


def _constant(text: str) -> Any:
    """The value of a text that reads no variables; null for another."""
    if PLAIN.fullmatch(text):
        return json.loads(text, strict=False)
    return None if feel.parse(text) else feel.evaluate(text, {}).value


OF_TABLE: tuple[Callable[[Decision, Table, str], Iterable[Finding]], ...] = (
    _hit_policy,
    _priorities,
    _columns,
    _rules,
    _values,
)


def _error(code: str, at: Place, file: str, /, **params: str) -> Finding:
    return _finding(code, "error", at, file, params)


def _warning(code: str, at: Place, file: str, /, **params: str) -> Finding:
    return _finding(code, "warning", at, file, params)


def _finding(
    code: str, severity: OneOf["error", "warning"], at: Place, file: str, params: dict[str, str]
) -> Finding:
    name = at.annotation if isinstance(at, Rule) else at.name
    return Finding(f"dmn_{code}", severity, file, at.id or None, name, at.line, params)
