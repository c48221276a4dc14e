"""What states say of each of those that are interchangeable, as numbers: the colours of the points of a state.

Choices:
- A point's colour depends on what is said of it, and on no name: whoever changes places takes the colour along.
- Points of different colours cannot become each other. Points of one colour mostly can, but need not: that is
  looked at by those who use colours, so that a colour too few, or an unlucky 64-bit number, costs time alone.
"""

from collections.abc import Iterable

import numpy as np
import numpy.typing as npt

from models.search.actors import Actors, Column
from models.search.fingerprints import Places
from models.search.lookup import Ints
from models.search.symmetry.group import Group, Point
from models.search.symmetry.views import About, Words, mentioned, owners, view, words_for
from models.search.values import NOTHING
from models.search.vectorised import Rows

Colours = npt.NDArray[np.uint64]
"""Of each state, and each point, what the state says of it."""

_FACTORS = (np.uint64(0xBF58476D1CE4E5B9), np.uint64(0x94D049BB133111EB))
_SHIFTS = (np.uint64(30), np.uint64(27), np.uint64(31))
_CHOSEN = np.uint64(0x9E3779B97F4A7C15)
"""What tells the colour of a point that was singled out from that of the others."""


class Painter:
    """Gives points their colours; what a configuration says is worked out once."""

    def __init__(self, actors: Actors, group: Group) -> None:
        self._actors = actors
        self._group = group
        self._points = len(group.members)
        self._memories = [f"memory {monitor}" for monitor, _ in enumerate(actors.monitors)]
        self._told: dict[tuple[str, int, int], Colours] = {}
        self._owners = owners(group)
        self._mentioned: dict[tuple[str, int], frozenset[Point]] = {}
        self._words: dict[About, Words] = {}
        self._views: dict[tuple[str, int, About], int] = {}
        self._single: dict[Column, Colours] = {}
        self._double: dict[Column, Colours] = {}
        self._ready: dict[tuple[Column, int], npt.NDArray[np.bool_]] = {}

    def colours(self, rows: Rows, columns: Iterable[Column]) -> Colours:
        """What some columns of states say of each point."""
        result = np.zeros((len(rows), self._points), dtype=np.uint64)
        result += np.array(self._group.kinds, dtype=np.uint64)
        for column in columns:
            result += self._table(self._single, column, rows[:, column], 1)[rows[:, column]]
        return mixed(result)

    def refined(self, rows: Rows, columns: Iterable[Column], before: Colours) -> Colours:
        """The colours in view of what columns say of each pair of points, and of the other's colour."""
        said = np.zeros((len(rows), self._points, self._points), dtype=np.uint64)
        for column in columns:
            said += self._table(self._double, column, rows[:, column], 2)[rows[:, column]]
        heard = mixed(said ^ mixed(before)[:, np.newaxis, :])
        heard[:, np.arange(self._points), np.arange(self._points)] = 0
        return mixed(before + heard.sum(axis=2, dtype=np.uint64))

    def _table(
        self, tables: dict[Column, Colours], column: Column, numbers: Ints, how_many: int
    ) -> Colours:
        """What configurations of a column say of points, or of pairs of them."""
        size = len(self._actors.configurations[column])
        shape = (self._points,) * how_many
        table = tables.get(column)
        ready = self._ready.get((column, how_many))
        if table is None or ready is None or len(table) < size:
            grown = np.zeros((2 * size, *shape), dtype=np.uint64)
            known = np.zeros(2 * size, dtype=np.bool_)
            if table is not None and ready is not None:
                grown[: len(table)], known[: len(ready)] = table, ready
            table, ready = tables[column], self._ready[column, how_many] = grown, known
            ready[NOTHING] = True
        new = np.unique(numbers[~ready[numbers]])
        if new.size:
            table[new] = self._said(column, new.tolist(), shape)
            ready[new] = True
        return table

    def _said(self, column: Column, numbers: list[int], shape: tuple[int, ...]) -> Colours:
        """What some configurations of a column say of all points, or of all pairs of them."""
        parts = [self._parts(column, number) for number in numbers]
        said = np.zeros((len(numbers), *shape), dtype=np.uint64)
        for each in zip(*parts, strict=True):
            heard = [self._part(kind, key, value, shape) for kind, key, value in each]
            said = mixed(said ^ np.stack(heard))
        return said

    def _part(self, kind: str, key: int, value: object, shape: tuple[int, ...]) -> Colours:
        """What a part of configurations says of all points, or of all pairs of them."""
        known = (kind, key, len(shape))
        if known not in self._told:
            told = self._told[known] = np.zeros(shape, dtype=np.uint64)
            for about in np.ndindex(shape):
                if len(set(about)) == len(about):
                    told[about] = self._view(kind, key, value, about)
        return self._told[known]

    def _parts(self, column: Column, number: int) -> tuple[tuple[str, int, object], ...]:
        """The name of a column and what a configuration consists of, each with what it is known by."""
        name = ("column", column, self._actors.names[column])
        if column == self._actors.faults_column:
            return (name, ("faults", number, self._actors.configurations[column][number]))
        if column == self._actors.memory_column:
            return (
                name,
                *(
                    (self._memories[monitor], memory, self._actors.memory(monitor, memory))
                    for monitor, memory in enumerate(self._actors.memories(number))
                ),
            )
        engine, inbox = self._actors.parts(column, number)
        here = None if engine == NOTHING else self._actors.engines[engine]
        boxes = self._actors.inboxes.boxes(inbox)
        return (name, ("engine", engine, here), ("inbox", inbox, boxes))

    def _view(self, kind: str, key: int, value: object, points: tuple[Point, ...]) -> int:
        """What a part says of points; who is not mentioned in it does not matter."""
        if (kind, key) not in self._mentioned:
            self._mentioned[kind, key] = mentioned(value, self._owners)
        named = self._mentioned[kind, key]
        about = tuple(each if each in named else None for each in points)
        known = (kind, key, about)
        if known not in self._views:
            if about not in self._words:
                self._words[about] = words_for(self._group, about)
            self._views[known] = view(value, self._words[about])
        return self._views[known]


def singled_out(colours: Colours, points: Places) -> Colours:
    """The colours once a point of each state is singled out; those of others change too.

    Otherwise whoever is singled out next among the same ones would have the colour of the first.
    """
    result = mixed(colours)
    here = np.arange(len(colours))
    result[here, points] = mixed(result[here, points] ^ _CHOSEN)
    return result


def mixed(numbers: Colours) -> Colours:
    """Numbers that have nothing to do with each other any more, the same for the same ones."""
    for factor, shift in zip((*_FACTORS, np.uint64(1)), _SHIFTS, strict=True):
        numbers = (numbers ^ (numbers >> shift)) * factor
    return numbers
