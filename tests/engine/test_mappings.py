"""Input and output mappings: an activity's own variables, and what it hands out; for both players."""

from tests.engine.drawing import again, call, draw, external, mappings, script, several, sub, task, xml
from tests.engine.match import Match
from tests.engine.walking import Walk


def user(inner: str) -> dict[str, str]:
    return {"a": task("a", inner=inner)}


def test_an_input_is_seen_by_the_activity_only() -> None:
    match = Match(xml("start -> a -> b -> end", user(mappings({"own": "=n + 1"}))), {"n": 1})
    assert [wait.locals for wait in match.waits] == [{"own": 2}]
    assert match.variables == {"n": 1}
    assert match.do("a").open == ["b"]
    assert [wait.locals for wait in match.waits] == [{}]


def test_what_a_form_writes_to_an_input_stays_with_the_activity() -> None:
    match = Match(xml("start -> a -> b -> end", user(mappings({"own": "=n"}))), {"n": 1})
    assert match.do("a", {"own": 5, "lain": 6}).variables == {"n": 1, "lain": 6}


def test_an_output_is_computed_from_what_the_activity_saw() -> None:
    match = Match(
        xml("start -> a -> b -> end", user(mappings({"n": "=n + 1"}, {"hasil": "=n + 1"}))), {"n": 1}
    )
    assert match.do("a", {"n": 5}).variables == {"n": 1, "hasil": 6}


def test_an_output_named_like_an_input_is_the_cases() -> None:
    match = Match(xml("start -> a -> b -> end", user(mappings({"n": "=n + 1"}, {"n": "=n + 1"}))), {"n": 1})
    assert match.do("a").variables == {"n": 3}


def test_outputs_do_not_see_each_other() -> None:
    match = Match(xml("start -> a -> b -> end", user(mappings({}, {"n": "=m", "m": "=n"}))), {"n": 1, "m": 2})
    assert match.do("a").variables == {"n": 2, "m": 1}


def test_a_plain_text_is_a_text() -> None:
    match = Match(xml("start -> a -> b -> end", user(mappings({"kata": "halo"}))))
    assert [wait.locals for wait in match.waits] == [{"kata": "halo"}]


def test_lists_and_maps_are_mapped_with_what_is_in_them() -> None:
    listed = (
        "<camunda:list><camunda:value>=n</camunda:value><camunda:value>dua</camunda:value></camunda:list>"
    )
    mapped = '<camunda:map><camunda:entry key="k">=n + 1</camunda:entry></camunda:map>'
    inner = (
        "<bpmn:extensionElements><camunda:inputOutput>"
        f'<camunda:inputParameter name="satu">{listed}</camunda:inputParameter>'
        f'<camunda:inputParameter name="lain">{mapped}</camunda:inputParameter>'
        "</camunda:inputOutput></bpmn:extensionElements>"
    )
    walk = Walk(draw("start -> a -> end", user(inner)), {"n": 1})
    assert walk.waits[0].locals == {"satu": [1, "dua"], "lain": {"k": 2}}


def test_everything_in_a_sub_process_sees_its_inputs() -> None:
    inner = mappings({"own": "=n"}, {"n": "=own + 1"})
    drawn = {"s": sub("s", "start2 -> a -> t -> b -> end2", inner, {"t": script("t", "own", "own + 1")})}
    match = Match(xml("start -> s -> c -> end", drawn), {"n": 1})
    match.do("a")
    assert [wait.locals for wait in match.waits] == [{"own": 2}]
    assert match.do("b", {"own": 5}).variables == {"n": 6}


def test_an_input_stands_before_the_condition_on_the_way_out() -> None:
    flow = "start -> a; a -> b [own > 1]; a -> c [default]; b -> end; c -> end"
    match = Match(xml(flow, user(mappings({"own": "=n"}))), {"n": 2})
    assert match.do("a").open == ["b"]


def test_each_of_several_instances_has_its_inputs_and_hands_out_into_its_row() -> None:
    inner = mappings({"own": "=row.n + 1"}, {"hasil": "=own"}) + several("rows", "row")
    match = Match(xml("start -> a -> b -> end", user(inner)), {"rows": [{"n": 1}, {"n": 2}]})
    match.do("a").do("a")
    assert match.variables == {"rows": [{"n": 1, "hasil": 2}, {"n": 2, "hasil": 3}]}


def test_each_round_of_a_loop_has_its_inputs_anew() -> None:
    inner = mappings({"own": "=n"}, {"n": "=own + 1"}) + again("n < 3")
    match = Match(xml("start -> a -> b -> end", user(inner)), {"n": 1})
    assert match.waits[0].locals == {"own": 1, "loopCounter": 0}
    match.do("a")
    assert match.waits[0].locals == {"own": 2, "loopCounter": 1}
    assert match.do("a").open == ["b"]


def test_a_program_outside_sees_its_inputs_and_what_it_hands_out_is_mapped() -> None:
    drawn = {"j": external("j", inner=mappings({"kirim": "=n"}, {"terima": "=balas"}))}
    match = Match(xml("start -> j -> b -> end", drawn), {"n": 1})
    assert match.waits[0].locals == {"kirim": 1}
    assert match.do("j", {"balas": 2}).variables == {"n": 1, "balas": 2, "terima": 2}


def test_a_calls_outputs_are_computed_after_what_it_brought_back() -> None:
    inner = mappings({}, {"hasil": "=r + 1"}).replace(
        "</bpmn:extensionElements>", '<camunda:out source="r" target="r"/></bpmn:extensionElements>'
    )
    match = Match(xml("start -> j -> b -> end", {"j": call("j", inner)}))
    assert match.do("j", {"r": 1, "lain": 2}).variables == {"r": 1, "hasil": 2}
