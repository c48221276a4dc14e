"""One of two keys is chosen."""

from models.catalogue.lazy import LAZY
from models.catalogue.outcome import value
from models.search.exhaustive import explore
from models.search.result import Status
from properties.outcome import outcome_of


def test_each_side_is_chosen_in_some_order_and_the_other_is_left_alone() -> None:
    options = {each.name: each.default for each in LAZY.parameters}
    result = explore(LAZY.build({**options, "delivery": "fifo"}))
    outcomes = [outcome_of(state) for state in result.resting]
    sides = {(value(each, "left"), value(each, "right")) for each in outcomes}
    assert sides == {(10, 21), (11, 20)}
    seen = {each.property.name for each in result.properties if each.status is Status.HOLDS}
    assert {"a lazy read is served", "a may write is released"} <= seen
