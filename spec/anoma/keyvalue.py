"""Keys, data, timestamps, and what a read has seen: the words all Anoma engines share."""

from typing import NewType

from attrs import frozen

KVSKey = NewType("KVSKey", str)
"""A key of the key-value store."""

KVSDatum = NewType("KVSDatum", int)
"""A value of the key-value store; deleting is writing the empty value, 0."""

TxFingerprint = NewType("TxFingerprint", int)
"""A transaction's timestamp: 1, 2, 3… in the order in which requests reach the worker."""

GENESIS = TxFingerprint(0)
"""The timestamp of the values that every key has before the first transaction."""


@frozen
class Observation:
    """What a read saw: a value and the timestamp of the write that left it."""

    datum: KVSDatum
    """The value read."""
    version: TxFingerprint
    """The fingerprint of the transaction that wrote it, or GENESIS."""
