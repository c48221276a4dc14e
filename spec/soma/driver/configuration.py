"""What the execution driver is told at birth."""

from attrs import frozen

from spec.formalism.identity import EngineId


@frozen
class DriverConfiguration:
    """What the driver knows of the world."""

    max_concurrent_executions: int
    """How many tasks may run at a time, 1 or more."""
    authority: EngineId
    """Who executes what its tasks ask for."""
