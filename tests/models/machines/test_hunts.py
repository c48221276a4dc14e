"""Hunts find what is broken by every means, and say so where nothing is found."""

import pytest
from attrs import evolve

from models.machines.hunts import Means, hunt, median_seconds
from models.model import World
from models.twins.catalogue import twin_named
from models.twins.twin import neighbourhood, world_of
from spec.formalism.delivery import Unordered


def worlds() -> tuple[World, World]:
    """A twin and the reference, on the property that is named for the twin."""
    twin = twin_named("mark-overwritten")
    assert twin is not None
    broken, whole = world_of(twin), neighbourhood(twin, Unordered)
    about = tuple(each for each in broken.properties if each.name == twin.breaks)
    return evolve(broken, properties=about), evolve(whole, properties=about)


@pytest.mark.parametrize("means", Means)
def test_a_hunt_finds_what_is_broken_and_nothing_where_nothing_is(means: Means) -> None:
    broken, whole = worlds()
    found = hunt(broken, means, 1)
    assert found.steps is not None
    assert found.steps >= 9
    assert hunt(whole, means, 1, runs=20).steps is None


@pytest.mark.parametrize("means", [Means.SCHEDULES, Means.WALKS, Means.PRIORITIES])
def test_the_same_seed_hunts_in_the_same_way(means: Means) -> None:
    broken, _ = worlds()
    steps = [[hunt(broken, means, number).steps for number in range(4)] for _ in range(2)]
    assert steps[0] == steps[1]


def test_other_seeds_hunt_in_other_ways() -> None:
    broken, _ = worlds()
    assert len({hunt(broken, Means.WALKS, number).steps for number in range(4)}) > 1


def test_there_is_a_median_where_most_hunts_find_something() -> None:
    broken, whole = worlds()
    assert median_seconds(broken, Means.WALKS, range(3)) is not None
    assert median_seconds(whole, Means.WALKS, range(3), runs=5) is None
