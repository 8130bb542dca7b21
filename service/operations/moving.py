"""Moving: an operator puts a case's tokens somewhere else, and what was typed at a stopped step stays."""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any, Literal

from sqlalchemy.orm import Session

from service.engine.execution import Execution
from service.engine.mending import Token
from service.errors import Conflict, InvalidInput
from service.operations import deployments, gate, incidents
from service.operations.identity import Actor
from service.operations.mending import allow, who_did
from service.store.models import Incident, ProcessInstance, now


@dataclass(frozen=True)
class Move:
    """One thing to do: a token before an element, after it, or on a flow; or tokens taken away.

    `place` is an element's id, or a flow's for `along`. What is removed is one token by its id, or all
    that stand on an element. `values` are written to the case when a token is put somewhere.
    """

    kind: Literal["before", "after", "along", "remove"]
    place: str = ""
    token: str = ""
    values: Mapping[str, Any] = field(default_factory=dict)


def move(
    session: Session,
    instance_id: str,
    actor: Actor,
    moves: Sequence[Move],
    *,
    reason: str = "",
    drop: bool = False,
) -> ProcessInstance:
    """Moves tokens of a running case, and lets it go on from there; an administrator's to do.

    Where the work of a person stopped at a token that is removed, its values are written to the case
    first; `drop` throws them away instead, and the history tells so. InvalidInput for a place that
    the diagram does not have or where no token can stand, and where nothing would be left;
    ExecutionFailed where the diagram stops behind it. Then nothing has changed.
    """
    allow(actor)
    instance = gate.locked(session, instance_id)
    told: dict[str, Any] = {"to": _names(session, instance, moves), "from": [], "kept": [], "dropped": []}
    stopped = {one.task_id: one for one in incidents.find(session, instance_id=instance_id) if one.task_id}
    more = {"reason": reason} if reason else {}
    with (
        _in_this_diagram(),
        gate.advancing(session, instance, actor, "instance_modified", **told, **more) as execution,
    ):
        leaving = _leaving(execution, moves)
        told["from"] += [token.element.name or token.element.id for token in leaving]
        parked = [stopped[token.id] for token in leaving if token.id in stopped]
        told["dropped" if drop else "kept"] += [_work(session, one) for one in parked]
        for incident in () if drop else parked:
            execution.write(incident.parked or {})
        for one in moves:
            _put(execution, one)
        for token in leaving:
            _take(execution, token)
    return instance


@contextmanager
def _in_this_diagram() -> Iterator[None]:
    """What the engine cannot do with a diagram is the asker's mistake: trying again does not help."""
    try:
        yield
    except Conflict as error:
        if not error.message.key.startswith("engine."):
            raise
        raise InvalidInput(error.message.key, **error.message.params) from error


def skip(
    session: Session, instance_id: str, actor: Actor, token_id: str, *, reason: str = "", drop: bool = False
) -> ProcessInstance:
    """The step where a token stands is left out: the case goes on behind it. Errors as `move`."""
    instance = gate.locked(session, instance_id)
    for token in standing(session, instance):
        if token.id == token_id:
            moves = (Move("after", token.element.id), Move("remove", token=token_id))
            return move(session, instance_id, actor, moves, reason=reason, drop=drop)
    raise InvalidInput("mend.no_token")


def standing(session: Session, instance: ProcessInstance) -> list[Token]:
    """Where the tokens of a case stand, the outer before the inner."""
    executable = deployments.executable(session, instance.definition_id)
    return list(Execution.restore(executable, instance.state, dict(instance.variables), now()).tokens())


def _names(session: Session, instance: ProcessInstance, moves: Sequence[Move]) -> list[str]:
    """What the places are called where tokens are put; InvalidInput for one that is not in the diagram."""
    process = deployments.diagram(session, instance.definition_id)
    names = []
    for one in moves:
        known = process.flows if one.kind == "along" else process.elements
        if one.place and one.place not in known:
            raise InvalidInput("mend.no_flow" if one.kind == "along" else "mend.no_element", place=one.place)
        if one.kind != "remove":
            names.append(known[one.place].name or one.place)
    return names


def _leaving(execution: Execution, moves: Sequence[Move]) -> list[Token]:
    """The tokens to be taken away, as they stood before; InvalidInput for one that is not there."""
    here, found = list(execution.tokens()), []
    for one in (one for one in moves if one.kind == "remove"):
        fitting = [t for t in here if (t.id == one.token if one.token else t.element.id == one.place)]
        if not fitting:
            raise InvalidInput("mend.no_token")
        found += [token for token in fitting if token not in found]
    return found


def _work(session: Session, incident: Incident) -> dict[str, Any]:
    return {"by": who_did(session, incident).id, "values": dict(incident.parked or {})}


def _put(execution: Execution, one: Move) -> None:
    if one.values:
        execution.write(one.values)
    match one.kind:
        case "before":
            execution.place(one.place)
        case "after":
            execution.after(one.place)
        case "along":
            execution.along(one.place)


def _take(execution: Execution, token: Token) -> None:
    """What stood inside another that was taken away is gone with it."""
    if any(one.id == token.id for one in execution.tokens()):
        execution.remove(token.id)
