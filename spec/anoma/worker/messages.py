"""The messages between clients and the mempool worker."""

from typing import NewType

from attrs import frozen

from spec.anoma.keyvalue import TxFingerprint
from spec.anoma.label import LabelFault, TransactionCandidate

RequestNumber = NewType("RequestNumber", int)
"""An issuer's own number of a request: 1, 2, 3…"""


@frozen(cache_hash=True)
class TransactionRequest:
    """To the worker: order and execute this transaction."""

    number: RequestNumber
    """The issuer's number of it; with the issuer it tells requests apart."""
    candidate: TransactionCandidate
    """The transaction."""


@frozen
class TransactionAck:
    """To the issuer: the transaction has its place in the order."""

    number: RequestNumber
    """The issuer's number of the request."""
    fingerprint: TxFingerprint
    """The transaction's timestamp."""


@frozen
class TransactionRefused:
    """To the issuer: the transaction cannot be ordered."""

    number: RequestNumber
    """The issuer's number of the request."""
    reason: LabelFault
    """Why."""
