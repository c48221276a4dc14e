"""What a pool remembers."""

from attrs import frozen
from pyrsistent import PMap, PSet, pmap, pset

from spec.anoma.keyvalue import TxFingerprint
from spec.formalism.environment import Environment
from spec.formalism.identity import EngineId


@frozen
class PoolState:
    """The local state of a pool."""

    workers: PMap[TxFingerprint, EngineId] = pmap()
    """Who ordered each transaction that has got an executor."""
    busy: PSet[TxFingerprint] = pset()
    """The transactions whose executors are at work."""


PoolEnv = Environment[PoolState]
"""The environment of a pool."""
