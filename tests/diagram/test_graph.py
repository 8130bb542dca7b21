"""Ways and circles, held against the plainest definition on random graphs."""

from hypothesis import given
from hypothesis import strategies as st

from service.diagram.graph import Graph, circles, part, reached

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
