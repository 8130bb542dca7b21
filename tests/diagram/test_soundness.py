"""What the check says of a diagram's soundness is what the token game shows when it is played to its end.

Each run draws the same few hundred; `ALUR_EXAMPLES` draws as many others as it says.
"""

import os
from itertools import pairwise
from typing import Any

from hypothesis import HealthCheck, Phase, given, note, reject, settings
from hypothesis import strategies as st

from service.diagram.catching import coded
from service.diagram.check import check
from service.diagram.graph import Graph, circles, reached, ways
from service.diagram.model import Process
from service.diagram.read import read
from service.diagram.soundness import Flaw, explore
from service.diagram.soundness.judging import WORKS
from service.errors import Refused
from service.language import say
from tests.diagram.exhausting import Exhausted, TooMany
from tests.diagram.test_hostile import reworded
from tests.engine.blocks import BLOCKS, LISTENED
from tests.engine.drawing import DECLARED, xml
from tests.engine.pen import Pen

EXAMPLES = os.environ.get("ALUR_EXAMPLES", "")
MANY = settings(
    max_examples=int(EXAMPLES or 200),
    derandomize=not EXAMPLES,
    deadline=None,
    phases=(Phase.explicit, Phase.reuse, Phase.generate, Phase.shrink),
    suppress_health_check=list(HealthCheck),
)
GRAVE = {"deadlock", "livelock", "multiplying"}
"""After these no case can be sure to end."""


@st.composite
def webs(draw: st.DrawFn) -> str:
    """Gateways and tasks in a row, with flows from any of them to any other."""
    kinds = draw(st.lists(st.sampled_from("txpo"), min_size=2, max_size=7))
    names = ["start", *(f"{kind}{place}" for place, kind in enumerate(kinds)), "end"]
    sources, targets = st.sampled_from(names[1:-1]), st.sampled_from(names[1:])
    flows = {*pairwise(names), *draw(st.lists(st.tuples(sources, targets), max_size=5))}
    parts = []
    for source in names:
        out = [target for target in names if (source, target) in flows]
        asks = source[0] in "xo" and len(out) > 1
        marks = [" [v0 > 1]" if asks else "" for _ in out[:-1]] + [" [default]" if asks else ""]
        parts += [f"{source} -> {target}{mark}" for target, mark in zip(out, marks, strict=False)]
    return "; ".join(parts)


@MANY
@given(block=BLOCKS, handlers=st.lists(st.tuples(LISTENED, BLOCKS), max_size=1))
def test_blocks_and_tangles_are_sound_exactly_where_the_token_game_ends(block: Any, handlers: Any) -> None:
    pen = Pen()
    pen.whole(block, "start", "end")
    for (listened, interrupting), inner in handlers:
        pen.handler(listened, interrupting, inner)
    compare(pen.text, pen.drawn)


@MANY
@given(webs())
def test_any_web_of_gateways_is_sound_exactly_where_the_token_game_ends(text: str) -> None:
    compare(text, {})


def compare(text: str, drawn: dict[str, str]) -> None:
    """Plays a diagram to its end and holds the flaws that are found against what was seen."""
    note(f"xml({text!r}, {drawn!r}, DECLARED)")
    file = xml(text, drawn, DECLARED)
    process = next(iter(read(file).processes.values()))
    try:
        played = Exhausted(file)
    except TooMany:
        reject()
    flaws = [flaw for flaw in explore(process) if flaw.path[0] in played.visited]
    note(f"{flaws}, stuck {played.stuck}, astray {played.astray}, cut {played.cut}")
    kinds = {flaw.kind for flaw in flaws}
    if played.stuck:
        assert kinds & {"deadlock", "multiplying"}
    if played.stuck or played.astray:
        assert kinds & GRAVE
    elif not played.cut:
        assert not kinds & GRAVE
    if not played.cut:
        compare_lesser(process, played, flaws)


def compare_lesser(process: Process, played: Exhausted, flaws: list[Flaw]) -> None:
    """What is done twice or never, where the whole game was played."""
    kinds, graph = {flaw.kind for flaw in flaws}, ways(process)
    assert not played.visited & {flaw.element for flaw in flaws if flaw.kind == "dead"}
    lost = _on_paper(process, graph, played) - played.visited
    assert kinds or not lost or played.looks_around, lost
    crowded = {key for key in played.crowded if process.elements[key].type.endswith(WORKS)}
    assert crowded or "unsynchronised" not in kinds
    thrown_again = any(event.kind == "escalation" for _, event in coded(process))
    if crowded and not thrown_again and not any(circles(graph)):
        assert kinds & {*GRAVE, "unsynchronised"}, crowded


def _on_paper(process: Process, graph: Graph, played: Exhausted) -> set[str]:
    """What lies behind the starts from which a token began, but for what must be thrown first."""
    starts = {e.id for e in process.elements.values() if e.type == "startEvent"} & played.visited
    thrown = {element.id for element, _ in coded(process) if element.type == "boundaryEvent"}
    return reached(graph, starts, without=thrown)


@settings(max_examples=int(EXAMPLES or 200), deadline=None)
@given(reworded())
def test_whatever_can_be_read_can_be_explored(file: bytes) -> None:
    try:
        processes = read(file).processes.values()
    except Refused:
        return
    for process in processes:
        for flaw in explore(process, limit=500):
            assert {flaw.element, *flaw.path} <= {process.id, *process.elements}


