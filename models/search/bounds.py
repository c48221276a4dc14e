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
    DEPTH = "max_depth reached"
    """There are states farther from the start than the search may go."""
    SECONDS = "max_seconds reached"
    """The search has run for as long as it may."""
    MEMORY = "max_memory reached"
    """The process takes as much memory as it may."""
    INTERRUPTED = "interrupted"
    """Somebody has stopped it from the keyboard."""


@frozen
class Bounds:
    """How far a search may go; what it finds depends on time only if time is bounded."""

    max_states: int = DEFAULT_STATES
    """How many distinct states it may visit."""
    max_seconds: float | None = None
    """How many seconds it may run; as many as it takes if nothing."""
    max_depth: int | None = None
    """How many steps from the start it may go; as far as there are states if nothing."""
    max_memory: int | None = None
    """How many bytes the process may take; if nothing, three quarters of what is free at first."""
