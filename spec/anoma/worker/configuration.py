"""What a mempool worker is told at birth."""

from attrs import frozen

from spec.anoma.placement import Placement
from spec.formalism.identity import EngineId


@frozen
class WorkerConfiguration:
    """What a worker knows of the world."""

    placement: Placement
    """Where the keys are."""


@frozen
class PooledWorkerConfiguration(WorkerConfiguration):
    """What a worker knows that leaves executors to a pool."""

    pool: EngineId
    """The pool."""
