"""The exhaustive search of a world with interchangeable parts: one state of each orbit, whole levels at a time.

Choices:
- What is declared is checked on all that is met; where it does not hold, the search ends with an error.
- Every property is judged as in the search of all states: each on all that what it looks at may become. So nothing
  is asked of properties, and what is found, and how far away, is the same.
- The counts are those of representatives. As representatives are exact, the counts of all states follow.
- A run that shows something is a run of the system, not one of representatives.
"""

import time
from collections.abc import Callable, Iterable
from typing import Any

import numpy as np
from attrs import frozen

from models.model import World
from models.search.actors import Actors, Deed
from models.search.bounds import Bounds, Stop
from models.search.findings import Findings, Path
from models.search.fingerprints import Fingerprints, FingerprintSet, Places, first_occurrences
from models.search.judge import Found
from models.search.memory import allowance, taken
from models.search.progress import Listener, Progress, nobody
from models.search.resting import Resting
from models.search.result import SearchResult
from models.search.symmetry.canonical import Canonical, Settled
from models.search.symmetry.colours import Painter
from models.search.symmetry.group import Arrangement, Group
from models.search.symmetry.images import Images
from models.search.symmetry.judging import OrbitJudge, Sighting
from models.search.symmetry.laws import Laws
from models.search.symmetry.orbits import RowOrbits, orbit, sums_of
from models.search.symmetry.ways import Ways
from models.search.tables import Growing, Tables
from models.search.tally import Tally
from models.search.values import NOTHING
from models.search.vectorised import (
    CHUNK,
    Expansion,
    Level,
    Rows,
    Steps,
    joined,
    shortened,
    widened,
)
from spec.formalism.event import Event, Record
from spec.formalism.state import GlobalState

_SCATTER = np.uint64(0x9E3779B97F4A7C15)
"""An odd number: multiplied by it, keys that stand close together get upper bits that differ."""


@frozen
class SymmetricResult(SearchResult):
    """What a search of one state of each orbit has found; its counts are of these."""

    all_states: int = 0
    """How many states those that were visited stand for."""
    all_transitions: int = 0
    """How many steps that change the state there are from all of these."""
    all_nodes: int = 0
    """How many pairs of a state and what monitors remember those that were visited stand for."""


def explore_symmetric(
    world: World,
    bounds: Bounds | None = None,
    until: frozenset[str] | None = None,
    listener: Listener = nobody,
) -> "SymmetricResult":
    """Visit one state of each orbit of a world, as far as the bounds allow.

    Args:
        world: what is searched; what is interchangeable in it stands in its `symmetry`.
        bounds: how far to go.
        until: the names of the properties whose violation ends the search; if nothing, of all.
        listener: who is told from time to time how far the search is.

    Raises:
        SymmetryError: what is declared to be interchangeable is not.
    """
    search = Symmetric(world, bounds or Bounds(), until, listener)
    try:
        stop = search.run()
    except KeyboardInterrupt:
        stop = Stop.INTERRUPTED
    return search.result(stop)


