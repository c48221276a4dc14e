"""The messages that the transaction manager takes, and those that it sends to sources."""

from enum import Enum

from attrs import frozen

from spec.soma.certificate import Certificate, TransactionDigest
from spec.soma.epoch import EpochId


@frozen(cache_hash=True)
class Enqueue:
    """From a source of certificates: have this one executed."""

    certificate: Certificate
    """The certificate."""


@frozen
class Close:
    """From the operator: close the channel."""


class Reason(Enum):
    """Why a certificate does not go to the driver."""

    EXECUTED = "executed"
    """The transaction is executed already."""
    ENQUEUED = "enqueued"
    """The certificate is in hand already: it waits, or is parked, or was sent to the driver."""
    PAST_EPOCH = "past-epoch"
    """Its epoch is over."""
    EPOCH_ENDED = "epoch-ended"
    """Its epoch has ended while it was in hand."""
    CLOSED = "closed"
    """The channel is closed."""
    READY_AFTER_CLOSE = "ready-after-close"
    """It became ready when the channel was closed."""


@frozen
class CertificateRefused:
    """To the source: the certificate will not be executed on account of this enqueue."""

    digest: TransactionDigest
    """The digest of the transaction."""
    epoch: EpochId
    """The epoch of the certificate."""
    reason: Reason
    """Why."""
