"""Call activities: another case is played beside the calling one, and brings its result back."""

from typing import Any

import pytest

from service.engine.definition import Definition
from service.errors import ExecutionFailed
from tests.engine.drawing import DECLARED, boundary, call, draw, end, event, extensions, several, throw, xml
from tests.engine.match import Match
from tests.engine.walking import Walk


def passing(*rules: str, key: str = "") -> str:
    """What goes in and out: `in a b`, `out b a`, `out =b+1 a`, `in all`."""
    return extensions("".join(map(_rule, rules)) + (f'<camunda:in businessKey="{key}"/>' if key else ""))


def _rule(rule: str) -> str:
    way, source, target = (*rule.split(), "")[:3]
    if source == "all":
        return f'<camunda:{way} variables="all"/>'
    name = "sourceExpression" if source.startswith("=") else "source"
    return f'<camunda:{way} {name}="{source}" target="{target}"/>'


def calling(*rules: str, **more: str) -> Definition:
    """A process with one call and a task behind it."""
    return draw("start -> j -> b -> end", {"j": call("j", passing(*rules, **more))})


def called(walk: Walk, definition: Definition) -> Walk:
    """The case that an open call begins."""
    execution = walk.restored()
    values, _ = execution.passing(walk.waits[0].id)
    return Walk(definition, dict(values), called=True)


@pytest.mark.parametrize(
    ("rules", "there", "back"),
    [
        (["in n m", "out r s"], {"m": 1}, {"n": 1, "s": 7}),
        (["in all", "out all"], {"n": 1}, {"n": 1, "r": 7}),
        (["in =n+1 m", "out =r*2 n"], {"m": 2}, {"n": 14}),
        (["in lacking m", "out lacking s"], {"m": None}, {"n": 1, "s": None}),
        ([], {}, {"n": 1}),
    ],
)
def test_what_goes_in_and_out_of_a_call_is_what_its_mappings_say(
    rules: list[str], there: dict[str, Any], back: dict[str, Any]
) -> None:
    walk = Walk(calling(*rules), {"n": 1})
    child = called(walk, draw("start -> a -> end"))
    assert child.variables == there
    child.do("a", {"r": 7})
    assert child.ended
    assert walk.do("j", child.variables).open == ["b"]
    assert walk.variables == back


def test_each_of_several_calls_gets_its_item_and_brings_its_result() -> None:
    loop = several("rows", "row")
    inner = passing("in row row", "out r result") + loop
    walk = Walk(draw("start -> j -> b -> end", {"j": call("j", inner)}), {"rows": [{"n": 1}, {"n": 2}]})
    execution = walk.restored()
    assert [execution.passing(wait.id)[0] for wait in walk.waits] == [{"row": {"n": 1}}, {"row": {"n": 2}}]
    walk.do("j", {"r": "satu"}).do("j", {"r": "dua"})
    assert walk.variables == {"rows": [{"n": 1, "result": "satu"}, {"n": 2, "result": "dua"}]}


def test_a_call_may_name_the_business_key_of_what_it_calls() -> None:
    walk = Walk(calling(key="=nomor"), {"nomor": "12/2026"})
    assert walk.restored().passing(walk.waits[0].id) == ({}, "12/2026")
    walk = Walk(calling(key="#{execution.processBusinessKey}"))
    assert walk.restored().passing(walk.waits[0].id) == ({}, None)


def test_an_error_that_a_called_case_does_not_catch_leaves_it() -> None:
    drawn = {"bad": end("bad", event("error", "e1"))}
    child = Walk(draw("start -> p1; p1 -> a -> bad; p1 -> b -> end", drawn, DECLARED), called=True)
    assert child.do("a").ended
    assert [(thrown.kind, thrown.name) for thrown in child.thrown] == [("error", "E1")]


def test_an_escalation_that_a_called_case_does_not_catch_leaves_it_and_it_goes_on() -> None:
    drawn = {"up": throw("up", event("escalation", "x1"))}
    child = Walk(draw("start -> a -> up -> b -> end", drawn, DECLARED), called=True)
    assert child.do("a").open == ["b"]
    assert [(thrown.kind, thrown.name) for thrown in child.thrown] == [("escalation", "X1")]


def test_an_error_that_the_calling_case_does_not_catch_leaves_that_too() -> None:
    walk = Walk(calling(), called=True)
    assert not walk.raise_("j", "error", "E1")
    assert walk.ended
    assert [(thrown.kind, thrown.name) for thrown in walk.thrown] == [("error", "E1")]


def test_an_error_out_of_a_call_that_nobody_catches_names_the_call() -> None:
    walk = Walk(calling())
    with pytest.raises(ExecutionFailed, match="uncaught") as failed:
        walk.raise_("j", "error", "E1")
    assert failed.value.element == "j"


def test_what_is_told_with_an_error_goes_into_the_variables_that_the_catch_names() -> None:
    told = 'camunda:errorCodeVariable="kode" camunda:errorMessageVariable="pesan"'
    drawn = {"j": call("j"), "b1": boundary("b1", "j", event("error", "", told))}
    walk = Walk(draw("start -> j -> end; b1 -> c -> end", drawn))
    execution = walk.restored()
    execution.raise_(
        next(wait.id for wait in walk.waits if wait.kind == "call"), "error", "E9", "habis", {"sisa": 0}
    )
    assert execution.variables == {"kode": "E9", "pesan": "habis", "sisa": 0}


def test_a_call_in_a_loop_is_called_in_each_round() -> None:
    flow = "start -> x1 -> j -> c -> x2; x2 -> x1 [lagi]; x2 -> end [default]"
    match = Match(xml(flow, {"j": call("j", extensions('<camunda:out variables="all"/>'))}))
    match.do("j", {"n": 1}).do("c", {"lagi": True})
    assert match.open == ["j"]
    assert match.do("j", {"n": 2}).do("c", {"lagi": False}).over
    assert match.variables == {"n": 2, "lagi": False}
