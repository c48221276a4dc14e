"""What a client remembers."""

from attrs import frozen
from pyrsistent import PMap, pmap

from spec.anoma.executor.messages import ExecutionSummary
from spec.anoma.keyvalue import TxFingerprint
from spec.anoma.label import LabelFault
from spec.anoma.worker.messages import RequestNumber, TransactionRequest
from spec.formalism.environment import Environment


@frozen
class ClientState:
    """The local state of a client."""

    unsent: tuple[TransactionRequest, ...] = ()
    """The requests that it will send, one after each answer."""
    answers: PMap[RequestNumber, TxFingerprint | LabelFault] = pmap()
    """What each request led to: a place in the order, or a refusal."""
    summaries: PMap[TxFingerprint, ExecutionSummary] = pmap()
    """The summary of every transaction of its own that is over."""


ClientEnv = Environment[ClientState]
"""The environment of a client."""
