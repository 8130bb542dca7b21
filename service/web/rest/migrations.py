"""Running instances taken over to another process definition, by a plan, at once or in a batch."""

from collections.abc import Sequence

from flask import g

from service.errors import AlurError, Busy, InvalidInput, Message, NotAllowed, NotFound
from service.operations import batches, deployments, migrations
from service.operations.migrations import Instruction, Plan, Report
from service.store.models import Batch
from service.web.present import t
from service.web.rest.instances import InstanceQuery, found
from service.web.rest.modifications import SEVERAL
from service.web.rest.refusals import Unfit
from service.web.rest.routes import Routes
from service.web.rest.shapes import Answer, Asked, Moment, Names, Nothing, SentValue, Text, Variable
from service.web.rest.variables import answers, sent_values

ROUTES = Routes("Migration")
KIND = "instance-migration"
"""What Camunda calls this type of batch."""


class InstructionBody(Asked):
    """What rests at the one element will rest at the other; Camunda writes both as lists of one."""

    source_activity_ids: list[Text]
    target_activity_ids: list[Text]
    update_event_trigger: bool = False

    def instruction(self) -> Instruction:
        """The same in the product's words; InvalidInput for more or fewer elements than one."""
        if len(self.source_activity_ids) != 1 or len(self.target_activity_ids) != 1:
            raise InvalidInput("rest.one_to_one")
        source = self.source_activity_ids[0].removesuffix(SEVERAL)
        target = self.target_activity_ids[0].removesuffix(SEVERAL)
        return Instruction(source, target, self.update_event_trigger)


class PlanBody(Asked):
    """Which element of one process definition becomes which of the other."""

    source_process_definition_id: Text
    target_process_definition_id: Text
    instructions: list[InstructionBody] = []
    variables: dict[Text, SentValue] = {}

    def plan(self) -> Plan:
        """The same in the product's words: several instances and what is around them go together."""
        instructions = tuple(dict.fromkeys(one.instruction() for one in self.instructions))
        ends = (self.source_process_definition_id, self.target_process_definition_id)
        return Plan(*ends, instructions, sent_values(self.variables))


class GenerationBody(Asked):
    """From which process definition to which."""

    source_process_definition_id: Text
    target_process_definition_id: Text
    update_event_triggers: bool = False
    variables: dict[Text, SentValue] = {}


class ExecutionBody(Asked):
    """A plan, and the instances that follow it: by their ids, by a query, or both.

    There are no listeners to skip, and no mappings are carried out.
    """

    migration_plan: PlanBody
    process_instance_ids: Names = []
    process_instance_query: InstanceQuery | None = None
    skip_custom_listeners: bool = False
    skip_io_mappings: bool = False

    def instances(self) -> list[str]:
        """The ids, each once, in one order, so that two who do this never wait for each other."""
        ids = set(self.process_instance_ids)
        if self.process_instance_query is not None:
            ids |= {row.id for row in found(self.process_instance_query)}
        if not ids:
            raise InvalidInput("rest.missing", name="processInstanceIds")
        return sorted(ids)


class InstructionAnswer(Answer):
    """An instruction as Camunda writes it."""

    source_activity_ids: list[str]
    target_activity_ids: list[str]
    update_event_trigger: bool


class PlanAnswer(Answer):
    """A plan as Camunda writes it."""

    source_process_definition_id: str
    target_process_definition_id: str
    instructions: list[InstructionAnswer]
    variables: dict[str, Variable]


class InstructionReport(Answer):
    """Why an instruction cannot be carried out."""

    instruction: InstructionAnswer
    failures: list[str]


class PlanReport(Answer):
    """The instructions that cannot be carried out; none where the plan is good."""

    instruction_reports: list[InstructionReport]
    variable_reports: dict[str, str] = {}


class InstanceReport(Answer):
    """Why an instance cannot follow a plan."""

    process_instance_id: str
    failures: list[str]
    activity_instance_validation_reports: list[str] = []
    transition_instance_validation_reports: list[str] = []


class BatchAnswer(Answer):
    """A batch: one job for each instance."""

    id: str
    type: str = KIND
    total_jobs: int
    jobs_created: int
    remaining_jobs: int
    completed_jobs: int
    failed_jobs: int
    batch_jobs_per_seed: int
    invocations_per_batch_job: int = 1
    seed_job_definition_id: None = None
    monitor_job_definition_id: None = None
    batch_job_definition_id: None = None
    suspended: bool = False
    tenant_id: None = None
    create_user_id: str | None
    start_time: Moment


