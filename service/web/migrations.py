"""Takes running cases over to another revision: tried first, with a number for each step, then begun."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace

from flask import Blueprint, g, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from service.diagram.model import Element
from service.errors import AlurError, InvalidInput, NotAllowed, NotFound
from service.operations import batches, deployments, identity, plans, previews, running, successors
from service.operations.plans import Instruction, Plan
from service.operations.previews import Preview, Standing
from service.store.models import ProcessDefinition, ProcessInstance
from service.web import reasons
from service.web.errors import status_of
from service.web.present import t

blueprint = Blueprint("migrations", __name__)

TO = "to."
"""What begins the name of a field that says which step takes the place of one; the rest is its id."""
FEW = 40
"""So many cases can be chosen one by one."""
REFUSED = 200
"""Refused cases that are listed."""


@dataclass(frozen=True)
class Row:
    """A step of the old revision: where its cases would stand, and what else could take its place.

    `suggested` is the likely successor of a step that has none by itself; `step` is None where no
    case stands now.
    """

    element: str
    name: str
    target: str
    suggested: str
    choices: Sequence[Element]
    step: Standing | None = None


@blueprint.get("/sops/<definition_id>/migrate")
def show(definition_id: str) -> ResponseReturnValue:
    """How many cases would go over from another revision with the mapping in the address; writes nothing."""
    return _page(*_both(definition_id, request.args.get("from", "")))


@blueprint.post("/sops/<definition_id>/migrate")
def begin(definition_id: str) -> ResponseReturnValue:
    """Has the chosen cases taken over by the worker, and leads to how far that has come."""
    target, source = _both(definition_id, request.form.get("from", ""))
    try:
        plan = _plan(target, source)
        batch = batches.batch(g.session, plan, _chosen(source), g.actor, reasons.given())
    except InvalidInput as error:
        return _page(target, source, error), status_of(error)
    return redirect(url_for("migrations.progress", batch_id=batch.id), 303)


@blueprint.get("/batches/<batch_id>")
def progress(batch_id: str) -> ResponseReturnValue:
    """How far a batch has come, and which of its cases stayed where they were, with the reasons."""
    found = batches.progress(g.session, batch_id)
    batch = found.batch
    target = deployments.definition(g.session, batch.target_id)
    _allow(target)
    return render_template(
        "batch.html",
        found=found,
        batch=batch,
        source=deployments.definition(g.session, batch.source_id),
        target=target,
        who=identity.names(g.session, [batch.started_by]).get(batch.started_by, batch.started_by),
        refused=[
            (case, t(batches.why(case))) for case in batches.refused(g.session, batch_id, limit=REFUSED)
        ],
    )


def _both(target_id: str, source_id: str) -> tuple[ProcessDefinition, ProcessDefinition]:
    """The revision that the cases go to and the one that they leave; NotFound without one of them."""
    target = deployments.definition(g.session, target_id)
    _allow(target)
    if not source_id:
        raise NotFound("migrating.no_source")
    return target, deployments.definition(g.session, source_id)


def _allow(target: ProcessDefinition) -> None:
    if not plans.may(target, g.actor):
        raise NotAllowed("migration.may_not")


def _page(target: ProcessDefinition, source: ProcessDefinition, error: AlurError | None = None) -> str:
    only = _only()
    plan = _plan(target, source)
    reports = plans.validate(g.session, plan)
    wrong = {report.instruction.source for report in reports}
    fit = replace(plan, instructions=tuple(one for one in plan.instructions if one.source not in wrong))
    preview = previews.preview(g.session, fit, only or None)
    return render_template(
        "migrate.html",
        target=target,
        source=source,
        plan=plan,
        only=only,
        preview=preview,
        rows=_rows(plan, preview),
        reports=reports,
        cases=_cases(source, preview, only),
        going=set(preview.going),
        sent=request.form,
        error=t(error.message) if error else None,
    )


def _only() -> list[str]:
    """The cases that the address is about; none means all of them."""
    return request.values.getlist("only")[:FEW]


def _plan(target: ProcessDefinition, source: ProcessDefinition) -> Plan:
    """What says itself, with what was chosen in its place."""
    plan = plans.generate(g.session, source.id, target.id)
    typed = {name.removeprefix(TO): to for name, to in request.values.items() if name.startswith(TO)}
    kept = [one for one in plan.instructions if one.source not in typed]
    chosen = [Instruction(element, to) for element, to in typed.items() if to]
    return replace(plan, instructions=(*kept, *chosen))


def _rows(plan: Plan, preview: Preview) -> list[Row]:
    """Where cases stand, and then what else of the old revision has no successor by itself."""
    likely = {one.source: one.target for one in plans.suggest(g.session, plan.source_id, plan.target_id)}
    mapped = {one.source: one.target for one in plan.instructions}
    names = deployments.diagram(g.session, plan.source_id).elements
    found = [_row(plan, step.element, step.name, mapped, likely, step) for step in preview.steps]
    standing = {row.element for row in found}
    open_ = [element for element in likely if element not in standing]
    return found + [_row(plan, one, names[one].name or one, mapped, likely) for one in open_]


def _row(
    plan: Plan,
    element: str,
    name: str,
    mapped: dict[str, str],
    likely: dict[str, str],
    step: Standing | None = None,
) -> Row:
    choices = successors.of(g.session, plan.source_id, plan.target_id, element)
    return Row(element, name, mapped.get(element, ""), likely.get(element, ""), choices, step)


def _cases(source: ProcessDefinition, preview: Preview, only: Collection[str]) -> Sequence[ProcessInstance]:
    """The cases themselves, where they are few enough to be chosen one by one."""
    if preview.cases > FEW:
        return ()
    found = running.cases(g.session, source.id, FEW)
    return [case for case in found if not only or case.id in only]


def _chosen(source: ProcessDefinition) -> Sequence[str] | None:
    """Which cases are to go: all (None), those at some steps, or some by themselves."""
    form = request.form
    match form.get("which", "all"):
        case "steps":
            found = running.at(g.session, source.id, form.getlist("step"))
        case "cases":
            found = form.getlist("case")
        case _:
            return _only() or None
    if not found:
        raise InvalidInput("migrating.none_chosen")
    return found
