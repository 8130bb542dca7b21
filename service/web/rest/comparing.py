"""What differs between two process definitions, in sentences and as marks for their diagrams."""

from flask import g

from service.differences import Kind
from service.operations import comparing
from service.web.present import t
from service.web.rest.routes import Routes
from service.web.rest.shapes import Answer, Asked, Text

ROUTES = Routes("Process definition")


class CompareQuery(Asked):
    """Which other definition: `to` is the later one."""

    to: Text


class DifferenceAnswer(Answer):
    """One difference: what happened, a word for what it is about, and the sentence in the asker's language.

    The elements are ids of the earlier and of the later diagram, where it is about one.
    """

    kind: Kind
    about: str
    source_element_id: str | None
    target_element_id: str | None
    subject: str
    sentence: str


class ComparisonAnswer(Answer):
    """What the later definition changes; marks are kinds by the ids of elements, lanes and flows.

    `redrawn` says that the picture was changed, which no difference tells.
    """

    source_process_definition_id: str
    target_process_definition_id: str
    counts: dict[Kind, int]
    differences: list[DifferenceAnswer]
    source_marks: dict[str, Kind]
    target_marks: dict[str, Kind]
    redrawn: bool


@ROUTES.get("/process-definition/{id}/compare")
def compare(id: str, query: CompareQuery) -> ComparisonAnswer:
    """What another definition changes against this one."""
    found = comparing.compare(g.session, id, query.to)
    differences = [
        DifferenceAnswer(
            kind=one.kind,
            about=one.about,
            source_element_id=one.old,
            target_element_id=one.new,
            subject=t(one.subject),
            sentence=t(one.message),
        )
        for one in found.changes
    ]
    return ComparisonAnswer(
        source_process_definition_id=id,
        target_process_definition_id=query.to,
        counts=comparing.summary(found),
        differences=differences,
        source_marks=dict(found.old_marks),
        target_marks=dict(found.new_marks),
        redrawn=found.redrawn,
    )