def only(text: str, drawn: dict[str, str] | None = None) -> Process:
    """The process of a text."""
    return next(iter(read(xml(text, drawn, DECLARED)).processes.values()))


def branches(fork: str, meet: str, number: int, length: int, mark: str = "") -> str:
    """Rows of tasks between two gateways."""
    rows = [
        " -> ".join(f"t{length * row + place}" for place in range(length)).join(
            (f"{fork} -> t{length * row}{mark if row else mark and ' [default]'}; ", f" -> {meet}")
        )
        for row in range(number)
    ]
    return "; ".join([f"start -> {fork}; {meet} -> end", *rows])


def test_branches_side_by_side_cost_the_sum_of_their_states_and_not_the_product() -> None:
    assert explore(only(branches("p1", "p2", 10, 50)), limit=600) == ()
    assert explore(only(branches("o1", "o2", 6, 50, " [v0 > 1]")), limit=9000) == ()


def test_rounds_side_by_side_cost_the_sum_of_their_states_and_not_the_product() -> None:
    rounds = "p1 -> x{n}0 -> t{n} -> x{n}1; x{n}1 -> x{n}0 [v0 > 1]; x{n}1 -> p2 [default]"
    text = "; ".join(["start -> p1; p2 -> end", *(rounds.format(n=n) for n in range(1, 21))])
    assert explore(only(text), limit=200) == ()


def test_what_is_too_much_to_explore_is_said() -> None:
    row = "p1 -> x{n}; x{n} -> o2 [v0 > 1]; x{n} -> t{n} [default]; t{n} -> end{n}"
    file = xml("; ".join(["start -> p1; o2 -> end", *(row.format(n=n) for n in range(10, 27))]))
    (found,) = [finding for finding in check(file)[1] if finding.code == "unexplored"]
    assert found.severity == "warning"
    assert say(found.remedy, "en")


def test_the_path_leads_to_the_gateway_and_names_the_flow_that_stays_empty() -> None:
    text = "start -> x1; x1 -> a [v0 > 1]; x1 -> b [default]; a -> p2; b -> p2; p2 -> end"
    (flaw,) = explore(only(text))
    assert flaw == Flaw("deadlock", "p2", ("start", "x1", "a", "p2"), ("f4",))


def test_a_long_way_is_told_without_its_middle() -> None:
    row = " -> ".join(f"t{n}" for n in range(20))
    drawn = {f"t{n}": f'<bpmn:userTask id="t{n}" name="Langkah {n}"/>' for n in range(20)}
    file = xml(f"start -> {row} -> x1; x1 -> p2 [v0 > 1]; x1 -> a [default]; a -> p2; p2 -> end", drawn)
    (found,) = [finding for finding in check(file)[1] if finding.code == "deadlock"]
    assert "“Langkah 0” → “Langkah 1” → “Langkah 2” → … →" in say(found.message, "id")
    assert "Langkah 10" not in say(found.message, "id")


PARTED = "start -> p1; p1 -> a -> p2; p1 -> b -> p2; p2 -> end"


def test_tokens_that_stand_anywhere_are_played_on_from_there() -> None:
    process = only(PARTED)
    assert explore(process, marking=[("in", "a"), ("in", "b")]) == ()
    assert explore(process, marking=[("on", "f2"), ("in", "b")]) == ()
    (flaw,) = explore(process, marking=[("in", "a")])
    assert (flaw.kind, flaw.element, flaw.path, flaw.lacking) == ("deadlock", "p2", ("a", "p2"), ("f4",))


def test_places_that_are_not_in_the_scope_are_passed_over() -> None:
    assert explore(only(PARTED), marking=[("in", "tiada"), ("on", "tiada")]) == ()


def test_a_sub_process_is_explored_by_itself() -> None:
    inner = {"sub": '<bpmn:subProcess id="sub">{}</bpmn:subProcess>'}
    text = "start1 -> x1; x1 -> a [v0 > 1]; x1 -> b [default]; a -> p2; b -> p2; p2 -> end1"
    from_text = xml(text).partition(b'isExecutable="true">')[2].partition(b"</bpmn:process>")[0].decode()
    process = only("start -> sub -> end", {"sub": inner["sub"].format(from_text.replace('"f', '"s'))})
    assert {flaw.element for flaw in explore(process, "sub")} == {"p2"}
    assert explore(process) == explore(process, "sub")
    assert explore(process, process.id) == ()


def test_a_circle_without_a_way_out_gives_way_to_what_ends_it() -> None:
    drawn = {"end1": '<bpmn:endEvent id="end1"><bpmn:terminateEventDefinition/></bpmn:endEvent>'}
    text = "start -> p1; p1 -> a -> end1; p1 -> x1; x1 -> b -> x1"
    assert explore(only(text, drawn)) == ()
    (flaw,) = explore(only(text))
    assert flaw.kind == "livelock"


def test_a_side_way_that_ends_by_itself_may_be_begun_in_every_round() -> None:
    text = "start -> x1; x1 -> a -> p1; p1 -> b -> end1; p1 -> x2; x2 -> x1 [v0 > 1]; x2 -> end [default]"
    assert explore(only(text)) == ()
    (flaw,) = explore(only(text.replace("b -> end1", "b -> x1")))
    assert flaw.kind == "multiplying"
