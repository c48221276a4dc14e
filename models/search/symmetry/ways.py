"""How representatives were reached: runs of the system, told back from what links representatives."""

import numpy as np
import numpy.typing as npt

from models.search.fingerprints import Places
from models.search.lookup import Ints
from models.search.symmetry.canonical import Canonical
from models.search.symmetry.group import Arrangement, Group
from models.search.symmetry.orbits import sums_of
from models.search.tables import Tables
from models.search.vectorised import Expansion, Level, Rows, widened
from spec.formalism.event import Event


class Ways:
    """All representatives that a search has visited, level by level, with the parent of each.

    A step leads from a representative to a state, and an exchange to the representative of that. The start
    stays what it is after every exchange: so a run may be renamed as a whole, and begins there still.
    """

    def __init__(self, tables: Tables, group: Group, canonical: Canonical) -> None:
        self._tables = tables
        self._group = group
        self._canonical = canonical
        self._levels: list[Rows] = []
        self._parents: list[npt.NDArray[np.int32]] = []

    def __len__(self) -> int:
        """How many levels there are."""
        return len(self._levels)

    def add(self, rows: Rows, parents: Places) -> None:
        """Keep one more level; parents are places in the level before."""
        self._levels.append(rows)
        self._parents.append(parents.astype(np.int32))

    def path(self, level: int, place: int, arrangement: Arrangement) -> tuple[Event, ...]:
        """The events of a run that ends in what an arrangement makes of a representative."""
        renamings = [self._group.renaming(arrangement)]
        events: list[Event] = []
        while level > 0:
            parent = int(self._parents[level][place])
            event, way = self._step(self._row(level - 1, parent), self._row(level, place))
            renamings.insert(0, self._group.renaming(way))
            for renaming in renamings:
                event = renaming(event)
            events.append(event)
            level, place = level - 1, parent
        return tuple(reversed(events))

    def _row(self, level: int, place: int) -> Rows:
        return self._levels[level][place : place + 1].astype(np.int32)

    def _step(self, before: Rows, after: Rows) -> tuple[Event, Arrangement]:
        """The first event that leads to a state with this representative, and the way from there."""
        expansion = Expansion(self._tables)
        sums = sums_of(self._tables, before, list(range(before.shape[1])))
        alone = Level(before, sums, np.ones(1, dtype=np.bool_))
        deeds: list[Ints] = []
        reached: list[Rows] = []
        for steps in expansion.steps(alone):
            possible = np.flatnonzero(steps.possible & ~steps.refused)
            deeds.append(steps.deeds[possible])
            reached.append(expansion.reached(before, steps, possible))
        columns = len(self._tables.actors.configurations)
        rows = np.concatenate([widened(each, columns) for each in reached])
        for representatives in (self._canonical.states, self._canonical.pairs):
            settled = representatives(rows)
            same = (settled.rows == widened(after, settled.rows.shape[1])).all(axis=1)
            if same.any():
                first = int(np.argmax(same))
                deed = self._tables.deed(np.concatenate(deeds), first)
                return deed.event, tuple(settled.arrangements[first].tolist())
        raise LookupError("no event leads from a representative to its child")
