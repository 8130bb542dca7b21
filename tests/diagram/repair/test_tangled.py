"""What nobody would draw is left to whoever drew it, soon."""

from random import Random
from time import process_time

import pytest

from service.diagram.repair import repair

GUARD = 20
"""Seconds: without limits a web took a minute of trials, or of looking for circles."""
KINDS = ("exclusiveGateway", "parallelGateway", "inclusiveGateway", "userTask")


def web(seed: int, count: int) -> bytes:
    """Gateways and steps, each with a flow or some to any other."""
    random = Random(seed)  # noqa: S311 (a seed, no secret)
    nodes = [f'<{random.choice(KINDS)} id="g{at}"/>' for at in range(count)]
    ends = [(at, random.randrange(count + 1)) for at in range(count) for _ in range(random.randint(1, 3))]
    flows = [f'<sequenceFlow id="f{n}" sourceRef="g{a}" targetRef="g{b}"/>' for n, (a, b) in enumerate(ends)]
    body = "".join([*nodes, *flows]) + f'<endEvent id="g{count}"/>'
    return (
        '<definitions xmlns="http://www.omg.org/spec/BPMN/20100524/MODEL" targetNamespace="t">'
        '<process id="p" isExecutable="true"><startEvent id="s"/>'
        f'<sequenceFlow id="f" sourceRef="s" targetRef="g0"/>{body}</process></definitions>'
    ).encode()


@pytest.mark.parametrize(("seed", "count"), [(1, 120), (2, 200), (3, 1500)])
def test_a_web_is_mended_or_left_in_little_time(seed: int, count: int) -> None:
    begun = process_time()
    repair(web(seed, count), "web.bpmn")
    assert process_time() - begun < GUARD
