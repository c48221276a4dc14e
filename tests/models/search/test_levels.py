"""The sizes of levels, whatever is judged of the world."""

import pytest

from models.catalogue.commit import TWO_PHASE_COMMIT
from models.catalogue.ordering import ORDERING
from models.model import Model, Value, World
from models.search.actors import Actors
from models.search.bounds import Bounds
from models.search.exhaustive import explore
from models.search.levels import Levels
from models.search.tables import Tables


def build(model: Model, **changed: Value) -> World:
    return model.build(
        {each.name: changed.get(each.name, each.default) for each in model.parameters}
    )


@pytest.mark.parametrize("chunk", [1, 7, 10_000])
def test_levels_are_those_of_the_search_however_they_are_cut(chunk: int) -> None:
    world = build(TWO_PHASE_COMMIT)
    levels = Levels(world, Tables(Actors(world)))
    while not levels.done:
        assert len(levels.sizes) <= 11
        levels.advance(chunk)
    assert levels.sizes == [1, 7, 21, 38, 50, 54, 49, 36, 21, 9, 2]
    assert levels.states == 288


def test_a_level_has_its_size_when_it_is_complete() -> None:
    world = build(ORDERING, keys=1)
    levels = Levels(world, Tables(Actors(world)))
    for depth in range(1, 5):
        levels.advance(10_000)
        within = explore(world, Bounds(max_depth=depth), frozenset()).states
        assert (sum(levels.sizes), levels.states) == (within, within)
