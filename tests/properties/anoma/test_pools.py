"""A pool has no more executors at work than its size."""

from pyrsistent import pmap, pset

from properties.anoma.pools import overfull
from properties.property import Evidence
from spec.anoma.keyvalue import TxFingerprint
from spec.anoma.placement import Placement
from spec.anoma.pool.configuration import PoolConfiguration
from spec.anoma.pool.environment import PoolState
from spec.formalism.engine import Engine
from spec.formalism.environment import Environment
from spec.formalism.identity import identity_of, on_local_node

SIZE = 2


def pool(busy: int) -> Engine:
    state = PoolState(busy=pset(TxFingerprint(at) for at in range(1, busy + 1)))
    configuration = PoolConfiguration(SIZE, Placement((on_local_node("shard"),), pmap()))
    return Engine(identity_of(on_local_node("pool")), "pool", configuration, Environment(state))


def test_a_full_pool_is_in_order() -> None:
    assert overfull(pool(SIZE)) is None


def test_one_more_is_found() -> None:
    assert overfull(pool(SIZE + 1)) == Evidence("pool has 3 executors at work, and may have 2")
