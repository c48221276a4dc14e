"""What an executor is told at birth, and how it is named."""

from attrs import frozen

from spec.anoma.keyvalue import TxFingerprint
from spec.anoma.placement import Placement
from spec.formalism.identity import EngineName


@frozen
class ExecutorConfiguration:
    """What an executor knows of the world; the transaction comes with its first message."""

    placement: Placement
    """Where the keys are."""


def executor_name(fingerprint: TxFingerprint) -> EngineName:
    """The name of the executor of one transaction; it is unique, as fingerprints are."""
    return EngineName(f"executor.{fingerprint}")
