"""What a shard is told at birth."""

from attrs import frozen

from spec.formalism.identity import EngineId


@frozen
class ShardConfiguration:
    """What a shard knows of the world."""

    workers: tuple[EngineId, ...]
    """The workers whose marks it waits for, at least one."""
