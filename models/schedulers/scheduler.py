"""What a scheduler is: an oracle that chooses among what may happen next."""

from typing import Protocol


class Scheduler(Protocol):
    """Chooses what happens next in one run."""

    def choose(self, number_enabled: int, step: int) -> int:
        """The index of one of so many enabled events, 1 or more, at this step; steps count from 0."""
        ...
