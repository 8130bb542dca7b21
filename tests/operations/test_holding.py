"""Who has an external task, after anything that workers and operators may do one after the other."""

from dataclasses import dataclass, replace
from datetime import timedelta

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import update

from service.errors import AlurError, InvalidInput, NotFound
from service.operations import external, incidents, instances, mending, outcomes
from service.operations.external import Topic
from service.operations.identity import SYSTEM, Actor
from service.store.database import Database
from service.store.models import Job, now
from tests.operations.moves import begin
from tests.operations.printing import MINUTE

WORKERS = st.sampled_from(["w1", "w2", "w3"])
STEPS = st.one_of(
    st.tuples(st.sampled_from(["fetch", "extend", "lock", "complete"]), WORKERS, st.just(0)),
    st.tuples(st.just("fail"), WORKERS, st.integers(0, 2)),
    st.tuples(st.just("retries"), st.just(""), st.integers(0, 2)),
    st.tuples(st.sampled_from(["unlock", "expire"]), st.just(""), st.just(0)),
)


@dataclass(frozen=True)
class Held:
    """What is expected of the task: who locked it last, whether the lock still holds, the tries left."""

    owner: str = ""
    live: bool = False
    tries: int = 3
    done: bool = False


def expected(held: Held, verb: str, worker: str, tries: int) -> Held | type[AlurError]:
    """The task after a step, or how the step is refused."""
    if held.done and verb not in ("fetch", "expire"):
        return NotFound
    match verb:
        case "fetch":
            free = not (held.live or held.done) and held.tries > 0
            return replace(held, owner=worker, live=True) if free else held
        case "lock":
            taken = held.live and held.owner != worker
            return InvalidInput if taken else replace(held, owner=worker, live=True)
        case "extend":
            return held if held.live and held.owner == worker else InvalidInput
        case "complete":
            return replace(held, done=True, live=False) if held.owner == worker else InvalidInput
        case "fail":
            return replace(held, tries=tries, live=False) if held.owner == worker else InvalidInput
        case "retries":
            raised = held.tries == 0 and tries > 0
            return replace(held, tries=tries, **({"owner": "", "live": False} if raised else {}))
        case "unlock":
            return replace(held, owner="", live=False)
    return replace(held, live=False)


def act(database: Database, job: str, verb: str, worker: str, tries: int) -> None:
    with database.transaction() as session:
        match verb:
            case "fetch":
                external.fetch_and_lock(session, worker, [Topic("cetak", MINUTE)], 9)
            case "lock":
                external.lock(session, job, worker, MINUTE)
            case "extend":
                external.extend(session, job, worker, MINUTE)
            case "complete":
                outcomes.complete(session, job, worker, SYSTEM, {})
            case "fail":
                outcomes.fail(session, job, worker, SYSTEM, retries=tries, rest=timedelta(0))
            case "retries":
                mending.set_retries(session, job, SYSTEM, tries)
            case "unlock":
                external.unlock(session, job)
            case "expire":
                session.execute(update(Job).values(lock_until=now() - MINUTE))


def check(database: Database, case: str, job: str, held: Held) -> None:
    """The rows say of the task what is expected."""
    with database.reading() as session:
        found = [(one.lock_owner or "", one.retries) for one in external.find(session, [("id", job)])]
        live = external.count(session, [("id", job), ("locked", True)]) == 1
        stopped = len(incidents.find(session, instance_id=case))
    assert found == ([] if held.done else [(held.owner, held.tries)])
    assert live == (held.live and not held.done)
    assert stopped == (held.tries == 0 and not held.done)


@settings(suppress_health_check=list(HealthCheck), max_examples=40, deadline=None)
@given(steps=st.lists(STEPS, min_size=3, max_size=12))
def test_a_task_is_whose_it_should_be(
    database: Database, kartu: str, steps: list[tuple[str, str, int]]
) -> None:
    case, held = begin(database, kartu), Held()
    with database.reading() as session:
        [job] = [one.id for one in external.find(session, [("instance_id", case)])]
    for verb, worker, tries in steps:
        after, refused = expected(held, verb, worker, tries), None
        try:
            act(database, job, verb, worker, tries)
        except (InvalidInput, NotFound) as error:
            refused = type(error)
        assert refused == (after if isinstance(after, type) else None), (verb, held)
        held = held if isinstance(after, type) else after
        check(database, case, job, held)
    with database.transaction() as session:
        instances.cancel(session, case, Actor("a", "A", admin=True), "cukup")
