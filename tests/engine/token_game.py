"""A token game written from the text of BPMN 2.0.2, chapter 13, to hold the engine against.

It shares no code with the engine: tokens lie on flows, a marking is a multiset of flows, and a gateway
takes and gives tokens as the standard says. Conditions are Python callables over the variables.
"""

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

Condition = Callable[[dict[str, Any]], bool]


@dataclass
class Place:
    """A node of the game with the flows in and out of it."""

    kind: str
    incoming: list[int] = field(default_factory=list)
    outgoing: list[int] = field(default_factory=list)


class TokenGame:
    """One instance: `flows` are (source, target, condition); a condition of None is always open."""

    def __init__(self, flows: list[tuple[str, str, Condition | None]], variables: dict[str, Any]) -> None:
        self.flows, self.variables = flows, variables
        self.places: dict[str, Place] = {}
        for number, (source, target, _) in enumerate(flows):
            self.place(source).outgoing.append(number)
            self.place(target).incoming.append(number)
        self.marking: Counter[int] = Counter()
        self.open: Counter[str] = Counter()
        self.leave("start")
        self.run()

    def place(self, node: str) -> Place:
        """The node with this id; its kind is told by the first letter."""
        kinds = {"x": "exclusive", "p": "parallel", "o": "inclusive"}
        kind = "end" if node.startswith("end") else kinds.get(node[0], "task")
        return self.places.setdefault(node, Place(kind))

    def complete(self, task: str, values: dict[str, Any]) -> None:
        """A person does one of the open tasks."""
        self.variables.update(values)
        self.open[task] -= 1
        self.leave(task)
        self.run()

    def leave(self, node: str) -> None:
        """Gives tokens to the flows out of a node."""
        outgoing = self.places[node].outgoing
        taken = [flow for flow in outgoing if (test := self.flows[flow][2]) is None or test(self.variables)]
        if self.places[node].kind == "exclusive":
            taken = taken[:1]
        for flow in taken:
            self.marking[flow] += 1

    def run(self) -> None:
        """Moves tokens until only tasks are open and joins are waiting."""
        while self._move() or self._join_inclusive():
            pass

    def _move(self) -> bool:
        for node, place in self.places.items():
            present = [flow for flow in place.incoming if self.marking[flow]]
            if place.kind == "inclusive" and len(place.incoming) > 1:
                continue
            if place.kind == "parallel":
                if not place.incoming or len(present) < len(place.incoming):
                    continue
                self._take(present)
                self.leave(node)
                return True
            if present:
                self._take(present[:1])
                if place.kind == "task":
                    self.open[node] += 1
                else:
                    self.leave(node)
                return True
        return False

    def _take(self, flows: list[int]) -> None:
        for flow in flows:
            self.marking[flow] -= 1

    def _join_inclusive(self) -> bool:
        for node, place in self.places.items():
            present = [flow for flow in place.incoming if self.marking[flow]]
            if place.kind != "inclusive" or len(place.incoming) < 2 or not present:
                continue
            empty = [flow for flow in place.incoming if not self.marking[flow]]
            if not any(self._blocks(start, node, present, empty) for start in self._tokens(place)):
                self._take(present)
                self.leave(node)
                return True
        return False

    def _tokens(self, join: Place) -> list[int]:
        """The flows that a token could take next, from flows and from open tasks, but for the join's own."""
        lying = [flow for flow, count in self.marking.items() if count and flow not in join.incoming]
        return lying + [f for task, count in self.open.items() if count for f in self.places[task].outgoing]

    def _blocks(self, start: int, node: str, present: list[int], empty: list[int]) -> bool:
        """Whether a token can reach an empty flow of the join, and none that has a token already."""
        reached, ahead = set(), [start]
        while ahead:
            flow = ahead.pop()
            if flow not in reached:
                reached.add(flow)
                target = self.flows[flow][1]
                ahead += [] if target == node else self.places[target].outgoing
        return bool(reached & set(empty)) and not reached & set(present)
