"""Several runs of one task as one set of figures: medians."""

from collections.abc import Sequence
from statistics import median

from attrs import frozen

from models.bench.task import Run

ENOUGH = 10_000
"""From how many states on the memory of the process says something about that of a state."""

_INSTANT = 1e-6
"""The least number of seconds that a run is taken to last."""


@frozen
class Figures:
    """What a tool has done, and what it typically took."""

    states: int
    """How many distinct states it has visited."""
    transitions: int | None
    """How many transitions there are, or, of walks, were taken; those that change nothing do not count."""
    steps: int | None
    """The same, those that change nothing among them."""
    complete: bool
    """Whether it has seen all there is."""
    seconds: float
    """The median of the seconds of the processor that it took."""
    bytes: int
    """The median of what the process took at most, beyond what it takes with everything imported."""

    @property
    def states_per_second(self) -> float:
        """How many states it visits in a second of the processor."""
        return self.states / self.seconds

    @property
    def transitions_per_second(self) -> float | None:
        """How many transitions it finds or takes in a second of the processor."""
        return None if self.transitions is None else self.transitions / self.seconds

    @property
    def steps_per_second(self) -> float | None:
        """How many steps it finds or takes in a second of the processor."""
        return None if self.steps is None else self.steps / self.seconds

    @property
    def bytes_per_state(self) -> float | None:
        """How much memory a state takes, with all that is kept beside the states; nothing where there are few."""
        return self.bytes / self.states if self.states >= ENOUGH else None


def figures_of(runs: Sequence[Run]) -> Figures:
    """The figures of some runs of one task.

    Raises:
        ValueError: the runs have not done the same.
    """
    first, *others = runs
    if any(counts(each) != counts(first) for each in others):
        raise ValueError(f"runs of one task differ: {sorted({*map(counts, runs)})}")
    steps = None if first.transitions is None else first.transitions + first.stutters
    return Figures(
        first.states,
        first.transitions,
        steps,
        first.complete,
        max(median(each.seconds for each in runs), _INSTANT),
        int(median(each.bytes for each in runs)),
    )


def counts(run: Run) -> tuple[int, int, int, bool]:
    """What a run has counted."""
    return run.states, run.transitions or 0, run.stutters, run.complete
