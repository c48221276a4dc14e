"""The exhaustive search with helpers: in the same order, with the same numbers, whoever helped when.

Choices:
- The search goes through the parts of each level in their order, as it would alone. What a helper says
  of a part spares it the steps that the helper could take; the others it takes at their place.
- So helpers change neither what is found nor in which order, and no count.
"""

import uuid
from collections.abc import Callable
from contextlib import AbstractContextManager

import numpy as np
from attrs import evolve

from models.model import World
from models.search.actors import Column
from models.search.bounds import Bounds, Stop
from models.search.exhaustive import Exhaustive
from models.search.fingerprints import Places
from models.search.memory import taken
from models.search.parallel.crew import Crew, Transport
from models.search.parallel.helper import Answer, Reached
from models.search.parallel.lessons import Learning, Teacher
from models.search.progress import Listener, nobody
from models.search.result import SearchResult
from models.search.tables import Tables
from models.search.vectorised import CHUNK, Level, Steps, joined, shortened, widened

LEAST = 2
"""How many parts a level has at least in which helpers are asked."""

Opening = Callable[[], AbstractContextManager[Transport]]
"""How helpers are called together; they are sent home at the end."""


class Assisted(Exhaustive):
    """One exhaustive search with helpers on its way."""

    def __init__(
        self, world: World, bounds: Bounds, until: frozenset[str] | None, listener: Listener
    ) -> None:
        super().__init__(world, bounds, until, listener)
        self._transport: Transport | None = None
        self._crew: Crew | None = None
        self._first = 0
        self._offered = 0
        self._uncut: list[Level] = []
        self._seen = 0

    def with_helpers(self, transport: Transport) -> None:
        """Be helped."""
        self._transport = transport
        self._crew = Crew(uuid.uuid4().hex, transport, self._teacher)

    def _new_tables(self) -> Tables:
        actors = Learning(self._world)
        tables = Tables(actors)
        self._teacher = Teacher(tables, actors)
        return tables

    def _advance(self) -> None:
        super()._advance()
        self._uncut.extend(self._reached[self._seen :])
        self._seen = len(self._reached)
        if sum(len(each.rows) for each in self._uncut) >= CHUNK:
            level = joined(self._uncut, len(self._actors.configurations))
            end = len(level.rows) // CHUNK * CHUNK
            self._uncut = [_part(level, end, len(level.rows))]
            first = self._first + len(self._starts()) + self._offered
            self._offered += end // CHUNK
            self._offer(first, _part(level, 0, end))

    def _descend(self) -> None:
        self._first += len(self._starts())
        super()._descend()
        done, self._offered = self._offered, 0
        self._uncut, self._seen = [], 0
        if len(self._starts()) >= LEAST:
            rest = _part(self._level, done * CHUNK, len(self._level.rows))
            self._offer(self._first + done, rest)

    def _offer(self, first: int, level: Level) -> None:
        """Let helpers look at some parts of a level."""
        if self._crew is not None and not self._observer.looks_at_steps():
            for each, start in enumerate(range(0, len(level.rows), CHUNK), start=first):
                self._crew.add(each, _part(level, start, start + CHUNK))
            self._crew.listen()

    def _starts(self) -> range:
        """Where the parts of the last level begin."""
        return range(0, len(self._level.rows), CHUNK)

    def _expand(self, level: Level, start: int) -> list[tuple[Level, Places]]:
        part = self._first + start // CHUNK
        answer = None if self._crew is None else self._crew.answer(part)
        if answer is None:
            return super()._expand(level, start)
        left = {column: self._left(level, column, answer.left[column]) for column in answer.left}
        self._take_note(level, start)
        self._tally.add(answer.counts)
        changing = answer.changing
        for steps in left.values():
            self._tally.count(level, steps)
            changing[steps.parents[steps.changes & steps.possible]] = True
            self._refuse(level, start, steps)
        self._rest(level, start, np.flatnonzero(~changing))
        return self._merged(level, answer, left)

    def _left(self, level: Level, column: Column, places: Places) -> Steps:
        """The steps of an actor from some of the states."""
        part = Level(level.rows[places], level.sums[places], level.firsts[places])
        steps = self._expansion.of_actor(column, part)
        return evolve(steps, parents=places[steps.parents])

    def _merged(
        self, level: Level, answer: Answer, left: dict[Column, Steps]
    ) -> list[tuple[Level, Places]]:
        """What all steps lead to that is new, in the order of the steps."""
        told = {each.column: each for each in answer.reached}
        everything = [
            together(told.get(column), self._led(level, left[column]))
            if column in left
            else told[column]
            for column in sorted({*told, *left})
        ]
        columns = len(self._actors.configurations)
        rows = np.concatenate(
            [
                np.zeros((0, columns), np.uint16),
                *(widened(each.rows, columns) for each in everything),
            ]
        )
        sums = np.concatenate([np.zeros(0, np.uint64), *(each.sums for each in everything)])
        parents = np.concatenate([np.zeros(0, np.int64), *(each.parents for each in everything)])
        memory = self._actors.memory_column
        new, firsts = self._visited.add(sums, rows[:, memory], self._tables.hashes(memory))
        return [(Level(shortened(rows[new]), sums[new], firsts), parents[new].astype(np.int64))]

    def _led(self, level: Level, steps: Steps) -> Reached:
        """What some steps lead to."""
        places = self._expansion.leading_on(level, steps)
        rows = self._expansion.reached(level.rows, steps, places)
        return Reached(steps.column, rows, steps.sums[places], steps.parents[places])

    def _stop(self) -> Stop | None:
        stop = super()._stop()
        if stop is None and self._transport is not None:
            whole = taken() + self._transport.taken()
            return Stop.MEMORY if whole > self._allowance else None
        return stop


def assisted(
    world: World,
    opening: Opening,
    bounds: Bounds | None = None,
    until: frozenset[str] | None = None,
    listener: Listener = nobody,
) -> SearchResult:
    """Visit all states of a world with helpers, as far as the bounds allow.

    Args:
        world: what is searched.
        opening: how helpers are called together.
        bounds: how far to go.
        until: the names of the properties whose violation ends the search; if nothing, of all.
        listener: who is told from time to time how far the search is.
    """
    search = Assisted(world, bounds or Bounds(), until, listener)
    try:
        with opening() as transport:
            search.with_helpers(transport)
            stop = search.run(lambda: None)
    except KeyboardInterrupt:
        stop = Stop.INTERRUPTED
    return search.result(stop)


def together(told: Reached | None, led: Reached) -> Reached:
    """What the steps of one actor lead to, in the order of the states that they start in."""
    if told is None:
        return led
    columns = max(told.rows.shape[1], led.rows.shape[1])
    parents = np.concatenate((told.parents, led.parents))
    order = np.argsort(parents, kind="stable")
    rows = np.concatenate((widened(told.rows, columns), widened(led.rows, columns)))
    return Reached(
        led.column, rows[order], np.concatenate((told.sums, led.sums))[order], parents[order]
    )


def _part(level: Level, start: int, end: int) -> Level:
    """A part of a level, in as little room as it takes."""
    within = slice(start, end)
    return Level(level.rows[within], level.sums[within], level.firsts[within])
