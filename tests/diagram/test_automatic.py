"""Where nothing spins by what the diagram says, the engine comes to rest at the start and after each step."""

from collections.abc import Iterator
from datetime import UTC, datetime

from hypothesis import given, settings
from hypothesis import strategies as st

from service.diagram.automatic import spinning
from service.diagram.model import Process
from service.diagram.read import read
from service.engine.definition import compile
from service.engine.execution import Budget, Execution
from service.errors import ExecutionFailed

NOW = datetime(2026, 1, 5, 1, 0, tzinfo=UTC)
OPEN = '<definitions xmlns="http://www.omg.org/spec/BPMN/20100524/MODEL" targetNamespace="x">'
DECLARED = (
    '<escalation id="e1" name="E1" escalationCode="E1" /><escalation id="e2" name="E2" escalationCode="E2" />'
    '<error id="r" name="R" errorCode="R" /><signal id="s" name="S" />'
)
EVENTS = {
    "escalation": '<escalationEventDefinition escalationRef="e1" />',
    "other": '<escalationEventDefinition escalationRef="e2" />',
    "any": "<escalationEventDefinition />",
    "error": '<errorEventDefinition errorRef="r" />',
    "signal": '<signalEventDefinition signalRef="s" />',
}
STEPS = ("user", "script", "script", "xor", "and", "escalation", "other", "signal", "sub", "link")


class Drawing:
    """Draws one scope after another at random; every id is new."""

    def __init__(self, draw: st.DrawFn) -> None:
        self.draw = draw
        self.count = 0

    def scope(self, depth: int, start: str = "", interrupting: bool = True) -> str:
        """A start event, some steps that lead anywhere among themselves, two ends, perhaps a handler."""
        kinds = self.draw(st.lists(st.sampled_from(STEPS[: 10 if depth else 8]), min_size=1, max_size=5))
        kinds = ["script" if kind == "sub" and depth == 0 else kind for kind in kinds]
        keys = [self._key() for _ in kinds]
        ends = [self._key(), self._key()]
        begin = self._key()
        onward = [st.sampled_from([*keys[place + 1 :], *ends]) for place in range(len(keys))]
        targets = [ahead | ahead | st.sampled_from([*keys, *ends]) for ahead in onward]
        how = self.draw(st.sampled_from(["", "error", "escalation"])) if depth < 2 else ""
        xml = f'<startEvent id="{begin}" isInterrupting="{str(interrupting).lower()}">{start}</startEvent>'
        xml += self._flow(begin, keys[0])
        xml += f'<endEvent id="{ends[0]}" /><endEvent id="{ends[1]}">{EVENTS.get(how, "")}</endEvent>'
        xml += "".join(
            part
            for key, kind, to in zip(keys, kinds, targets, strict=True)
            for part in self._step(key, kind, to, depth)
        )
        if depth and self.draw(st.booleans()):
            event = self.draw(st.sampled_from(sorted(EVENTS)))
            ends_all = event == "error" or self.draw(st.booleans())
            inner = self.scope(depth - 1, EVENTS[event], ends_all)
            xml += f'<subProcess id="{self._key()}" triggeredByEvent="true">{inner}</subProcess>'
        return xml

    def _step(self, key: str, kind: str, targets: st.SearchStrategy[str], depth: int) -> Iterator[str]:
        to = self.draw(targets)
        match kind:
            case "user":
                yield f'<userTask id="{key}" />' + self._flow(key, to)
            case "script":
                yield f'<intermediateThrowEvent id="{key}" />' + self._flow(key, to)
            case "xor":
                yield f'<exclusiveGateway id="{key}" default="{key}d" />' + self._flow(key, to, "=true")
                yield self._flow(key, self.draw(targets), id=f"{key}d")
            case "and":
                yield f'<parallelGateway id="{key}" />' + self._flow(key, to)
                yield self._flow(key, self.draw(targets))
            case "sub":
                yield f'<subProcess id="{key}">{self.scope(depth - 1)}</subProcess>' + self._flow(key, to)
                yield from self._border(key, st.just(key) | targets)
            case "link":
                there = self._key()
                yield f'<intermediateThrowEvent id="{key}"><linkEventDefinition name="{key}" />'
                yield f'</intermediateThrowEvent><intermediateCatchEvent id="{there}">'
                yield f'<linkEventDefinition name="{key}" /></intermediateCatchEvent>' + self._flow(there, to)
            case _:
                yield f'<intermediateThrowEvent id="{key}">{EVENTS[kind]}</intermediateThrowEvent>'
                yield self._flow(key, to)

    def _border(self, host: str, targets: st.SearchStrategy[str]) -> Iterator[str]:
        for event in self.draw(st.lists(st.sampled_from(sorted(EVENTS)), max_size=2, unique=True)):
            key = self._key()
            cancel = event == "error" or self.draw(st.booleans())
            yield f'<boundaryEvent id="{key}" attachedToRef="{host}" cancelActivity="{str(cancel).lower()}">'
            yield f"{EVENTS[event]}</boundaryEvent>" + self._flow(key, self.draw(targets))

    def _flow(self, source: str, target: str, condition: str = "", id: str = "") -> str:
        inside = f"<conditionExpression>{condition}</conditionExpression>" if condition else ""
        key = id or self._key()
        return f'<sequenceFlow id="{key}" sourceRef="{source}" targetRef="{target}">{inside}</sequenceFlow>'

    def _key(self) -> str:
        self.count += 1
        return f"n{self.count}"


@st.composite
def processes(draw: st.DrawFn) -> Process:
    """A process that may be odd in many ways, but that can be built."""
    body = Drawing(draw).scope(depth=2)
    xml = f'{OPEN}{DECLARED}<process id="p" isExecutable="true">{body}</process></definitions>'
    return read(xml.encode()).processes["p"]


@settings(max_examples=300, deadline=None)
@given(processes())
def test_what_does_not_spin_comes_to_rest(process: Process) -> None:
    if any(True for _ in spinning(process)):
        return
    execution = Execution.start(compile(process), {}, NOW)
    try:
        for _ in range(4):
            execution.advance(Budget(steps=3000))
            for wait in list(execution.waits())[:3]:
                if wait.kind == "user_task":
                    execution.complete(wait.id, {})
                    break
    except ExecutionFailed as stopped:
        assert stopped.message.key != "engine.budget"
