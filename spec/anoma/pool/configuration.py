"""What a pool is told at birth."""

from attrs import frozen

from spec.anoma.placement import Placement


@frozen
class PoolConfiguration:
    """What a pool knows of the world."""

    size: int
    """How many executors may be at work at a time, 1 or more."""
    placement: Placement
    """Where the keys are."""
