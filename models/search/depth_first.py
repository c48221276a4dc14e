"""The exhaustive search with little memory: depth first, one state at a time, keeping only the run it is on.

Choices:
- It visits what the plain search visits and counts the same, but for depth: that is the length of the longest run
  it was on, not the distance of the farthest state.
- The run is the stack, so no state needs a link to its parent. A run that shows something is not the
  shortest, and may be very long: search breadth first for one to read.
- Of a visited state only a 64-bit fingerprint is kept: two different states may be taken for one. The
  odds are part of the result.
- A step that changes the state and leads back to one on the run closes a cycle: there are cycles exactly if
  that happens. It is a fact about the graph; whether a fair scheduler would go round for ever is another question.
- With a bound on depth, a state that is met nearer to the start than before is left once more, though not
  counted again; so all states within the bound are visited, but some of them many times.
"""

import time
from collections.abc import Callable

import numpy as np
from attrs import frozen

from models.model import World
from models.search.actors import IMPOSSIBLE, Actors, Deed, Number
from models.search.bounds import Bounds, Stop
from models.search.findings import Findings, Path
from models.search.judge import is_judged
from models.search.memory import allowance, taken
from models.search.observer import Observer
from models.search.packing import FINGERPRINT, Local, Locals, Packed, Packing, Row
from models.search.parts import Parts
from models.search.progress import Listener, Progress, nobody
from models.search.resting import Resting
from models.search.result import SearchResult
from models.search.seen import Meeting, Seen
from models.search.steps_taken import StepsTaken
from models.search.tables import Tables
from models.search.vectorised import Rows
from models.search.way import Cycle, Way
from properties.property import Kind, Step
from spec.formalism.event import Event

EVERY = 512
"""How many states pass between two looks at the clock and the memory."""

Child = tuple[Packed, Number, Deed]
"""A state that a step leads to, what is remembered there, and what is done in the step."""


@frozen
class DepthFirstResult(SearchResult):
    """What a depth-first search has found; its runs are not the shortest, and its depth is the longest run's."""

    cycle: Cycle | None = None
    """The first cycle of the graph that it met, if it met one."""

    @property
    def cyclic(self) -> bool | None:
        """Whether the graph of states has a cycle; nothing where none was met, and not all was seen."""
        if self.cycle is not None:
            return True
        return False if self.complete else None


def explore_depth_first(
    world: World,
    bounds: Bounds | None = None,
    until: frozenset[str] | None = None,
    listener: Listener = nobody,
) -> DepthFirstResult:
    """Visit all states of a world depth first, as far as the bounds allow.

    The runs of violations are as this search met them: not the shortest.

    Args:
        world: what is searched.
        bounds: how far to go.
        until: the names of the properties whose violation ends the search; if nothing, of all.
        listener: who is told from time to time how far the search is.
    """
    search = DepthFirst(world, bounds or Bounds(), until, listener)
    try:
        stop = search.run()
    except KeyboardInterrupt:
        stop = Stop.INTERRUPTED
    return search.result(stop)


