"""What a scheduler is: an oracle that chooses among what may happen next."""

from collections.abc import Sequence
from typing import Protocol


class Possible(Protocol):
    """What may happen next."""

    @property
    def count(self) -> int:
        """How many things may, 1 or more."""
        ...

    def events(self) -> Sequence[int]:
        """The numbers of the events, in the order of `enabled`; equal events have equal numbers."""
        ...


class Scheduler(Protocol):
    """Chooses what happens next in one run."""

    def choose(self, possible: Possible, step: int) -> int:
        """The place of one of the events that are possible at this step; steps count from 0."""
        ...
