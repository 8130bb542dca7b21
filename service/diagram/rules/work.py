"""Rules of the work that people do: it has a name, somebody to do it, a time and a form that can be found."""

from collections.abc import Iterator

from service.diagram.model import Element, Process
from service.diagram.rules.elements import WORK
from service.diagram.rules.expressions import PEOPLE, is_expression
from service.diagram.rules.finding import error, warning
from service.diagram.rules.sop import is_sop
from service.errors import Finding

BINDINGS = ("deployment", "latest", "version")


def no_name(process: Process) -> Iterator[Finding]:
    """People see the name in their inbox."""
    for element in _work(process):
        if not element.name:
            yield warning("no_name", element)


def nobody(process: Process) -> Iterator[Finding]:
    """Work is somebody's: of the lane, or of whom the task names."""
    for element in _work(process):
        if not element.lane and not any(element.camunda.get(attribute) for attribute in PEOPLE):
            yield warning("nobody", element)


def nameless_lane(process: Process) -> Iterator[Finding]:
    """A lane's name is the position of those who work in it."""
    for key in dict.fromkeys(element.lane for element in _work(process)):
        lane = process.lanes.get(key or "")
        if lane and not lane.name:
            yield error("nameless_lane", lane)


def no_time(process: Process) -> Iterator[Finding]:
    """In an SOP each step says its time, if only by leaving it blank."""
    if is_sop(process):
        for element in _work(process):
            if "sop.waktu" not in element.properties:
                yield warning("no_time", element)


def two_forms(process: Process) -> Iterator[Finding]:
    """A task opens one form."""
    for element in process.elements.values():
        if element.camunda.get("formRef") and element.camunda.get("formKey"):
            yield error("two_forms", element)


def foreign_form(process: Process) -> Iterator[Finding]:
    """A form key names a page of another system, which nobody can show here."""
    for element in process.elements.values():
        if element.camunda.get("formKey") and not element.camunda.get("formRef"):
            yield warning("foreign_form", element, form=element.camunda["formKey"])


def changing_form(process: Process) -> Iterator[Finding]:
    """The form is known when the diagram is deployed."""
    for element in process.elements.values():
        if is_expression(form := element.camunda.get("formRef", "")):
            yield error("changing_form", element, form=form)


def form_binding(process: Process) -> Iterator[Finding]:
    """Which version of the form: that of the deployment, the latest, or a number."""
    for element in process.elements.values():
        binding = element.camunda.get("formRefBinding", "deployment")
        if binding not in BINDINGS:
            yield error("form_binding", element, binding=binding)


def form_version(process: Process) -> Iterator[Finding]:
    """The binding to a version has the version's number."""
    for element in process.elements.values():
        version = element.camunda.get("formRefVersion", "")
        if element.camunda.get("formRefBinding") == "version" and not version.isdecimal():
            yield error("form_version", element)


def _work(process: Process) -> Iterator[Element]:
    return (element for element in process.elements.values() if element.type in WORK)
