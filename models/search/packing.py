"""Rows packed into one integer each, and steps that are additions to it.

The lowest bits of a packed state are the sum of the random numbers of its configurations; above them stands
the number of every configuration, in a field for each column. A step adds one integer for the actor
that takes it, and one for each column that it posts to: that changes the fields and the sum at once. What
monitors remember is a number of its own, beside the packed state.
"""

from struct import Struct

import numpy as np
from attrs import field, frozen

from models.search.actors import IMPOSSIBLE, REFUSED, Actors, Column, Deed, Number
from models.search.tables import Tables
from models.search.values import NOTHING

SUM = 96
"""How many bits the sum has: it would not overflow with 2 to the power of 32 columns."""

FIELD = 32
"""How many bits a field has."""

FINGERPRINT = (1 << 64) - 1
"""The bits of a packed state by which it is known."""

Packed = int
"""A state: its fields and its sum."""

Row = tuple[Number, ...]
"""The numbers of a state's configurations; where memories stand, NOTHING."""


class Effects(dict[int, int | None]):
    """What operations make of the configurations of one column, as integers to add, by both in one number.

    An operation that is refused, or cannot take place, adds nothing at all. What is not known yet
    is learnt when it is looked up.
    """

    def __init__(self, tables: Tables, column: Column) -> None:
        super().__init__()
        self._tables = tables
        self._column = column

    def __missing__(self, key: int) -> int | None:
        operation, number = divmod(key, 1 << FIELD)
        after = self._tables.actors.operate(self._column, number, operation)
        there = after not in {IMPOSSIBLE, REFUSED}
        self[key] = difference(self._tables, self._column, number, after) if there else None
        return self[key]

    def refuses(self, number: Number, operation: int) -> bool:
        """Whether an operation without effect is one that the specification refuses."""
        return self._tables.actors.operate(self._column, number, operation >> FIELD) == REFUSED


class Memories(dict[int, Number]):
    """What monitors remember after a record, by what they remember before and the record in one number."""

    def __init__(self, actors: Actors) -> None:
        super().__init__()
        self._actors = actors

    def __missing__(self, key: int) -> Number:
        operation, memory = divmod(key, 1 << FIELD)
        self[key] = self._actors.operate(self._actors.memory_column, memory, operation)
        return self[key]


@frozen(eq=False)
class Local:
    """A move of one actor in one configuration."""

    deed: Deed
    """What is done."""
    delta: int
    """What is added for the actor itself."""
    posts: tuple[tuple[Column, Effects, int], ...]
    """The columns that something is posted to, and which operation it is there, shifted."""
    record: int
    """Which operation it is on what monitors remember, shifted; NOTHING if none looks at it."""


@frozen(eq=False)
class Locals:
    """All moves of one actor in one configuration."""

    deeds: tuple[Deed, ...]
    """What is done in each of them."""
    moves: tuple[Local, ...]
    """Those that may change the state, or what is remembered."""
    idle: int
    """How many there are besides."""
    visits: list[int] = field(factory=lambda: [0])
    """How often a search has counted them: one number."""


class Configurations(dict[Number, Locals]):
    """The moves of one actor by its configuration, learnt when they are looked up."""

    def __init__(self, packing: "Packing", column: Column) -> None:
        super().__init__()
        self._packing = packing
        self._column = column

    def __missing__(self, number: Number) -> Locals:
        self[number] = self._packing.learn(self._column, number)
        return self[number]


class Packing:
    """The packed states of a world, as far as a search has met them.

    Attributes:
        memories: what monitors remember after a record.
        fresh: the configurations that were met for the first time, until somebody takes note.
    """

    def __init__(self, tables: Tables) -> None:
        self._tables = tables
        self._actors = tables.actors
        self._effects: dict[Column, Effects] = {}
        self._configurations: list[Configurations] = []
        self._rows: dict[int, Struct] = {}
        self.memories = Memories(tables.actors)
        self.fresh: list[tuple[Column, Number]] = []

    def known(self) -> list[Configurations]:
        """By column, the moves that were met."""
        return self._configurations

    def pack(self, row: Row) -> Packed:
        """The packed state of a row."""
        packed = 1
        for column, number in enumerate(row):
            if column != self._actors.memory_column:
                packed += difference(self._tables, column, NOTHING, number)
        return packed

    def row(self, packed: Packed) -> Row:
        """The row of a packed state, with all columns that there are by now."""
        width = len(self._actors.configurations)
        if width not in self._rows:
            self._rows[width] = Struct(f"<{width}I")
        shape = self._rows[width]
        return shape.unpack((packed >> SUM).to_bytes(shape.size, "little"))

    def locals_of(self, row: Row) -> list[Locals]:
        """What each actor may do in a state."""
        while len(self._configurations) < len(row):
            self._configurations.append(Configurations(self, len(self._configurations)))
        known = zip(self._configurations, row, strict=False)
        return [moves[number] for moves, number in known if number]

    def learn(self, column: Column, number: Number) -> Locals:
        """The moves of an actor in a configuration that was not met before."""
        if self._actors.names[column] is None:
            return Locals((), (), 0)
        table, _ = self._tables.moves(column, np.array([number], dtype=np.int32))
        self.fresh.append((column, number))
        deeds = tuple(self._tables.deeds_of(column, number))
        first = int(table.first.array()[number])
        afters = table.after.array()[first : first + len(deeds)].tolist()
        moves = [
            self._local(column, number, after, deed)
            for after, deed in zip(afters, deeds, strict=True)
        ]
        lively = tuple(each for each in moves if each.delta or each.posts or each.record)
        return Locals(deeds, lively, len(moves) - len(lively))

    def _local(self, column: Column, number: Number, after: Number, deed: Deed) -> Local:
        memory = self._actors.memory_column
        posts = tuple(
            (target, self._effects_on(target), operation << FIELD)
            for target, operation in deed.posts
            if target != memory
        )
        records = [operation << FIELD for target, operation in deed.posts if target == memory]
        delta = difference(self._tables, column, number, after)
        return Local(deed, delta, posts, records[0] if records else NOTHING)

    def _effects_on(self, column: Column) -> Effects:
        if column not in self._effects:
            self._effects[column] = Effects(self._tables, column)
        return self._effects[column]


def difference(tables: Tables, column: Column, before: Number, after: Number) -> int:
    """What is added to a packed state where one configuration takes the place of another one."""
    hashes = tables.hashes(column)
    return ((after - before) << (SUM + FIELD * column)) + int(hashes[after]) - int(hashes[before])
