"""What a client is told at birth."""

from attrs import frozen

from spec.formalism.identity import EngineId


@frozen
class ClientConfiguration:
    """What a client knows of the world."""

    worker: EngineId
    """Whom it asks."""
