"""The messages that AuthorityState takes and sends."""

from attrs import frozen

from spec.formalism.identity import EngineId
from spec.soma.certificate import Certificate, Commit, TransactionDigest
from spec.soma.epoch import EpochId
from spec.soma.execution import Effects, ExecutionError
from spec.soma.object import ObjectKey


@frozen
class LoadEpochStore:
    """From a task: which epoch is it?"""


@frozen
class EpochStore:
    """To a task: what it has loaded."""

    epoch: EpochId
    """The epoch that was current then."""


@frozen(cache_hash=True)
class TryExecute:
    """From a task, or from who executes beside the driver: execute this certificate."""

    certificate: Certificate
    """The certificate."""
    commit: Commit | None
    """The consensus commit that it came with, if it came with one."""
    epoch: EpochId
    """The epoch that the sender has loaded."""


@frozen
class Executed:
    """To who asked for it: the certificate is executed, now or before."""

    effects: Effects
    """What its one execution has done."""


@frozen
class ExecutionFailed:
    """To who asked for it: the certificate was not executed."""

    digest: TransactionDigest
    """The digest of the transaction."""
    error: ExecutionError
    """Why not."""


@frozen
class Finish:
    """From AuthorityState to itself: finish what was begun."""

    digest: TransactionDigest
    """The digest of the transaction."""
    requester: EngineId
    """Who had asked for it."""


@frozen
class Abandon:
    """From a task that has crashed: nobody waits for its certificate any more."""

    digest: TransactionDigest
    """The digest of the transaction."""


@frozen
class Reconfigure:
    """From consensus: this epoch is to begin."""

    epoch: EpochId
    """The epoch."""


@frozen
class Committed:
    """To the manager: a transaction was executed."""

    digest: TransactionDigest
    """The digest of the transaction."""
    versions: frozenset[ObjectKey]
    """The versions that there are now."""


@frozen
class Failed:
    """To the manager: an attempt to execute a transaction has come to nothing."""

    digest: TransactionDigest
    """The digest of the transaction."""
    requester: EngineId
    """Whose attempt it was."""


@frozen(cache_hash=True)
class Reconfigured:
    """To the manager: an epoch has begun."""

    epoch: EpochId
    """The epoch."""
    executed: frozenset[TransactionDigest]
    """All transactions that have been executed."""
    versions: frozenset[ObjectKey]
    """All versions that there are."""
