"""What becomes of certificates when epochs begin in mid-flight."""

from itertools import product

import pytest

from models.catalogue.soma_epochs import SOMA_EPOCH, SOMA_EPOCH_DEPENDENCY, SOMA_RECERTIFIED
from models.model import Model, Value
from models.search.exhaustive import explore
from models.search.result import SearchResult, Status
from spec.formalism.state import GlobalState
from spec.soma.system import AUTHORITY_ID, MANAGER_ID

BOTH = ("unordered", "fifo")


def searched(model: Model, **changed: Value) -> SearchResult:
    """A complete search; everything holds and happens."""
    options = {each.name: changed.get(each.name, each.default) for each in model.parameters}
    result = explore(model.build(options))
    assert {each.status for each in result.properties} == {Status.HOLDS}
    return result


def executed(state: GlobalState) -> str:
    """The digests that are executed, each with the epoch."""
    effects = state.engines[AUTHORITY_ID].environment.local.executed
    return " ".join(f"{digest}{effects[digest].epoch}" for digest in sorted(effects))


def waiting(state: GlobalState) -> str:
    return " ".join(sorted(state.engines[MANAGER_ID].environment.local.waiting))


@pytest.mark.parametrize("limit", [1, pytest.param(2, marks=pytest.mark.slow)])
def test_what_the_new_epoch_overtakes_is_not_executed_and_what_is_of_it_always_is(
    limit: int,
) -> None:
    result = searched(SOMA_EPOCH, limit=limit)
    assert {executed(state) for state in result.resting} == {
        "a0 b0 c1",
        "a0 c1",
        "b0 c1",
        "c1",
    }


@pytest.mark.parametrize("delivery", BOTH)
def test_who_depends_on_what_was_overtaken_waits_for_ever(delivery: str) -> None:
    result = searched(SOMA_EPOCH_DEPENDENCY, delivery=delivery)
    assert {(executed(state), waiting(state)) for state in result.resting} == {
        ("a0 b1 c2", ""),
        ("a0", "c"),
        ("", "c"),
    }


@pytest.mark.parametrize(("limit", "delivery"), list(product((1, 2), BOTH)))
def test_a_transaction_that_is_certified_twice_is_executed_in_one_of_its_epochs(
    limit: int, delivery: str
) -> None:
    result = searched(SOMA_RECERTIFIED, limit=limit, delivery=delivery)
    assert {executed(state) for state in result.resting} == {"a0", "a1"}
