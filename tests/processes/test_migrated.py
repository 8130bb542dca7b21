"""A hundred cases at every step of an SOP go over to a revision that changes something of every kind."""

from collections.abc import Mapping

from sqlalchemy.orm import Session

from service import worker
from service.operations import (
    batches,
    deployments,
    history,
    identity,
    instances,
    messages,
    migrations,
    previews,
    proving,
    tasks,
)
from service.operations.identity import Actor
from service.operations.migrations import Instruction, Plan
from service.store.database import Database
from service.store.models import ProcessInstance, UserTask
from tests.later import FILE, ROOT, earlier, later
from tests.processes import karpeg, ktp
from tests.processes.conftest import furnish
from tests.processes.walks import Arrival, Step, Walk

CASES = {"sqlite": 100, "postgresql": len(karpeg.RETURNED.steps)}
"""A hundred where they are cheap; on the other database one at every step."""
ADMIN = Actor("admin", "Pengelola", admin=True)
STEPS = karpeg.RETURNED.steps
RENAMED = {"serah_kartu": "serahkan_kartu", "rekam_data": "perekaman"}
GONE = "disposisi_kasubbag"
"""The step that is no more: who stands there goes on with the draft."""


def revised() -> dict[str, bytes]:
    """The later revision, in which the last step has another id, too."""
    files = later()
    old, new = "serah_kartu", RENAMED["serah_kartu"]
    for before, after in ('"', '"'), (">", "<"):
        words = (f"{before}{one}{after}".encode() for one in (old, new))
        files[FILE] = files[FILE].replace(*words)
    return files


def test_a_hundred_cases_at_every_step_go_over_and_end_right(database: Database) -> None:
    furnish(database)
    old = deploy(database, earlier())
    with database.reading() as session:
        count = CASES[session.get_bind().dialect.name]
    cases = [begun(database, karpeg.RETURNED, number % len(STEPS)) for number in range(count)]
    held = {case: taken for case in cases[::2] if (taken := claimed(database, case))}
    new = deploy(database, revised())
    plan = planned(database, old, new)

    with database.reading() as session:
        seen = previews.preview(session, plan)
    assert (seen.cases, len(seen.going), seen.refused) == (count, count, ())
    assert sum(step.standing for step in seen.steps) == count
    assert {step.element for step in seen.steps} == {spot(step) for step in STEPS} | {"kartu_terbit"}

    with database.transaction() as session:
        batch = batches.batch(session, plan, None, ADMIN, "Revisi 2026").id
    while worker.work(database, "test"):
        pass
    with database.reading() as session:
        progress = batches.progress(session, batch)
    assert (progress.done, progress.refused, progress.waiting) == (count, 0, 0)

    with database.reading() as session:
        for case, (task_id, holder) in held.items():
            task = session.get_one(UserTask, task_id)
            assert (task.assignee, task.status, task.instance_id) == (holder, "open", case)
        draft = tasks.find(session, definition_id=new, element_id="buat_konsep")
        assert {task.lane for task in draft} == {"Kasubbag TU"}
        assert {one.name for task in draft for one in task.candidates} == {"kemenag.kasubbag-tu"}

    for number, case in enumerate(cases):
        with database.transaction() as session:
            goes_on(session, case, number % len(STEPS))
    with database.reading() as session:
        for case in cases:
            ended = session.get_one(ProcessInstance, case)
            assert (ended.status, ended.end_element) == ("completed", "kartu_diserahkan")
            assert ended.definition_id == new
            told = [event for event in history.timeline(session, case) if event.kind == "instance_migrated"]
            assert [event.details["reason"] for event in told] == ["Revisi 2026"]
            assert (told[0].details["source"]["id"], told[0].details["target"]["id"]) == (old, new)
        proofs = [proof for _, proof in proving.page(session)]
    assert proofs == [None] * count