class DepthFirst:
    """One depth-first search on its way."""

    def __init__(
        self, world: World, bounds: Bounds, until: frozenset[str] | None, listener: Listener
    ) -> None:
        self._world = world
        self._bounds = bounds
        self._listener = listener
        self._actors = Actors(world)
        self._tables = Tables(self._actors)
        self._packing = Packing(self._tables)
        self._observer = Observer(world, self._tables)
        self._parts = Parts(world, self._tables)
        self._findings = Findings(world, until)
        monitored, bounded = bool(self._actors.monitors), bounds.max_depth is not None
        self._seen = Seen(memories=monitored, depths=bounded)
        self._beyond: set[tuple[int, Number]] = set()
        self._way = Way()
        self._waiting: list[list[Child]] = []
        self._judged: set[Number] = set()
        self._refused: set[int] = set()
        self._resting = Resting(self._actors)
        self._judges_rest = any(
            each.kind is Kind.AT_REST and is_judged(world, each) for each in world.properties
        )
        self._judges_steps = self._observer.looks_at_steps()
        self._taken = StepsTaken(world, self._tables)
        self._depth = 0
        self._entered = 0
        self._allowance = bounds.max_memory or allowance()
        self._began = time.monotonic()

    def run(self) -> Stop | None:
        """Go on from the last state of the run as long as it can be left; the answer is why that ended early."""
        row = self._actors.start(self._world.state)
        start = self._packing.pack(row), row[self._actors.memory_column]
        stop = self._enter(*start, None)
        while self._waiting and stop is None:
            if self._waiting[-1]:
                stop = self._enter(*self._waiting[-1].pop())
            else:
                self._waiting.pop()
                self._way.pop()
        return stop or (Stop.DEPTH if self._is_cut() else None)

    def result(self, stop: Stop | None) -> DepthFirstResult:
        """What the search has found, if this is how it ended."""
        nodes = self._seen.nodes
        return DepthFirstResult(
            properties=self._findings.results(stop),
            coverage=self._taken.coverage(self._packing.known()),
            stop=stop,
            complete=stop is None,
            states=self._seen.states,
            transitions=self._taken.transitions,
            stutters=self._taken.stutters(self._packing.known()),
            depth=self._depth,
            resting=self._resting,
            nodes=nodes,
            seconds=time.monotonic() - self._began,
            odds=nodes * nodes / 2**65,
            cycle=self._way.cycle,
        )

    def bytes(self) -> int:
        """How much memory is taken for the states that were visited."""
        return self._seen.bytes()

    def _enter(self, packed: Packed, memory: Number, deed: Deed | None) -> Stop | None:
        """Visit a state, if it was not visited before; the answer is why the search is to end now."""
        fingerprint, depth = packed & FINGERPRINT, len(self._way)
        full = self._seen.states >= self._bounds.max_states
        if full and not self._seen.has(fingerprint):
            return Stop.STATES
        meeting = self._seen.meet(fingerprint, memory, depth)
        if meeting is Meeting.KNOWN:
            return None
        self._way.push(fingerprint, deed)
        self._depth = max(self._depth, depth)
        if memory not in self._judged:
            self._judged.add(memory)
            self._findings.add(self._observer.memory(memory), self._path())
        self._waiting.append(self._leave(packed, memory, first=meeting is Meeting.FIRST))
        return self._stop()

    def _leave(self, packed: Packed, memory: Number, *, first: bool) -> list[Child]:
        """Take every step from the last state of the run; what they lead to that is new, the first one last."""
        row = self._packing.row(packed)
        moves = self._packing.locals_of(row)
        if self._packing.fresh:
            self._take_note()
            row = self._packing.row(packed)
        if first and self._parts.new(packed):
            sightings = self._observer.states(self._rows(row, memory))
            self._findings.add((each.found for each in sightings), self._path())
        blocked: list[Local] = []
        children, changes = self._steps(packed, memory, row, moves, blocked)
        if first:
            self._taken.transitions += changes
            for each in moves:
                each.visits[0] += 1
        for move in blocked:
            self._block(row, memory, move, first=first)
        if self._judges_steps and self._observer.looks_at_steps():
            self._look_at_steps(row, moves)
        if not changes:
            self._rest(row, memory, first=first)
        children.reverse()
        return self._cut(children)

    def _steps(
        self, packed: Packed, memory: Number, row: Row, moves: list[Locals], blocked: list[Local]
    ) -> tuple[list[Child], int]:
        """What the steps from a state lead to that is new, and how many change the state."""
        children: list[Child] = []
        changes, depth = 0, len(self._way)
        places, memories, knows = self._way.places, self._packing.memories, self._seen.knows
        for each in moves:
            for move in each.moves:
                after = packed + move.delta
                for column, effects, operation in move.posts:
                    effect = effects[operation | row[column]]
                    if effect is None:
                        blocked.append(move)
                        break
                    after += effect
                else:
                    remembered = memories[move.record | memory] if move.record else memory
                    fingerprint = after & FINGERPRINT
                    if after != packed:
                        changes += 1
                        if fingerprint in places:
                            self._way.close(fingerprint, move.deed)
                    if not knows(fingerprint, remembered, depth):
                        children.append((after, remembered, move.deed))
        return children, changes

    def _cut(self, children: list[Child]) -> list[Child]:
        """Those of the children that the search may go on to: beyond the bound none, and it notes them."""
        if self._bounds.max_depth is None or len(self._way) <= self._bounds.max_depth:
            return children
        self._beyond |= {(after & FINGERPRINT, memory) for after, memory, _ in children}
        return []

    def _is_cut(self) -> bool:
        """Whether there is anything beyond the bound that was not met within it."""
        return not all(self._seen.has_pair(*each) for each in self._beyond)

    def _take_note(self) -> None:
        """Judge the actors that were met in a configuration for the first time."""
        fresh, self._packing.fresh = self._packing.fresh, []
        self._parts.widen()
        for column, number in fresh:
            for found, deed in self._observer.configuration(column, number):
                last = () if deed is None else (deed.event,)
                self._findings.add([found], self._path(*last))

    def _block(self, row: Row, memory: Number, move: Local, *, first: bool) -> None:
        """Count a step that cannot be taken, and judge it if it is the specification that refuses it."""
        refused = any(
            effects.refuses(row[column], operation) for column, effects, operation in move.posts
        )
        if first:
            self._taken.block(move.deed, refused=refused)
        if refused and move.deed.serial not in self._refused:
            self._refused.add(move.deed.serial)
            before = self._actors.decode(self._whole(row, memory))
            after, record = self._world.system.step(before, move.deed.event)
            found = self._observer.reaction(before, record, after)
            self._findings.add(found, self._path(move.deed.event))

    def _look_at_steps(self, row: Row, moves: list[Locals]) -> None:
        """Judge every step, for properties that look at the whole system."""
        before = self._actors.decode(row)
        for deed in (deed for each in moves for deed in each.deeds):
            if self._is_possible(row, deed):
                after, record = self._world.system.step(before, deed.event)
                found = self._observer.step(Step(self._world.system, before, record, after))
                self._findings.add(found, self._path(deed.event))

    def _is_possible(self, row: Row, deed: Deed) -> bool:
        """Whether a step is one: a fault beyond the budget is none."""
        faults = self._actors.faults_column
        spent = [operation for column, operation in deed.posts if column == faults]
        results = (self._actors.operate(faults, row[faults], each) for each in spent)
        return IMPOSSIBLE not in results

    def _rest(self, row: Row, memory: Number, *, first: bool) -> None:
        """Judge a state at rest; its outcome is compared once."""
        rows = self._rows(row, memory)
        if self._judges_rest:
            self._findings.add((each.found for each in self._observer.rest(rows)), self._path())
        if first:
            self._resting.add(rows)
            if self._world.transactions:
                self._findings.add_resting(self._resting[-1], self._path())

    def _whole(self, row: Row, memory: Number) -> Row:
        """The row with what is remembered."""
        place = self._actors.memory_column
        return (*row[:place], memory, *row[place + 1 :])

    def _rows(self, row: Row, memory: Number) -> Rows:
        """The row with what is remembered, as others look at it."""
        return np.array([self._whole(row, memory)], dtype=np.int32)

    def _path(self, *last: Event) -> Callable[[], Path]:
        """How to find the run that the search is on, and one step more if there is one."""
        return lambda: self._way.events(*last)

    def _stop(self) -> Stop | None:
        """Why the search is to end now, if it is; the clock and the memory are looked at now and then."""
        if self._findings.ending:
            return Stop.VIOLATION
        self._entered += 1
        if self._entered % EVERY != 1:
            return None
        seconds = time.monotonic() - self._began
        states, transitions = self._seen.states, self._taken.transitions
        self._listener(Progress(states, transitions, self._depth, seconds))
        if taken() > self._allowance:
            return Stop.MEMORY
        limit = self._bounds.max_seconds
        return Stop.SECONDS if limit is not None and seconds >= limit else None
