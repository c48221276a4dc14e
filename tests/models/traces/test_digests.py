"""The digests of the states of a run are those of the states."""

from collections.abc import Callable

import pytest

from models.catalogue import CATALOGUE
from models.model import Model, World
from models.traces.digests import Digests
from models.traces.subject import named
from spec.formalism.event import Event
from spec.formalism.state import state_digest

RandomRun = Callable[[World, int, int], list[Event]]


@pytest.mark.parametrize("model", CATALOGUE, ids=[model.name for model in CATALOGUE])
@pytest.mark.parametrize("delivery", ["unordered", "fifo"])
def test_every_state_of_a_run_has_its_own_digest(
    model: Model, delivery: str, run: RandomRun
) -> None:
    with_delivery = any(each.name == "delivery" for each in model.parameters)
    world = named(model.name, {"delivery": delivery} if with_delivery else {}).world
    digests, state = Digests(), world.state
    assert digests.of(state) == state_digest(state)
    for event in run(world, 2, 25):
        state, _ = world.system.step(state, event)
        assert digests.of(state) == state_digest(state)
    assert digests.of(world.state) == state_digest(world.state)
