"""Freezes a case's tokens into text and thaws them: what is live, no spec, no variable of the case."""

import json
from collections.abc import MutableMapping
from typing import Any
from uuid import UUID

from SpiffWorkflow.task import Task

from service import values
from service.engine.definition import Definition
from service.engine.scope import Case, Scope

FORMAT = 1
Frozen = list[list[Any]]
"""Each open scope: the id of the token that it belongs to, and its tokens, a row each as `_tokens` has it."""


def freeze(case: Case) -> str:
    """The live tokens as JSON text; parents stand before their children."""
    scopes: list[list[Any]] = [[None, _tokens(case)]]
    scopes += [[str(host), _tokens(scope)] for host, scope in case.subprocesses.items()]
    return json.dumps({"format": FORMAT, "scopes": scopes}, ensure_ascii=False, separators=(",", ":"))


def _tokens(scope: Case | Scope) -> list[list[Any]]:
    """One row a token: id, spec, state, the parent's id, what the engine keeps there, its own variables."""
    root = scope.task_tree
    return [
        [
            str(task.id),
            task.task_spec.name,
            task.state,
            None if task.parent is root else str(task.parent.id),
            task.internal_data,
            values.tag(task.data),
        ]
        for task in scope.tasks.values()
        if task is not root
    ]


def thaw(definition: Definition, text: str, variables: MutableMapping[str, Any]) -> Case:
    """The case as it was when frozen; ValueError where the text is of another format."""
    return build(definition, scopes(text), variables)


def scopes(text: str) -> Frozen:
    """What a frozen case holds; ValueError where the text is of another format."""
    frozen = json.loads(text)
    if frozen["format"] != FORMAT:
        raise ValueError(f"an instance's state has format {frozen['format']}, this program reads {FORMAT}")
    found: Frozen = frozen["scopes"]
    return found


def build(definition: Definition, frozen: Frozen, variables: MutableMapping[str, Any]) -> Case:
    """A case with these tokens."""
    case = Case.new(definition.spec, definition.scopes, variables)
    for host, rows in frozen:
        scope = case if host is None else _open(case, UUID(host))
        for row in rows:
            _restore(scope, row)
    return case


def _open(case: Case, host: UUID) -> Scope:
    task = case.token(host)
    assert task is not None
    return case.create_subprocess(task, task.task_spec.element.id)


def _restore(scope: Case | Scope, row: list[Any]) -> None:
    token_id, name, state, parent, internal, data = row
    above = scope.task_tree if parent is None else scope.tasks[UUID(parent)]
    task = Task(scope, scope.spec.task_specs[name], above, state, UUID(token_id))
    task.internal_data = internal
    task.data = values.untag(data)
