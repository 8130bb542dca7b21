"""What a deployment would say, without deploying: each file with its findings, and what would mend them."""

from collections.abc import Sequence
from typing import Literal

from flask import g

from service.errors import Finding, Message
from service.operations import deployments
from service.web.present import t
from service.web.rest.offers import Offers, offers
from service.web.rest.routes import Routes
from service.web.rest.sent import DeploymentForm, allow, files
from service.web.rest.shapes import Answer

ROUTES = Routes("Deployment")


class FindingAnswer(Answer):
    """One thing to say of a file; `repair` is what Alur would do about it on request."""

    code: str
    severity: Literal["error", "warning"]
    element: str | None
    name: str | None
    line: int | None
    message: str
    remedy: str
    repair: str | None


class FileAnswer(Answer):
    """A file that would be deployed if `ok`."""

    file: str
    ok: bool
    findings: list[FindingAnswer]


class CheckedAnswer(Answer):
    """All files: `ok` says that they would be deployed."""

    ok: bool
    files: list[FileAnswer]


@ROUTES.post("/deployment/check", only_reads=True)
def check(form: DeploymentForm) -> CheckedAnswer:
    """Says of the files what deploying them would say, and stores nothing; for who may deploy."""
    allow()
    sent = files()
    read, findings = deployments.examine(g.session, sent)
    mended = offers(read.contents, findings)
    first = next(iter(sent))
    told = [_file(name, [one for one in findings if (one.file or first) == name], mended) for name in sent]
    return CheckedAnswer(ok=all(one.ok for one in told), files=told)


def _file(name: str, findings: Sequence[Finding], mended: Offers) -> FileAnswer:
    told = [_finding(one, mended.get((one.file, one.code, one.element))) for one in findings]
    return FileAnswer(file=name, ok=all(one.severity == "warning" for one in findings), findings=told)


def _finding(one: Finding, offer: Message | None) -> FindingAnswer:
    return FindingAnswer(
        code=one.code,
        severity=one.severity,
        element=one.element,
        name=one.name,
        line=one.line,
        message=t(one.message),
        remedy=t(one.remedy),
        repair=None if offer is None else t(offer),
    )
