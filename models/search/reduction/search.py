"""The reduced search: depth first, in each state only on triggers that may go first, if there are some.

What it shows (the reasons stand in the manual, explanation/reduction):
- every state at rest of the whole graph is visited;
- all that single engines do in the whole graph is either met, or seen while triggers wait.

Choices:
- What engines are known to do is learned on the way. A search that has learned something is repeated: only one that
  has learned nothing counts.
- In a state from which all that may go first leads back to the run that leads to it, everything is tried: nothing is
  put off for ever in a cycle.
- Messages that the network may duplicate or lose are not covered, nor are engines that are created
  twice: such a world is not searched in this way.
"""

import time
from collections import Counter
from collections.abc import Callable, Iterator

import numpy as np
from attrs import field, frozen
from pyrsistent import pmap

from models.model import World
from models.search.actors import REFUSED, Actors, Column, Deed, Move, Number
from models.search.bounds import Bounds, Stop
from models.search.findings import Findings, Path
from models.search.judge import Found, JudgeError
from models.search.memory import allowance, taken
from models.search.observer import Observer
from models.search.progress import Listener, Progress
from models.search.reduction.closure import Known
from models.search.reduction.local import Locals, Place, Trigger
from models.search.reduction.persistent import Actor, First, Persistent
from models.search.result import Coverage
from models.search.tables import Tables
from models.search.values import NOTHING
from spec.formalism.event import Event
from spec.formalism.rule import RuleId

Row = tuple[Number, ...]
"""A state: the number of each actor's configuration, as far as the last that is there."""

EVERY = 64
"""How many states pass between two looks at the clock and the memory."""


class Irreducible(Exception):  # noqa: N818  # no error: the world is searched otherwise
    """Something happens that the reduction does not cover."""


@frozen
class Option:
    """A step that may be taken."""

    trigger: Trigger
    """On what."""
    deed: Deed
    """What is done."""
    after: Row
    """The state after it."""


@frozen(eq=False)
class Doing:
    """What an actor may do in one configuration."""

    place: Place
    """Where its engine is."""
    letters: frozenset[int]
    """The messages that it has got."""
    moves: tuple[tuple[Trigger, tuple[int, ...], Move], ...]
    """Its moves, each with its trigger and the messages that stand before that in its line."""


@frozen(eq=False)
class Pass:
    """What one search has come to."""

    visited: set[Row] = field(factory=set[Row])
    """The states that were visited."""
    met: dict[int, Deed] = field(factory=dict[int, Deed])
    """What may be done in them, by serial number."""
    seen: dict[int, Deed] = field(factory=dict[int, Deed])
    """What engines may do while triggers wait, by serial number."""
    resting: list[Row] = field(factory=list[Row])
    """Those of the states that are at rest."""


