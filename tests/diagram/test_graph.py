"""Ways and circles, held against the plainest definition on random graphs."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from service.diagram.graph import Graph, circles, distances, part, reached, ways
from service.diagram.model import Process
from service.diagram.read import read

DIAGRAMS = sorted((Path(__file__).parents[1] / "diagrams").glob("*.bpmn"))

KEYS = "abcdefgh"
graphs = st.fixed_dictionaries(
    {key: st.lists(st.sampled_from(KEYS), max_size=3, unique=True).map(tuple) for key in KEYS}
)


def leads(graph: Graph, source: str, target: str) -> bool:
    """Whether a way of at least one step leads from one element to another."""
    ahead = set(graph[source])
    for _ in KEYS:
        ahead |= {following for key in ahead for following in graph[key]}
    return target in ahead


@given(graphs)
def test_what_is_reached_is_what_some_way_leads_to(graph: Graph) -> None:
    assert reached(graph, ["a"]) == {"a"} | {key for key in KEYS if leads(graph, "a", key)}


@given(graphs)
def test_a_circle_holds_all_that_lead_to_each_other(graph: Graph) -> None:
    found = list(circles(graph))
    expected = {
        frozenset(other for other in KEYS if leads(graph, key, other) and leads(graph, other, key))
        for key in KEYS
        if leads(graph, key, key)
    }
    assert set(map(frozenset, found)) == expected
    assert len(found) == len(expected)
    assert all(circle == sorted(circle, key=list(graph).index) for circle in found)


@given(graphs, st.sets(st.sampled_from(KEYS)))
def test_a_part_keeps_the_ways_between_its_elements(graph: Graph, keys: set[str]) -> None:
    kept = part(graph, keys)
    assert kept.keys() == keys
    assert all(set(kept[key]) == set(graph[key]) & keys for key in keys)


def test_a_row_of_two_thousand_elements_is_no_matter() -> None:
    keys = [str(number) for number in range(2000)]
    row = dict(zip(keys, ((key,) for key in keys[1:] + keys[:1]), strict=True))
    assert len(reached(row, ["0"])) == 2000
    assert list(circles(row)) == [keys]


def drawn(name: str) -> Process:
    path = Path(__file__).parents[1] / "diagrams" / f"{name}.bpmn"
    return read(path.read_bytes()).processes[path.stem]


def test_a_link_leads_to_its_partner_and_counts_as_a_step() -> None:
    process = drawn("link")
    assert ways(process)["ke_atas"] == ("dari_bawah",)
    far = distances(process)
    assert far["dari_bawah"] == far["ke_atas"] + 1
    assert far.keys() == process.elements.keys()


def test_what_handles_an_event_begins_with_the_scope_that_it_is_in() -> None:
    far = distances(drawn("event_subprocess"))
    assert far["keberatan"] == far["mulai"] == 0
    assert far["keberatan_datang"] == 1
    far = distances(drawn("event_subprocess_errors"))
    assert far["kekurangan"] == far["a"] == far["teliti"] + 1


@pytest.mark.parametrize("path", DIAGRAMS, ids=lambda path: path.stem)
def test_every_element_of_a_good_diagram_is_some_way_from_a_start(path: Path) -> None:
    for process in read(path.read_bytes()).processes.values():
        assert distances(process).keys() == process.elements.keys()
