"""What the parameters set."""

from typing import Any

from pyrsistent import pmap

from models.catalogue.common import (
    claims,
    genesis_of,
    label,
    network_parameters,
    setting,
    transaction,
)
from models.model import Value
from models.worlds import Arrival, Setting, spread
from properties.anoma.witnesses import A_READ_WAITS
from spec.anoma.keyvalue import KVSDatum, KVSKey
from spec.anoma.label import TransactionLabel
from spec.anoma.shard.behaviour import COLLECTING_SHARD
from spec.formalism.delivery import Fifo
from spec.formalism.state import Faults

READ = transaction("read", label(eager=("a",), may=("b",)), 'read("a")')
GENESIS = genesis_of({"c": 3})


def options(**changed: Value) -> dict[str, Any]:
    return {**{each.name: each.default for each in network_parameters(2)}, **changed}


def test_a_label_and_a_genesis_are_of_keys() -> None:
    a, b = frozenset({KVSKey("a")}), frozenset({KVSKey("b")})
    assert READ.candidate.label == TransactionLabel(eager_reads=a, may_writes=b)
    assert pmap({KVSKey("c"): KVSDatum(3)}) == GENESIS


def test_a_setting_is_what_the_parameters_say() -> None:
    placement = spread((KVSKey("a"), KVSKey("b"), KVSKey("c")), 2)
    assert setting((READ,), GENESIS, options()) == Setting((READ,), placement, GENESIS)
    chosen = options(arrival="given", delivery="fifo", duplicates=1)
    assert setting((READ,), GENESIS, chosen, COLLECTING_SHARD) == Setting(
        (READ,), placement, GENESIS, Arrival.GIVEN, Fifo, Faults(1), COLLECTING_SHARD
    )


def test_nothing_is_claimed_of_a_pool() -> None:
    placement = spread((), 1)
    assert A_READ_WAITS in claims(Setting((READ,), placement))
    assert claims(Setting((READ,), placement, pool_size=1)) == ()
