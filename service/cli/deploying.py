"""`alur deploy`: diagrams, forms and decisions become one deployment."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

from service.cli.commands import DONE, Asked, command
from service.cli.files import content, gathered
from service.cli.opening import opened
from service.cli.telling import finding, said
from service.errors import InvalidInput
from service.operations import deployments, revisions
from service.operations.deployments import Deployed


def add(commands: Any) -> None:
    """Declares the command."""
    deploy = command(commands, "deploy", _deploy)
    deploy.add_argument("paths", nargs="+", type=Path, metavar="PATH", help=said("cli.paths"))
    deploy.add_argument("--name", help=said("cli.deploy.name"))
    deploy.add_argument("--effective", metavar="DATE", help=said("cli.deploy.effective"))


def _deploy(asked: Asked) -> int:
    files: dict[str, bytes] = {}
    for name, path in gathered(asked.paths):
        if name in files:
            raise InvalidInput("cli.twice", name=name)
        files[name] = content(path)
    title = asked.name or ", ".join(path.resolve().name for path in asked.paths)
    effective_at = revisions.moment(asked.effective) if asked.effective else None
    with opened(asked) as (settings, kept), kept.transaction() as session:
        deployed = deployments.deploy(
            session,
            title,
            files,
            source="alur deploy",
            duplicates="filter",
            approvers=settings.approvers,
            effective_at=effective_at,
        )
        lines = list(_lines(session, deployed))  # a sentence may look into the database
    for line in lines:
        print(line)
    return DONE


def _lines(session: Any, deployed: Deployed) -> Iterator[str]:
    for one in deployed.findings:
        yield finding(one)
    if deployed.unchanged:
        yield said("cli.deploy.unchanged", name=deployed.deployment.name)
    for row in deployed.definitions:
        standing = revisions.standing(row, revisions.stage_of(session, row))
        yield said("cli.deploy.process", name=row.name, key=row.key, version=row.version, standing=standing)
    for form in deployed.forms:
        yield said("cli.deploy.form", key=form.key, version=form.version)
    for decision in deployed.decisions:
        yield said("cli.deploy.decision", name=decision.name, key=decision.key, version=decision.version)
