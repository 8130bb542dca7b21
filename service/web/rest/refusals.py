"""Errors as Camunda 7 tells them: a status, `{"type", "message"}`, and more where a client can use it."""

import logging
from collections import defaultdict
from collections.abc import Iterable
from typing import Any

from flask import Response, g, jsonify, request, url_for
from pydantic import ValidationError
from werkzeug.exceptions import HTTPException

from service.errors import (
    AlurError,
    Busy,
    Conflict,
    DecisionFailed,
    ExecutionFailed,
    ExpressionError,
    Finding,
    InvalidInput,
    InvalidSubmission,
    KeyReused,
    Message,
    NotAllowed,
    NotFound,
    Refused,
    Unauthenticated,
)
from service.web.present import t
from service.web.rest.offers import offers
from service.web.rest.shapes import Answer

log = logging.getLogger(__name__)

STATUSES: tuple[tuple[type[AlurError], int, str], ...] = (
    (Unauthenticated, 401, "AuthenticationException"),
    (NotAllowed, 403, "AuthorizationException"),
    (NotFound, 404, "InvalidRequestException"),
    (Conflict, 409, "OptimisticLockingException"),
    (InvalidSubmission, 400, "FormFieldValidationException"),
    (Refused, 400, "ParseException"),
    (InvalidInput, 400, "InvalidRequestException"),
    (ExpressionError, 400, "InvalidRequestException"),
    (ExecutionFailed, 422, "ProcessEngineException"),
    (DecisionFailed, 422, "ProcessEngineException"),
    (KeyReused, 422, "InvalidRequestException"),
    (Busy, 503, "ProcessEngineException"),
    (AlurError, 500, "ProcessEngineException"),
)
"""Camunda answers 500 where an instance cannot go on; 422 tells a client not to try the same again."""


class Unfit(InvalidInput):
    """A plan, or an instance for it, that clients are told about in detail; `kind` is Camunda's word."""

    def __init__(self, kind: str, message: Message, report: Answer) -> None:
        super().__init__(message.key, **message.params)
        self.kind = kind
        self.report = report


class ErrorAnswer(Answer):
    """Why not: the kind of error in Camunda's word, and a sentence for people.

    `fields` has a sentence for each field of a form, `details` the findings for each file, and
    `validation_report` what is wrong with a plan for a migration.
    """

    type: str
    message: str
    code: int | None = None
    fields: dict[str, str] | None = None
    details: dict[str, Any] | None = None
    validation_report: dict[str, Any] | None = None


RETRY_SECONDS = 5
"""When a client may ask again that the database could not serve."""

SAID = (404, 405, 413, 415, 429, 500)
"""The statuses that have a sentence of their own."""

UNPARSABLE = "ENGINE-09005 Could not parse BPMN process. Errors: \n"
"""What Camunda Modeler looks for to say that the diagram, and not the connection, is at fault."""

LISTED, LONGEST = 30, 700
"""Errors in the message, and characters of each: a log panel is no place for a thousand of them."""

EXPECTED = {
    "missing": "rest.missing",
    "extra_forbidden": "rest.unknown",
    "int": "rest.expected_integer",
    "bool": "rest.expected_boolean",
    "list": "rest.expected_list",
    "dict": "rest.expected_object",
    "model": "rest.expected_object",
    "string": "rest.expected_text",
    "datetime": "rest.expected_moment",
    "greater": "rest.expected_number",
    "less": "rest.expected_number",
}
"""The beginning of pydantic's name for a mistake, and our sentence for it."""


def refuse(error: AlurError) -> Response:
    """The answer to an error of ours."""
    status, kind = next((status, kind) for root, status, kind in STATUSES if isinstance(error, root))
    message = t(error.message)
    match error:
        case InvalidSubmission():
            fields = {path: t(sentence) for path, sentence in error.fields.items()}
            return _answer(status, kind, message, fields=fields)
        case Unfit():
            return _answer(400, error.kind, message, validationReport=error.report.model_dump())
        case Refused():
            return _answer(status, kind, _listed(error), code=0, details=_details(error.findings))
    response = _answer(status, kind, message)
    if isinstance(error, Busy):
        response.headers["Retry-After"] = str(RETRY_SECONDS)
    return response


