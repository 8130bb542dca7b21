"""The page on which an administrator mends a case: its values, its place, its standing still, its end."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from flask import Blueprint, abort, g, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from service.diagram.model import Element
from service.errors import AlurError, InvalidInput
from service.operations import deployments, history, identity, incidents, instances, mending, moving
from service.operations.moving import Move
from service.store.models import Incident, ProcessInstance
from service.web import reasons, story, typed
from service.web.errors import status_of
from service.web.present import language, notify, settings, t
from service.web.typed import Typed

blueprint = Blueprint("mending", __name__)

LONGEST_NAME = 200
FIELDS = ("form", "do", "name", "kind", "value", "reason", "token", "to", "drop")
"""What the page's forms send; `form` says which of them it was, so that it keeps what was typed."""
UNREACHED = ("startEvent", "boundaryEvent")
"""What no token is put before: the one begins a case, the other waits beside an activity."""


@dataclass(frozen=True)
class Row:
    """A variable on the page. `kept` says that a stopped step holds this value, `lacking` that none does."""

    name: str
    typed: Typed
    kept: bool = False
    lacking: bool = False


@blueprint.app_template_global()
def kind_name(kind: str) -> str:
    """What a kind of value is called."""
    return t(f"mend.kind.{kind}")


@blueprint.app_template_global()
def place_name(kind: str) -> str:
    """What a group of elements is called."""
    return t(f"mend.place.{kind}")


@blueprint.get("/cases/<instance_id>/mend")
def show(instance_id: str) -> ResponseReturnValue:
    """What stopped the case, and everything that can be done about it."""
    mending.allow(g.actor)
    case = instances.get(g.session, instance_id, g.actor)
    if case.ended_at is not None:
        notify("warn", t("case.not_active", number=case.business_key))
        return redirect(url_for("cases.show", instance_id=case.id), 303)
    return _page(case)


@blueprint.post("/cases/<instance_id>/mend")
def act(instance_id: str) -> ResponseReturnValue:
    """One thing is done and told on the next page; where it cannot be, this page says why."""
    mending.allow(g.actor)
    case = instances.get(g.session, instance_id, g.actor)
    done = DOES.get(request.form.get("do", ""))
    if done is None:
        abort(400)
    try:
        with g.session.begin_nested():
            place = done(case, reasons.given())
    except AlurError as error:
        return _page(instances.get(g.session, instance_id, g.actor), error), status_of(error)
    return redirect(url_for(place, instance_id=case.id), 303)


def _value() -> dict[str, Any]:
    """The one variable that was typed."""
    name = request.form.get("name", "").strip()
    if not 0 < len(name) <= LONGEST_NAME:
        raise InvalidInput("mend.name", limit=LONGEST_NAME)
    sent = Typed(request.form.get("kind", ""), request.form.get("value", ""))
    return {name: typed.read(sent, language(), settings().zone)}


def _set(case: ProcessInstance, reason: str) -> str:
    value = _value()
    mending.set_variables(g.session, case.id, g.actor, value, reason=reason)
    notify("ok", t("mend.was_set", name=next(iter(value))))
    return "mending.show"


def _remove(case: ProcessInstance, reason: str) -> str:
    name = request.form.get("name", "")
    mending.set_variables(g.session, case.id, g.actor, {}, [name], reason=reason)
    notify("ok", t("mend.was_removed", name=name))
    return "mending.show"


def _resume(case: ProcessInstance, reason: str) -> str:
    return _tried(case, reason, {})


def _set_and_resume(case: ProcessInstance, reason: str) -> str:
    return _tried(case, reason, _value())


def _tried(case: ProcessInstance, reason: str, values: Mapping[str, Any]) -> str:
    """Tries again what stopped; where there is more than one incident, the one that is named."""
    incident = incidents.get(g.session, request.form.get("incident", ""))
    if incident.instance_id != case.id:
        abort(404)
    if mending.resume(g.session, incident.id, g.actor, values=values, reason=reason):
        notify("ok", t("mend.went_on"))
        return "cases.show"
    notify("warn", t("mend.still_stops"))
    return "mending.show"


