"""Brings a form's values to rest: computed ones computed, locked ones put back, choices looked up."""

from collections.abc import Sequence
from typing import Any

from service.errors import Message
from service.forms.options import chosen, options, same
from service.forms.places import MISSING, at, put
from service.forms.schema import CHOICES, KEYED, PICKS, Component
from service.forms.state import Instance, State, visible

ROUNDS = 20
"""Values that depend on each other in a circle are left as they are after so many rounds."""


def settled(state: State) -> tuple[Instance, ...]:
    """The visible instances once no value changes any more."""
    for _ in range(ROUNDS):
        instances = visible(state)
        changed = False
        for top in instances:
            for instance in top.walk():
                changed |= instance.component.type in KEYED and _settle(state, instance)
        if not changed:
            break
    return instances


def submit(state: State, instances: Sequence[Instance]) -> None:
    """Compute what is computed only when the form is sent, each from what was there before.

    Until then it holds what the case has.
    """
    waiting = [
        instance
        for instance in instances
        if instance.component.type == "expression" and _waits(instance.component)
    ]
    computed = [_computed(instance, state.value(instance)) for instance in waiting]
    for instance, value in zip(waiting, computed, strict=True):
        put(state.values, instance.path, value)


def _waits(component: Component) -> bool:
    return bool(component.get("computeOn") == "presubmit")


def _computed(instance: Instance, held: Any) -> Any:
    expression = instance.component.feel("expression")
    return instance.scope.value(expression) if expression else held


def _settle(state: State, instance: Instance) -> bool:
    """Put the value right; whether that changed it."""
    held = state.value(instance)
    right = _right(state, instance, held)
    if same(right, held):
        return False
    put(state.values, instance.path, right)
    return True


def _right(state: State, instance: Instance, held: Any) -> Any:
    component = instance.component
    if component.type == "expression":
        return held if _waits(component) else _computed(instance, held)
    given = instance.path in state.raws
    right = _offered(state, instance, held, given)
    if not instance.fixed:
        return right
    start = at(state.start, instance.path)
    start = None if start is MISSING else start
    if given and not same(right, start):
        state.faults[instance.path] = Message("form.readonly")
    return start


def _offered(state: State, instance: Instance, held: Any, given: bool) -> Any:
    """The values behind what was chosen; of what the case has, only what can still be chosen."""
    if held is None or instance.component.type not in CHOICES | PICKS:
        return held
    choices = options(instance.component, instance.scope, state.start)
    if instance.component.type in CHOICES:
        option = chosen(held, choices)
        return option.value if option else held if given else None
    found = [(item, chosen(item, choices)) for item in held]
    return [option.value if option else item for item, option in found if option or given]
