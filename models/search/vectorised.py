"""The exhaustive search over whole levels at a time: rows of numbers, looked up in tables."""

from collections.abc import Iterator
from typing import Any

import numpy as np
import numpy.typing as npt
from attrs import frozen

from models.search.actors import IMPOSSIBLE, REFUSED, Column
from models.search.fingerprints import Fingerprints, Flags, Places
from models.search.lookup import Ints
from models.search.tables import Tables

CHUNK = 1 << 15
"""How many states are expanded at a time."""

Rows = npt.NDArray[np.integer[Any]]
"""States: one row each, one column for each actor, the faults, and what monitors remember."""

_SHORT = np.iinfo(np.uint16).max
"""The greatest number that finds room in two bytes."""


@frozen(eq=False)
class Level:
    """States that are as far from the start."""

    rows: Rows
    """The states, with what monitors remember."""
    sums: Fingerprints
    """Of each, the sum that stands for the state."""
    firsts: Flags
    """Of each, whether the state was met for the first time; else only what is remembered is new."""

    def part(self, start: int, end: int) -> "Level":
        """Some of the states, ready to be looked up."""
        within = slice(start, end)
        return Level(self.rows[within].astype(np.int32), self.sums[within], self.firsts[within])


@frozen(eq=False)
class Steps:
    """The steps that one actor may take in some states."""

    column: Column
    """The actor."""
    parents: Places
    """Of each step, the place of the state that it starts in."""
    moves: Places
    """Of each step, the number of the actor's move."""
    deeds: Ints
    """Of each step, the number of what is done."""
    sums: Fingerprints
    """Of each step, the sum that stands for the state that it leads to."""
    memories: Ints
    """Of each step, the number of what is remembered after it."""
    changes: Flags
    """Of each step, whether it changes the state."""
    possible: Flags
    """Of each step, whether it is one: a fault beyond the budget is none."""
    refused: Flags
    """Of each step, whether the specification refuses it."""


class Expansion:
    """Looks up what may happen in states.

    Attributes:
        fresh: the configurations that were reached for the first time, until somebody takes note.
    """

    def __init__(self, tables: Tables) -> None:
        self.tables = tables
        self.fresh: list[tuple[Column, int]] = []

    def steps(self, level: Level) -> Iterator[Steps]:
        """All steps from some states, actor by actor."""
        for column, name in enumerate(self.tables.actors.names):
            if name is not None and column < level.rows.shape[1]:
                yield self.of_actor(column, level)

    def of_actor(self, column: Column, level: Level) -> Steps:
        """All steps of one actor from some states."""
        numbers = np.ascontiguousarray(level.rows[:, column])
        table, fresh = self.tables.moves(column, numbers)
        self.fresh.extend((column, number) for number in fresh)
        counts = table.count.array()[numbers]
        parents = np.repeat(np.arange(len(numbers)), counts)
        ends = np.cumsum(counts)
        moves = np.arange(parents.size) + np.repeat(
            table.first.array()[numbers] - ends + counts, counts
        )
        steps = Steps(
            column,
            parents,
            moves,
            table.deed.array()[moves],
            level.sums[parents] + table.delta.array()[moves],
            level.rows[parents, self.tables.actors.memory_column],
            table.changes.array()[moves],
            np.ones(parents.size, dtype=np.bool_),
            np.zeros(parents.size, dtype=np.bool_),
        )
        for target, growing in table.posts.items():
            self._post(steps, level.rows, target, growing.array()[moves])
        steps.changes[steps.refused] = False
        return steps

    def _post(self, steps: Steps, rows: Rows, target: Column, operations: Ints) -> None:
        """Note what some of the steps do to another column."""
        there = np.flatnonzero(operations)
        if not there.size:
            return
        before = column_of(rows, target)[steps.parents[there]]
        after = self.tables.results(target, before, operations[there])
        if target == self.tables.actors.memory_column:
            steps.memories[there] = after
            return
        hashes = self.tables.hashes(target)
        steps.sums[there] += hashes[after] - hashes[before]
        steps.changes[there] |= after != before
        steps.possible[there] &= after != IMPOSSIBLE
        steps.refused[there] |= after == REFUSED

    def leading_on(self, level: Level, steps: Steps) -> Places:
        """Where the steps are that change the state, or what is remembered."""
        before = level.rows[:, self.tables.actors.memory_column]
        moved = steps.changes | (steps.memories != before[steps.parents])
        return np.flatnonzero(moved & steps.possible & ~steps.refused)

    def reached(self, rows: Rows, steps: Steps, chosen: Places) -> Rows:
        """The states that some of the steps lead to."""
        table = self.tables.moves(steps.column, rows[:0, steps.column])[0]
        parents, moves = steps.parents[chosen], steps.moves[chosen]
        columns = len(self.tables.actors.configurations)
        result = np.zeros((chosen.size, columns), dtype=np.int32)
        result[:, : rows.shape[1]] = rows[parents]
        result[:, steps.column] = table.after.array()[moves]
        for target, growing in table.posts.items():
            operations = growing.array()[moves]
            there = np.flatnonzero(operations)
            before = column_of(rows, target)[parents[there]]
            result[there, target] = self.tables.results(target, before, operations[there])
        return result


def column_of(rows: Rows, column: Column) -> Rows:
    """One column of some rows; NOTHING where it was not met when they were made."""
    if column < rows.shape[1]:
        return rows[:, column]
    return np.zeros(len(rows), dtype=np.int32)


def widened(rows: Rows, columns: int) -> Rows:
    """The rows with so many columns."""
    if rows.shape[1] == columns:
        return rows
    result = np.zeros((len(rows), columns), dtype=rows.dtype)
    result[:, : rows.shape[1]] = rows
    return result


def shortened(rows: Rows) -> Rows:
    """The rows in half the room, if they find room there."""
    return rows.astype(np.uint16) if not rows.size or rows.max() <= _SHORT else rows


def joined(parts: list[Level], columns: int) -> Level:
    """Some states as one level, with so many columns."""
    return Level(
        np.concatenate(
            [
                np.zeros((0, columns), dtype=np.uint16),
                *(widened(part.rows, columns) for part in parts),
            ]
        ),
        np.concatenate([np.zeros(0, dtype=np.uint64), *(part.sums for part in parts)]),
        np.concatenate([np.zeros(0, dtype=np.bool_), *(part.firsts for part in parts)]),
    )