def _move(case: ProcessInstance, reason: str) -> str:
    token, place = request.form.get("token", ""), request.form.get("to", "")
    drop = "drop" in request.form
    if place:
        moves = (Move("before", place), Move("remove", token=token))
        moving.move(g.session, case.id, g.actor, moves, reason=reason, drop=drop)
    else:
        moving.skip(g.session, case.id, g.actor, token, reason=reason, drop=drop)
    notify("ok", t("mend.was_moved"))
    return "cases.show"


def _suspend(case: ProcessInstance, reason: str) -> str:
    mending.suspend(g.session, case.id, g.actor, reason)
    notify("ok", t("mend.was_suspended"))
    return "cases.show"


def _activate(case: ProcessInstance, reason: str) -> str:
    mending.activate(g.session, case.id, g.actor, reason)
    notify("ok", t("mend.was_activated"))
    return "cases.show"


def _cancel(case: ProcessInstance, reason: str) -> str:
    instances.cancel(g.session, case.id, g.actor, reason)
    notify("ok", t("mend.was_cancelled"))
    return "cases.show"


DOES: dict[str, Callable[[ProcessInstance, str], str]] = {
    "set": _set,
    "set_and_resume": _set_and_resume,
    "remove": _remove,
    "resume": _resume,
    "move": _move,
    "suspend": _suspend,
    "activate": _activate,
    "cancel": _cancel,
}
"""What the page's buttons do; each answers with the page to go to."""


def _page(case: ProcessInstance, error: AlurError | None = None) -> str:
    """`error` is said at the top, and the form that it is about keeps what was typed."""
    open_ = incidents.find(g.session, instance_id=case.id)
    sent = {name: request.form.get(name, "") if error else "" for name in FIELDS}
    rows = _rows(case, open_)
    return render_template(
        "mend.html",
        case=case,
        incidents=open_,
        names=identity.names(g.session, [one.opened_for for one in open_]),
        rows=rows,
        edited=sent["name"] if sent["form"] == "variable" else _edited(rows),
        kinds=typed.KINDS,
        standing=moving.standing(g.session, case),
        places=_places(case),
        error=t(error.message) if error else None,
        sent=sent,
        marks=story.marks(history.activities(g.session, case.id), open_),
        longest=reasons.LONGEST,
    )


def _edited(rows: Sequence[Row]) -> str | None:
    """The variable whose form is open: by the address, empty for a new one; else the first missing one."""
    return request.args.get("edit", next((row.name for row in rows if row.lacking), None))


def _rows(case: ProcessInstance, open_: Sequence[Incident]) -> list[Row]:
    """First what the case stopped for, then what a stopped step keeps, then what the case has."""
    kept = {name: value for one in open_ for name, value in (one.parked or {}).items()}
    has = {**case.variables, **kept}
    wanted = {name: _likely(one, name) for one in open_ for name in incidents.lacking(one)}
    rows = [Row(name, Typed(kind, ""), lacking=True) for name, kind in wanted.items() if name not in has]
    for name, value in sorted(has.items(), key=lambda item: (item[0] not in kept, item[0])):
        rows.append(Row(name, typed.shown(value, language(), settings().zone), name in kept))
    return rows


def _likely(incident: Incident, name: str) -> str:
    """The kind that a missing variable most likely has, by the expression that is only its name."""
    alone = str(incident.details.get("expression", "")).lstrip("= ").strip() == name
    kinds = {"engine.condition": "yes_no", "engine.completion": "yes_no", "engine.collection": "json"}
    return kinds.get(incident.sentence, "text") if alone else "text"


def _places(case: ProcessInstance) -> dict[str, list[Element]]:
    """The elements to which a token can be moved, in the diagram's order: work first."""
    process = deployments.diagram(g.session, case.definition_id)
    found: dict[str, list[Element]] = {"work": [], "event": [], "gateway": []}
    for element in process.elements.values():
        if element.type in UNREACHED or element.triggered_by_event:
            continue
        kind = "gateway" if element.type.endswith("Gateway") else "event"
        found["work" if not element.type.endswith(("Gateway", "Event")) else kind].append(element)
    return {kind: elements for kind, elements in found.items() if elements}
