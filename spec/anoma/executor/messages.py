"""The messages that start an executor and that it ends with."""

from attrs import frozen
from pyrsistent import PMap, pmap

from spec.anoma.keyvalue import KVSDatum, KVSKey, Observation, TxFingerprint
from spec.anoma.label import TransactionLabel
from spec.anoma.runnable import AnyRunnable, Failure
from spec.formalism.identity import EngineId


@frozen(cache_hash=True)
class ExecuteTransaction:
    """To an executor: execute this transaction."""

    fingerprint: TxFingerprint
    """The transaction's timestamp."""
    executable: AnyRunnable
    """Its program."""
    label: TransactionLabel
    """What it may touch."""
    worker: EngineId
    """Who is to hear of the end: who ordered it, or the pool on that one's behalf."""
    issuer: EngineId
    """Who is to hear of it too: who asked for the transaction."""


@frozen
class ExecutionSummary:
    """What a transaction did, as far as anybody may know."""

    failure: Failure | None
    """Why it failed; nothing if it succeeded."""
    values_read: PMap[KVSKey, Observation]
    """Every input that its program consumed, also when it failed."""
    values_written: PMap[KVSKey, KVSDatum] = pmap()
    """Every value that it left in the store; none when it failed."""


@frozen
class ExecutorFinished:
    """From an executor to worker and issuer, once each: the transaction is over."""

    fingerprint: TxFingerprint
    """The transaction's timestamp."""
    summary: ExecutionSummary
    """What it did."""
