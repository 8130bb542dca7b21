"""Which diagrams are drawn at random: blocks in blocks, and tangles that are no blocks."""

from typing import Any

from hypothesis import strategies as st

TOPIC = 'camunda:type="external" camunda:topic="kirim"'
CONDITIONS = st.sampled_from(["v0 > 1", "v1 > 0", "b0", "not(b0)", "true", "false"])
CALCULATIONS = st.tuples(
    st.sampled_from(["v0", "v1", "b0"]), st.sampled_from(["v0 + 1", "v1 + 1", "1", "b0", "not(b0)"])
)
FROM_OUTSIDE = st.sampled_from(
    [("message", "m1"), ("message", "m2"), ("signal", "s1"), ("signal", "s2"), ("timer", "duration P1D")]
)
CONDITIONAL = st.tuples(st.just("conditional"), st.sampled_from(["v0 > 1", "b0", "v1 = 1"]))
CAUGHT = st.one_of(FROM_OUTSIDE, CONDITIONAL)
ERRORS = st.sampled_from([("error", "e1"), ("error", "e2"), ("error", "")])
ESCALATIONS = st.sampled_from([("escalation", "x1"), ("escalation", "x2"), ("escalation", "")])
THROWN = st.sampled_from(
    [
        ("signal", "s1"),
        ("signal", "s2"),
        ("escalation", "x1"),
        ("escalation", "x2"),
        ("message", "m1"),
        ("", ""),
    ]
)
ENDED = st.sampled_from(
    [
        *(("signal", "s1"), ("escalation", "x1"), ("escalation", "x2"), ("error", "e1"), ("error", "e2")),
        *(("terminate", ""), ("message", "m1"), ("message", "m1", TOPIC), ("", "")),
    ]
)
LISTENED = st.one_of(
    st.tuples(CAUGHT, st.booleans()),
    st.tuples(st.just(("timer", "cycle R2/PT1H")), st.booleans()),
    st.tuples(ERRORS, st.just(True)),
    st.tuples(ESCALATIONS, st.booleans()),
)
"""What listens on a border or starts an event sub-process, and whether it interrupts."""
ACTIVITIES = st.sampled_from(
    [
        *("userTask", "manualTask", "task", "callActivity", "serviceTask", "receiveTask", "sendTask"),
        *("businessRuleTask", "scriptTask"),
    ]
)
PARAMETERS = st.dictionaries(
    st.sampled_from(["v0", "v1", "own"]), st.sampled_from(["=v0 + 1", "=v1", "=own", "=b0", "x"]), max_size=2
)
MAPPINGS = st.none() | st.tuples(PARAMETERS, PARAMETERS)
"""What goes into an activity and comes out of it."""
LOOPS = st.one_of(
    st.tuples(
        st.just("several"),
        st.integers(0, 3),
        st.sampled_from(["", "nrOfCompletedInstances > 1"]),
        st.booleans(),
    ),
    st.tuples(st.just("items"), st.sampled_from(["rows", "numbers"]), st.booleans()),
    st.tuples(st.just("again"), st.sampled_from(["b0", "v0 > 1"]), st.booleans(), st.integers(1, 3)),
)

LEAVES = st.one_of(
    st.just(("work", "userTask", None)),
    st.tuples(st.just("work"), ACTIVITIES, MAPPINGS),
    st.tuples(st.just("script"), CALCULATIONS),
    st.tuples(st.just("catch"), CAUGHT),
    st.tuples(st.just("throw"), THROWN),
    st.just(("link",)),
)


def tangles(nodes: st.SearchStrategy[Any], least: int = 2, most_leaps: int = 6) -> st.SearchStrategy[Any]:
    """Nodes with flows to any later one, and some that lead back over a person."""
    places = st.integers(0, 7)
    return st.tuples(
        st.just("tangle"),
        st.lists(nodes, min_size=least, max_size=least + 4),
        st.lists(st.tuples(places, places, CONDITIONS), max_size=most_leaps),
        st.lists(st.tuples(places, places), max_size=2),
    )


