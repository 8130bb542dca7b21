"""What differs between two revisions of a decision, and of the decisions and functions that it requires."""

from collections import Counter
from collections.abc import Iterator

from service.differences import Change, code, exchanged, listed, text
from service.dmn.model import Decision, Definitions, Input, Literal, Output, Table
from service.errors import Message

Cells = tuple[tuple[str, ...], tuple[str, ...]]
"""The tests of a rule, and what it gives."""


def compare(old: Definitions, new: Definitions, key: str) -> Iterator[Change]:
    """Everything that differs in the decision with this key and in all that it rests on."""
    before, after = _closure(old, key), _closure(new, key)
    for one in dict.fromkeys((*after, *before)):
        if one not in before:
            yield Change("added", "decision", Message("compare.decision.added", {"name": _name(new, one)}))
        elif one not in after:
            yield Change(
                "removed", "decision", Message("compare.decision.removed", {"name": _name(old, one)})
            )
        elif one in old.decisions and one in new.decisions:
            yield from _decision(old.decisions[one], new.decisions[one])
        else:
            yield from _other(old, new, one)


def _closure(definitions: Definitions, key: str) -> list[str]:
    """The ids of all that a decision rests on, itself first."""
    found: dict[str, None] = {}
    ahead = [key]
    while ahead:
        one = ahead.pop()
        if one in found:
            continue
        found[one] = None
        if decision := definitions.decisions.get(one):
            ahead += (*decision.requires, *decision.data, *decision.knowledge)
        elif function := definitions.functions.get(one):
            ahead += function.knowledge
    return list(found)


def _name(definitions: Definitions, key: str) -> str:
    for named in (definitions.decisions, definitions.functions, definitions.data):
        if key in named:
            return named[key].name or key
    return key


def _other(old: Definitions, new: Definitions, key: str) -> Iterator[Change]:
    """A function or an input."""
    label = Message(
        "compare.decision.part", {"name": _name(new, key), "what": Message("compare.decision.logic")}
    )
    yield from code("decision", label, _said(old, key), _said(new, key))


def _said(definitions: Definitions, key: str) -> str:
    if function := definitions.functions.get(key):
        return f"{function.name}: {function.text}"
    data = definitions.data.get(key)
    return f"{data.name}: {data.type or ''}" if data else ""


def _decision(old: Decision, new: Decision) -> Iterator[Change]:
    yield from text("decision", _label(new, "name"), old.name, new.name)
    yield from code("decision", _label(new, "variable"), old.variable, new.variable)
    if isinstance(old.logic, Table) and isinstance(new.logic, Table):
        yield from _table(new, old.logic, new.logic)
    elif old.logic != new.logic:
        yield from _logic(old, new)


def _logic(old: Decision, new: Decision) -> Iterator[Change]:
    """An expression, or one in the place of a table."""
    label = _label(new, "logic")
    if isinstance(old.logic, Literal) and isinstance(new.logic, Literal):
        yield from code("decision", label, old.logic.text, new.logic.text)
        yield from code("decision", _label(new, "type"), old.logic.type, new.logic.type)
    else:
        yield exchanged("decision", label, _logic_kind(old), _logic_kind(new))


def _logic_kind(decision: Decision) -> Message:
    return Message(f"compare.decision.{type(decision.logic).__name__.lower()}")


def _table(decision: Decision, old: Table, new: Table) -> Iterator[Change]:
    policies = (f"{one.policy} {one.aggregation or ''}" for one in (old, new))
    yield from code("decision", _label(decision, "policy"), *policies)
    yield from listed(
        "decision", _label(decision, "inputs"), *([*map(_input, one.inputs)] for one in (old, new))
    )
    yield from listed(
        "decision", _label(decision, "outputs"), *([*map(_output, one.outputs)] for one in (old, new))
    )
    yield from _rules(decision, old, new)


def _rules(decision: Decision, old: Table, new: Table) -> Iterator[Change]:
    """How many rules were added, removed and changed; of those that are the same, whether they moved."""
    before, after = _cells(old), _cells(new)
    lost = Counter(before.values()) - Counter(after.values())
    gained = Counter(after.values()) - Counter(before.values())
    changed = sum(key in before and before[key] in lost and cells in gained for key, cells in after.items())
    counts = {
        "added": gained.total() - changed,
        "removed": lost.total() - changed,
        "changed": changed,
    }
    said = {"name": decision.name or decision.id, **counts}
    if any(counts.values()):
        yield Change("changed", "decision", Message("compare.decision.rules", said))
    elif list(before.values()) != list(after.values()):
        yield Change("moved", "decision", Message("compare.decision.rules_order", said))


def _cells(table: Table) -> dict[str, Cells]:
    """The cells of each rule by its id."""
    return {
        rule.id: (tuple(column[place] for column in table.cells.tests), table.cells.outputs[place])
        for place, rule in enumerate(table.rules)
    }


def _input(one: Input) -> str:
    return _joined(one.label, one.expression, one.type, one.allowed.text if one.allowed else None)


def _output(one: Output) -> str:
    return _joined(one.name, one.type, one.allowed.text if one.allowed else None, one.default)


def _joined(*parts: str | None) -> str:
    return " · ".join(filter(None, parts))


def _label(decision: Decision, name: str) -> Message:
    what = Message(f"compare.decision.{name}")
    return Message("compare.decision.part", {"name": decision.name or decision.id, "what": what})
