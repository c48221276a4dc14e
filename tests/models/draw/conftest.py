"""Runs to draw, and names that would do harm where they were not escaped."""

from collections.abc import Callable

import pytest

from models.draw.run import Run, taken_run
from models.model import World
from models.traces.document import OfScenario
from models.traces.subject import world_of
from spec.formalism.event import Duplicate, Event, Lose

HOSTILE_NAME = "\"]; }\\N -->;end <b>&lt;&amp;{#}]]>'🙂 `x`"
"""A name with what means something in the forms of drawings."""

HOSTILE = f"""
system = "anoma"
[genesis]
x = 1
[faults]
duplicates = 1
losses = 1
[[transaction]]
name = '''{HOSTILE_NAME}'''
reads = ["x"]
writes = ["x"]
program = 'write("x", read("x") + 1)'
"""


def run_by(choice: Callable[[list[Event]], Event], name: str, world: World, most: int) -> Run:
    """The run in which of all that may happen each time one is chosen."""
    events: list[Event] = []
    state = world.state
    while len(events) < most and (enabled := world.system.enabled(state)):
        events.append(choice(list(enabled)))
        state, _ = world.system.step(state, events[-1])
    return taken_run(name, world, events)


def longest_run(name: str, world: World, most: int) -> Run:
    """The run in which always the last event happens that may."""
    return run_by(lambda enabled: enabled[-1], name, world, most)


def duplicated_first(enabled: list[Event]) -> Event:
    """A duplication if there may be one, the loss of a copy if there are two, or else a delivery."""
    duplications = [event for event in enabled if isinstance(event, Duplicate)]
    losses = [event for event in enabled if isinstance(event, Lose)]
    return (duplications or losses or enabled)[0]


@pytest.fixture(scope="session")
def last_run() -> Callable[[str, World, int], Run]:
    """How to take the run in which always the last event happens that may."""
    return longest_run


@pytest.fixture(scope="session")
def hostile_name() -> str:
    """The name of the transaction in the hostile run."""
    return HOSTILE_NAME


@pytest.fixture(scope="session")
def hostile() -> Run:
    """A run with names that would do harm, a duplication and a loss."""
    world = world_of(OfScenario(HOSTILE_NAME, HOSTILE))
    return run_by(duplicated_first, HOSTILE_NAME, world, 40)