def test_cases_with_several_instances_go_over_in_the_middle_of_them(sqlite: Database) -> None:
    furnish(sqlite)
    walk, folder = ktp.COLLECTIVE, ROOT / "bpmn" / "biro-organisasi"
    files = {path.name: path.read_bytes() for path in folder.iterdir()}
    files |= {path.name: path.read_bytes() for path in (ROOT / "forms").glob("ktp-kolektif-*")}
    cases = [begun(sqlite, walk, done) for done in range(len(walk.steps))]
    with sqlite.reading() as session:
        old = deployments.latest(session, walk.key).id
    content = files["ktp-pns-kolektif.bpmn"].replace(b'"rekam_data"', b'"perekaman"')
    new = deploy(sqlite, files | {"ktp-pns-kolektif.bpmn": content.replace(b">rekam_data<", b">perekaman<")})
    with sqlite.transaction() as session:
        plan, likely = migrations.generate(session, old, new), migrations.suggest(session, old, new)
        assert [(one.source, one.target) for one in likely] == [("rekam_data", "perekaman")]
        plan = Plan(old, new, plan.instructions + likely)
        for case in cases:
            migrations.migrate(session, plan, case, ADMIN)
    for done, case in enumerate(cases):
        with sqlite.transaction() as session:
            for step in walk.steps[done:]:
                act(session, case, step)
            ended = session.get_one(ProcessInstance, case)
            assert (ended.status, ended.end_element) == ("completed", walk.end)
            assert {row["nama"]: row["nomor_ktp"] for row in ended.variables["pegawai"]} == {
                "Siti": "KTP-1",
                "Budi": "KTP-2",
            }
            assert history.verify(session, case) is None


def deploy(database: Database, files: Mapping[str, bytes]) -> str:
    with database.transaction() as session:
        return deployments.deploy(session, "SOP", files).definitions[0].id


def planned(database: Database, old: str, new: str) -> Plan:
    """What says itself, what is suggested, and what somebody has to decide."""
    with database.reading() as session:
        plain, likely = migrations.generate(session, old, new), migrations.suggest(session, old, new)
        assert {(one.source, one.target) for one in likely} >= {("serah_kartu", "serahkan_kartu")}
        first = Plan(old, new, plain.instructions + likely)
        needy = previews.preview(session, first)
        assert [refusal.unmapped for refusal in needy.refused] == [True]
        assert [step.element for step in needy.steps if step.refused] == [GONE]
        whole = Plan(old, new, (*first.instructions, Instruction(GONE, "buat_konsep")))
        assert migrations.validate(session, whole) == []
        return whole


def begun(database: Database, walk: Walk, done: int) -> str:
    """A case that has done so many steps of a walk."""
    with database.transaction() as session:
        definition = deployments.latest(session, walk.key)
        case = instances.begin(session, definition, ADMIN, walk.start).id
        for step in walk.steps[:done]:
            act(session, case, step)
        return case


def claimed(database: Database, case: str) -> tuple[str, str] | None:
    """The case's open task, taken by who holds its position; None for a case that waits for a message."""
    with database.transaction() as session:
        for task in tasks.find(session, instance_id=case):
            holder = identity.actor(session, task.candidates[0].name)
            return tasks.claim(session, task.id, holder).id, holder.id
    return None


def goes_on(session: Session, case: str, done: int) -> None:
    """The rest of the walk, as the new diagram has it."""
    for step in STEPS[done:]:
        where = spot(step)
        if where == GONE:
            continue
        act(session, case, step)
        if where == "terima_kartu":
            act(session, case, Step("pindai_kartu", {}))


def spot(step: Step | Arrival) -> str:
    return step.element if isinstance(step, Step) else "kartu_terbit"


def act(session: Session, case: str, step: Step | Arrival) -> None:
    if isinstance(step, Arrival):
        messages.correlate(session, ADMIN, step.message, instance_id=case)
        return
    names = (step.element, RENAMED.get(step.element))
    fitting = [task for task in tasks.find(session, instance_id=case) if task.item in (step.item, "")]
    task = next(task for task in fitting if task.element_id in names)
    assert tasks.complete(session, task.id, ADMIN, step.values).status == "completed"
