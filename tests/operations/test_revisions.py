"""A revision waits for approval and for its day, is in force, is followed, withdrawn, and brought back."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import pytest

from service import config, worker
from service.errors import AlurError, Conflict, InvalidInput, NotAllowed, NotFound
from service.language import LANGUAGES, say
from service.operations import deployments, inforce, instances, jobs, revisions
from service.operations.deployments import deploy
from service.operations.identity import SYSTEM, Actor
from service.store.database import Database
from service.store.models import ProcessDefinition, now
from tests.engine.drawing import xml
from tests.operations.clock import DAY, pass_time
from tests.operations.moves import People, task_xml

ONE = xml("start -> a -> end", {"a": task_xml("a")}, key="surat")
PROPERTY = '<bpmn:extensionElements><camunda:properties><camunda:property name="{}" value="{}"/>{}'
APPROVERS = ("uji.kepala",)
Given = Callable[..., ProcessDefinition]


def saying(effective: str, office: str = "") -> bytes:
    """The process with the day on which it says that it takes effect."""
    named = f'<camunda:property name="sop.kantor" value="{office}"/>' if office else ""
    block = PROPERTY.format("sop.tanggal_efektif", effective, named)
    block += "</camunda:properties></bpmn:extensionElements>"
    return ONE.replace(b'isExecutable="true">', f'isExecutable="true">{block}'.encode())


@pytest.fixture
def given(database: Database) -> Given:
    """Deploys the process once more; `given(effective_at=…)`."""

    def add(content: bytes = ONE, actor: Actor = SYSTEM, **more: object) -> ProcessDefinition:
        with database.transaction() as session:
            done = deploy(session, "test", {"a.bpmn": content}, actor=actor, **more)  # type: ignore[arg-type]
            return done.definitions[0]

    return add


def in_force(database: Database, key: str = "surat") -> int | None:
    """The version that is in force; the list of all that are says the same."""
    with database.reading() as session:
        found = inforce.find(session, key)
        listed = {row.key: row.version for row in deployments.definitions(session)}
        assert listed.get(key) == (found and found.version)
        return found and found.version


def stages(database: Database) -> list[str]:
    """Where the revisions stand, the newest first."""
    with database.reading() as session:
        return [revisions.stage_of(session, row) for row in revisions.of(session, "surat")]


def told(database: Database, definition: ProcessDefinition) -> list[str]:
    with database.reading() as session:
        return [event.kind for event in revisions.history(session, definition.id)]


def do(database: Database, verb: Callable[..., object], id_: str, actor: Actor, *more: object) -> None:
    with database.transaction() as session:
        verb(session, id_, actor, *more)


def refused(
    database: Database, verb: Callable[..., object], id_: str, actor: Actor, *more: object
) -> AlurError:
    """Why it is refused, in words that both languages have."""
    with pytest.raises(AlurError) as error:
        do(database, verb, id_, actor, *more)
    assert all(say(error.value.message, language) for language in LANGUAGES)
    return error.value


def start(database: Database, definition: ProcessDefinition) -> None:
    with database.transaction() as session:
        instances.start(session, deployments.definition(session, definition.id), SYSTEM, {})


def test_without_approvers_and_a_day_it_is_in_force_at_once(database: Database, given: Given) -> None:
    first, second = given(), given()
    assert (in_force(database), stages(database)) == (2, ["effective", "superseded"])
    assert told(database, first) == told(database, second) == ["deployed", "took_effect"]


def test_until_its_day_cases_begin_on_the_one_before(database: Database, given: Given) -> None:
    given()
    second = given(effective_at=now() + timedelta(hours=12))
    assert (in_force(database), stages(database)) == (1, ["scheduled", "effective"])
    assert worker.work(database, "w") == 0
    pass_time(database)
    assert in_force(database) == 2  # by the clock alone, whether a worker looked or not
    assert worker.work(database, "w") == 1
    assert worker.work(database, "w") == 0
    assert told(database, second) == ["deployed", "took_effect"]
    assert stages(database) == ["effective", "superseded"]


def test_the_day_that_the_diagram_names_counts_unless_another_is_given(
    database: Database, given: Given
) -> None:
    named = given(saying("8 Desember 2999"))
    assert named.effective_at == datetime(2999, 12, 8, tzinfo=config.zone())
    assert given(saying("8 Desember 2999"), effective_at=now() + DAY).effective_at < now() + 2 * DAY
    assert in_force(database) is None
    for past in ("8 Desember 2020", "segera"):
        assert given(saying(past)).effective_at <= now()
    assert in_force(database) == 4


def test_a_draft_waits_for_a_second_person(database: Database, given: Given, people: People) -> None:
    given()
    head, clerk = people("budi", "uji.kepala"), people("siti", "uji.staf")
    draft = given(actor=head, approvers=APPROVERS)
    other = people("ani", "uji.kepala")
    assert (in_force(database), stages(database)) == (1, ["draft", "effective"])
    assert draft.effective_at is None
    assert refused(database, revisions.approve, draft.id, clerk).message.key == "revision.not_theirs"
    assert refused(database, revisions.approve, draft.id, SYSTEM).message.key == "revision.not_theirs"
    assert refused(database, revisions.approve, draft.id, head).message.key == "revision.second_person"
    do(database, revisions.approve, draft.id, other)
    assert in_force(database) == 2
    assert told(database, draft) == ["deployed", "approved", "took_effect"]
    assert isinstance(refused(database, revisions.approve, draft.id, other), Conflict)


def test_who_deploys_from_the_command_line_is_not_the_second_person(
    database: Database, given: Given, people: People
) -> None:
    draft, root = given(approvers=("admin",)), people("root", admin=True)
    assert refused(database, revisions.approve, draft.id, SYSTEM).message.key == "revision.not_theirs"
    do(database, revisions.approve, draft.id, root)
    assert in_force(database) == 1


def test_the_approver_may_be_one_of_the_diagram_s_own_office(
    database: Database, given: Given, people: People
) -> None:
    draft = given(saying("", "Dinas Uji"), approvers=("{kantor}.kepala", "admin"))
    assert draft.approvers == ["dinas-uji.kepala", "admin"]
    with database.reading() as session:
        found = deployments.definition(session, draft.id)
        assert revisions.may_approve(found, people("budi", "dinas-uji.kepala"))
        assert not revisions.may_approve(found, people("eko", "lain.kepala"))


def test_the_wished_day_is_kept_until_the_approval(database: Database, given: Given, people: People) -> None:
    head = people("budi", "uji.kepala")
    wished = given(approvers=APPROVERS, effective_at=now() + timedelta(hours=36))
    do(database, revisions.approve, wished.id, head)
    assert stages(database) == ["scheduled"]
    chosen = given(approvers=APPROVERS, effective_at=now() + timedelta(hours=36))
    do(database, revisions.approve, chosen.id, head, now() + timedelta(hours=12))
    late = given(approvers=APPROVERS, effective_at=now() + timedelta(hours=12))
    pass_time(database)
    do(database, revisions.approve, late.id, head)
    assert in_force(database) == 3
    with database.reading() as session:
        assert abs(inforce.get(session, "surat").effective_at - now()) < DAY / 2


def test_withdrawing_brings_back_the_one_before(database: Database, given: Given, people: People) -> None:
    first, second, root = given(), given(), people("root", admin=True)
    do(database, revisions.withdraw, second.id, root, "keliru")
    assert (in_force(database), stages(database)) == (1, ["withdrawn", "effective"])
    assert told(database, first)[-1] == "took_effect"
    assert refused(database, revisions.withdraw, second.id, root, "lagi").message.key == (
        "revision.withdrawn_before"
    )
    do(database, revisions.restore, second.id, root, "benar")
    assert (in_force(database), stages(database)) == (2, ["effective", "superseded"])
    do(database, revisions.restore, first.id, root, "kembali")
    assert (in_force(database), stages(database)) == (1, ["superseded", "effective"])
    assert told(database, first)[-2:] == ["restored", "took_effect"]


def test_without_one_in_force_starting_says_so_and_cases_go_on(
    database: Database, given: Given, people: People
) -> None:
    only, root = given(), people("root", admin=True)
    start(database, only)
    do(database, revisions.withdraw, only.id, root, "dicabut")
    assert in_force(database) is None
    with pytest.raises(NotFound) as none, database.reading() as session:
        deployments.latest(session, "surat")
    assert none.value.message.key == "revision.none"
    with database.reading() as session:
        assert [case.status for case in instances.find(session, SYSTEM)] == ["active"]
        assert deployments.startable(session, root) == []


@pytest.mark.parametrize("door", [instances.start, instances.begin])
def test_nothing_begins_on_what_is_not_approved_and_come(
    database: Database, given: Given, people: People, door: Callable[..., object]
) -> None:
    old, withdrawn = given(), given()
    do(database, revisions.withdraw, withdrawn.id, people("root", admin=True), "keliru")
    standing = {
        "is_withdrawn": withdrawn,
        "is_draft": given(approvers=APPROVERS),
        "is_scheduled": given(effective_at=datetime(2999, 12, 8, tzinfo=config.zone())),
    }
    for word, definition in standing.items():
        with pytest.raises(Conflict) as error, database.transaction() as session:
            door(session, deployments.definition(session, definition.id), SYSTEM, {})
        assert error.value.message.key == f"revision.{word}"
        sentence = say(error.value.message, "id")
        assert ("8 Desember 2999" in sentence) == (word == "is_scheduled")
    given()
    start(database, old)  # followed, but asked for by its id


def test_a_reason_is_asked_for(database: Database, given: Given, people: People) -> None:
    first, _, root = given(), given(), people("root", admin=True)
    for verb in (revisions.withdraw, revisions.restore):
        assert isinstance(refused(database, verb, first.id, root, "  "), InvalidInput)


def test_only_administrators_withdraw_what_nobody_approves(
    database: Database, given: Given, people: People
) -> None:
    only, siti = given(), people("siti", "uji.staf")
    assert isinstance(refused(database, revisions.withdraw, only.id, siti, "x"), NotAllowed)
    assert isinstance(refused(database, revisions.approve, only.id, people("root", admin=True)), NotAllowed)


def test_who_deployed_a_draft_may_take_it_back_but_not_bring_it_in(
    database: Database, given: Given, people: People
) -> None:
    siti = people("siti", "uji.staf")
    draft = given(actor=siti, approvers=APPROVERS)
    do(database, revisions.withdraw, draft.id, siti, "salah file")
    assert stages(database) == ["withdrawn"]
    assert isinstance(refused(database, revisions.restore, draft.id, siti, "x"), NotAllowed)
    do(database, revisions.restore, draft.id, people("budi", "uji.kepala"), "tetap dipakai")
    assert in_force(database) == 1


def test_what_cannot_be_brought_back_says_why(database: Database, given: Given, people: People) -> None:
    only, root = given(), people("root", admin=True)
    assert (
        refused(database, revisions.restore, only.id, root, "x").message.key == "revision.restore_effective"
    )
    draft, head = given(approvers=APPROVERS), people("budi", "uji.kepala")
    assert refused(database, revisions.restore, draft.id, head, "x").message.key == "revision.restore_draft"


def test_an_awaited_revision_can_be_brought_in_early_and_takes_effect_once(
    database: Database, given: Given, people: People
) -> None:
    given()
    awaited = given(effective_at=now() + DAY / 2)
    do(database, revisions.restore, awaited.id, people("root", admin=True), "lebih awal")
    assert in_force(database) == 2
    pass_time(database)
    assert worker.work(database, "w") == 1
    assert told(database, awaited) == ["deployed", "restored", "took_effect"]


def test_one_that_was_withdrawn_before_its_day_never_takes_effect(
    database: Database, given: Given, people: People
) -> None:
    given()
    awaited = given(effective_at=now() + DAY / 2)
    do(database, revisions.withdraw, awaited.id, people("root", admin=True), "batal")
    pass_time(database)
    assert worker.work(database, "w") == 1
    assert (in_force(database), told(database, awaited)) == (1, ["deployed", "withdrawn"])


def test_nobody_sets_off_the_day_of_a_revision_before_it_comes(database: Database, given: Given) -> None:
    given(effective_at=now() + DAY)
    with database.reading() as session:
        [job] = jobs.find(session)
    with pytest.raises(Conflict) as early, database.transaction() as session:
        jobs.execute(session, job.id)
    assert early.value.message.key == "revision.not_yet"
    assert in_force(database) is None


def test_of_two_days_that_have_come_the_later_one_counts(database: Database, given: Given) -> None:
    later = given(effective_at=now() + DAY / 2)
    given(effective_at=now() + DAY / 4)
    pass_time(database)
    assert in_force(database) == later.version
    while worker.work(database, "w"):
        pass
    assert told(database, later) == ["deployed", "took_effect"]
    assert in_force(database) == later.version


def test_of_two_for_the_same_day_the_later_version_counts(database: Database, given: Given) -> None:
    same = now() + DAY / 2
    for _ in range(3):
        given(effective_at=same)
    pass_time(database)
    assert (in_force(database), stages(database)) == (3, ["effective", "superseded", "superseded"])


def test_what_was_in_force_at_a_moment_can_be_asked_for(database: Database, given: Given) -> None:
    first = given()
    pass_time(database)
    given()
    with database.reading() as session:
        assert revisions.in_force(session, "surat", now() - DAY / 2).id == first.id
        with pytest.raises(NotFound):
            revisions.in_force(session, "surat", datetime(2000, 1, 1, tzinfo=UTC))
        with pytest.raises(NotFound):
            revisions.in_force(session, "tidak-ada")


def test_who_may_deploy_is_a_setting(people: People, monkeypatch: pytest.MonkeyPatch) -> None:
    siti, root = people("siti", "uji.analis"), people("root", admin=True)
    assert (deployments.may_deploy(siti), deployments.may_deploy(root)) == (False, True)
    monkeypatch.setenv("ALUR_ANALYSTS", "uji.lain, uji.analis")
    assert deployments.may_deploy(siti)
    monkeypatch.setenv("ALUR_ANALYSTS", "uji.lain")
    assert not deployments.may_deploy(siti)


def test_examining_says_what_deploying_says_and_keeps_nothing(database: Database) -> None:
    wanting = ONE.replace(b'id="a"', b'id="a" camunda:formRef="x"')
    with database.reading() as session:
        read, findings = deployments.examine(session, {"a.bpmn": wanting})
        assert list(read.diagrams) == ["a.bpmn"]
        assert "form_missing" in [finding.code for finding in findings if finding.severity == "error"]
        assert not deployments.definitions(session)
