"""The steps of actors as arrays, filled as a search meets configurations, so that whole levels can be looked up."""

from typing import Any

import numpy as np
import numpy.typing as npt

from models.search.actors import NOTHING, Actors, Column, Deed
from spec.formalism.family import FamilyName

UNKNOWN = -1
"""What stands in a table where nobody has looked yet."""

Ints = npt.NDArray[np.int32]
"""Numbers of configurations, operations and the like."""

Hashes = npt.NDArray[np.uint64]
"""Random numbers whose sums stand for rows."""


class Growing:
    """An array that grows at its end, and keeps what it has."""

    def __init__(self, kind: type[Any], fill: int = 0) -> None:
        self._fill = fill
        self._array: npt.NDArray[Any] = np.full(16, fill, dtype=kind)
        self.size = 0

    def extend(self, values: list[Any] | npt.NDArray[Any]) -> None:
        """Put values at the end."""
        self.reserve(self.size + len(values))
        self._array[self.size - len(values) : self.size] = values

    def reserve(self, size: int) -> None:
        """Let there be at least so many values; new ones are what an empty place holds."""
        if size > self._array.size:
            grown = np.full(max(size, 2 * self._array.size), self._fill, dtype=self._array.dtype)
            grown[: self.size] = self._array[: self.size]
            self._array = grown
        self.size = max(self.size, size)

    def array(self) -> npt.NDArray[Any]:
        """What there is, as far as it goes."""
        return self._array[: self.size]


class ActorTable:
    """The moves of one actor, by configuration, one after the other.

    Attributes:
        first: of each configuration, where its moves begin; UNKNOWN before anybody looked.
        count: of each configuration, how many moves it has.
        after: of each move, the actor's configuration after it.
        changes: of each move, whether that is another one than before.
        delta: of each move, what it adds to the sum that stands for the row.
        deed: of each move, the number of what is done.
        posts: by column, of each move, what is done to that column.
    """

    def __init__(self) -> None:
        self.first = Growing(np.int32, UNKNOWN)
        self.count = Growing(np.int32)
        self.after = Growing(np.int32)
        self.changes = Growing(np.bool_)
        self.delta = Growing(np.uint64)
        self.deed = Growing(np.int32)
        self.posts: dict[Column, Growing] = {}


class Tables:
    """All tables of a search.

    Attributes:
        deeds: what the numbers of deeds stand for, in the order in which they were met.
    """

    def __init__(self, actors: Actors, seed: int = 0) -> None:
        self.actors = actors
        self.deeds: list[Deed] = []
        self._deed_numbers: dict[int, int] = {}
        self._random = np.random.Generator(np.random.PCG64(seed))
        self._hashes: list[Growing] = []
        self._moves: list[ActorTable] = []
        self._results: list[Ints] = []
        self._families: dict[Column, FamilyName | None] = {}

    def moves(self, column: Column, numbers: Ints) -> tuple[ActorTable, list[int]]:
        """The moves of an actor, known for all these configurations; and those that were new."""
        self._widen()
        table = self._moves[column]
        table.first.reserve(len(self.actors.configurations[column]) + 1)
        table.count.reserve(table.first.size)
        unknown = numbers[table.first.array()[numbers] == UNKNOWN]
        new: list[int] = [int(each) for each in np.unique(unknown)] if unknown.size else []
        for number in new:
            self._fill(column, number)
        return table, new

    def hashes(self, column: Column) -> Hashes:
        """The random number of each configuration of a column; 0 for NOTHING."""
        self._widen()
        grown, size = self._hashes[column], len(self.actors.configurations[column]) + 1
        if grown.size < size:
            more = max(size - grown.size, grown.size, 64)
            grown.extend(self._random.integers(1, 1 << 64, more, dtype=np.uint64))
            grown.array()[NOTHING] = 0
        return grown.array()

    def results(self, column: Column, numbers: Ints, operations: Ints) -> Ints:
        """What operations make of configurations of a column, place by place."""
        self._widen()
        table = self._room(column)
        found: Ints = table[numbers, operations]
        unknown = np.flatnonzero(found == UNKNOWN)
        if unknown.size:
            width = table.shape[1]
            keys = numbers[unknown].astype(np.int64) * width + operations[unknown]
            for key in np.unique(keys):
                number, operation = int(key) // width, int(key) % width
                table[number, operation] = self.actors.operate(column, number, operation)
            found = table[numbers, operations]
        return found

    def deed(self, deeds: Ints, place: int) -> Deed:
        """What one of some numbers of deeds stands for."""
        return self.deeds[int(deeds[place])]

    def deeds_of(self, column: Column, number: int) -> list[Deed]:
        """What an actor may do in a configuration whose moves are known."""
        table = self._moves[column]
        first, count = table.first.array()[number], table.count.array()[number]
        return [self.deeds[int(each)] for each in table.deed.array()[first : first + count]]

    def family(self, column: Column) -> FamilyName | None:
        """The family of the engine in a column; nothing if none was met there yet."""
        if self._families.get(column) is None:
            values = self.actors.configurations[column]
            parts = (self.actors.parts(column, number) for number in range(1, len(values)))
            engines = (self.actors.engines[engine] for engine, _ in parts if engine != NOTHING)
            family = next((FamilyName(engine.family) for engine in engines), None)
            self._families[column] = family
        return self._families[column]

    def _room(self, column: Column) -> Ints:
        """The table of the results in a column, with room for all that there is by now."""
        table = self._results[column]
        rows = len(self.actors.configurations[column]) + 1
        width = len(self.actors.operations[column]) + 1
        if rows > table.shape[0] or width > table.shape[1]:
            shape = tuple(
                old if old >= new else max(new, 2 * old)
                for new, old in zip((rows, width), table.shape, strict=True)
            )
            grown = np.full(shape, UNKNOWN, dtype=np.int32)
            grown[: table.shape[0], : table.shape[1]] = table
            self._results[column] = table = grown
        return table

    def _widen(self) -> None:
        while len(self._moves) < len(self.actors.configurations):
            self._hashes.append(Growing(np.uint64))
            self._moves.append(ActorTable())
            self._results.append(np.full((16, 16), UNKNOWN, dtype=np.int32))

    def _fill(self, column: Column, number: int) -> None:
        table = self._moves[column]
        moves = list(self.actors.moves(column, number))
        start = table.after.size
        after = [move.after for move in moves]
        hashes = self.hashes(column)
        table.first.array()[number] = start
        table.count.array()[number] = len(moves)
        table.after.extend(after)
        table.changes.extend([each != number for each in after])
        table.delta.extend(hashes[np.array(after, dtype=np.int32)] - hashes[number])
        table.deed.extend([self._deed_number(move.deed) for move in moves])
        for place, move in enumerate(moves, start=start):
            for target, operation in move.deed.posts:
                posts = table.posts.setdefault(target, Growing(np.int32))
                posts.reserve(place + 1)
                posts.array()[place] = operation
        for posts in table.posts.values():
            posts.reserve(table.after.size)

    def _deed_number(self, deed: Deed) -> int:
        if id(deed) not in self._deed_numbers:
            self._deed_numbers[id(deed)] = len(self.deeds)
            self.deeds.append(deed)
        return self._deed_numbers[id(deed)]
