"""Which repair answers which finding, and in which order: until nothing is left that can be mended."""

from collections.abc import Iterator, Mapping, Sequence

from lxml import etree

from service.diagram import check
from service.diagram.read import read
from service.diagram.repair import (
    choices,
    codes,
    conditions,
    copying,
    ends,
    engines,
    events,
    expressions,
    extras,
    flows,
    hosts,
    ids,
    joins,
    links,
    markers,
    people,
    runs,
    splits,
    starts,
    work,
)
from service.diagram.repair.drawing import Drawing
from service.diagram.repair.kinds import Mend, Repair, Repaired, Repairs, of
from service.diagram.rules import whole
from service.errors import Finding

ROUNDS = 60
"""More than any diagram needs: each round mends all findings of one stage."""
CHECKS = 8
"""Whole checks of one file: each may bring one deadlock to light behind another."""

STAGES: tuple[Mapping[str, Mend], ...] = (
    {"no_id": ids.no_id, "duplicate_id": ids.duplicate_id, "bad_id": ids.bad_id},
    {"not_executable": runs.not_executable, "other_engine": engines.other_engine},
    {
        "unsupported_element": markers.element,
        "unsupported_attribute": markers.attribute,
        "unsupported_extension": extras.extension,
        "misplaced_loop": markers.loop,
        "no_collection": markers.loop,
        "no_round": markers.loop,
        "bad_maximum": markers.loop,
        "bad_collection": markers.loop,
        "own_collection": markers.loop,
        "going_on": markers.going_on,
        "empty": runs.empty,
        "unknown_default": conditions.unknown_default,
        "default_with_condition": conditions.needless,
    },
    {
        "dangling_flow": flows.dangling,
        "crossing_flow": flows.crossing,
        "flow_into_start": flows.into_start,
        "flow_from_end": flows.from_end,
        "joined_handler": flows.apart,
        "no_host": hosts.no_host,
        "no_link": links.alone,
        "lone_link": links.alone,
        "linked_flow": links.joined,
    },
    {
        "no_message": work.undone,
        "nothing_sent": work.undone,
        "no_topic": work.undone,
        "foreign_program": work.undone,
        "no_decision": work.undone,
        "changing_decision": work.undone,
        "no_result": work.undone,
        "script_language": work.undone,
        "no_script": work.undone,
        "no_called": work.undone,
        "changing_called": work.undone,
        "endless_call": work.undone,
        "uncallable": work.undone,
        "no_signal": events.without_details,
        "changing_name": events.without_details,
        "no_timer": events.without_details,
        "bad_timer": events.without_details,
        "start_variables": events.without_details,
        "no_condition": events.without_details,
        "unsupported_event": events.without_details,
        "several_events": events.without_details,
        "same_message": work.undone,
        "no_code": codes.no_code,
    },
    {"unawaited": events.unawaited},
    {
        "other_language": conditions.unreadable,
        "unreadable": expressions.unreadable,
        "misplaced_condition": conditions.misplaced,
    },
    {"implicit_split": splits.implicit_split},
    {"no_start": starts.no_start, "several_starts": starts.several_starts},
    {"unreachable": starts.unreachable},
    {"no_end": ends.no_end, "dead_end": ends.dead_end},
    {"endless": joins.endless},
    {"missing_condition": choices.missing_condition, "needless_condition": conditions.needless},
    {"endless_automatic": joins.endless_automatic},
    {"waits_for_itself": joins.waits_for_itself},
    {"deadlock": joins.stuck, "multiplying": joins.stuck, "livelock": joins.stuck},
    {"nameless_lane": people.nameless_lane},
    {"nobody": people.nobody},
)
"""What must be plain before something else is looked at comes first."""
ANSWERED = frozenset(code for stage in STAGES for code in stage)
"""The findings that can be mended; a rule is called like its finding."""

MOST_FLOWS = 1500
"""Nobody looks through what is done to a diagram with more; the trials alone would take minutes."""


def repair(content: bytes, file: str) -> Repaired:
    """The repaired copy of a diagram, and what was done to it; the original is left as it is.

    Refused for what cannot be read. Where there is nothing to mend, or more than can be tried out,
    `repairs` is empty and the copy is the original, byte for byte.
    """
    diagram, findings = check.check(content, file)
    drawing, first = Drawing(copying.copy_of(content, file)), findings
    if diagram and sum(len(process.flows) for process in diagram.processes.values()) > MOST_FLOWS:
        return Repaired(file, {file: content}, (), findings)
    repairs: list[Repair] = []
    tried: set[tuple[str, str | None]] = set()
    copy = content
    for _ in range(CHECKS):
        if not (done := list(_mended(drawing, findings, tried))):
            break
        repairs += done
        copy = copying.written(drawing.root, content)
        findings = check.check(copy, file)[1]
    repairs += _along(first, findings, repairs)
    return Repaired(file, {file: copy, **drawing.forms}, tuple(repairs), findings)


def _mended(drawing: Drawing, findings: Sequence[Finding], tried: set[tuple[str, str | None]]) -> Repairs:
    """Mends stage after stage; between two only those rules are asked that a stage answers."""
    for _ in range(ROUNDS):
        done = _round(drawing, findings, tried)
        if done is None:
            return
        yield from done
        drawing.index()
        findings = [*_answered(etree.tostring(drawing.root))] if done else findings


def _answered(copy: bytes) -> Iterator[Finding]:
    """What a stage may mend, without what takes long: playing tokens comes when all else is right."""
    diagram = read(copy)
    for of_file in check.OF_FILE:
        if of_file.__name__ in ANSWERED:
            yield from of_file(diagram)
    for process in whole.checked(diagram):
        for of_process in check.OF_PROCESS:
            if of_process.__name__ in ANSWERED:
                yield from of_process(process)


def _round(
    drawing: Drawing, findings: Sequence[Finding], tried: set[tuple[str, str | None]]
) -> list[Repair] | None:
    """Mends what there is of the first stage that has anything to mend; None where nothing is left."""
    for stage in STAGES:
        mine = [one for one in findings if one.code in stage and (one.code, one.element) not in tried]
        if mine:
            tried |= {(one.code, one.element) for one in mine}
            return [done for one in mine for done in stage[one.code](drawing, one)]
    return None


def _along(first: tuple[Finding, ...], last: tuple[Finding, ...], repairs: list[Repair]) -> list[Repair]:
    """The errors that went away with another repair, each with a line of its own."""
    answered = {(one.finding, one.element) for one in repairs}
    left = {(one.code, one.element) for one in last}
    known = answered | left
    gone = (one for one in first if one.severity == "error" and (one.code, one.element) not in known)
    return [of(one, "along", what=one.message) for one in gone] if repairs else []
