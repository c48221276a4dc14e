"""The steps of actors as arrays, filled as a search meets configurations, so that whole levels can be looked up."""

from typing import Any

import numpy as np
import numpy.typing as npt

from models.search.actors import Actors, Column, Deed, Move
from models.search.lookup import UNKNOWN, Ints, Lookup, distinct_pairs
from models.search.values import NOTHING
from spec.formalism.family import FamilyName

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
    """All tables of a search."""

    def __init__(self, actors: Actors, seed: int = 0) -> None:
        self.actors = actors
        self._random = np.random.Generator(np.random.PCG64(seed))
        self._hashes: list[Growing] = []
        self._moves: list[ActorTable] = []
        self._results: list[Lookup] = []
        self._families: dict[Column, FamilyName | None] = {}

    def moves(self, column: Column, numbers: Ints) -> tuple[ActorTable, list[int]]:
        """The moves of an actor, known for all these configurations; and those that were new."""
        self._widen()
        table = self._moves[column]
        table.first.reserve(len(self.actors.configurations[column]) + 1)
        table.count.reserve(table.first.size)
        unknown = numbers[table.first.array()[numbers] == UNKNOWN]
        new: list[int] = [int(each) for each in np.unique(unknown)] if unknown.size else []
        if new:
            self._fill(column, new)
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
        values, operation_values = self.actors.configurations, self.actors.operations
        known = self._results[column]
        known.reserve(len(values[column]) + 1, len(operation_values[column]) + 1)
        found = known.get(numbers, operations)
        unknown = np.flatnonzero(found == UNKNOWN)
        if unknown.size:
            wanted = distinct_pairs(numbers[unknown], operations[unknown])
            pairs = zip(*(each.tolist() for each in wanted), strict=True)
            results = [self.actors.operate(column, *pair) for pair in pairs]
            known.put(*wanted, np.array(results, dtype=np.int32))
            found = known.get(numbers, operations)
        return found

    def deed(self, deeds: Ints, place: int) -> Deed:
        """What one of some numbers of deeds stands for."""
        return self.actors.deeds[int(deeds[place])]

    def deeds_of(self, column: Column, number: int) -> list[Deed]:
        """What an actor may do in a configuration whose moves are known."""
        table = self._moves[column]
        first, count = table.first.array()[number], table.count.array()[number]
        return [self.actors.deeds[int(each)] for each in table.deed.array()[first : first + count]]

    def family(self, column: Column) -> FamilyName | None:
        """The family of the engine in a column; nothing if none was met there yet."""
        if self._families.get(column) is None:
            values = self.actors.configurations[column]
            parts = (self.actors.parts(column, number) for number in range(1, len(values)))
            engines = (self.actors.engines[engine] for engine, _ in parts if engine != NOTHING)
            family = next((FamilyName(engine.family) for engine in engines), None)
            self._families[column] = family
        return self._families[column]

    def _widen(self) -> None:
        while len(self._moves) < len(self.actors.configurations):
            self._hashes.append(Growing(np.uint64))
            self._moves.append(ActorTable())
            self._results.append(Lookup())

    def _fill(self, column: Column, numbers: list[int]) -> None:
        """Learn the moves of an actor in some configurations."""
        table = self._moves[column]
        moves = [list(self.actors.moves(column, number)) for number in numbers]
        everything = [move for each in moves for move in each]
        counts = np.array([len(each) for each in moves], dtype=np.int32)
        start = table.after.size
        befores = np.repeat(np.array(numbers, dtype=np.int32), counts)
        afters = np.array([move.after for move in everything], dtype=np.int32)
        hashes = self.hashes(column)
        table.first.array()[numbers] = start + np.cumsum(counts) - counts
        table.count.array()[numbers] = counts
        table.after.extend(afters)
        table.changes.extend(afters != befores)
        table.delta.extend(hashes[afters] - hashes[befores])
        table.deed.extend([move.deed.serial for move in everything])
        self._fill_posts(table, everything, start)

    def _fill_posts(self, table: ActorTable, moves: list[Move], start: int) -> None:
        """Note what moves do to other columns; they stand in the table from this place on."""
        done: dict[Column, tuple[list[int], list[int]]] = {}
        for place, move in enumerate(moves, start=start):
            for target, operation in move.deed.posts:
                places, operations = done.setdefault(target, ([], []))
                places.append(place)
                operations.append(operation)
        for target in {**table.posts, **done}:
            posts = table.posts.setdefault(target, Growing(np.int32))
            posts.reserve(table.after.size)
            places, operations = done.get(target, ([], []))
            posts.array()[places] = operations
