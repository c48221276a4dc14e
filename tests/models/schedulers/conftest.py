"""What schedulers choose from, without a world behind it."""

from collections.abc import Mapping, Sequence

import pytest
from attrs import frozen

from models.schedulers.scheduler import Scheduler


@frozen
class Some:
    """So many events."""

    count: int

    def events(self) -> Sequence[int]:
        return range(self.count)


@frozen
class These:
    """These events."""

    numbers: tuple[int, ...]

    @property
    def count(self) -> int:
        return len(self.numbers)

    def events(self) -> Sequence[int]:
        return self.numbers


class Forests:
    """Events that make others possible: each once, by one other, or from the start."""

    @staticmethod
    def some(count: int) -> Some:
        return Some(count)

    @staticmethod
    def run(
        forest: Mapping[int, tuple[int, ...]], scheduler: Scheduler
    ) -> list[tuple[int, frozenset[int]]]:
        """The events in the order in which a scheduler takes them, each with all that was possible.

        What is possible at the start is what stands under -1.
        """
        possible, taken = sorted(forest[-1]), list[tuple[int, frozenset[int]]]()
        while possible:
            event = possible[scheduler.choose(These(tuple(possible)), len(taken))]
            taken.append((event, frozenset(possible)))
            possible = sorted({*possible, *forest.get(event, ())} - {event})
        return taken


@pytest.fixture
def forests() -> type[Forests]:
    """Forests of events."""
    return Forests