def scenes(inner: st.SearchStrategy[Any]) -> st.SearchStrategy[Any]:
    """Something is thrown, or everything ended, inside two sub-processes in which it may be caught."""
    return st.sampled_from(["error", "escalation", "signal", "terminate"]).flatmap(
        lambda kind: _scene(kind, inner)
    )


def _scene(kind: str, inner: st.SearchStrategy[Any]) -> st.SearchStrategy[Any]:
    letter = {"escalation": "x", "error": "e", "signal": "s", "terminate": ""}[kind]
    codes = [letter + "1", letter + "1", letter + "2"] if letter else [""]
    happens = st.tuples(st.just("stop"), st.just("true"), st.sampled_from([(kind, code) for code in codes]))
    if kind in ("escalation", "signal"):
        happens |= st.tuples(st.just("throw"), st.sampled_from([(kind, code) for code in codes]))
    heard = st.sampled_from([(kind, code) for code in [*codes, codes[0] if kind == "signal" else ""]])
    if kind == "terminate":
        heard = st.just(("message", "m1"))
    then = inner | happens
    listening = st.lists(
        st.tuples(st.tuples(heard, st.just(True) if kind == "error" else st.booleans()), then), max_size=2
    )
    within = st.tuples(st.just("seq"), st.tuples(LEAVES, happens).map(list))
    within |= st.tuples(st.just("par"), st.tuples(inner, within).map(list))
    for _ in range(2):
        loops = st.none() | LOOPS
        within = st.tuples(st.just("sub"), within, listening, listening, st.none(), loops) | within
    return within


def composed(inner: st.SearchStrategy[Any]) -> st.SearchStrategy[Any]:
    """Blocks of blocks."""
    several = st.lists(inner, min_size=2, max_size=3)
    guarded = st.lists(st.tuples(CONDITIONS, inner), min_size=2, max_size=3)
    listening = st.lists(st.tuples(LISTENED, inner), max_size=2)
    return st.one_of(
        st.tuples(st.just("seq"), several),
        st.tuples(st.just("par"), several),
        st.tuples(st.just("inclusive"), guarded),
        st.tuples(st.just("exclusive"), guarded),
        st.tuples(
            st.just("split"), st.lists(st.tuples(st.none() | CONDITIONS, inner), min_size=2, max_size=3)
        ),
        st.tuples(st.just("loop"), inner),
        st.tuples(st.just("cross"), inner, inner),
        st.tuples(st.just("twice"), inner, inner),
        st.tuples(st.just("race"), st.lists(st.tuples(CAUGHT, inner), min_size=2, max_size=3)),
        st.tuples(st.just("stop"), CONDITIONS, ENDED),
        st.tuples(st.just("bordered"), ACTIVITIES, listening, MAPPINGS, st.none() | LOOPS),
        st.tuples(st.just("sub"), inner, listening, listening, MAPPINGS, st.none() | LOOPS),
        tangles(st.sampled_from(["t", "x", "p", "o"]) | LEAVES),
        scenes(inner),
    )


BLOCKS = st.one_of(
    st.recursive(LEAVES, composed, max_leaves=9),
    st.recursive(LEAVES, composed, max_leaves=9),
    scenes(st.recursive(LEAVES, composed, max_leaves=4)),
    tangles(st.sampled_from(["t", "o", "o", "p"]), least=4, most_leaps=8),
)

VALUES = st.fixed_dictionaries(
    {},
    optional={
        "v0": st.integers(0, 2),
        "v1": st.integers(0, 2),
        "b0": st.booleans(),
        "item": st.sampled_from([{"m": 1}, 5]),
    },
)
"""What a person or an event writes."""
BEGINNINGS = VALUES | st.fixed_dictionaries(
    {"v0": st.integers(0, 2), "v1": st.integers(0, 2), "b0": st.booleans()}
)
"""What an instance begins with: mostly all that is asked for."""
