"""Runs step by step on remembered steps: a step is a few look-ups, and changes what it touches.

Choices:
- What may happen next stands in cells: one for each phase of the order of `enabled` (messages, timers,
  duplications, losses) and each actor, in the order of their names. A step changes the cells of the actors that it
  changes; the others stay as they are. So a place among all that may happen means the same on every driver.
- A node is one exact integer, a field for each column: two different ones are never taken for one.
"""

from collections.abc import Iterator
from typing import Any

from attrs import frozen

from models.model import World
from models.search.actors import REFUSED, Actors, Column, Deed, Number, concerns
from models.search.values import NOTHING, Values
from spec.formalism.event import Duplicate, Elapse, Event, Lose, Record
from spec.formalism.family import FamilyName
from spec.formalism.state import Faults, GlobalState

FIELD = 32
"""How many bits the field of a column has in a node."""

MESSAGES, TIMERS, DUPLICATIONS, LOSSES = range(4)
"""The phases of the order of `enabled`."""

Node = int
"""A global state and what monitors remember there: the numbers of all columns, in a field each."""


class Effects(dict[int, Number]):
    """What operations make of the configurations of one column, by both in one number."""

    def __init__(self, actors: Actors, column: Column) -> None:
        super().__init__()
        self._actors = actors
        self._column = column

    def __missing__(self, key: int) -> Number:
        operation, number = divmod(key, 1 << FIELD)
        self[key] = self._actors.operate(self._column, number, operation)
        return self[key]


@frozen(eq=False)
class Option:
    """A step that an actor may take in one of its configurations."""

    deed: Deed
    """What is done."""
    event: int
    """The number of what happens; equal events, equal numbers."""
    phase: int
    """The phase of `enabled` in which it stands."""
    column: Column
    """The actor that it happens to."""
    after: Number
    """The actor's configuration after it."""
    posts: tuple[tuple[Column, Effects, int], ...]
    """The columns that something is posted to, and which operation it is there, shifted."""
    changes: bool
    """Whether it is known without the others to change the state."""
    spawns: bool
    """Whether it creates engines, so that it may be refused."""


Options = tuple[tuple[Option, ...], ...]
"""What an actor may do in one configuration, phase by phase."""

NO_OPTIONS: Options = ((), (), (), ())
"""Nothing."""


class Configurations(dict[Number, Options]):
    """What one actor may do, by its configuration."""

    def __init__(self, memo: "Memo", column: Column) -> None:
        super().__init__({NOTHING: NO_OPTIONS})
        self._memo = memo
        self._column = column

    def __missing__(self, number: Number) -> Options:
        options = self._memo.learn(self._column, number)
        if options is not NO_OPTIONS:
            self[number] = options
        return options


class Memo:
    """The steps of a world, as far as the runs through it have met them; many runs may share it.

    Attributes:
        actors: the columns of the world.
        options: what each actor may do, column by column.
        order: the columns in the order of their engines' names; what is no actor comes last.
        families: the family of the engine of a column, as far as it is known.
        version: a number that changes when there are new columns, or the first timers, or families are learnt.
        timed: whether there are timers at all, as far as is known.
    """

    def __init__(self, world: World) -> None:
        self.world = world
        self.actors = Actors(world)
        self.start = self.actors.start(world.state)
        self.events = Values()
        self.options: list[Configurations] = []
        self.order: tuple[Column, ...] = ()
        self.families: dict[Column, FamilyName] = {}
        self.timed = False
        self.version = 0
        self._effects: list[Effects] = []
        self.widen()

    def learn(self, column: Column, number: Number) -> Options:
        """What an actor may do in a configuration that was not met before."""
        if self.actors.names[column] is None:
            return NO_OPTIONS
        self._learn_family(column, number)
        moves = list(self.actors.moves(column, number))
        self.widen()
        phases: tuple[list[Option], ...] = ([], [], [], [])
        for move in moves:
            option = self._option(column, number, move.after, move.deed)
            phases[option.phase].append(option)
        if phases[TIMERS] and not self.timed:
            self.timed = True
            self.version += 1
        return tuple(map(tuple, phases))

    def widen(self) -> None:
        """Take note of columns that are new."""
        names, known = self.actors.names, len(self.options)
        if len(names) > known:
            new = range(known, len(names))
            self.options += [Configurations(self, column) for column in new]
            self._effects += [Effects(self.actors, column) for column in new]
            named = sorted((name, at) for at, name in enumerate(names) if name is not None)
            others = (at for at, name in enumerate(names) if name is None)
            self.order = (*(column for _, column in named), *others)
            self.version += 1

    def _learn_family(self, column: Column, number: Number) -> None:
        engine, _ = self.actors.parts(column, number)
        if engine != NOTHING and column not in self.families:
            self.families[column] = FamilyName(self.actors.engines[engine].family)
            self.version += 1

    def _option(self, column: Column, before: Number, after: Number, deed: Deed) -> Option:
        posts = tuple(
            (target, self._effects[target], operation << FIELD) for target, operation in deed.posts
        )
        spawns = bool(deed.record.spawned)
        changes = after != before and not spawns
        number = self.events.number(deed.event)
        phase = _phase(deed.event)
        return Option(deed, number, phase, column, after, posts, changes, spawns)


@frozen(eq=False)
class Begun:
    """What a course is like at the start."""

    version: int
    """For which version of the memo."""
    row: tuple[Number, ...]
    """The numbers of all columns."""
    node: Node
    """The same as one integer."""
    count: int
    """How many things may happen next."""
    ranks: tuple[int, ...]
    """The places of the columns in the order of `enabled`."""
    phases: tuple[int, ...]
    """The phases that there are."""
    cells: tuple[tuple[Option, ...], ...]
    """What may happen next."""


