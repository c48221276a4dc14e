"""What the transaction manager is told at birth."""

from attrs import frozen

from spec.formalism.identity import EngineId


@frozen
class ManagerConfiguration:
    """What the manager knows of the world."""

    driver: EngineId
    """Who is at the other end of the channel."""
