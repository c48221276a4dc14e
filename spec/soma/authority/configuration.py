"""What AuthorityState is told at birth."""

from attrs import frozen

from spec.formalism.identity import EngineId


@frozen
class AuthorityConfiguration:
    """What AuthorityState knows of the world."""

    manager: EngineId
    """Who hears of executions and of epochs."""
