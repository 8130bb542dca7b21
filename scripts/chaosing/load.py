"""People at work: each starts cases, completes tasks that others try to complete too, and answers."""

from dataclasses import dataclass, field
from pathlib import Path
from threading import Event, Lock, Thread
from typing import Any
from uuid import uuid4

from scripts.chaosing.client import Client

ROUNDS = 0.25
"""How often a decision sends a case back."""
TOLD = {200, 204, 400, 404, 409}
"""What a client may be told: done, or that somebody else was faster."""


@dataclass(frozen=True)
class Act:
    """A command that got a definite answer: on what, with which mark, and whether it was done."""

    kind: str
    target: str
    mark: str
    status: int

    @property
    def done(self) -> bool:
        """Was it acknowledged?"""
        return self.status in (200, 204)


@dataclass
class Ledger:
    """Every answer that a client got."""

    acts: list[Act] = field(default_factory=list)
    odd: list[str] = field(default_factory=list)
    lock: Lock = field(default_factory=Lock)

    def add(self, act: Act, told: Any) -> None:
        """Writes one down; what nobody should be told is odd."""
        with self.lock:
            self.acts.append(act)
            if act.status not in TOLD:
                self.odd.append(f"{act.kind} {act.target}: {act.status} {told}")

    def done(self, kind: str) -> list[Act]:
        """What was acknowledged of a kind."""
        with self.lock:
            return [act for act in self.acts if act.kind == kind and act.done]


class Clerk:
    """One client, in a thread."""

    def __init__(self, ports: Path, ledger: Ledger, seed: int, open_cases: int) -> None:
        self.client, self._ledger, self._open = Client(ports, seed), ledger, open_cases
        self.stop, self._beginning, self._paused = Event(), Lock(), False
        self._thread = Thread(target=self._work)

    def start(self) -> None:
        """Begins."""
        self._thread.start()

    def pause(self) -> None:
        """Begins no case more; when this returns, none is on its way either."""
        with self._beginning:
            self._paused = True

    def end(self) -> None:
        """Goes home."""
        self.stop.set()
        self._thread.join()

    def _work(self) -> None:
        try:
            while not self.stop.is_set():
                if not (self._complete() | self._answer()):
                    self.stop.wait(0.2)
        except TimeoutError as error:
            self._ledger.odd.append(str(error))

    def _complete(self) -> bool:
        rows = self.client.get("/task?processDefinitionKey=chaos&maxResults=20") or []
        with self._beginning:
            if len(rows) < self._open and not self._paused:
                self._start()
        if not rows:
            return False
        task = self.client.random.choice(rows)["id"]
        mark = str(uuid4())
        good = "no" if self.client.random.random() < ROUNDS and not self._paused else "yes"
        values = {"note": {"value": mark}, "good": {"value": good}}
        self._do("complete", task, mark, f"/task/{task}/complete", {"variables": values})
        return True

    def _start(self) -> None:
        mark = f"case-{uuid4()}"
        self._do("start", mark, mark, "/process-definition/key/chaos/start", {"businessKey": mark})

    def _answer(self) -> bool:
        rows = self.client.get("/event-subscription?eventType=message&eventName=answer&maxResults=20") or []
        if not rows:
            return False
        case = self.client.random.choice(rows)["processInstanceId"]
        self._do("answer", case, "", "/message", {"messageName": "answer", "processInstanceId": case})
        return True

    def _do(self, kind: str, target: str, mark: str, path: str, body: object) -> None:
        answer = self.client.command(path, body)
        self._ledger.add(Act(kind, target, mark, answer.status), answer.json)
