"""The messages that shards take and send."""

from attrs import frozen

from spec.anoma.keyvalue import KVSDatum, KVSKey, Observation, TxFingerprint
from spec.anoma.label import TransactionLabel
from spec.formalism.identity import EngineId


@frozen
class KVSAcquireLock:
    """From a worker: all that a transaction may do to the keys of this shard."""

    fingerprint: TxFingerprint
    """The transaction's timestamp."""
    label: TransactionLabel
    """The part of its label that is about this shard's keys; at least one key."""
    executor: EngineId
    """Who is to have the values read."""


@frozen
class KVSLockAcquired:
    """To the worker: the locks stand in the timelines."""

    fingerprint: TxFingerprint
    """The transaction's timestamp."""


@frozen
class UpdateSeenAll:
    """From a worker: every lock of its transactions up to this one stands in its timelines."""

    fingerprint: TxFingerprint
    """The mark (the field's low watermark): the last transaction that this is true of."""


@frozen
class KVSReadRequest:
    """From an executor, about a lazy read: the value is wanted, or it never will be."""

    fingerprint: TxFingerprint
    """The transaction's timestamp."""
    key: KVSKey
    """The key."""
    actual: bool
    """Whether the value is wanted; if not, the lock is released."""


@frozen
class KVSRead:
    """To an executor: what its transaction reads."""

    fingerprint: TxFingerprint
    """The transaction's timestamp."""
    key: KVSKey
    """The key that was read."""
    observation: Observation
    """The value just before that timestamp, and who wrote it."""


@frozen
class KVSWrite:
    """From an executor: the final value of a key, or that there is none."""

    fingerprint: TxFingerprint
    """The transaction's timestamp."""
    key: KVSKey
    """The key."""
    datum: KVSDatum | None
    """The value; nothing releases the lock."""
