"""The same activity several times: for each item of a list, at once or in turn."""

import pytest

from service.errors import ExecutionFailed
from tests.engine.drawing import draw, sub
from tests.engine.walking import Walk

PARALLEL = '<bpmn:multiInstanceLoopCharacteristics camunda:collection="pegawai" camunda:elementVariable="p"/>'
SEQUENTIAL = PARALLEL.replace("/>", ' isSequential="true"/>')
STAFF = [{"nama": "Ani"}, {"nama": "Budi"}, {"nama": "Cici"}]


def several(element: str, loop: str) -> str:
    return (
        f'<bpmn:userTask id="{element}"><bpmn:extensionElements><camunda:properties>'
        '<camunda:property name="sop.butir" value="{{p.nama}}"/>'
        "</camunda:properties></bpmn:extensionElements>"
        f"{loop}</bpmn:userTask>"
    )


def test_parallel_instances_are_open_at_once_and_their_results_join_their_rows() -> None:
    walk = Walk(draw("start -> a -> b -> end", {"a": several("a", PARALLEL)}), {"pegawai": STAFF})
    assert [wait.item for wait in walk.waits] == ["Ani", "Budi", "Cici"]
    walk.do("a", {"kartu": 2}, nth=1).do("a", {"kartu": 1}).do("a", {"kartu": 3})
    assert walk.open == ["b"]
    assert walk.variables == {"pegawai": [row | {"kartu": n} for n, row in enumerate(STAFF, 1)]}


def test_sequential_instances_are_open_one_after_the_other() -> None:
    walk = Walk(draw("start -> a -> b -> end", {"a": several("a", SEQUENTIAL)}), {"pegawai": STAFF})
    seen = []
    while walk.open == ["a"]:
        seen.append(walk.waits[0].item)
        walk.do("a")
    assert seen == ["Ani", "Budi", "Cici"]


def test_an_empty_list_is_passed_at_once() -> None:
    walk = Walk(draw("start -> a -> b -> end", {"a": several("a", PARALLEL)}), {"pegawai": []})
    assert walk.open == ["b"]


def test_a_list_that_is_none_stops_the_instance_by_name() -> None:
    with pytest.raises(ExecutionFailed) as failed:
        Walk(draw("start -> a -> b -> end", {"a": several("a", PARALLEL)}))
    assert failed.value.element == "a"


def test_a_sub_process_for_each_item_runs_each_at_its_own_pace() -> None:
    inner = sub("s", "start2 -> a -> c -> end2", PARALLEL)
    walk = Walk(draw("start -> s -> b -> end", {"s": inner}), {"pegawai": STAFF[:2]})
    assert walk.do("a", {"rekam": "x"}).open == ["a", "c"]
    assert [wait.locals for wait in walk.waits if wait.element.id == "c"] == [
        {"loopCounter": 0, "p": STAFF[0], "rekam": "x"}
    ]
    walk.do("c", {"kartu": 1}).do("a").do("c", {"kartu": 2})
    assert walk.open == ["b"]
    assert walk.variables["pegawai"] == [
        {"nama": "Ani", "rekam": "x", "kartu": 1},
        {"nama": "Budi", "kartu": 2},
    ]


def test_a_completion_condition_ends_the_rest() -> None:
    loop = PARALLEL.replace(
        "/>",
        "><bpmn:completionCondition>=nrOfCompletedInstances &gt;= 2</bpmn:completionCondition>"
        "</bpmn:multiInstanceLoopCharacteristics>",
    )
    walk = Walk(draw("start -> a -> b -> end", {"a": several("a", loop)}), {"pegawai": STAFF})
    assert walk.do("a").do("a").open == ["b"]


def test_what_a_form_changes_of_the_item_itself_is_in_the_list() -> None:
    walk = Walk(draw("start -> a -> b -> end", {"a": several("a", PARALLEL)}), {"pegawai": STAFF[:2]})
    walk.do("a", {"p": {"nama": "Ani Sukma"}, "kartu": 1}).do("a")
    assert walk.variables == {"pegawai": [{"nama": "Ani Sukma", "kartu": 1}, {"nama": "Budi"}]}


def test_an_item_that_is_a_plain_value_is_changed_in_the_list_too() -> None:
    walk = Walk(draw("start -> a -> b -> end", {"a": several("a", SEQUENTIAL)}), {"pegawai": ["Ani", "Budi"]})
    walk.do("a", {"p": "Ani Sukma"}).do("a", {"kartu": 2})
    assert walk.variables["pegawai"] == ["Ani Sukma", "Budi"]
    assert walk.variables["a"] == [{"loopCounter": 1, "kartu": 2}]


def test_an_instance_that_leaves_its_item_alone_undoes_nobodys_change_of_it() -> None:
    drawn = {"a": several("a", PARALLEL), "end2": '<bpmn:endEvent id="end2"/>'}
    walk = Walk(draw("start -> p1; p1 -> a -> end; p1 -> c -> end2", drawn), {"pegawai": STAFF[:1]})
    walk.do("c", {"pegawai": [{"nama": "Ani", "nip": 7}]}).do("a", {"kartu": 1})
    assert walk.variables["pegawai"] == [{"nama": "Ani", "nip": 7, "kartu": 1}]


@pytest.mark.parametrize("changed", [[], None, [{"nama": "Dedi"}, *STAFF]])
def test_the_items_in_turn_are_those_of_the_beginning(changed: object) -> None:
    drawn = {"a": several("a", SEQUENTIAL), "end2": '<bpmn:endEvent id="end2"/>'}
    walk = Walk(draw("start -> p1; p1 -> a -> end; p1 -> c -> end2", drawn), {"pegawai": STAFF})
    walk.do("c", {"pegawai": changed})
    seen = []
    while walk.open == ["a"]:
        seen.append(walk.waits[0].item)
        walk.do("a")
    assert seen == ["Ani", "Budi", "Cici"]