class Course:
    """A run through a world: where it is, and how it may go on.

    Attributes:
        memo: the steps of the world.
        row: the numbers of all columns.
        node: the same as one integer.
        count: how many things may happen next.
    """

    def __init__(self, memo: Memo) -> None:
        self.memo = memo
        self.row: list[Number] = []
        self.node: Node = 0
        self.count = 0
        self._memory_field = FIELD * memo.actors.memory_column
        self._cells: list[tuple[Option, ...]] = []
        self._ranks: list[int] = []
        self._phases: list[int] = []
        self._version = -1
        self._begun: Begun | None = None
        self.restart()

    @property
    def state(self) -> Node:
        """The state alone, without what monitors remember."""
        return self.node - (self.row[self.memo.actors.memory_column] << self._memory_field)

    def decode(self) -> GlobalState:
        """The state as the system sees it."""
        return self.memo.actors.decode(tuple(self.row))

    def restart(self) -> None:
        """Go back to the start."""
        if self._begun is None or self._begun.version != self.memo.version:
            self.go(self.memo.start)
            parts = tuple(self._ranks), tuple(self._phases), tuple(self._cells)
            self._begun = Begun(self._version, tuple(self.row), self.node, self.count, *parts)
            return
        begun = self._begun
        self.row[:], self.node, self.count = begun.row, begun.node, begun.count
        self._version = begun.version
        self._ranks[:], self._phases[:], self._cells[:] = begun.ranks, begun.phases, begun.cells

    def go(self, row: tuple[Number, ...]) -> None:
        """Go to where another run has come."""
        self.row[:] = row
        self.node = sum(number << FIELD * column for column, number in enumerate(row))
        self._lay_out()

    def option(self, place: int) -> Option:
        """One of the things that may happen next, in the order of `enabled`."""
        for cell in self._cells:
            if place < len(cell):
                return cell[place]
            place -= len(cell)
        raise IndexError("fewer things may happen next")

    def options(self) -> Iterator[Option]:
        """All that may happen next, in the order of `enabled`."""
        for cell in self._cells:
            yield from cell

    def events(self) -> list[int]:
        """The numbers of all that may happen next, in the order of `enabled`."""
        return [option.event for cell in self._cells for option in cell]

    def is_refused(self, option: Option) -> bool:
        """Whether the system refuses a step here, as an engine that it creates is there already."""
        return option.spawns and any(
            effects[operation | self.row[column]] == REFUSED
            for column, effects, operation in option.posts
        )

    def is_at_rest(self) -> bool:
        """Whether nothing that may happen next changes the state."""
        return not any(map(self.changes, self.options()))

    def take(self, option: Option) -> None:
        """Take a step that is possible and not refused."""
        row, cells, ranks, tables = self.row, self._cells, self._ranks, self.memo.options
        width, phases, count, node = len(ranks), self._phases, self.count, self.node
        column, after = option.column, option.after
        posts = iter(option.posts)
        while True:
            before = row[column]
            if after != before:
                row[column] = after
                node += (after - before) << (FIELD * column)
                options, place = tables[column][after], ranks[column]
                for phase in phases:
                    cell = options[phase]
                    count += len(cell) - len(cells[place])
                    cells[place] = cell
                    place += width
            post = next(posts, None)
            if post is None:
                break
            column, effects, operation = post
            after = effects[operation | row[column]]
        self.count, self.node = count, node
        if self._version != self.memo.version or option.deed.before is None:
            self._lay_out()

    def refuse(self, record: Record) -> None:
        """Take the record of a step that is refused: nothing changes but what monitors remember."""
        actors = self.memo.actors
        column = actors.memory_column
        if any(concerns(monitor, record) for monitor in actors.monitors):
            before, operation = self.row[column], actors.operations[column].number(record)
            self.row[column] = actors.operate(column, before, operation)
            self.node += (self.row[column] - before) << (FIELD * column)

    def changes(self, option: Option) -> bool:
        """Whether a step that is possible changes the state."""
        if option.changes:
            return True
        memory = self.memo.actors.memory_column
        after = [(option.column, option.after)]
        after += [(column, known[key | self.row[column]]) for column, known, key in option.posts]
        refused = any(number == REFUSED for _, number in after)
        moved = any(number != self.row[column] for column, number in after if column != memory)
        return moved and not refused

    def _lay_out(self) -> None:
        """Work out all cells again: learn what has not been learnt, which may lead to more columns."""
        memo, row = self.memo, self.row
        while True:
            version = memo.version
            row += [NOTHING] * (len(memo.options) - len(row))
            everything = [memo.options[column][row[column]] for column in memo.order]
            if memo.version == version:
                break
        self._version = memo.version
        ranks = dict(zip(memo.order, range(len(memo.order)), strict=True))
        self._ranks = [ranks[column] for column in range(len(row))]
        self._phases = self._possible_phases()
        self._cells = [options[phase] for phase in self._phases for options in everything]
        self.count = sum(map(len, self._cells))

    def _possible_phases(self) -> list[int]:
        actors = self.memo.actors
        left: Faults = actors.configurations[actors.faults_column][self.row[actors.faults_column]]
        timers = [TIMERS] if self.memo.timed else []
        duplications = [DUPLICATIONS] if left.duplicates > 0 else []
        return [MESSAGES, *timers, *duplications, *([LOSSES] if left.losses > 0 else [])]


def _phase(event: Event) -> int:
    """The phase of the order of `enabled` in which an event stands."""
    kinds: tuple[tuple[type[Any], int], ...] = (
        (Elapse, TIMERS),
        (Duplicate, DUPLICATIONS),
        (Lose, LOSSES),
    )
    return next((phase for kind, phase in kinds if isinstance(event, kind)), MESSAGES)
