"""How far a search is: what it tells whoever listens, and when."""

import time
from collections.abc import Callable

from attrs import frozen

from models.search.bounds import Bounds, Stop


@frozen
class Progress:
    """How far a search is."""

    states: int
    """The distinct states so far."""
    transitions: int
    """The transitions so far."""
    depth: int
    """How far the search is from the start, in steps; of random walks, the length of the longest."""
    seconds: float
    """How long it has been running."""
    walks: int | None = None
    """How many random walks are done; nothing where the search is exhaustive."""
    waiting: int | None = None
    """How many states were met from which no step was taken yet; nothing where that is not known."""


Listener = Callable[[Progress], None]
"""Whoever is told how far a search is."""

EVERY = 256
"""How many states pass between two looks at the clock."""


def nobody(progress: Progress) -> None:
    """Be the listener that does not care."""


class Clock:
    """Looks at the time now and then, tells the listener, and says when time is up."""

    def __init__(self, bounds: Bounds, listener: Listener) -> None:
        self._bounds = bounds
        self._listener = listener
        self._start = time.monotonic()
        self._ticks = 0

    def seconds(self) -> float:
        """How long the search has been running."""
        return time.monotonic() - self._start

    def tick(
        self, states: int, transitions: int, depth: int, walks: int | None = None
    ) -> Stop | None:
        """One more state or step is done; the answer says whether the search is to end now."""
        self._ticks += 1
        if self._ticks % EVERY:
            return None
        seconds = self.seconds()
        self._listener(Progress(states, transitions, depth, seconds, walks))
        limit = self._bounds.max_seconds
        return Stop.SECONDS if limit is not None and seconds >= limit else None
