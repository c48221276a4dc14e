"""Shards that collect garbage come to the same."""

from collections.abc import Callable
from typing import Any

import pytest

from models.catalogue.collecting import COLLECTING
from models.catalogue.counter import counters
from models.catalogue.transfer import transfers
from models.model import World
from models.search.exhaustive import explore
from properties.outcome import Outcome, outcome_of
from spec.anoma.shard.behaviour import CollectGarbage


def outcomes(world: World) -> tuple[set[Outcome], bool]:
    """What a world comes to, and whether garbage was collected on the way."""
    result = explore(world)
    assert result.complete
    found = {outcome_of(state) for state in result.resting}
    return found, CollectGarbage.id in result.coverage.fired


@pytest.mark.parametrize(("workload", "plain"), [("counter", counters), ("transfer", transfers)])
def test_garbage_is_collected_and_the_outcomes_are_the_same(
    workload: str, plain: Callable[[dict[str, Any]], World]
) -> None:
    options: dict[str, Any] = {each.name: each.default for each in COLLECTING.parameters}
    options |= {"workload": workload, "arrival": "given", "delivery": "fifo"}
    found, collected = outcomes(COLLECTING.build(options))
    assert collected
    assert outcomes(plain(options)) == (found, False)
