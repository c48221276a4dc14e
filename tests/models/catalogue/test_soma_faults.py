"""What crashes and closes leave behind."""

from itertools import product

import pytest

from models.catalogue.soma_faults import SOMA_CRASH, SOMA_CRASH_EPOCH, SOMA_SHUTDOWN
from models.model import Model, Value
from models.search.exhaustive import explore
from models.search.result import SearchResult, Status
from spec.formalism.state import GlobalState
from spec.soma.driver.environment import Stopped
from spec.soma.system import AUTHORITY_ID, DRIVER_ID

BOTH = ("unordered", "fifo")


def searched(model: Model, **changed: Value) -> SearchResult:
    """A complete search; everything holds and happens."""
    options = {each.name: changed.get(each.name, each.default) for each in model.parameters}
    result = explore(model.build(options))
    assert {each.status for each in result.properties} == {Status.HOLDS}
    return result


def executed(state: GlobalState) -> str:
    return " ".join(sorted(state.engines[AUTHORITY_ID].environment.local.executed))


@pytest.mark.parametrize(
    ("limit", "delivery"),
    [pytest.param(*each, marks=pytest.mark.slow) for each in product((1, 2), BOTH)],
)
def test_after_a_crash_it_depends_on_when_the_certificate_is_brought_again(
    limit: int, delivery: str
) -> None:
    result = searched(SOMA_CRASH, limit=limit, delivery=delivery)
    found = {
        (executed(state), state.engines[DRIVER_ID].environment.local.metrics.crashes)
        for state in result.resting
    }
    assert found == {("", 1), ("a", 1), ("a b", 0), ("a b", 1)}


@pytest.mark.parametrize("delivery", BOTH)
def test_no_crash_keeps_an_epoch_from_beginning(delivery: str) -> None:
    result = searched(SOMA_CRASH_EPOCH, limit=1, delivery=delivery)
    epochs = {state.engines[AUTHORITY_ID].environment.local.epoch for state in result.resting}
    assert epochs == {1}
    assert {executed(state) for state in result.resting} == {"", "a", "a b", "b"}


@pytest.mark.parametrize("delivery", BOTH)
def test_after_the_close_the_driver_stops_whatever_was_executed(delivery: str) -> None:
    result = searched(SOMA_SHUTDOWN, limit=1, delivery=delivery)
    drivers = [state.engines[DRIVER_ID].environment.local for state in result.resting]
    assert all(isinstance(driver, Stopped) for driver in drivers)
    assert {executed(state) for state in result.resting} == {
        *("", "a", "c"),
        *("a b", "a c", "a b c"),
    }
