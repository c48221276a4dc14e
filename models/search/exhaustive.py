"""The exhaustive search that is used: breadth first, whole levels at a time, every distinct thing judged once.

Choices:
- It visits what the plain search visits, in the same levels, and counts the same; the plain search is its oracle.
- A state is known by the sum of 64-bit random numbers, one for each configuration in its row: two different states
  may be taken for one. The odds are part of the result.
- The rows of all levels are kept, with the parent of each, so that every run that shows something can be told.
"""

import time
from collections.abc import Callable

import numpy as np

from models.model import World
from models.search import checkpoint
from models.search.actors import Actors
from models.search.bounds import Bounds, Stop
from models.search.findings import Findings, Path
from models.search.fingerprints import Places
from models.search.history import History
from models.search.keeper import Keeper, Keeping
from models.search.memory import allowance, taken
from models.search.observer import Observer
from models.search.progress import Listener, Progress, nobody
from models.search.resting import Resting
from models.search.result import SearchResult
from models.search.tables import Tables
from models.search.tally import Tally
from models.search.vectorised import CHUNK, Expansion, Level, Steps, joined, shortened
from models.search.visited import Visited
from properties.property import Step
from spec.formalism.event import Event


def explore(
    world: World,
    bounds: Bounds | None = None,
    until: frozenset[str] | None = None,
    listener: Listener = nobody,
    keeping: Keeping | None = None,
) -> SearchResult:
    """Visit all states of a world, as far as the bounds allow.

    Args:
        world: what is searched.
        bounds: how far to go; a search that goes on has as many seconds as one that begins.
        until: the names of the properties whose violation ends the search; if nothing, of all.
        listener: who is told from time to time how far the search is.
        keeping: in which file the search is kept, and from which one it goes on.

    Raises:
        CheckpointError: the search cannot be kept, or the file holds none that can go on.
    """
    kept, limits = keeping or Keeping(), bounds or Bounds()
    outside = {"bounds": limits, "listener": listener}
    search: Exhaustive = (
        Exhaustive(world, limits, until, listener)
        if kept.resume is None
        else checkpoint.read(kept.resume, world, outside)
    )
    keeper = Keeper(kept, lambda path: checkpoint.write(path, search, world, outside))
    try:
        with keeper.listening():
            stop = search.run(keeper.between)
            keeper.ended(stop)
    except KeyboardInterrupt:
        stop = Stop.INTERRUPTED
    return search.result(stop)