@ROUTES.post("/migration/generate")
def generate(body: GenerationBody) -> PlanAnswer:
    """The plan that says itself: what has the same id in both and is of the same kind."""
    ends = (body.source_process_definition_id, body.target_process_definition_id)
    plan = migrations.generate(g.session, *ends, body.update_event_triggers)
    around = _around(plan)
    return PlanAnswer(
        source_process_definition_id=plan.source_id,
        target_process_definition_id=plan.target_id,
        instructions=[_answer(one) for one in (*around, *plan.instructions)],
        variables=answers(sent_values(body.variables)),
    )


@ROUTES.post("/migration/validate")
def validate(body: PlanBody) -> PlanReport:
    """Which instructions of a plan no instance could follow, and why."""
    return _report(migrations.validate(g.session, body.plan()))


@ROUTES.post("/migration/execute")
def execute(body: ExecutionBody) -> None:
    """Takes the instances over, all or none."""
    plan = _good(body)
    for id in body.instances():
        try:
            migrations.migrate(g.session, plan, id, g.actor)
        except (NotAllowed, NotFound, Busy):
            raise
        except AlurError as error:
            raise _unfit(id, error.message) from error


@ROUTES.post("/migration/executeAsync")
def execute_later(body: ExecutionBody) -> BatchAnswer:
    """Has the instances taken over one by one; those that cannot go stay as they are."""
    begun = batches.batch(g.session, _good(body), body.instances(), g.actor)
    g.session.flush()
    return _batch(begun)


@ROUTES.get("/batch/{id}")
def batch(id: str, query: Nothing) -> BatchAnswer:
    """How far a batch has come."""
    return _batch(_known(id))


@ROUTES.get("/batch/{id}/failures")
def failures(id: str, query: Nothing) -> list[InstanceReport]:
    """The instances of a batch that stayed where they were, and why; not in Camunda."""
    refused = batches.refused(g.session, _known(id).id)
    return [
        InstanceReport(process_instance_id=one.instance_id, failures=[t(batches.why(one))]) for one in refused
    ]


def _known(id: str) -> Batch:
    """The batch, for who may begin such a one; NotFound for everybody else."""
    found = batches.find(g.session, id)
    if not migrations.may(deployments.definition(g.session, found.target_id), g.actor):
        raise NotFound("migration.no_batch")
    return found


def _good(body: ExecutionBody) -> Plan:
    """The plan, if every instruction can be carried out."""
    plan = body.migration_plan.plan()
    if wrong := migrations.validate(g.session, plan):
        raise Unfit("MigrationPlanValidationException", wrong[0].failures[0], _report(wrong))
    return plan


def _unfit(id: str, message: Message) -> Unfit:
    report = InstanceReport(process_instance_id=id, failures=[t(message)])
    return Unfit("MigratingProcessInstanceValidationException", message, report)


def _around(plan: Plan) -> list[Instruction]:
    """In Camunda what is around several instances is an element of its own."""
    elements = deployments.diagram(g.session, plan.source_id).elements
    several = {key for key, one in elements.items() if one.loop and one.loop.kind != "standard"}
    return [
        Instruction(one.source + SEVERAL, one.target + SEVERAL)
        for one in plan.instructions
        if one.source in several
    ]


def _answer(one: Instruction) -> InstructionAnswer:
    return InstructionAnswer(
        source_activity_ids=[one.source],
        target_activity_ids=[one.target],
        update_event_trigger=one.renew,
    )


def _report(reports: Sequence[Report]) -> PlanReport:
    told = [
        InstructionReport(
            instruction=_answer(one.instruction), failures=[t(failure) for failure in one.failures]
        )
        for one in reports
    ]
    return PlanReport(instruction_reports=told)


def _batch(found: Batch) -> BatchAnswer:
    progress = batches.progress(g.session, found.id)
    return BatchAnswer(
        id=found.id,
        total_jobs=progress.total,
        jobs_created=progress.total,
        remaining_jobs=progress.waiting,
        completed_jobs=progress.done,
        failed_jobs=progress.refused,
        batch_jobs_per_seed=progress.total,
        create_user_id=found.started_by or None,
        start_time=found.started_at,
    )
