"""What a task is told at birth."""

from attrs import frozen

from spec.formalism.identity import EngineId
from spec.soma.certificate import Certificate
from spec.soma.channel import Place


@frozen(cache_hash=True)
class TaskConfiguration:
    """What a task is for, and whom it knows."""

    place: Place
    """The place that its certificate had in the channel."""
    certificate: Certificate
    """What it is to have executed."""
    driver: EngineId
    """Who has spawned it, and waits for its end."""
    authority: EngineId
    """Who executes."""
