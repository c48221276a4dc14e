"""How many states there are at each distance from the start: a breadth-first search that judges nothing."""

import numpy as np

from models.model import World
from models.search.fingerprints import FingerprintSet
from models.search.tables import Tables
from models.search.vectorised import Expansion, Level, Steps, joined, shortened


class Levels:
    """The levels of a world, as far as somebody advances.

    Attributes:
        sizes: how many states there are at each distance whose states are all known.
    """

    def __init__(self, world: World, tables: Tables) -> None:
        self._tables = tables
        self._expansion = Expansion(tables)
        self._visited = FingerprintSet()
        self._level = self._start(world)
        self._position = 0
        self._reached: list[Level] = []
        self.sizes = [1]

    @property
    def states(self) -> int:
        """How many states were met, those of a level that is not complete among them."""
        return self._visited.size

    @property
    def done(self) -> bool:
        """Whether all states were met."""
        return not len(self._level.rows)

    def advance(self, states: int) -> None:
        """Take every step from so many more states, at most."""
        part = self._level.part(self._position, self._position + states)
        self._reached += [self._reach(part, steps) for steps in self._expansion.steps(part)]
        self._expansion.fresh.clear()
        self._position += states
        if self._position >= len(self._level.rows):
            self._level = joined(self._reached, len(self._tables.actors.configurations))
            self._reached, self._position = [], 0
            if not self.done:
                self.sizes.append(len(self._level.rows))

    def _start(self, world: World) -> Level:
        row = np.array([self._tables.actors.start(world.state)], dtype=np.int32)
        sums = np.ones(1, dtype=np.uint64)
        for column in range(row.shape[1]):
            sums += self._tables.hashes(column)[row[:, column]]
        self._visited.add(sums)
        return Level(shortened(row), sums, np.ones(1, dtype=np.bool_))

    def _reach(self, part: Level, steps: Steps) -> Level:
        """The states that some steps lead to, as far as they are new."""
        moved = np.flatnonzero(steps.changes & steps.possible & ~steps.refused)
        chosen = moved[self._visited.add(steps.sums[moved])]
        rows = self._expansion.reached(part.rows, steps, chosen)
        return Level(shortened(rows), steps.sums[chosen], np.ones(chosen.size, dtype=np.bool_))
