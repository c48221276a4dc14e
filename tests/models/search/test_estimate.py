"""Small worlds are counted, larger ones estimated, and of what has no end in sight nothing is said."""

from math import comb
from typing import Any

import pytest
from attrs import evolve

from models.catalogue import CATALOGUE
from models.catalogue.commit import TWO_PHASE_COMMIT
from models.catalogue.ordering import ORDERING
from models.model import Model, Value, World
from models.search.estimate import Extent, estimate, extrapolated
from models.search.probes import Probed
from spec.formalism.delivery import SetDelivery

PATIENT = 1000.0
"""More seconds than any of these takes: what comes out depends on the states alone."""


def build(model: Model, **changed: Value) -> World:
    return model.build(
        {each.name: changed.get(each.name, each.default) for each in model.parameters}
    )


COUNTED = [
    pytest.param(model, each.states, id=model.name)
    for model in CATALOGUE
    for each in model.expected
    if not each.parameters and each.states < 20_000
]
"""The small built-in models."""


@pytest.mark.parametrize(("model", "states"), COUNTED)
def test_a_small_world_is_counted(model: Model, states: int) -> None:
    found = estimate(build(model), seconds=PATIENT)
    assert (found.exact, found.visited) == (True, states)
    assert found.extent == Extent(states, states, states)


@pytest.mark.parametrize(
    ("model", "changed", "states"),
    [
        (TWO_PHASE_COMMIT, {"resource_managers": 5}, 8832),
        (TWO_PHASE_COMMIT, {"resource_managers": 7}, 296_448),
        (TWO_PHASE_COMMIT, {"resource_managers": 9}, 10_340_352),
        (ORDERING, {}, 14_325),
        (ORDERING, {"transactions": 3, "keys": 1}, 122_167),
        (ORDERING, {"transactions": 3}, 2_465_335),
    ],
    ids=lambda each: each.name if isinstance(each, Model) else str(each),
)
def test_what_is_estimated_is_right_within_a_factor_of_three(
    model: Model, changed: dict[str, Value], states: int
) -> None:
    """A tenth of the states are visited, or 200,000."""
    found = estimate(build(model, **changed), min(states // 10, 200_000), PATIENT)
    assert not found.exact
    assert found.extent is not None
    assert found.visited < states
    assert found.extent.low <= states <= found.extent.high
    assert states / 3 <= found.extent.likely <= states * 3


def test_a_world_without_end_is_not_estimated(adding: Any) -> None:
    """A message that stays is added again and again."""
    found = estimate(adding.world((1, 2), discipline=SetDelivery), 500, PATIENT)
    assert (found.extent, found.exact, found.probed.endless) == (None, False, True)
    assert found.visited >= 500


def test_time_is_spent_as_it_is_given() -> None:
    found = estimate(build(ORDERING, transactions=3), seconds=0.0)
    assert (found.exact, found.visited, found.probed.runs) == (False, 1, 0)
    assert found.extent is None
    assert found.spent > 0


def test_levels_that_outlast_the_longest_run_have_no_end_in_sight() -> None:
    probed = Probed(runs=9, longest=3, ends=1, endless=False)
    assert extrapolated((1, 2, 4, 8), probed) is None
    assert extrapolated((1, 2, 4), probed) is not None
    assert extrapolated((1, 2, 4), evolve(probed, endless=True)) is None


@pytest.mark.parametrize("known", [6, 9, 12, 15])
def test_levels_like_those_of_independent_steps_go_on_as_they_do(known: int) -> None:
    sizes = [comb(20, step) for step in range(known)]
    found = extrapolated(sizes, Probed(runs=9, longest=20, ends=1, endless=False))
    assert found is not None
    assert 0.6 * 2**20 < found.likely < 1.6 * 2**20
    assert found.low < 2**20 < found.high


def test_the_more_is_known_the_less_is_left_open() -> None:
    sizes = [comb(20, step) for step in range(21)]
    probed = Probed(runs=9, longest=20, ends=1, endless=False)
    extents = [extrapolated(sizes[:known], probed) for known in (4, 8, 12, 16, 20)]
    widths = [each.high / each.low for each in extents if each is not None]
    assert len(widths) == 5
    assert widths == sorted(widths, reverse=True)
    assert widths[2] < 5
    assert widths[-1] < 1.01


def test_worlds_beyond_all_measure_get_a_number_too() -> None:
    sizes = [20**step for step in range(5)]
    found = extrapolated(sizes, Probed(runs=1, longest=1999, ends=1, endless=False))
    assert found is not None
    assert 10**7 < found.low < found.likely < found.high
