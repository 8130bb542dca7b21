"""The files of a deployment: what each of them is, and what is wrong with it; needs no database."""

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from pathlib import PurePosixPath

from service import dmn, forms
from service.diagram import check
from service.diagram.model import Diagram, Process
from service.dmn import Definitions
from service.engine import definition as engine
from service.engine import validity
from service.errors import Finding, InvalidInput, Refused
from service.forms import Form
from service.operations import fitting, starting
from service.operations.positions import position_id

DIAGRAMS = (".bpmn", ".bpmn20.xml")
FORMS = (".form",)
DECISIONS = (".dmn",)
DEPLOYED = (*DIAGRAMS, *FORMS, *DECISIONS)
"""What is taken from a folder."""
COMPANIONS = (".md", ".txt", ".png", ".jpg", ".jpeg", ".svg", ".pdf")
"""What may lie beside a diagram; it is kept with the deployment and means nothing to it."""
LONGEST_NAME = 255
UNFIT = re.compile(r"[\x00-\x1f\x7f\\:*?\"<>|]")
"""Characters that some operating system does not allow in a file's name."""


@dataclass(frozen=True)
class Resources:
    """Read files: diagrams, forms and decisions by the file's name, and every finding, errors first."""

    contents: Mapping[str, bytes]
    diagrams: Mapping[str, Diagram]
    forms: Mapping[str, Form]
    decisions: Mapping[str, Definitions]
    findings: tuple[Finding, ...]

    def processes(self) -> Iterator[tuple[str, Process]]:
        """The executable processes with their file."""
        for file, diagram in self.diagrams.items():
            for process in diagram.processes.values():
                if process.executable:
                    yield file, process


def read(files: Mapping[str, bytes]) -> Resources:
    """Checks each file by itself, and that together they are one deployment that fits."""
    return together(one(file, content) for file, content in files.items())


def one(file: str, content: bytes, name: str = "") -> Resources:
    """One file, checked by itself; `name` is what it would be deployed as, if that is not `file`."""
    diagrams: dict[str, Diagram] = {}
    found_forms: dict[str, Form] = {}
    decisions: dict[str, Definitions] = {}
    findings = [*_name(file, name or file)]
    if file.lower().endswith(DIAGRAMS):
        findings.extend(_diagram(file, content, diagrams))
    elif file.lower().endswith(FORMS):
        findings.extend(_form(file, content, found_forms))
    elif file.lower().endswith(DECISIONS):
        findings.extend(_decisions(file, content, decisions))
    elif not file.lower().endswith(COMPANIONS):
        findings.append(Finding("unknown_kind", "error", file, name=file))
    return Resources({file: content}, diagrams, found_forms, decisions, tuple(findings))


def together(parts: Iterable[Resources]) -> Resources:
    """Read files as one deployment: no two bring the same, and diagrams and forms fit each other."""
    contents: dict[str, bytes] = {}
    diagrams: dict[str, Diagram] = {}
    found_forms: dict[str, Form] = {}
    decisions: dict[str, Definitions] = {}
    findings: list[Finding] = []
    for part in parts:
        contents |= part.contents
        diagrams |= part.diagrams
        found_forms |= part.forms
        decisions |= part.decisions
        findings += part.findings
    joined = Resources(contents, diagrams, found_forms, decisions, ())
    wrong = {finding.file for finding in findings if finding.severity == "error"}
    findings += _twice(joined)
    findings += fitting.check([*joined.processes()], found_forms, sent(joined), wrong)
    return replace(joined, findings=tuple(sorted(findings, key=lambda f: f.severity != "error")))


def unsettled(read: Resources) -> Iterator[Finding]:
    """What is named, not among these files, and bound so that it may have been deployed before."""
    return fitting.unsettled([*read.processes()], sent(read))


def sent(read: Resources) -> fitting.Sent:
    """The keys of the forms and decisions among the files."""
    return {
        "form": {form.id for form in read.forms.values()},
        "decision": {key for definitions in read.decisions.values() for key in definitions.decisions},
    }


def _name(file: str, name: str) -> Iterator[Finding]:
    parts = PurePosixPath(name).parts
    if not parts or len(name) > LONGEST_NAME or UNFIT.search(name) or parts[0] == "/" or ".." in parts:
        yield Finding("file_name", "error", file, name=name[:LONGEST_NAME], params={"limit": LONGEST_NAME})


def _diagram(file: str, content: bytes, diagrams: dict[str, Diagram]) -> Iterator[Finding]:
    diagram, findings = check.check(content, file)
    yield from findings
    if diagram is None:
        return
    diagrams[file] = diagram
    yield from _invalid(file, diagram, findings)
    if not any(finding.severity == "error" for finding in findings):
        for process in diagram.processes.values():
            yield from _compiled(file, process)


def _invalid(file: str, diagram: Diagram, known: Iterable[Finding]) -> Iterator[Finding]:
    """Only a warning: what runs here is judged by the rules, but other programs may not open the file."""
    told = {finding.element for finding in known}
    for finding in validity.check(diagram):
        if finding.element not in told:
            yield replace(finding, file=file)


def _compiled(file: str, process: Process) -> Iterator[Finding]:
    """What only building the executable form finds, and what a process asks for that is not heeded."""
    if not process.executable:
        return
    if process.camunda.get("candidateStarterUsers"):
        yield Finding("starter_users", "warning", file, process.id, process.name, process.line)
    for lane in starting.lanes_with_work(process):
        yield from _unplaced(file, process, lane)
    try:
        engine.compile(process)
    except Refused as refused:
        yield from (replace(finding, file=file) for finding in refused.findings)


def _unplaced(file: str, process: Process, name: str) -> Iterator[Finding]:
    """A lane's name gives a position, or nobody could ever be given the work in it."""
    try:
        position_id(starting.office(process), name)
    except InvalidInput:
        lane = next(lane for lane in process.lanes.values() if lane.name == name)
        yield Finding("lane_no_position", "error", file, lane.id, lane.name, lane.line)


def _form(file: str, content: bytes, found: dict[str, Form]) -> Iterator[Finding]:
    try:
        found[file] = forms.read(content, file)
    except Refused as refused:
        yield from refused.findings
    else:
        yield from found[file].findings


def _decisions(file: str, content: bytes, found: dict[str, Definitions]) -> Iterator[Finding]:
    definitions, findings = dmn.check(content, file)
    yield from findings
    if definitions is not None:
        found[file] = definitions


def _twice(resources: Resources) -> Iterator[Finding]:
    keys = Counter(process.id for _, process in resources.processes())
    for file, process in resources.processes():
        if keys[process.id] > 1:
            yield Finding("duplicate_process", "error", file, process.id, process.name, process.line)
    ids = Counter(form.id for form in resources.forms.values())
    for file, form in resources.forms.items():
        if ids[form.id] > 1:
            yield Finding("duplicate_form", "error", file, form.id)
    keys = Counter(key for definitions in resources.decisions.values() for key in definitions.decisions)
    for file, definitions in resources.decisions.items():
        for decision in definitions.decisions.values():
            if keys[decision.id] > 1:
                yield Finding("duplicate_decision", "error", file, decision.id, decision.name, decision.line)
