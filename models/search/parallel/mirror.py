"""The tables of a search as one of its helpers knows them: what it was told, and nothing else."""

import numpy as np
from pyrsistent import pmap

from models.model import World
from models.search.actors import REFUSED, Actors, Column
from models.search.lookup import UNKNOWN, Ints, Lookup
from models.search.parallel.lessons import Lesson, MovesLearned, ResultsLearned
from models.search.tables import ActorTable, Growing, Hashes, Tables
from models.search.values import Values
from spec.formalism.delivery import Unordered
from spec.formalism.identity import on_local_node
from spec.formalism.state import GlobalState
from spec.formalism.system import System

NO_WORLD = World(System(pmap(), Unordered), GlobalState(pmap(), pmap()), ())
"""A world in which there is nothing: a helper knows none."""

SOMEBODY = on_local_node("somebody")
"""Whose column it is, where it is an actor's: helpers need not know more."""


class Mirror(Tables):
    """Tables that are learned from lessons.

    A configuration that they were not told about has no moves, and counts as new; an operation that
    they were not told about counts as refused. Whatever follows from either has to be asked elsewhere.
    """

    def __init__(self) -> None:
        super().__init__(Actors(NO_WORLD))
        self.actors.configurations.clear()
        self.actors.operations.clear()
        self.actors.names.clear()
        self._sizes: tuple[tuple[int, int], ...] = ()
        self._told_hashes: list[Growing] = []
        self._told_moves: list[ActorTable] = []
        self._told_results: list[Lookup] = []

    def learn(self, lesson: Lesson) -> None:
        """Go on with one more lesson."""
        for is_actor in lesson.actors[len(self.actors.names) :]:
            self.actors.names.append(SOMEBODY if is_actor else None)
            self.actors.configurations.append(Values())
            self._told_hashes.append(Growing(np.uint64))
            self._told_moves.append(ActorTable())
            self._told_results.append(Lookup())
        self._sizes = lesson.sizes
        for column, hashes in enumerate(lesson.hashes):
            self._told_hashes[column].extend(hashes)
        for moves in lesson.moves:
            self._learn_moves(moves)
        for results in lesson.results:
            self._learn_results(results)

    def moves(self, column: Column, numbers: Ints) -> tuple[ActorTable, list[int]]:
        """The moves of an actor; and those of the configurations that nobody has told about."""
        table = self._told_moves[column]
        self._reserve(column, table)
        unknown = numbers[table.first.array()[numbers] == UNKNOWN]
        return table, [int(each) for each in np.unique(unknown)] if unknown.size else []

    def hashes(self, column: Column) -> Hashes:
        """The random number of each configuration of a column; 0 for NOTHING."""
        return self._told_hashes[column].array()

    def results(self, column: Column, numbers: Ints, operations: Ints) -> Ints:
        """What operations make of configurations of a column; REFUSED where nobody has told."""
        known = self._told_results[column]
        known.reserve(*self._sizes[column])
        found = known.get(numbers, operations)
        return np.where(found == UNKNOWN, np.int32(REFUSED), found)

    def _reserve(self, column: Column, table: ActorTable) -> None:
        table.first.reserve(self._sizes[column][0])
        table.count.reserve(self._sizes[column][0])

    def _learn_moves(self, told: MovesLearned) -> None:
        table = self._told_moves[told.column]
        self._reserve(told.column, table)
        start = table.after.size
        table.first.array()[told.numbers] = start + np.cumsum(told.counts) - told.counts
        table.count.array()[told.numbers] = told.counts
        table.after.extend(told.after)
        table.changes.extend(told.changes)
        table.delta.extend(told.delta)
        table.deed.extend(told.deed)
        for target, posts in told.posts.items():
            table.posts.setdefault(target, Growing(np.int32))
            table.posts[target].reserve(start)
            table.posts[target].extend(posts)
        for known in table.posts.values():
            known.reserve(table.after.size)

    def _learn_results(self, told: ResultsLearned) -> None:
        known = self._told_results[told.column]
        known.reserve(*self._sizes[told.column])
        known.put(told.numbers, told.operations, told.results)
