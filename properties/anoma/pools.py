"""What pools may do: no more at a time than they have executors."""

from properties.property import EngineProperty, Evidence, Kind
from spec.anoma.pool.behaviour import POOL, AssignExecutor
from spec.formalism.engine import Engine


def overfull(pool: Engine) -> Evidence | None:
    """The number of executors at work, where it is above the size of the pool."""
    busy, size = len(pool.environment.local.busy), pool.configuration.size
    if busy <= size:
        return None
    return Evidence(f"{pool.identity.external} has {busy} executors at work, and may have {size}")


POOL_KEEPS_ITS_SIZE = EngineProperty(
    "a pool has no more executors at work than its size",
    AssignExecutor.id,
    Kind.ALWAYS,
    frozenset({POOL.name}),
    overfull,
)
"""Judged wherever there is a pool."""
