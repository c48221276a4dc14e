"""Transaction labels and candidates: what a transaction may touch, and what it does."""

from enum import Enum

from attrs import frozen

from spec.anoma.keyvalue import KVSKey
from spec.anoma.runnable import AnyRunnable

NO_KEYS: frozenset[KVSKey] = frozenset()
"""An empty set of keys."""


@frozen
class TransactionLabel:
    """The keys that a transaction may touch, in four sets; it touches no others."""

    eager_reads: frozenset[KVSKey] = NO_KEYS
    """Will be read: their values are sent as soon as they are known."""
    lazy_reads: frozenset[KVSKey] = NO_KEYS
    """May be read: their values are sent on request. Disjoint from the eager reads."""
    will_writes: frozenset[KVSKey] = NO_KEYS
    """Will be written."""
    may_writes: frozenset[KVSKey] = NO_KEYS
    """May be written. Disjoint from the will writes."""


class LabelFault(Enum):
    """Why a label is malformed."""

    READS_OVERLAP = "a key stands both in the eager and in the lazy reads"
    WRITES_OVERLAP = "a key stands both in the will and in the may writes"


def fault_of(label: TransactionLabel) -> LabelFault | None:
    """What is wrong with a label; nothing if it is well formed."""
    if label.eager_reads & label.lazy_reads:
        return LabelFault.READS_OVERLAP
    if label.will_writes & label.may_writes:
        return LabelFault.WRITES_OVERLAP
    return None


def readable(label: TransactionLabel) -> frozenset[KVSKey]:
    """The keys that the transaction may read."""
    return label.eager_reads | label.lazy_reads


def writable(label: TransactionLabel) -> frozenset[KVSKey]:
    """The keys that the transaction may write."""
    return label.will_writes | label.may_writes


def touched(label: TransactionLabel) -> frozenset[KVSKey]:
    """All keys of the label."""
    return readable(label) | writable(label)


def restricted(label: TransactionLabel, keys: frozenset[KVSKey]) -> TransactionLabel:
    """The part of a label that is about these keys."""
    return TransactionLabel(
        label.eager_reads & keys,
        label.lazy_reads & keys,
        label.will_writes & keys,
        label.may_writes & keys,
    )


@frozen(cache_hash=True)
class TransactionCandidate:
    """A transaction before it has a timestamp."""

    label: TransactionLabel
    """What it may touch."""
    executable: AnyRunnable
    """Its program."""
