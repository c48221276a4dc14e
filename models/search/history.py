"""The levels of a search, and how each of their states was reached."""

import numpy as np
import numpy.typing as npt

from models.search.fingerprints import Places
from models.search.tables import Tables
from models.search.vectorised import Expansion, Level, Rows, widened
from spec.formalism.event import Event


class History:
    """All states that a search has visited, level by level, with the parent of each."""

    def __init__(self, tables: Tables) -> None:
        self._tables = tables
        self._levels: list[Rows] = []
        self._parents: list[npt.NDArray[np.int32]] = []

    def __len__(self) -> int:
        """How many levels there are."""
        return len(self._levels)

    def bytes(self) -> int:
        """How much memory the levels take."""
        return sum(each.nbytes for each in (*self._levels, *self._parents))

    def add(self, rows: Rows, parents: Places) -> None:
        """Keep one more level; parents are places in the level before."""
        self._levels.append(rows)
        self._parents.append(parents.astype(np.int32))

    def path(self, level: int, place: int) -> tuple[Event, ...]:
        """The events of the run by which a state was reached."""
        events: list[Event] = []
        while level > 0:
            parent = int(self._parents[level][place])
            events.append(self._event(self._row(level - 1, parent), self._row(level, place)))
            level, place = level - 1, parent
        return tuple(reversed(events))

    def _row(self, level: int, place: int) -> Rows:
        return self._levels[level][place : place + 1].astype(np.int32)

    def _event(self, before: Rows, after: Rows) -> Event:
        """The first event that leads from one state to another one."""
        expansion = Expansion(self._tables)
        alone = Level(before, np.zeros(1, dtype=np.uint64), np.ones(1, dtype=np.bool_))
        for steps in expansion.steps(alone):
            possible = np.flatnonzero(steps.possible & ~steps.refused)
            reached = expansion.reached(before, steps, possible)
            columns = max(reached.shape[1], after.shape[1])
            same = (widened(reached, columns) == widened(after, columns)).all(axis=1)
            if same.any():
                return self._tables.deed(steps.deeds, int(possible[int(np.argmax(same))])).event
        raise LookupError("no event leads from a state to its child")