class Exhaustive:
    """One exhaustive search on its way."""

    def __init__(
        self, world: World, bounds: Bounds, until: frozenset[str] | None, listener: Listener
    ) -> None:
        self._world = world
        self._bounds = bounds
        self._listener = listener
        self._tables = self._new_tables()
        self._actors = self._tables.actors
        self._expansion = Expansion(self._tables)
        self._observer = Observer(world, self._tables)
        self._findings = Findings(world, until)
        self._tally = Tally(world, self._tables)
        self._visited = Visited()
        self._judged: set[int] = set()
        self._refused: set[int] = set()
        self._resting = Resting(self._actors)
        self._depth = 0
        self._history = History(self._tables)
        self._level = joined([], 0)
        self._position = 0
        self._reached: list[Level] = []
        self._parents: list[Places] = []
        self._allowance = 0
        self._began = 0.0
        self._spent = 0.0

    def run(self, between: Callable[[], Stop | None]) -> Stop | None:
        """Visit level after level; the answer is why the search ended early.

        Args:
            between: is called wherever the search could go on later; it may end it there.
        """
        self._allowance = self._bounds.max_memory or allowance()
        self._began = time.monotonic()
        before = self._spent
        if not len(self._history):
            self._start()
        while len(self._level.rows) and not self._findings.ending:
            while self._position < len(self._level.rows):
                self._advance()
                self._spent = before + time.monotonic() - self._began
                stop = self._stop() or between()
                if stop is not None:
                    return stop
            if len(self._history) - 1 == self._bounds.max_depth and self._reached:
                return Stop.DEPTH
            self._descend()
        return self._stop()

    def result(self, stop: Stop | None) -> SearchResult:
        """What the search has found, if this is how it ended."""
        nodes = self._visited.nodes
        return SearchResult(
            self._findings.results(stop),
            self._tally.coverage(),
            stop,
            stop is None,
            self._count(stop),
            self._tally.transitions,
            self._tally.stutters,
            self._depth,
            self._resting,
            nodes,
            self._spent,
            nodes * nodes / 2**65,
        )

    def _new_tables(self) -> Tables:
        """The tables with which the search starts."""
        return Tables(Actors(self._world))

    def _start(self) -> None:
        """Enter the level of the state where every run starts."""
        row = np.array([self._actors.start(self._world.state)], dtype=np.int32)
        sums = np.ones(1, dtype=np.uint64)
        for column in range(row.shape[1]):
            if column != self._actors.memory_column:
                sums += self._tables.hashes(column)[row[:, column]]
        memory = self._actors.memory_column
        self._visited.add(sums, row[:, memory], self._tables.hashes(memory))
        self._reached = [Level(shortened(row), sums, np.ones(1, dtype=np.bool_))]
        self._parents = [np.zeros(1, dtype=np.int64)]
        self._descend()

    def _advance(self) -> None:
        """Take every step from some more states of the last level."""
        start = self._position
        end = min(start + CHUNK, len(self._level.rows))
        for reached, origins in self._expand(self._level.part(start, end), start):
            if len(reached.rows):
                self._reached.append(reached)
                self._parents.append(origins + start)
        self._position = end

    def _descend(self) -> None:
        """Let what was reached be the last level; judge its states and memories that are new."""
        level = self._level = joined(self._reached, len(self._actors.configurations))
        parents = np.concatenate([*self._parents, np.zeros(0, dtype=np.int64)])
        self._reached, self._parents, self._position = [], [], 0
        if not len(level.rows):
            return
        self._history.add(level.rows, parents)
        self._depth = len(self._history) - 1 if level.firsts.any() else self._depth
        firsts = np.flatnonzero(level.firsts)
        for sighting in self._observer.states(level.rows[firsts]):
            place = int(firsts[sighting.place])
            self._findings.add([sighting.found], self._path(place))
        memories, places = np.unique(level.rows[:, self._actors.memory_column], return_index=True)
        for memory, place in zip(memories.tolist(), places.tolist(), strict=True):
            if memory not in self._judged:
                self._judged.add(memory)
                found = self._observer.memory(memory)
                self._findings.add(found, self._path(place))

    def _expand(self, level: Level, start: int) -> list[tuple[Level, Places]]:
        """Take every step from some states of the last level; what they lead to that is new."""
        steps = list(self._expansion.steps(level))
        self._take_note(level, start)
        changing = np.zeros(len(level.rows), dtype=np.int64)
        reached: list[tuple[Level, Places]] = []
        for each in steps:
            self._tally.count(level, each)
            changing += np.bincount(
                each.parents[each.changes & each.possible], minlength=changing.size
            )
            self._refuse(level, start, each)
            reached.append(self._reach(level, each))
        if self._observer.looks_at_steps():
            self._look_at_steps(level, start, steps)
        self._rest(level, start, np.flatnonzero(changing == 0))
        return reached

    def _take_note(self, level: Level, start: int) -> None:
        """Judge the actors that were met in a configuration for the first time."""
        fresh, self._expansion.fresh = self._expansion.fresh, []
        for column, number in fresh:
            for found, deed in self._observer.configuration(column, number):
                place = start + int(np.argmax(level.rows[:, column] == number))
                last = () if deed is None else (deed.event,)
                self._findings.add([found], self._path(place, *last))

    def _reach(self, level: Level, steps: Steps) -> tuple[Level, Places]:
        """The states and memories that some steps lead to, as far as they are new."""
        candidates = self._expansion.leading_on(level, steps)
        sums, memories = steps.sums[candidates], steps.memories[candidates]
        hashes = self._tables.hashes(self._actors.memory_column)
        new, firsts = self._visited.add(sums, memories, hashes)
        chosen = candidates[new]
        rows = self._expansion.reached(level.rows, steps, chosen)
        return Level(shortened(rows), sums[new], firsts), steps.parents[chosen]

    def _refuse(self, level: Level, start: int, steps: Steps) -> None:
        """Judge the steps that the specification refuses in view of the whole state."""
        for each in np.flatnonzero(steps.refused).tolist():
            place, deed = int(steps.parents[each]), self._tables.deed(steps.deeds, each)
            if deed.serial not in self._refused:
                self._refused.add(deed.serial)
                before = self._actors.decode(tuple(level.rows[place].tolist()))
                after, record = self._world.system.step(before, deed.event)
                found = self._observer.reaction(before, record, after)
                self._findings.add(found, self._path(start + place, deed.event))

    def _look_at_steps(self, level: Level, start: int, steps: list[Steps]) -> None:
        """Judge every step, for properties that look at the whole system."""
        for each in steps:
            for place in np.flatnonzero(each.possible).tolist():
                parent, deed = int(each.parents[place]), self._tables.deed(each.deeds, place)
                before = self._actors.decode(tuple(level.rows[parent].tolist()))
                after, record = self._world.system.step(before, deed.event)
                found = self._observer.step(Step(self._world.system, before, record, after))
                self._findings.add(found, self._path(start + parent, deed.event))

    def _rest(self, level: Level, start: int, places: Places) -> None:
        """Judge states at rest; the outcome of each is compared once."""
        for sighting in self._observer.rest(level.rows[places]):
            self._findings.add([sighting.found], self._path(start + int(places[sighting.place])))
        firsts = places[level.firsts[places]]
        known = len(self._resting)
        self._resting.add(level.rows[firsts])
        if self._world.transactions:
            for place, state in zip(firsts.tolist(), self._resting[known:], strict=True):
                self._findings.add_resting(state, self._path(start + place))

    def _count(self, stop: Stop | None) -> int:
        """How many distinct states were visited within the bounds."""
        beyond = sum(int(each.firsts.sum()) for each in self._reached) if stop is Stop.DEPTH else 0
        return min(self._visited.states - beyond, self._bounds.max_states)

    def _stop(self) -> Stop | None:
        """Why the search is to end now, if it is."""
        seconds = time.monotonic() - self._began
        states = self._visited.states
        waiting = len(self._level.rows) - self._position + sum(map(_length, self._reached))
        self._listener(
            Progress(states, self._tally.transitions, self._depth, self._spent, waiting=waiting)
        )
        if self._findings.ending:
            return Stop.VIOLATION
        if states > self._bounds.max_states:
            return Stop.STATES
        if taken() > self._allowance:
            return Stop.MEMORY
        limit = self._bounds.max_seconds
        return Stop.SECONDS if limit is not None and seconds >= limit else None

    def _path(self, place: int, *last: Event) -> Callable[[], Path]:
        """How to find the events that lead to a state of the last level, and on from there."""
        level = len(self._history) - 1
        return lambda: (*self._history.path(level, place), *last)


def _length(level: Level) -> int:
    return len(level.rows)