def refuse_http(error: HTTPException) -> Response:
    """The answer to what Flask itself refuses: too large, not allowed here, no such route …"""
    status = error.code or 500
    key = f"rest.http_{status}" if status in SAID else "rest.http"
    response = _answer(status, "RestException", t(Message(key, {"status": status})))
    told = error.get_response().headers
    response.headers.extend({name: told[name] for name in ("Allow", "Retry-After") if name in told})
    return response


def refuse_unexpected(error: Exception) -> Response:
    """A mistake of ours: the log gets all of it, the client none of it."""
    log.error("%s %s failed", request.method, request.path, exc_info=error)
    return _answer(500, "RestException", t("rest.http_500"))


def challenge(response: Response) -> Response:
    """Asks for a password by Basic authentication, or for a token; a browser only for a token: it would
    keep the password and send it along with any other site's forms.
    """
    if response.status_code == 401:
        if "Sec-Fetch-Mode" not in request.headers:
            response.headers.add("WWW-Authenticate", 'Basic realm="Alur", charset="UTF-8"')
        response.headers.add("WWW-Authenticate", 'Bearer realm="Alur"')
    return response


def misunderstood(error: ValidationError) -> InvalidInput:
    """The first thing that pydantic did not understand, named by its path, without its value."""
    mistake = error.errors(include_url=False, include_context=False, include_input=False)[0]
    name = ".".join(str(part) for part in mistake["loc"])
    key = next((key for start, key in EXPECTED.items() if mistake["type"].startswith(start)), "rest.invalid")
    return InvalidInput(key, name=name) if name else InvalidInput("rest.not_understood")


def _answer(status: int, kind: str, message: str, **more: Any) -> Response:
    response = jsonify({"type": kind, "message": message, **more})
    response.status_code = status
    return response


def _listed(refused: Refused) -> str:
    """The errors in one text, a line for each, as the Modeler's log panel shows it; then where to go on."""
    errors = [finding for finding in refused.findings if finding.severity == "error"]
    diagram = any(not finding.file.endswith((".form", ".dmn")) for finding in errors)
    lines = [_line(finding) for finding in errors[:LISTED]]
    if len(errors) > LISTED:
        lines.append(t("rest.more_errors", count=len(errors) - LISTED))
    offered = offers(g.get("sent", {}), errors)
    mended = sum((one.file, one.code, one.element) in offered for one in errors)
    page = url_for("deployments.find", _external=True)
    lines.append(t("rest.can_repair", count=mended, page=page) if mended else t("rest.see_page", page=page))
    return (UNPARSABLE if diagram else "") + "\n".join(lines)


def _line(finding: Finding) -> str:
    """One finding as compilers tell it: the place, the id to search for, what is wrong, the remedy."""
    place = ":".join(str(part) for part in (finding.file, finding.line) if part)
    element = f" ({finding.element})" if finding.element else ""
    return f"* {place}{element}: {_sentence(finding)}"


def _sentence(finding: Finding) -> str:
    said = f"{t(finding.message)} {t(finding.remedy)}"
    return said if len(said) <= LONGEST else f"{said[: LONGEST - 1]}…"


def _details(findings: Iterable[Finding]) -> dict[str, dict[str, list[dict[str, Any]]]]:
    files: dict[str, dict[str, list[dict[str, Any]]]] = defaultdict(lambda: {"errors": [], "warnings": []})
    for finding in findings:
        files[finding.file][f"{finding.severity}s"].append(
            {
                "message": _sentence(finding),
                "line": finding.line or 0,
                "column": 0,
                "mainBpmnElementId": finding.element,
                "bpmnElementIds": [finding.element] if finding.element else [],
            }
        )
    return files
