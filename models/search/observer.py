"""Judges the properties of a world on what a vectorised search meets, each distinct thing once.

An engine is judged when a state with it is reached, a reaction when one is reached in which it can happen, what a
monitor remembers when it first is remembered. A step that is judged alone is judged in the state that holds only its
engine and what that takes; a statement about states only on the part that it looks at. Whatever looks at
everything is judged on every state and step.
"""

from collections.abc import Iterator
from typing import Any

import numpy as np
from attrs import frozen

from models.model import World
from models.search.actors import Actors, Column, Deed
from models.search.fingerprints import FingerprintSet, Places
from models.search.judge import ALL_ALONG, AT_REST, Found, JudgeError, is_judged
from models.search.tables import Tables
from models.search.values import NOTHING
from models.search.vectorised import Rows
from properties.property import (
    EngineProperty,
    Kind,
    Property,
    Reacted,
    ReactionProperty,
    StateProperty,
    Step,
    StepProperty,
)
from spec.formalism.engine import Engine
from spec.formalism.event import Elapse, Record
from spec.formalism.state import GlobalState


@frozen
class Sighting:
    """Something found in one of some states."""

    place: int
    """Which of the states."""
    found: Found
    """What was found."""


class Observer:
    """Judges what a search shows to it; a property of which something was found is judged no more."""

    def __init__(self, world: World, tables: Tables) -> None:
        self._system = world.system
        self._actors: Actors = tables.actors
        self._tables = tables
        self._open = tuple(each for each in world.properties if is_judged(world, each))
        self._engines: set[int] = set()
        self._deeds: set[int] = set()
        self._memories: set[tuple[int, int]] = set()
        self._rested: set[tuple[int | None, int]] = set()
        self._seen: dict[str, FingerprintSet] = {}

    def configuration(self, column: Column, number: int) -> Iterator[tuple[Found, Deed | None]]:
        """What is found in an actor in a configuration, and, with the deed, in what it may do there."""
        engine, _ = self._actors.parts(column, number)
        for found in self.engine(engine):
            yield found, None
        for deed in self._tables.deeds_of(column, number):
            for found in self.deed(deed):
                yield found, deed

    def engine(self, number: int) -> Iterator[Found]:
        """What is found in an engine, as far as it was not met before."""
        if number not in self._engines and number != NOTHING:
            self._engines.add(number)
            yield from self._engine(self._actors.engines[number], ALL_ALONG)

    def deed(self, deed: Deed) -> Iterator[Found]:
        """What is found in what an engine or the network does, as far as it was not met before."""
        if deed.serial not in self._deeds:
            self._deeds.add(deed.serial)
            yield from self._reacted(deed)
            yield from self._alone(deed)

    def reaction(self, before: GlobalState, record: Record, after: GlobalState) -> Iterator[Found]:
        """What is found in a step that only the whole state shows: one that is refused, say."""
        event = record.event
        name = event.engine if isinstance(event, Elapse) else event.message.target
        reacted = Reacted(before.engines[name], record, after.engines[name])
        yield from self._ask(ReactionProperty, reacted)
        yield from self._ask(StepProperty, Step(self._system, before, record, after))

    def memory(self, number: int) -> Iterator[Found]:
        """What is found in what monitors remember, as far as it is new."""
        for monitor, memory in enumerate(self._actors.memories(number)):
            if (monitor, memory) not in self._memories:
                self._memories.add((monitor, memory))
                yield from self._remembered(monitor, memory, ALL_ALONG)

    def _remembered(self, monitor: int, memory: int, kinds: frozenset[Kind]) -> Iterator[Found]:
        about = self._actors.monitors[monitor]
        if about.kind in kinds and about in self._open:
            yield from self._found(about, self._actors.memory(monitor, memory))

    def states(self, rows: Rows) -> Iterator[Sighting]:
        """What is found in states that were not met before."""
        for about in self._open:
            if isinstance(about, StateProperty) and about.kind in ALL_ALONG:
                yield from self._projected(about, rows)

    def rest(self, rows: Rows) -> Iterator[Sighting]:
        """What is found in states at rest, as far as what they consist of was not met at rest before."""
        for about in self._open:
            if isinstance(about, StateProperty) and about.kind is Kind.AT_REST:
                yield from self._projected(about, rows)
        for column in range(rows.shape[1]):
            numbers, places = np.unique(rows[:, column], return_index=True)
            for number, place in zip(numbers.tolist(), places.tolist(), strict=True):
                for found in self._at_rest(column, number):
                    yield Sighting(place, found)

    def _at_rest(self, column: Column, number: int) -> Iterator[Found]:
        """What is found in one part of a state at rest, if it was not met at rest before."""
        if column == self._actors.memory_column:
            for monitor, memory in enumerate(self._actors.memories(number)):
                if (monitor, memory) not in self._rested:
                    self._rested.add((monitor, memory))
                    yield from self._remembered(monitor, memory, AT_REST)
        elif column != self._actors.faults_column:
            engine, _ = self._actors.parts(column, number)
            if engine != NOTHING and (None, engine) not in self._rested:
                self._rested.add((None, engine))
                yield from self._engine(self._actors.engines[engine], AT_REST)

    def looks_at_steps(self) -> bool:
        """Whether a property has to be judged on every step of the whole system."""
        return any(isinstance(each, StepProperty) and not each.alone for each in self._open)

    def step(self, step: Step) -> Iterator[Found]:
        """What is found in one step of the whole system, by what cannot be judged alone."""
        for about in self._open:
            if isinstance(about, StepProperty) and not about.alone:
                yield from self._found(about, step)

    def _projected(self, about: StateProperty, rows: Rows) -> Iterator[Sighting]:
        columns = [each for each in range(rows.shape[1]) if self._is_about(about, each)]
        keys = np.ones(len(rows), dtype=np.uint64)
        for column in columns:
            keys += self._tables.hashes(column)[rows[:, column]]
        new: Places = self._seen.setdefault(about.name, FingerprintSet()).add(keys)
        for row in new:
            part = np.zeros(rows.shape[1], dtype=np.int32)
            part[columns] = rows[row, columns]
            part[self._actors.faults_column] = rows[row, self._actors.faults_column]
            for found in self._found(about, self._actors.decode(tuple(part.tolist()))):
                yield Sighting(int(row), found)
                return

    def _is_about(self, about: StateProperty, column: Column) -> bool:
        if self._actors.names[column] is None:
            return about.families is None and column == self._actors.faults_column
        return about.families is None or self._tables.family(column) in about.families

    def _reacted(self, deed: Deed) -> Iterator[Found]:
        """What is found in what an engine does."""
        if deed.before is not None and deed.after is not None:
            yield from self._ask(ReactionProperty, Reacted(deed.before, deed.record, deed.after))

    def _alone(self, deed: Deed) -> Iterator[Found]:
        """What is found in a step of a state that holds nothing but its engine and what that takes."""
        before, after = deed.alone
        for about in self._open:
            if isinstance(about, StepProperty) and about.alone:
                yield from self._found(about, Step(self._system, before, deed.record, after))

    def _engine(self, engine: Engine, kinds: frozenset[Kind]) -> Iterator[Found]:
        for about in self._open:
            mine = isinstance(about, EngineProperty) and engine.family in about.families
            if mine and about.kind in kinds:
                yield from self._found(about, engine)

    def _ask(
        self, kind: type[ReactionProperty] | type[StepProperty], subject: Any
    ) -> Iterator[Found]:
        for about in self._open:
            if isinstance(about, kind) and about.kind in ALL_ALONG:
                yield from self._found(about, subject)

    def _found(self, about: Property, subject: Any) -> Iterator[Found]:
        try:
            evidence = about.judge(subject)
        except Exception as error:
            raise JudgeError(f"the judge of {about.name!r} raised {error!r}") from error
        if evidence is not None:
            self._open = tuple(each for each in self._open if each is not about)
            yield about, evidence
