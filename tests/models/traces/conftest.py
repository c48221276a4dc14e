"""Runs to record, and their traces."""

from collections.abc import Callable
from random import Random

import pytest

from models.model import World
from models.search.exhaustive import explore
from models.search.result import PropertyResult
from models.traces.document import OfTwin, Trace
from models.traces.record import recorded
from models.traces.subject import Named, named
from models.twins.audit import BOUNDS
from models.twins.catalogue import twin_named
from models.twins.twin import world_of
from spec.formalism.event import Event

TWIN = "shards-compared-by-name"
"""A twin whose shortest run has a few steps."""

BREAKS = "each read is answered once"
"""What it breaks."""

SCENARIO = """
system = "anoma"
delivery = "fifo"
[genesis]
x = 1
[faults]
duplicates = 1
losses = 1
[[transaction]]
name = "it's \\"odd\\""
reads = ["x"]
writes = ["x"]
program = '''
write("x", read("x") + 1)
'''
"""
"""A scenario in which the network may do something."""

RandomRun = Callable[[World, int, int], list[Event]]


def random_run(world: World, seed: int, longest: int) -> list[Event]:
    """The events of a run, chosen at random."""
    choice = Random(seed)  # noqa: S311  # reproducible, and no secret
    state = world.state
    events: list[Event] = []
    while len(events) < longest:
        enabled = world.system.enabled(state)
        if not enabled:
            break
        event = enabled[int(choice.random() * len(enabled))]
        state, _ = world.system.step(state, event)
        events.append(event)
    return events


@pytest.fixture(scope="session")
def run() -> RandomRun:
    """How to take a run at random."""
    return random_run


@pytest.fixture(scope="session")
def voting() -> Named:
    """The smallest model."""
    return named("voting")


@pytest.fixture(scope="session")
def small(voting: Named) -> Trace:
    """A trace of three steps."""
    return recorded(voting.subject, voting.world, random_run(voting.world, 1, 3))


@pytest.fixture(scope="session")
def fallen() -> PropertyResult:
    """What is found of the twin."""
    twin = twin_named(TWIN)
    assert twin is not None
    result = explore(world_of(twin), BOUNDS, frozenset({BREAKS}))
    return next(each for each in result.properties if each.property.name == BREAKS)


@pytest.fixture(scope="session")
def violation(fallen: PropertyResult) -> Trace:
    """The trace of the twin's shortest run."""
    twin = twin_named(TWIN)
    assert twin is not None
    assert fallen.evidence is not None
    found = (fallen.property, fallen.evidence)
    return recorded(OfTwin(TWIN), world_of(twin), fallen.events, found)


@pytest.fixture
def scenario() -> str:
    """The text of a scenario."""
    return SCENARIO


@pytest.fixture
def twin() -> str:
    """The name of the twin."""
    return TWIN
