"""When a fixed pool of executors deadlocks, and when it does not."""

import pytest

from models.catalogue.pool import POOL
from models.search.bounds import Bounds
from models.search.exhaustive import explore
from properties.property import Kind


def broken(**changed: int | str) -> list[str]:
    options = {each.name: each.default for each in POOL.parameters}
    world = POOL.build({**options, **changed})
    result = explore(world, Bounds(max_states=6000), frozenset({str(POOL.breaks)}))
    assert result.complete or result.broken()
    return [each.property.name for each in result.broken(Kind.ALWAYS, Kind.AT_REST)]


def test_one_executor_deadlocks_when_the_later_of_two_transactions_has_it() -> None:
    assert broken() == ["every transaction finished", "no lock, read or message is pending"]


def test_one_executor_is_enough_for_one_transaction_and_two_for_two() -> None:
    assert broken(transactions=1) == []
    assert broken(pool_size=2) == []


def test_one_executor_is_enough_where_messages_keep_their_order() -> None:
    assert broken(delivery="fifo") == []


@pytest.mark.slow
def test_two_executors_deadlock_when_the_later_two_of_three_transactions_have_them() -> None:
    options = {each.name: each.default for each in POOL.parameters}
    world = POOL.build({**options, "pool_size": 2, "transactions": 3, "arrival": "given"})
    result = explore(world, Bounds(max_states=50_000), frozenset({str(POOL.breaks)}))
    assert POOL.breaks in [each.property.name for each in result.broken(Kind.AT_REST)]
