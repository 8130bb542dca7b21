"""The moves of the game: a token arrives, is worked on, and leaves; scopes open and close."""

from collections.abc import Callable, Iterator, Mapping
from functools import partial
from typing import Any

from tests.engine.token_game.events import LISTENS, Events
from tests.engine.token_game.expressions import evaluate
from tests.engine.token_game.failed import Failed
from tests.engine.token_game.marking import ROOT
from tests.engine.token_game.net import Flow, Node
from tests.engine.token_game.several import Several

JOINS = ("parallelGateway", "inclusiveGateway")
WORK = ("userTask", "manualTask", "task", "callActivity", "serviceTask", "receiveTask")

Move = Callable[["Playing"], Iterator["Playing"]]
"""A step: it changes the marking that it is given, and gives all that it can become."""


class Playing(Several, Events):
    """A marking that can move."""

    def begin_scope(self, number: int, start: str) -> None:
        """Opens a scope: its event sub-processes listen, and a token stands on its start event."""
        self.change(number, state="open")
        for handler in self.node(number).handlers:
            for event in handler.starts:
                self.listen(event, number, "listening")
        self.put(start, number, "moving")

    def arrive(self, target: str, around: int, via: str = "") -> None:
        """A token comes to a node."""
        node = self.net.nodes[target]
        if node.type in JOINS and len(node.incoming) > 1:
            self.put(node.id, around, "joining", via=via)
        elif node.type == "intermediateCatchEvent" and node.kind != "link":
            self.listen(node, around, "waiting")
        else:
            number = self.enter(node, around) if not node.loop else self.put(node.id, around, "moving")
            for boundary in node.boundaries:
                self.listen(boundary, number, "listening")

    def enter(self, node: Node, around: int, **more: Any) -> int:
        """A token, or one round of a loop, stands on an activity or passes through a node."""
        number = self.put(node.id, around, "waiting" if waits(node) else "moving", **more)
        if node.inputs:
            given = {name: parameter(said, self.sees(number)) for name, said in node.inputs.items()}
            self.change(number, own={**(self.tokens[number].own or {}), **given})
        return number

    def complete(self, number: int) -> None:
        """An activity is over; of a loop each round hands out what it has to."""
        self._reached(number)
        if self.tokens[number].state != "several":
            sees, said = self.sees(number), self.node(number).outputs
            self.write(number, {name: parameter(text, sees) for name, text in said.items()}, outside=True)
        if self.tokens[number].part:
            self.round_done(number)
        else:
            self.leave(number)

    def leave(self, number: int) -> None:
        """A token goes on along every open flow; where there is none at all it ends."""
        scope = self.tokens[number].around
        for flow in self.open_flows(number):
            self.arrive(flow.target, scope, flow.id)
        self.withdraw(number)
        self.close(scope)

    def close(self, scope: int) -> None:
        """A scope in which nothing is left but what listens is over."""
        if scope not in self.tokens or any(token.state != "listening" for _, token in self.inside(scope)):
            return
        if scope == ROOT:
            self.ended, self.tokens = True, {ROOT: self.tokens[ROOT]}
        elif self.node(scope).by_event:
            around = self.tokens[scope].around
            self.withdraw(scope)
            self.close(around)
        else:
            self.complete(scope)

    def open_flows(self, number: int) -> list[Flow]:
        """The flows that a token takes out of its node."""
        node, sees = self.node(number), self.sees(number)
        if node.type in ("parallelGateway", "eventBasedGateway"):
            return node.outgoing
        taken: list[Flow] = []
        for flow in node.outgoing:
            if not flow.default and (flow.test is None or self._holds(flow, sees)):
                taken.append(flow)
                if node.type == "exclusiveGateway":
                    return taken
        if not any(flow.test for flow in taken):
            taken += [flow for flow in node.outgoing if flow.default]
        if node.outgoing and not taken:
            raise Failed(f"no way out of {node.id}")
        return taken

    def _holds(self, flow: Flow, sees: Any) -> bool:
        value = evaluate(flow.test, sees)
        if not isinstance(value, bool):
            raise Failed(f"{flow.test} is neither true nor false")
        return value

    def moves(self) -> list[Move]:
        """The steps that can be taken now; an inclusive gateway joins only where there is no other."""
        moves: list[Move] = [
            partial(Playing._step, number=number)
            for number, token in self.tokens.items()
            if token.state == "moving" or (token.state in LISTENS and (token.memory or {}).get("due"))
        ]
        moves += [
            partial(Playing._joined, gateway=gateway, scope=scope, arrived=arrived)
            for scope, gateway, arrived in self._meeting("parallelGateway")
            if len(arrived) == len(self.net.nodes[gateway].incoming)
        ]
        return moves or [
            partial(Playing._joined, gateway=gateway, scope=scope, arrived=arrived)
            for scope, gateway, arrived in self._meeting("inclusiveGateway")
            if not self._more_to_come(scope, gateway, arrived)
        ]

    def _step(self, number: int) -> Iterator["Playing"]:
        node = self.node(number)
        if self.tokens[number].state != "moving":
            self.trigger(number)
        elif node.loop and not self.tokens[number].part:
            self.begin(number)
        elif node.kind == "signal" and node.type != "startEvent":
            for after in self.signalled(node.event.name):
                if number in after.tokens:
                    after._pass(number)
                yield after
            return
        else:
            self._work(number, node)
        yield self

    def _work(self, number: int, node: Node) -> None:
        if node.type == "subProcess":
            start = (self.tokens[number].memory or {}).get("start") or next(
                start.id for start in node.starts if not start.event
            )
            self.begin_scope(number, start)
        elif node.type == "eventBasedGateway":
            self.change(number, state="choosing")
            for flow in node.outgoing:
                self.listen(self.net.nodes[flow.target], number, "waiting")
        elif node.type == "scriptTask":
            value = evaluate(node.script, self.sees(number))
            self.write(number, {node.camunda["resultVariable"]: value})
            self.complete(number)
        elif node.kind == "link" and node.type == "intermediateThrowEvent":
            self._jump(number, node)
        elif node.kind == "error" and node.type == "endEvent":
            self._reached(number)
            self.error(number, node.event.code)
        else:
            if node.kind == "escalation" and node.type != "startEvent":
                self.escalate(number, node.event.code)
            if number in self.tokens:
                self._pass(number)

    def _pass(self, number: int) -> None:
        node, scope = self.node(number), self.tokens[number].around
        if node.kind == "terminate":
            for other, token in self.inside(scope):
                if other != number and not self.net.nodes[token.node].host:
                    self.withdraw(other)
        self.complete(number)

    def _reached(self, number: int) -> None:
        """The instance may end in the process itself or in an event sub-process of it."""
        around = self.tokens[number].around
        while around != ROOT and self.node(around).by_event:
            around = self.tokens[around].around
        if self.node(number).type == "endEvent" and around == ROOT:
            self.end = self.tokens[number].node

    def _jump(self, number: int, node: Node) -> None:
        for target in self.net.nodes.values():
            same = (target.scope, target.event and target.event.name) == (node.scope, node.event.name)
            if same and target.kind == "link" and target.type == "intermediateCatchEvent":
                self.arrive(target.id, self.tokens[number].around)
        self.withdraw(number)

    def _meeting(self, kind: str) -> list[tuple[int, str, dict[str, int]]]:
        """Where tokens wait for each other: scope, gateway, and the oldest token on each flow."""
        found: dict[tuple[int, str], dict[str, int]] = {}
        for number, token in self.tokens.items():
            if token.state == "joining" and self.net.nodes[token.node].type == kind:
                found.setdefault((token.around, token.node), {}).setdefault(token.via, number)
        return [(scope, gateway, arrived) for (scope, gateway), arrived in found.items()]

    def _joined(self, gateway: str, scope: int, arrived: dict[str, int]) -> Iterator["Playing"]:
        for number in arrived.values():
            self.withdraw(number)
        self.put(gateway, scope, "moving")
        yield self

    def _more_to_come(self, scope: int, gateway: str, arrived: dict[str, int]) -> bool:
        """Whether a token can still reach an empty flow of an inclusive join, and no other of its flows."""
        empty = {flow.id for flow in self.net.nodes[gateway].incoming} - arrived.keys()
        for _, token in self.inside(scope):
            if token.node != gateway and token.state != "listening":
                reached = self._ahead(token.node, gateway)
                if reached & empty and not reached & arrived.keys():
                    return True
        return False

    def _ahead(self, start: str, gateway: str) -> set[str]:
        reached: set[str] = set()
        ahead = [start]
        while ahead:
            for flow in self._out(self.net.nodes[ahead.pop()]):
                if flow.id not in reached:
                    reached.add(flow.id)
                    ahead += [flow.target] if flow.target != gateway else []
        return reached

    def _out(self, node: Node) -> list[Flow]:
        flows = [*node.outgoing, *(flow for boundary in node.boundaries for flow in boundary.outgoing)]
        if node.kind == "link":
            flows += [
                flow
                for other in self.net.nodes.values()
                if other.kind == "link" and (other.scope, other.event.name) == (node.scope, node.event.name)
                for flow in other.outgoing
            ]
        return flows


def waits(node: Node) -> bool:
    """Whether an activity needs something from outside."""
    return node.type in WORK or "topic" in node.camunda or bool(node.event and "topic" in node.event.camunda)


def parameter(said: str, sees: Any) -> Any:
    """What an input or output parameter gets: an expression's value, or the text as it is written."""
    return evaluate(said, sees) if said.startswith("=") else said


def returned(node: Node, there: Mapping[str, Any]) -> dict[str, Any]:
    """What a call brings back from the called case's variables."""
    back: dict[str, Any] = {}
    for rule in node.passed_out:
        back |= there if rule.get("variables") == "all" else {rule["target"]: there.get(rule["source"])}
    return back