class Reduced:
    """A reduced search on its way.

    Attributes:
        last: what the last search has come to; it counts if `run` has answered nothing.
        findings: what was found in it.
        passes: how many searches there were.
        transitions: how many steps the last one has taken.
        depth: how long its longest run was.
        seconds: how long all of them took.
    """

    def __init__(
        self, world: World, bounds: Bounds, until: frozenset[str] | None, listener: Listener
    ) -> None:
        self._world = world
        self._bounds = bounds
        self._until = until
        self._listener = listener
        self.actors = Actors(world)
        self._tables = Tables(self.actors)
        self._local = Locals(self.actors)
        self._known = Known()
        self._persistent = Persistent(self._local, self._known)
        self._decided: dict[Row, tuple[First | None, int]] = {}
        self._doings: dict[tuple[Column, Number], Doing] = {}
        self._operated: dict[tuple[Column, Number, int], Number] = {}
        self._steps: list[Event] = []
        self._began = time.monotonic()
        self._allowance = bounds.max_memory or allowance()
        self.seconds = 0.0
        self.passes = 0
        self._begin()

    def run(self) -> Stop | None:
        """Search until nothing is learned any more; the answer is why that ended early.

        Raises:
            Irreducible: something happens that the reduction does not cover.
        """
        while True:
            before = self._known.size
            self._begin()
            self.passes += 1
            stop = self._search()
            self.seconds = time.monotonic() - self._began
            if stop is not None or self._known.size == before:
                return stop

    def only_seen(self) -> frozenset[str]:
        """The properties of which something is found only in what engines were seen to do while triggers waited.

        It may not happen in any run. To be asked once, after the last search. Where a judge raises on what may
        not happen, nothing is certain of any property.
        """
        deeds = [each for serial, each in self.last.seen.items() if serial not in self.last.met]
        found: set[str] = set()
        for deed in deeds:
            try:
                found.update(about.name for about, _ in self.judged(deed))
            except JudgeError:
                return frozenset(each.name for each in self._world.properties)
        return frozenset(found)

    def coverage(self) -> Coverage:
        """Which rules may fire in the states that were visited: each counts the distinct things that are done by it."""
        fired: Counter[RuleId] = Counter()
        families = {engine.family for engine in self._world.state.engines.values()}
        for deed in self.last.met.values():
            fired.update(deed.record.fired)
            families |= {deed.alone[1].engines[name].family for name in deed.record.spawned}
        rules = {each.id for name in families for each in self._world.system.families[name].rules}
        return Coverage(pmap(fired), tuple(sorted(rules - set(fired))))

    def judged(self, deed: Deed) -> Iterator[Found]:
        """What is found in what an engine does, and in what it and its children become."""
        yield from self._observer.deed(deed)
        yield from self._observer.engine(deed.number)
        for name in deed.record.spawned:
            yield from self._observer.engine(
                self.actors.engines.number(deed.alone[1].engines[name])
            )

    def _begin(self) -> None:
        self.last = Pass()
        self.findings = Findings(self._world, self._until)
        self._observer = Observer(self._world, self._tables)
        self._judged: set[tuple[Column, Number]] = set()
        self.transitions = 0
        self.depth = 0
        self._steps.clear()

    def _search(self) -> Stop | None:
        """One search; the answer is why it ended early."""
        start = stripped(self.actors.start(self._world.state))
        way, run = {start}, [start]
        self.last.visited.add(start)
        stack = [iter(self._chosen(start, way))]
        while stack and not self.findings.ending:
            option = next(stack[-1], None)
            if option is None:
                stack.pop()
                way.discard(run.pop())
                del self._steps[-1:]
                continue
            self.transitions += 1
            if option.after not in self.last.visited:
                self._steps.append(option.deed.event)
                self.depth = max(self.depth, len(self._steps))
                self.last.visited.add(option.after)
                way.add(option.after)
                run.append(option.after)
                stack.append(iter(self._chosen(option.after, way)))
                stop = self._stop()
                if stop is not None:
                    return stop
        return Stop.VIOLATION if self.findings.ending else None

    def _chosen(self, row: Row, way: set[Row]) -> tuple[Option, ...]:
        """The steps that are taken from a state that was not met before."""
        actors, options = self._enabled(row)
        changing = tuple(each for each in options if each.after != row)
        if not changing:
            self._rest(row)
        first = self._first(row, actors) if len(changing) > 1 else None
        if first is None:
            return changing
        chosen = tuple(each for each in changing if each.trigger in first.triggers)
        if all(each.after in way for each in chosen):
            return changing
        self._learn(first)
        return chosen

    def _first(self, row: Row, actors: list[Actor]) -> First | None:
        """The triggers that may go first in a state; what was found before counts if nothing was learned of it since.

        That nothing was found is true for good: what is learned can only clash.
        """
        if row in self._decided:
            first, since = self._decided[row]
            if first is None or self._known.unchanged(first.places, since):
                return first
        since = self._known.size
        first = self._persistent.find(actors)
        self._decided[row] = first, since
        return first

    def _learn(self, first: First) -> None:
        """Note what an engine may do while triggers wait."""
        for place, trigger, act in first.seen:
            self._known.add(place, trigger, act)
            self.last.seen.setdefault(act.deed.serial, act.deed)

    def _enabled(self, row: Row) -> tuple[list[Actor], list[Option]]:
        """The engines of a state with what they can act on now, and all steps that may be taken."""
        actors: list[Actor] = []
        options: list[Option] = []
        for column, number in enumerate(row):
            if self.actors.names[column] is None or number == NOTHING:
                continue
            doing = self._doing(column, number)
            ahead: dict[Trigger, tuple[int, ...]] = {}
            for trigger, before, move in doing.moves:
                option = Option(trigger, move.deed, self._after(row, column, move))
                options.append(option)
                if option.after != row:
                    ahead[trigger] = before
            actors.append(Actor(column, doing.place, doing.letters, ahead))
            if (column, number) not in self._judged:
                self._judged.add((column, number))
                self._judge(doing)
        return actors, options

    def _judge(self, doing: Doing) -> None:
        """Judge what an engine may do where it was met, and what comes of that."""
        self._find(self._observer.engine(doing.place))
        for trigger, _, move in doing.moves:
            act = self._local.act(doing.place, trigger)
            if act is not None:
                self._known.add(doing.place, trigger, act)
            self.last.met[move.deed.serial] = move.deed
            self._find(self.judged(move.deed), move.deed.event)

    def _find(self, found: Iterator[Found], *last: Event) -> None:
        for each in found:
            self.findings.add([each], self._path(*last))

    def _doing(self, column: Column, number: Number) -> Doing:
        """What an actor may do in a configuration."""
        key = (column, number)
        if key not in self._doings:
            place, inbox = self.actors.parts(column, number)
            lines = self.actors.inboxes.lines(inbox)
            letters = frozenset(letter for line in lines for letter in line)
            triggers = [] if place == NOTHING else [*self._heads(place, lines)]
            moves = zip(triggers, self.actors.moves(column, number), strict=True)
            self._doings[key] = Doing(place, letters, tuple((*each, move) for each, move in moves))
        return self._doings[key]

    def _heads(
        self, place: Place, lines: tuple[tuple[int, ...], ...]
    ) -> Iterator[tuple[Trigger, tuple[int, ...]]]:
        """The triggers on which an engine may act, each with the messages that stand before it."""
        for line in lines:
            accepted = (at for at, each in enumerate(line) if self._local.act(place, each))
            for at in accepted:
                yield line[at], line[:at]
                break
        for timer in self._local.timers(place):
            yield timer, ()

    def _after(self, row: Row, column: Column, move: Move) -> Row:
        """The state after a move of an actor."""
        after = list(row)
        after[column] = move.after
        for target, operation in move.deed.posts:
            if target != self.actors.memory_column:
                after.extend([NOTHING] * (target + 1 - len(after)))
                after[target] = self._operate(target, after[target], operation)
        return stripped(tuple(after))

    def _operate(self, column: Column, number: Number, operation: int) -> Number:
        key = (column, number, operation)
        if key not in self._operated:
            result = self.actors.operate(column, number, operation)
            if result == REFUSED:
                raise Irreducible(f"{self.actors.names[column]} is created twice")
            self._operated[key] = result
        return self._operated[key]

    def _rest(self, row: Row) -> None:
        """Judge a state at rest."""
        self.last.resting.append(row)
        rows = np.array([row], dtype=np.int32)
        for sighting in self._observer.rest(rows):
            self.findings.add([sighting.found], self._path())
        if self._world.transactions:
            self.findings.add_resting(self.actors.decode(row), self._path())

    def _stop(self) -> Stop | None:
        """Why the search is to end now, if it is."""
        states, limit = len(self.last.visited), self._bounds.max_seconds
        self.seconds = time.monotonic() - self._began
        if states > self._bounds.max_states:
            return Stop.STATES
        if limit is not None and self.seconds >= limit:
            return Stop.SECONDS
        if states % EVERY:
            return None
        self._listener(Progress(states, self.transitions, self.depth, self.seconds))
        return Stop.MEMORY if taken() > self._allowance else None

    def _path(self, *last: Event) -> Callable[[], Path]:
        """The run that the search is on, and on from there."""
        return lambda: (*self._steps, *last)


def stripped(row: Row) -> Row:
    """The row without the columns at its end in which nothing is."""
    end = len(row)
    while end and row[end - 1] == NOTHING:
        end -= 1
    return row[:end]
