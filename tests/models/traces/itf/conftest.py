"""Runs in ITF."""

from collections.abc import Callable

import pytest

from models.model import World
from models.traces.document import Trace
from models.traces.itf.document import written
from models.traces.stepping import steps_taken
from models.traces.subject import Named
from spec.formalism.event import Event

RandomRun = Callable[[World, int, int], list[Event]]


def itf_of(trace: Trace | None, world: World, events: list[Event]) -> str:
    """The run with these events, in ITF."""
    steps = tuple(steps_taken(world.system, world.state, tuple(events)))
    states = (world.state, *(step.state for step in steps))
    return written("it", states, [step.record for step in steps], trace)


@pytest.fixture(scope="session")
def itf() -> Callable[[Trace | None, World, list[Event]], str]:
    """How to write a run in ITF."""
    return itf_of


@pytest.fixture(scope="session")
def in_itf(small: Trace, voting: Named, run: RandomRun) -> str:
    """The trace of three steps, in ITF."""
    return itf_of(small, voting.world, run(voting.world, 1, 3))
