"""What may take which place in another diagram, and what begins and ends to listen when a case goes over."""

from typing import Any

import pytest

from service.engine import migrating
from service.engine.definition import Definition
from service.engine.passage import Passage
from service.errors import Conflict
from tests.engine import drawing
from tests.engine.carried import carry, fitting, hindrances
from tests.engine.drawing import DECLARED
from tests.engine.walking import Walk

M1, M2, S1 = (drawing.event(*one) for one in (("message", "m1"), ("message", "m2"), ("signal", "s1")))


def draw(text: str, **drawn: str) -> Definition:
    return drawing.draw(text, drawn, DECLARED)


def passage(old: Definition, new: Definition, *renewed: str, **targets: str) -> Passage:
    return Passage(old, new, targets, frozenset(renewed))


def told(passage: Passage) -> dict[str, list[str]]:
    return {source: [one.key for one in messages] for source, messages in passage.wrong.items()}


PLAIN = "start -> a -> b -> end"
INSIDE = drawing.sub("s", "start1 -> k -> end1")
GUARDED = {"on1": drawing.boundary("on1", "a", M1), "on2": drawing.boundary("on2", "b", M1)}
GUARD = f"{PLAIN}; on1 -> end1; on2 -> end2"
JOINS = "start -> p1; p1 -> a -> p2; p1 -> b -> p2; p2 -> p3; p3 -> c -> p4; p3 -> d -> p4; p4 -> end"


@pytest.mark.parametrize(
    ("why", "text", "drawn", "targets"),
    [
        ("no_source", PLAIN, {}, {"nobody": "a"}),
        ("no_target", PLAIN, {}, {"a": "nobody"}),
        ("nothing_rests", PLAIN, {}, {"end": "end"}),
        ("other_kind", PLAIN, {"b": drawing.external("b")}, {"a": "b"}),
        ("other_loop", PLAIN, {"b": drawing.task("b", inner=drawing.several(number="2"))}, {"a": "b"}),
        ("other_event", PLAIN, {"a": drawing.catch("a", M1), "b": drawing.catch("b", S1)}, {"a": "b"}),
        ("other_join", "start -> p1 -> o1 -> end", {}, {"p1": "o1"}),
        ("other_scope", "start -> a -> s -> end", {"s": INSIDE}, {"a": "k"}),
        ("other_host", GUARD, GUARDED, {"a": "a", "on1": "on2"}),
        ("other_race", "start -> e1; e1 -> m -> x1; e1 -> n -> x1; x1 -> k -> end", {
            "m": drawing.catch("m", M1), "n": drawing.catch("n", M2), "k": drawing.catch("k", M1)
        }, {"e1": "e1", "m": "k"}),
        ("other_list", PLAIN, {
            one: drawing.task(one, inner=drawing.several(items=items, item="satu"))
            for one, items in (("a", "rows"), ("b", "lain"))
        }, {"a": "b"}),
        ("joins_meet", JOINS, {}, {"p2": "p2", "p4": "p2"}),
    ],
)  # fmt: skip
def test_what_cannot_take_a_place_is_named(
    why: str, text: str, drawn: dict[str, str], targets: dict[str, str]
) -> None:
    definition = draw(text, **drawn)
    wrong = told(passage(definition, definition, **targets))
    assert {key for keys in wrong.values() for key in keys} == {f"migration.{why}"}


def test_only_what_waits_for_an_event_can_be_counted_anew() -> None:
    definition = draw(PLAIN)
    assert told(passage(definition, definition, "a", a="a")) == {"a": ["migration.no_trigger"]}


def over(walk: Walk, new: Definition, prefix: str = "") -> Walk:
    way = fitting(walk.definition, new, prefix)
    assert hindrances(way, walk.state) == []
    carry(walk, way)
    return walk


def waiting(walk: Walk) -> list[tuple[str, str]]:
    return sorted((wait.element.id, wait.name) for wait in walk.waits)


def test_a_gateway_to_which_all_have_come_by_the_new_ways_goes_on_at_once() -> None:
    old = draw("start -> p1; p1 -> a -> p2; p1 -> b -> p2; p1 -> c -> p2; p2 -> d -> end")
    new = draw("start -> p1; p1 -> a -> p2; p1 -> b -> p2; p2 -> d -> end; p1 -> c -> end2")
    walk = Walk(old).do("a").do("b")
    assert over(walk, new).open == ["c", "d"]


