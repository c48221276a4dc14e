"""Which shard keeps which key."""

from attrs import frozen
from pyrsistent import PMap

from spec.anoma.keyvalue import KVSKey
from spec.formalism.identity import EngineId


@frozen
class Placement:
    """The shards, and the keys that each of them keeps; every key has exactly one shard."""

    shards: tuple[EngineId, ...]
    """All shards, at least one."""
    assigned: PMap[KVSKey, EngineId]
    """The shard of each key; keys that do not stand here are kept by the first one."""


def shard_of(placement: Placement, key: KVSKey) -> EngineId:
    """The shard that keeps a key."""
    return placement.assigned.get(key, placement.shards[0])


def by_shard(
    placement: Placement, keys: frozenset[KVSKey]
) -> tuple[tuple[EngineId, frozenset[KVSKey]], ...]:
    """The keys that each shard keeps of these, for the shards that keep any, in shard order."""
    return tuple(
        (shard, mine)
        for shard in placement.shards
        if (mine := frozenset(key for key in keys if shard_of(placement, key) == shard))
    )
