"""What a search has learned of its actors, as arrays: all that another process needs to look things up.

The rules of the specification, the properties and the model stay in the process that searches. What it has
worked out with them is a matter of numbers, and is told to its helpers in lessons, each of which goes on
from the one before.
"""

from collections import defaultdict
from collections.abc import Iterator

import numpy as np
from attrs import frozen

from models.model import World
from models.search.actors import Actors, Column, Move, Number, Operation
from models.search.fingerprints import Flags, Places
from models.search.lookup import Ints
from models.search.tables import Hashes, Tables


@frozen(eq=False)
class MovesLearned:
    """The moves of one actor in some configurations, one configuration after the other."""

    column: Column
    """The actor."""
    numbers: Ints
    """The configurations."""
    counts: Ints
    """Of each, how many moves it has."""
    after: Ints
    """Of each move, the actor's configuration after it."""
    changes: Flags
    """Of each move, whether that is another one than before."""
    delta: Hashes
    """Of each move, what it adds to the sum that stands for the row."""
    deed: Ints
    """Of each move, the number of what is done."""
    posts: dict[Column, Ints]
    """By column, of each move, what is done to that column."""


@frozen(eq=False)
class ResultsLearned:
    """What some operations make of some configurations of one column."""

    column: Column
    """The column."""
    numbers: Ints
    """The configurations."""
    operations: Ints
    """What is done to each."""
    results: Ints
    """What that makes of it."""


@frozen(eq=False)
class Lesson:
    """What was learned since the lesson before."""

    actors: tuple[bool, ...]
    """Of each column, whether it is an actor's."""
    sizes: tuple[tuple[int, int], ...]
    """Of each column, one more than the highest numbers of its configurations and operations."""
    hashes: tuple[Hashes, ...]
    """Of each column, the random numbers that have come to those known before."""
    moves: tuple[MovesLearned, ...]
    """Moves that were worked out."""
    results: tuple[ResultsLearned, ...]
    """Results that were worked out."""


class Learning(Actors):
    """Actors that note what they are asked: nobody asks the same twice.

    Attributes:
        moved: by column, the configurations whose moves were worked out since somebody took note.
        operated: by column, the same of operations: the configuration, the operation, the result.
    """

    def __init__(self, world: World) -> None:
        super().__init__(world)
        self.moved: defaultdict[Column, list[Number]] = defaultdict(list)
        self.operated: defaultdict[Column, list[tuple[int, int, int]]] = defaultdict(list)

    def moves(self, column: Column, number: Number) -> Iterator[Move]:
        """What an actor may do in a configuration, in the order of `enabled` for it alone."""
        self.moved[column].append(number)
        return super().moves(column, number)

    def operate(self, column: Column, number: Number, operation: Operation) -> Number:
        """What an operation makes of a configuration: its number, IMPOSSIBLE or REFUSED."""
        result = super().operate(column, number, operation)
        self.operated[column].append((number, operation, result))
        return result


class Teacher:
    """Makes lessons of what a search learns.

    Attributes:
        lessons: all lessons so far, the first one first.
    """

    def __init__(self, tables: Tables, actors: Learning) -> None:
        self._tables = tables
        self._actors = actors
        self._hashes: list[int] = []
        self.lessons: list[Lesson] = []

    def take_note(self) -> None:
        """Make a lesson of what was learned since the last one, if there is anything."""
        actors = self._actors
        if self.lessons and not (actors.moved or actors.operated):
            return
        columns = range(len(actors.configurations))
        self.lessons.append(
            Lesson(
                tuple(each is not None for each in actors.names),
                tuple(
                    (len(actors.configurations[each]), len(actors.operations[each]))
                    for each in columns
                ),
                tuple(self._further(each) for each in columns),
                tuple(self._moves(each) for each in sorted(actors.moved)),
                tuple(self._results(each) for each in sorted(actors.operated)),
            )
        )
        actors.moved.clear()
        actors.operated.clear()

    def _further(self, column: Column) -> Hashes:
        """The random numbers of a column that are in no lesson yet."""
        while len(self._hashes) <= column:
            self._hashes.append(0)
        hashes = self._tables.hashes(column)
        known, self._hashes[column] = self._hashes[column], hashes.size
        return hashes[known:].copy()

    def _moves(self, column: Column) -> MovesLearned:
        numbers = np.array(self._actors.moved[column], dtype=np.int32)
        table, _ = self._tables.moves(column, numbers)
        firsts, counts = table.first.array()[numbers], table.count.array()[numbers]
        ends = np.cumsum(counts)
        places: Places = np.repeat(firsts - ends + counts, counts) + np.arange(int(counts.sum()))
        return MovesLearned(
            column,
            numbers,
            counts,
            table.after.array()[places],
            table.changes.array()[places],
            table.delta.array()[places],
            table.deed.array()[places],
            {target: posts.array()[places] for target, posts in table.posts.items()},
        )

    def _results(self, column: Column) -> ResultsLearned:
        numbers, operations, results = np.array(self._actors.operated[column], dtype=np.int32).T
        return ResultsLearned(column, numbers, operations, results)