def test_a_case_that_must_not_go_on_now_is_kept_from_such_a_way() -> None:
    old = draw("start -> p1; p1 -> a -> p2; p1 -> b -> p2; p2 -> d -> end")
    new = draw("start -> p1; p1 -> a -> p2; p2 -> d -> end; p1 -> b -> end2")
    walk = Walk(old).do("a")
    with pytest.raises(Conflict) as refused:
        migrating.carry(fitting(old, new), walk.state, {}, walk.now, still=True)
    assert refused.value.message.key == "migration.must_go_on"


def test_who_came_by_a_way_that_is_gone_is_told_so() -> None:
    old = draw("start -> p1; p1 -> a -> p2; p1 -> b -> p2; p1 -> c -> p2; p2 -> end")
    new = draw("start -> p1; p1 -> b -> p2; p2 -> end; p1 -> c -> end2")
    walk = Walk(old).do("a")
    assert [one.message.key for one in hindrances(fitting(old, new), walk.state)] == ["migration.way_gone"]


def test_a_step_between_the_last_one_and_the_gateway_keeps_who_has_come() -> None:
    old = draw("start -> p1; p1 -> a -> p2; p1 -> b -> p2; p2 -> d -> end")
    new = draw("start -> p1; p1 -> a -> n -> p2; p1 -> b -> p2; p2 -> d -> end")
    assert over(Walk(old).do("a"), new).do("b").open == ["d"]


def test_a_branch_that_has_come_meanwhile_would_be_waited_for_for_ever() -> None:
    old = draw("start -> p1; p1 -> a -> p2; p1 -> b -> p2; p2 -> end")
    new = draw("start -> p1; p1 -> a -> p2; p1 -> b -> p2; p1 -> c -> p2; p2 -> end")
    found = hindrances(fitting(old, new), Walk(old).state)
    assert [one.message.key for one in found] == ["migration.deadlock"]


def handled(*handlers: tuple[str, str, bool]) -> dict[str, Any]:
    return {
        name: drawing.event_sub(
            name,
            f"{name}s -> {name}k -> {name}e",
            {f"{name}s": drawing.start(f"{name}s", body, interrupting)},
        )
        for name, body, interrupting in handlers
    }


def test_event_sub_processes_begin_and_cease_to_listen() -> None:
    old = draw("start -> a -> end", **handled(("h1", M1, False), ("h2", M2, False)))
    new = draw("start -> a -> end", **handled(("h1", M1, False), ("h3", S1, False)))
    walk = over(Walk(old).do("h1s"), new)
    assert waiting(walk) == [("a", ""), ("h1k", ""), ("h1s", "M1"), ("h3s", "S1")]


def test_where_one_has_interrupted_all_else_no_other_begins_to_listen() -> None:
    old = draw("start -> a -> end", **handled(("h1", M1, True)))
    new = draw("start -> a -> end", **handled(("h1", M1, True), ("h2", S1, False)))
    assert waiting(over(Walk(old).do("h1s"), new)) == [("h1k", "")]


def test_the_choices_behind_a_gateway_come_and_go() -> None:
    def choices(*names: str) -> Definition:
        events = {"m": M1, "n": M2, "s": S1}
        text = "; ".join(f"e1 -> {name} -> x1" for name in names)
        return draw(f"start -> e1; {text}; x1 -> b -> end", **{n: drawing.catch(n, events[n]) for n in names})

    walk = over(Walk(choices("m", "n")), choices("m", "s"))
    assert waiting(walk) == [("m", "M1"), ("s", "S1")]
    assert walk.do("s").open == ["b"]


def test_work_outside_is_offered_under_its_new_topic() -> None:
    old, new = (draw(PLAIN, a=drawing.external("a", topic)) for topic in ("lama", "baru"))
    assert waiting(over(Walk(old), new)) == [("a", "baru")]


def test_what_several_have_gathered_is_found_under_the_new_name() -> None:
    def people(one: str) -> Definition:
        return draw(
            f"start -> {one} -> b -> end", **{one: drawing.task(one, inner=drawing.several(number="2"))}
        )

    walk = Walk(people("a")).do("a", {"nilai": 1})
    carry(walk, passage(walk.definition, people("a2"), a="a2"))
    walk.do("a2", {"nilai": 2})
    assert [row["nilai"] for row in walk.variables["a2"]] == [1, 2]


def test_a_condition_is_looked_at_again() -> None:
    def guarded(condition: str) -> Definition:
        event = drawing.boundary("on1", "a", drawing.event("conditional", condition))
        return draw("start -> a -> end; on1 -> b -> end2", on1=event)

    walk = over(Walk(guarded("n > 5"), {"n": 3}), guarded("n > 2"))
    assert walk.open == ["b"]
