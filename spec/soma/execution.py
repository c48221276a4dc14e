"""What the execution of a certificate comes to: its effects, or why there are none."""

from enum import Enum

from attrs import frozen
from pyrsistent import pmap

from spec.anoma.keyvalue import KVSDatum, KVSKey, Observation, TxFingerprint
from spec.anoma.label import TransactionCandidate, TransactionLabel
from spec.anoma.runnable import Failure
from spec.anoma.sequential import executed
from spec.soma.certificate import Certificate, TransactionDigest, versions_written
from spec.soma.epoch import EpochId
from spec.soma.object import Objects

EMPTY = KVSDatum(0)
"""What a new object holds into which its program has written nothing."""


class ExecutionError(Enum):
    """Why a certificate was not executed."""

    WRONG_EPOCH = "wrong-epoch"
    """The epoch of the certificate, the epoch loaded and the current epoch are not the same."""
    MISSING_INPUT = "missing-input"
    """Some input does not exist."""
    VERSION_CONFLICT = "version-conflict"
    """Somebody else has made a version that it was to make."""


@frozen(cache_hash=True)
class Effects:
    """What the one execution of a transaction has done."""

    digest: TransactionDigest
    """The digest of the transaction."""
    epoch: EpochId
    """The epoch in which it was executed."""
    failure: Failure | None
    """Why its program failed; nothing if it succeeded."""
    read: Objects
    """Its inputs."""
    written: Objects
    """The versions that it has made."""


def effects_of(certificate: Certificate, inputs: Objects) -> Effects:
    """What a certificate does with its inputs.

    Its program runs as a transaction of Anoma does on a store that nobody else touches: inputs are
    the keys that it may read, outputs those that it may write, versions stand for timestamps. An
    output that it does not write keeps what it held.
    """
    store = pmap(
        {
            KVSKey(key.object): Observation(inputs[key], TxFingerprint(key.version))
            for key in sorted(inputs)
        }
    )
    label = TransactionLabel(
        eager_reads=frozenset(store),
        may_writes=frozenset(KVSKey(each) for each in certificate.outputs),
    )
    summary = executed(TransactionCandidate(label, certificate.executable), store)
    held = {key: store[key].datum for key in store} | dict(summary.values_written)
    written = versions_written(certificate, failed=summary.failure is not None)
    return Effects(
        certificate.digest,
        certificate.epoch,
        summary.failure,
        inputs,
        pmap({key: held.get(KVSKey(key.object), EMPTY) for key in written}),
    )
