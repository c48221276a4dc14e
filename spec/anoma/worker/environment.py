"""What a mempool worker remembers, and the mark that follows from it."""

from attrs import frozen
from pyrsistent import PMap, PSet, pmap, pset

from spec.anoma.executor.messages import ExecutionSummary
from spec.anoma.keyvalue import GENESIS, TxFingerprint
from spec.anoma.shard.messages import KVSLockAcquired
from spec.anoma.worker.messages import RequestNumber
from spec.formalism.environment import Environment
from spec.formalism.identity import EngineId


@frozen(cache_hash=True)
class RequestId:
    """What tells requests apart."""

    issuer: EngineId
    """Who asked."""
    number: RequestNumber
    """That one's number of the request."""


@frozen
class WorkerState:
    """The local state of a worker."""

    last: TxFingerprint = GENESIS
    """The last fingerprint that it gave away; GENESIS before the first."""
    requests: PMap[RequestId, TxFingerprint | None] = pmap()
    """Every request it has taken, with its fingerprint; nothing where it was refused."""
    outstanding: PMap[TxFingerprint, PSet[EngineId]] = pmap()
    """The shards whose acknowledgement is missing, for the transactions that miss any."""
    summaries: PMap[TxFingerprint, ExecutionSummary] = pmap()
    """The summary of every transaction that is over."""


WorkerEnv = Environment[WorkerState]
"""The environment of a worker."""


def missing(state: WorkerState, lock: KVSLockAcquired) -> PSet[EngineId]:
    """The shards whose acknowledgement of the transaction is missing."""
    return state.outstanding.get(lock.fingerprint, pset())


def mark(state: WorkerState) -> TxFingerprint:
    """The highest fingerprint N such that every shard touched by 1 to N has acknowledged."""
    return seen_all(state.last, tuple(state.outstanding))


def seen_all(last: TxFingerprint, outstanding: tuple[TxFingerprint, ...]) -> TxFingerprint:
    """The highest fingerprint up to `last` below all outstanding ones."""
    return TxFingerprint(min(outstanding, default=last + 1) - 1)
