"""What differs in the properties of the SOP and in the attributes of the camunda namespace."""

from collections.abc import Iterator, Mapping

from service.differences import Change, code, text
from service.errors import Message

NAMED = frozenset(
    (
        *("formRef", "formRefBinding", "formRefVersion", "assignee", "candidateUsers", "candidateGroups"),
        *("dueDate", "followUpDate", "priority", "type", "topic", "resultVariable", "errorCodeVariable"),
        *("decisionRef", "decisionRefBinding", "decisionRefVersion", "mapDecisionResult"),
        *("calledElementBinding", "calledElementVersion", "versionTag", "isStartableInTasklist"),
        *("candidateStarterGroups", "candidateStarterUsers"),
    )
)
"""The camunda attributes that have a name of their own in the sentences."""
DRAWN_WITH = frozenset(("modelerTemplate", "modelerTemplateVersion", "modelerTemplateIcon"))
"""What an editor notes for itself."""


def properties(
    old: Mapping[str, str], new: Mapping[str, str], first: tuple[str, ...], skipped: tuple[str, ...] = ()
) -> Iterator[Change]:
    """The `sop.` properties of these names, in this order, then all others but those that are skipped."""
    table = [f"sop.{name}" for name in first]
    for name in (*table, *sorted((old.keys() | new.keys()) - {*table, *skipped})):
        label = _item(name) if name in table else Message("compare.property", {"name": name})
        told = text if name.startswith("sop.") else code
        yield from told(name.removeprefix("sop."), label, old.get(name), new.get(name))


def attributes(old: Mapping[str, str], new: Mapping[str, str]) -> Iterator[Change]:
    """The attributes of the camunda namespace, by name."""
    for name in sorted((old.keys() | new.keys()) - DRAWN_WITH):
        label = Message("compare.attribute", {"name": name})
        if name in NAMED:
            label = Message(f"compare.camunda.{name}")
        yield from code(name, label, old.get(name), new.get(name))


def _item(name: str) -> Message:
    """What stands before an item or column; the name and NIP of who signed belong to one item."""
    item, _, part = name.removeprefix("sop.").partition(".")
    label = Message(f"sop.{item}")
    return Message(f"compare.part.{part}", {"label": label}) if part else label
