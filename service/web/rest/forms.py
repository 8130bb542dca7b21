"""Forms as clients ask for them: which one it is, and the form-js document itself."""

from typing import Any

from service.diagram.model import Element
from service.errors import NotFound
from service.forms import Form
from service.web.rest.shapes import Answer


class FormReference(Answer):
    """Camunda's reference to a form-js document: by its key, and which version of it."""

    key: str
    binding: str
    version: int | None


class FormAnswer(Answer):
    """Where the form of a task or a start is."""

    key: None = None
    camunda_form_ref: FormReference | None
    context_path: None = None


def reference(form: Form | None, element: Element) -> FormReference | None:
    """The reference to the form of an element."""
    if form is None:
        return None
    version = element.camunda.get("formRefVersion")
    binding = element.camunda.get("formRefBinding", "deployment")
    return FormReference(key=form.id, binding=binding, version=int(version) if version else None)


def deployed(form: Form | None) -> dict[str, Any]:
    """The document as it was deployed; NotFound when there is none."""
    if form is None:
        raise NotFound("rest.no_form")
    return dict(form.raw)
