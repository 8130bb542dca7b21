"""Checks a BPMN file before it is deployed: every rule, each finding with its place and its remedy."""

from collections.abc import Callable, Iterator
from dataclasses import replace
from itertools import islice

from service.diagram.model import Diagram, Process
from service.diagram.read import read
from service.diagram.rules import (
    calls,
    codes,
    decisions,
    elements,
    events,
    expressions,
    gateways,
    handlers,
    links,
    loops,
    mappings,
    outside,
    revision,
    sop,
    soundness,
    structure,
    ways,
    whole,
    wording,
    work,
)
from service.errors import Finding, Refused

MOST = 200
"""Findings of one rule in one file."""

OF_FILE: tuple[Callable[[Diagram], Iterator[Finding]], ...] = (
    whole.no_process,
    whole.no_id,
    whole.duplicate_id,
    whole.bad_id,
    whole.not_executable,
    whole.other_engine,
    whole.unsupported_attribute,
    whole.unsupported_extension,
    whole.two_lanes,
    outside.foreign_program,
    outside.no_topic,
    outside.nothing_sent,
    outside.bad_priority,
    outside.stray_topic,
    calls.bad_passing,
    calls.uncallable,
    mappings.odd_parameter,
    expressions.unreadable,
    expressions.foreign_language,
)

OF_PROCESS: tuple[Callable[[Process], Iterator[Finding]], ...] = (
    elements.unsupported_element,
    elements.unsupported_event,
    elements.several_events,
    elements.stray_event,
    elements.misplaced_loop,
    structure.dangling_flow,
    structure.crossing_flow,
    structure.empty,
    structure.no_start,
    structure.several_starts,
    structure.no_end,
    structure.flow_into_start,
    structure.flow_from_end,
    structure.dead_end,
    structure.implicit_split,
    structure.no_host,
    handlers.joined_handler,
    links.no_link,
    links.lone_link,
    links.same_link,
    links.linked_flow,
    ways.unreachable,
    ways.waits_for_itself,
    ways.endless,
    ways.endless_automatic,
    soundness.unsound,
    gateways.missing_condition,
    gateways.needless_condition,
    gateways.misplaced_condition,
    gateways.default_with_condition,
    gateways.unknown_default,
    gateways.unawaited,
    events.no_message,
    events.no_signal,
    events.changing_name,
    events.same_message,
    events.no_timer,
    events.bad_timer,
    events.start_variables,
    events.no_condition,
    codes.no_code,
    codes.changing_code,
    codes.going_on,
    codes.same_code,
    codes.uncaught_error,
    codes.uncaught_escalation,
    expressions.other_language,
    expressions.script_language,
    expressions.no_script,
    expressions.no_result,
    expressions.bad_variable,
    expressions.mixed_people,
    loops.no_collection,
    loops.bad_collection,
    loops.own_collection,
    loops.no_variable,
    loops.many_instances,
    loops.no_round,
    loops.bad_maximum,
    calls.no_called,
    calls.changing_called,
    calls.own_call,
    calls.endless_call,
    calls.unknown_binding,
    calls.no_version,
    decisions.no_decision,
    decisions.two_deciders,
    decisions.changing_decision,
    decisions.unknown_mapping,
    mappings.no_parameter,
    mappings.mixed_text,
    work.no_name,
    work.nobody,
    work.nameless_lane,
    work.no_time,
    work.two_forms,
    work.foreign_form,
    work.changing_form,
    work.form_binding,
    work.form_version,
    sop.many_beginnings,
    sop.blank_time,
    revision.unreadable_day,
    sop.bad_time,
    sop.unasked_output,
    wording.no_verb,
    wording.named_doer,
)


def check(xml: bytes, file: str = "") -> tuple[Diagram | None, tuple[Finding, ...]]:
    """The diagram and all findings about it, errors first, then in the file's order.

    The diagram is None where the file cannot be read at all. It may be deployed when no finding is an
    error. A process that is not executable, beside one that is, never runs and is not checked.
    """
    try:
        diagram = read(xml, file)
    except Refused as refused:
        return None, refused.findings
    found = [replace(finding, file=file) for finding in _findings(diagram)]
    return diagram, tuple(sorted(found, key=lambda f: (f.severity != "error", f.line or 0)))


def _findings(diagram: Diagram) -> Iterator[Finding]:
    """Every rule is asked, so that no flood of one hides another; of one rule the first few hundred count."""
    for of_file in OF_FILE:
        yield from islice(of_file(diagram), MOST)
    processes = whole.checked(diagram)
    for of_process in OF_PROCESS:
        found = (finding for process in processes for finding in of_process(process))
        yield from islice(found, MOST)