class Symmetric:
    """One search on its way."""

    def __init__(
        self, world: World, bounds: Bounds, until: frozenset[str] | None, listener: Listener
    ) -> None:
        self._world = world
        self._bounds = bounds
        self._listener = listener
        self._actors = Actors(world)
        self._tables = Tables(self._actors)
        self._expansion = Expansion(self._tables)
        self._group = Group(world.symmetry)
        self._images = Images(self._actors, self._group)
        self._canonical = Canonical(self._images, Painter(self._actors, self._group))
        self._laws = Laws(world, self._group, self._images)
        self._judge = OrbitJudge(world, self._tables, self._images)
        self._findings = Findings(world, until)
        self._tally = Tally(world, self._tables)
        self._ways = Ways(self._tables, self._group, self._canonical)
        self._resting = Resting(self._actors)
        self._states = FingerprintSet()
        self._nodes = FingerprintSet()
        self._observed = FingerprintSet()
        self._operations = Growing(np.int32)
        self._outcomes = RowOrbits(self._tables, self._images)
        self._judged: set[int] = set()
        self._refused: set[int] = set()
        self._faults: set[tuple[tuple[GlobalState, GlobalState], Record]] = set()
        self._depth = 0
        self._level = joined([], 0)
        self._sizes = np.zeros(0, dtype=np.int64)
        self._reached: list[tuple[Level, Places, Any]] = []
        self._began = time.monotonic()
        self._allowance = bounds.max_memory or allowance()
        self._all_states = 0
        self._all_transitions = 0
        self._all_nodes = 0

    def run(self) -> Stop | None:
        """Visit level after level; the answer is why the search ended early."""
        self._laws.start()
        row = np.array([self._actors.start(self._world.state)], dtype=np.int32)
        self._meet(row, np.zeros(1, dtype=np.int64))
        self._descend()
        while len(self._level.rows) and not self._findings.ending:
            for start in range(0, len(self._level.rows), CHUNK):
                self._expand(self._level.part(start, start + CHUNK), start)
                stop = self._stop()
                if stop is not None:
                    return stop
            if len(self._ways) - 1 == self._bounds.max_depth and self._reached:
                return Stop.DEPTH
            self._descend()
        return self._stop()

    def result(self, stop: Stop | None) -> SymmetricResult:
        """What the search has found, if this is how it ended."""
        beyond = sum(int(each.firsts.sum()) for each, _, _ in self._reached)
        visited = self._states.size - (beyond if stop is Stop.DEPTH else 0)
        return SymmetricResult(
            self._findings.results(stop),
            self._tally.coverage(),
            stop,
            stop is None,
            min(visited, self._bounds.max_states),
            self._tally.transitions,
            self._tally.stutters,
            self._depth,
            self._resting,
            self._nodes.size,
            time.monotonic() - self._began,
            self._nodes.size**2 / 2**65,
            self._all_states,
            self._all_transitions,
            self._all_nodes,
        )

    def _meet(self, rows: Rows, parents: Places) -> None:
        """Meet the representatives of some states, as far as they are new."""
        memory = self._actors.memory_column
        settled = self._canonical.states(rows)
        columns = [each for each in range(settled.rows.shape[1]) if each != memory]
        states = sums_of(self._tables, settled.rows, columns)
        sizes = self._group.order // settled.stabilisers
        self._settle_memories(settled, rows)
        nodes = sums_of(self._tables, settled.rows, [*columns, memory])
        new = self._nodes.add(nodes)
        self._all_nodes += int((self._group.order // settled.stabilisers[new]).sum())
        firsts = np.zeros(len(rows), dtype=np.bool_)
        firsts[self._states.add(states)] = True
        own = sums_of(self._tables, settled.rows[new], columns)
        level = Level(shortened(settled.rows[new]), own, firsts[new])
        self._reached.append((level, parents[new], sizes[new]))

    def _settle_memories(self, settled: Settled, rows: Rows) -> None:
        """Let what is remembered have a say where exchanges change it."""
        memory = self._actors.memory_column
        changing = np.zeros(len(rows), dtype=np.bool_)
        for exchange in self._group.generators:
            changing |= ~self._images.fixed(exchange, rows, [memory])
        places = np.flatnonzero(changing)
        if places.size:
            settled.put(places, self._canonical.pairs(rows[places]))

    def _descend(self) -> None:
        """Let what was reached be the last level; judge its states and memories that are new."""
        columns = len(self._actors.configurations)
        level = self._level = joined([each for each, _, _ in self._reached], columns)
        nothing = np.zeros(0, dtype=np.int64)
        parents = np.concatenate([*(each for _, each, _ in self._reached), nothing])
        self._sizes = np.concatenate([*(each for _, _, each in self._reached), nothing])
        self._reached = []
        if not len(level.rows):
            return
        self._ways.add(level.rows, parents)
        self._depth = len(self._ways) - 1 if level.firsts.any() else self._depth
        firsts = np.flatnonzero(level.firsts)
        self._all_states += int(self._sizes[firsts].sum())
        self._add(self._judge.states(level.rows[firsts].astype(np.int32)), firsts)
        memories, places = np.unique(level.rows[:, self._actors.memory_column], return_index=True)
        for memory, place in zip(memories.tolist(), places.tolist(), strict=True):
            if memory not in self._judged:
                self._judged.add(memory)
                for arrangement, found in self._judge.memory(memory):
                    self._findings.add([found], self._path(place, arrangement))

    def _expand(self, level: Level, start: int) -> None:
        """Take every step from some states of the last level."""
        steps = list(self._expansion.steps(level))
        self._take_note(level, start)
        changing = np.zeros(len(level.rows), dtype=np.int64)
        raw: list[Rows] = []
        origins: list[Places] = []
        for each in steps:
            self._tally.count(level, each)
            taken_ = each.changes & each.possible
            changing += np.bincount(each.parents[taken_], minlength=changing.size)
            self._observe(level, each)
            self._refuse(level, start, each)
            chosen = self._moving(level, each)
            raw.append(self._expansion.reached(level.rows, each, chosen))
            origins.append(each.parents[chosen])
        firsts = np.flatnonzero(level.firsts)
        sizes = self._sizes[start : start + len(level.rows)]
        self._all_transitions += int((changing * sizes)[firsts].sum())
        self._reach(raw, origins, start)
        if self._judge.looks_at_steps():
            self._look_at_steps(level, start)
        self._rest(level, start, np.flatnonzero(changing == 0))

    def _moving(self, level: Level, steps: Steps) -> Places:
        """Where the steps are that change the state, or what is remembered; one for each result."""
        before = level.rows[:, self._actors.memory_column]
        moved = steps.changes | (steps.memories != before[steps.parents])
        places = np.flatnonzero(moved & steps.possible & ~steps.refused)
        hashes = self._tables.hashes(self._actors.memory_column)
        results: Fingerprints = steps.sums[places] + hashes[steps.memories[places]]
        return places[np.sort(first_occurrences(results)[1])]

    def _reach(self, raw: list[Rows], origins: list[Places], start: int) -> None:
        """Meet what steps lead to: in one go, for that takes less time."""
        columns = len(self._actors.configurations)
        rows = np.concatenate([widened(each, columns) for each in raw])
        if len(rows):
            everything = sums_of(self._tables, rows, list(range(columns)))
            places = np.sort(first_occurrences(everything)[1])
            self._meet(rows[places], np.concatenate(origins)[places] + start)

    def _take_note(self, level: Level, start: int) -> None:
        """Check and judge the actors that were met in a configuration for the first time."""
        fresh, self._expansion.fresh = self._expansion.fresh, []
        for column, number in fresh:
            engine, inbox = self._actors.parts(column, number)
            place = start + int(np.argmax(level.rows[:, column] == number))
            for each, arrangement in self._laws.engine(engine).items():
                self._add_found(self._judge.engine(each), place, arrangement)
                for deed in self._actors.timers(each):
                    self._judge_deed(deed, place, arrangement)
            for line in self._actors.inboxes.lines(inbox) if engine != NOTHING else ():
                self._take_note_of_line(engine, line, place)
            for deed in self._tables.deeds_of(column, number):
                if deed.before is None:
                    self._judge_fault(deed, place)

    def _take_note_of_line(self, engine: int, line: tuple[int, ...], place: int) -> None:
        """Check and judge what an engine does on the messages of a line, up to one that it takes."""
        for message in line:
            for pair, arrangement in self._laws.delivery(engine, message).items():
                deed = self._actors.delivery(*pair)
                if deed is not None:
                    self._judge_deed(deed, place, arrangement)
            if self._actors.delivery(engine, message) is not None:
                return

    def _judge_deed(self, deed: Deed, place: int, arrangement: Arrangement) -> None:
        self._add_found(self._judge.deed(deed), place, arrangement, deed.event)

    def _judge_fault(self, deed: Deed, place: int) -> None:
        """Judge what the network does, and all that this may become."""
        what = (deed.alone, deed.record)
        if what not in self._faults:
            members = orbit(self._group, what, lambda exchange, it: exchange.renaming(it))
            self._faults.update(members)
            for (states, record), arrangement in members.items():
                found = self._judge.alone(states, record)
                self._add_found(found, place, arrangement, record.event)

    def _observe(self, level: Level, steps: Steps) -> None:
        """Check what monitors make of steps, each distinct thing once."""
        known = self._operations.size
        self._operations.extend([self._operation(each) for each in self._actors.deeds[known:]])
        memory = self._actors.memory_column
        before = level.rows[steps.parents, memory]
        keys = (before.astype(np.uint64) << np.uint64(32)) | steps.deeds.astype(np.uint64)
        places = np.flatnonzero(steps.possible & ~steps.refused)
        places = places[self._operations.array()[steps.deeds[places]] != NOTHING]
        for place in places[self._observed.add(keys[places] * _SCATTER)].tolist():
            deed = self._tables.deed(steps.deeds, place)
            self._laws.observation(int(before[place]), deed, self._operation(deed))

    def _operation(self, deed: Deed) -> int:
        """What a deed does to what is remembered."""
        return dict(deed.posts).get(self._actors.memory_column, NOTHING)

    def _refuse(self, level: Level, start: int, steps: Steps) -> None:
        """Judge the steps that the specification refuses in view of the whole state."""
        for each in np.flatnonzero(steps.refused).tolist():
            place, deed = int(steps.parents[each]), self._tables.deed(steps.deeds, each)
            if deed.serial not in self._refused:
                self._refused.add(deed.serial)
                before = self._actors.decode(tuple(level.rows[place].tolist()))
                what = (before, deed.event)
                members = orbit(self._group, what, lambda exchange, it: exchange.renaming(it))
                for (state, event), arrangement in members.items():
                    after, record = self._world.system.step(state, event)
                    found = self._judge.refused(state, record, after)
                    self._add_found(found, start + place, arrangement, record.event)

    def _look_at_steps(self, level: Level, start: int) -> None:
        """Judge every step of all that states may become, for what looks at the whole system."""
        orbits = RowOrbits(self._tables, self._images)
        for members in orbits.members(level.rows[level.firsts]):
            places = np.flatnonzero(level.firsts)[members.origins] + start
            for row, place, way in zip(
                members.rows.tolist(), places.tolist(), members.arrangements.tolist(), strict=True
            ):
                for record, found in self._judge.steps(self._actors.decode(tuple(row))):
                    path = self._path(place, tuple(way), record.event)
                    self._findings.add([found], path)

    def _rest(self, level: Level, start: int, places: Places) -> None:
        """Judge states at rest, and compare the outcomes of all that they may become."""
        self._add(self._judge.rest(level.rows[places]), places + start)
        firsts = places[level.firsts[places]]
        self._resting.add(level.rows[firsts])
        if self._world.transactions:
            for members in self._outcomes.members(level.rows[firsts]):
                for place, row in enumerate(members.rows.tolist()):
                    arrangement = tuple(members.arrangements[place].tolist())
                    origin = int(firsts[members.origins[place]]) + start
                    state = self._actors.decode(tuple(row))
                    self._findings.add_resting(state, self._path(origin, arrangement))

    def _add(self, sightings: Iterable[Sighting], places: Places) -> None:
        for each in sightings:
            path = self._path(int(places[each.place]), each.arrangement)
            self._findings.add([each.found], path)

    def _add_found(
        self, found: Iterable[Found], place: int, arrangement: Arrangement, *last: Event
    ) -> None:
        for each in found:
            self._findings.add([each], self._path(place, arrangement, *last))

    def _stop(self) -> Stop | None:
        """Why the search is to end now, if it is."""
        seconds = time.monotonic() - self._began
        states = self._states.size
        self._listener(Progress(states, self._tally.transitions, self._depth, seconds))
        if self._findings.ending:
            return Stop.VIOLATION
        if states > self._bounds.max_states:
            return Stop.STATES
        if taken() > self._allowance:
            return Stop.MEMORY
        limit = self._bounds.max_seconds
        return Stop.SECONDS if limit is not None and seconds >= limit else None

    def _path(self, place: int, arrangement: Arrangement, *last: Event) -> Callable[[], Path]:
        """How to find the events that lead to what a state of the last level becomes, and on."""
        level = len(self._ways) - 1
        return lambda: (*self._ways.path(level, place, arrangement), *last)
