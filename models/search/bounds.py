"""The bounds of a search, and why one ends before it has seen everything."""

from enum import Enum

from attrs import frozen

DEFAULT_STATES = 1_000_000
"""How many states a search visits if nothing else is said."""


class Stop(Enum):
    """Why a search ended early."""

    VIOLATION = "stopped at the first violation"
    """A property is broken: the search was not to go on."""
    STATES = "max_states reached"
    """There are more states than the search may visit."""
    SECONDS = "max_seconds reached"
    """The search has run for as long as it may."""
    INTERRUPTED = "interrupted"
    """Somebody has stopped it from the keyboard."""


@frozen
class Bounds:
    """How far a search may go; what it finds depends on time only if time is bounded."""

    max_states: int = DEFAULT_STATES
    """How many distinct states it may visit."""
    max_seconds: float | None = None
    """How many seconds it may run; as many as it takes if nothing."""
