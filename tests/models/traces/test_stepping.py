"""Single steps are the system's steps."""

from collections.abc import Callable

import pytest

from models.catalogue import CATALOGUE
from models.model import Model, World
from models.traces.stepping import steps_taken, taken
from models.traces.subject import Named
from spec.formalism.event import Event

RandomRun = Callable[[World, int, int], list[Event]]


@pytest.mark.parametrize("model", CATALOGUE, ids=[model.name for model in CATALOGUE])
def test_a_step_is_the_one_that_the_system_takes(model: Model, run: RandomRun) -> None:
    options = {each.name: each.default for each in model.parameters}
    world = model.build(options | ({"duplicates": 1} if "duplicates" in options else {}))
    state = world.state
    for event in run(world, 3, 8):
        for step in world.system.successors(state):
            assert taken(world.system, state, step.event) == step
        state, _ = world.system.step(state, event)


def test_what_is_not_enabled_is_no_step(voting: Named, run: RandomRun) -> None:
    world = voting.world
    first, second = run(world, 1, 2)
    (step,) = steps_taken(world.system, world.state, (first, first, second))
    assert step.event == first
    assert taken(world.system, step.state, first) is None
