"""What chains, diamonds, fans, duplicates and failures come to."""

from itertools import product

import pytest

from models.catalogue.soma import key, objects
from models.catalogue.soma_versions import (
    SOMA_CHAIN,
    SOMA_DIAMOND,
    SOMA_DUPLICATES,
    SOMA_FAILING,
    SOMA_FAN,
    SOMA_NEVER,
)
from models.model import Model, Value
from models.search.exhaustive import explore
from models.search.result import SearchResult, Status
from spec.formalism.state import GlobalState
from spec.soma.object import Objects
from spec.soma.system import AUTHORITY_ID, DRIVER_ID, MANAGER_ID


def searched(model: Model, **changed: Value) -> SearchResult:
    """A complete search; everything holds and happens."""
    options = {each.name: changed.get(each.name, each.default) for each in model.parameters}
    result = explore(model.build(options))
    assert {each.status for each in result.properties} == {Status.HOLDS}
    return result


def objects_at_rest(result: SearchResult) -> set[Objects]:
    return {state.engines[AUTHORITY_ID].environment.local.objects for state in result.resting}


def counted(state: GlobalState) -> tuple[int, int]:
    """The executions and errors that were counted."""
    metrics = state.engines[DRIVER_ID].environment.local.metrics
    return metrics.executions, metrics.errors


def held(objects_: Objects, text: str) -> int | None:
    return objects_.get(key(text))


@pytest.mark.parametrize(("certificates", "limit"), [(1, 1), (2, 1), (3, 1), (2, 2)])
def test_a_chain_makes_one_version_after_the_other(certificates: int, limit: int) -> None:
    result = searched(SOMA_CHAIN, certificates=certificates, limit=limit)
    (only,) = objects_at_rest(result)
    assert sorted(map(str, only)) == [f"x v{number}" for number in range(1, certificates + 2)]
    assert held(only, f"x{certificates + 1}") == 10 + certificates
    assert {counted(state) for state in result.resting} == {(certificates, 0)}


def test_a_diamond_adds_both_of_its_sides() -> None:
    (only,) = objects_at_rest(searched(SOMA_DIAMOND, limit=1))
    assert held(only, "l3") == (10 + 1) + (10 + 1)


@pytest.mark.parametrize(
    ("certificates", "limit", "delivery"),
    [(2, limit, delivery) for limit, delivery in product((1, 2, 3), ("unordered", "fifo"))],
)
def test_a_fan_comes_to_the_same_at_every_limit(
    certificates: int, limit: int, delivery: str
) -> None:
    result = searched(SOMA_FAN, certificates=certificates, limit=limit, delivery=delivery)
    (only,) = objects_at_rest(result)
    assert (held(only, "a2"), held(only, "b2")) == (11, 21)


@pytest.mark.slow
def test_duplicates_change_nothing_but_what_is_refused() -> None:
    result = searched(SOMA_DUPLICATES, delivery="fifo")
    assert {held(each, "x3") for each in objects_at_rest(result)} == {12}


def test_what_never_comes_is_waited_for_and_holds_up_nothing_else() -> None:
    for state in searched(SOMA_NEVER).resting:
        assert sorted(state.engines[MANAGER_ID].environment.local.waiting) == ["a", "b"]
        assert counted(state) == (1, 0)
        assert held(state.engines[AUTHORITY_ID].environment.local.objects, "y2") == 21


def test_a_failing_program_leaves_values_and_creates_nothing() -> None:
    result = searched(SOMA_FAILING)
    (only,) = objects_at_rest(result)
    assert {str(each): only[each] for each in only} == {"x v1": 10, "x v2": 10, "x v3": 11}
    assert {counted(state) for state in result.resting} == {(2, 0)}


def test_objects_are_named_by_the_parameters() -> None:
    assert held(objects("x"), "x1") == 10
