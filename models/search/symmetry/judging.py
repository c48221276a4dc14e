"""Judges properties where one state stands for many: each on all that what it looks at may become.

So no property has to treat all names alike. What an exchange makes of an engine that is met, of what it does or of
what a monitor remembers, occurs in a run as well: each is judged as the exhaustive search would. Of states, the part
that a property looks at is judged with all that it may become; that is where symmetry saves nothing.
"""

from collections.abc import Iterator
from functools import partial
from typing import Any

import numpy as np
from attrs import frozen

from models.model import World
from models.search.actors import Actors, Column, Deed
from models.search.judge import ALL_ALONG, AT_REST, Found, JudgeError, is_judged
from models.search.symmetry.group import Arrangement, Exchange, Group
from models.search.symmetry.images import Images
from models.search.symmetry.orbits import RowOrbits, orbit
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
    """Something found in what one of some states may become."""

    place: int
    """Which of the states."""
    arrangement: Arrangement
    """What makes of it the state in which it was found."""
    found: Found
    """What was found."""


class OrbitJudge:
    """Judges what a search shows to it; a property of which something was found is judged no more."""

    def __init__(self, world: World, tables: Tables, images: Images) -> None:
        self._world = world
        self._tables = tables
        self._actors: Actors = tables.actors
        self._images = images
        self._group: Group = images.group
        self._open = tuple(each for each in world.properties if is_judged(world, each))
        self._memories: set[tuple[int, int]] = set()
        self._rested: set[tuple[int | None, int]] = set()
        self._orbits: dict[str, RowOrbits] = {}

    def engine(self, engine: int) -> Iterator[Found]:
        """What is found in an engine."""
        yield from self._engine(self._actors.engines[engine], ALL_ALONG)

    def deed(self, deed: Deed) -> Iterator[Found]:
        """What is found in what an engine does."""
        if deed.before is not None and deed.after is not None:
            reacted = Reacted(deed.before, deed.record, deed.after)
            yield from self._ask(ReactionProperty, ALL_ALONG, reacted)
        yield from self.alone(deed.alone, deed.record)

    def alone(self, states: tuple[GlobalState, GlobalState], record: Record) -> Iterator[Found]:
        """What is found in a step of a state that holds nothing but what takes part in it."""
        before, after = states
        for about in self._open:
            if isinstance(about, StepProperty) and about.alone:
                step = Step(self._world.system, before, record, after)
                yield from self._found(about, step)

    def refused(self, before: GlobalState, record: Record, after: GlobalState) -> Iterator[Found]:
        """What is found in a step that is refused in view of the whole state."""
        event = record.event
        name = event.engine if isinstance(event, Elapse) else event.message.target
        reacted = Reacted(before.engines[name], record, after.engines[name])
        yield from self._ask(ReactionProperty, ALL_ALONG, reacted)
        step = Step(self._world.system, before, record, after)
        yield from self._ask(StepProperty, ALL_ALONG, step)

    def memory(self, number: int) -> Iterator[tuple[Arrangement, Found]]:
        """What is found in what monitors remember, as far as it is new."""
        yield from self._remembered(number, self._memories, ALL_ALONG)

    def states(self, rows: Rows) -> Iterator[Sighting]:
        """What is found in states that were not met before."""
        yield from self._projected(rows, ALL_ALONG)

    def rest(self, rows: Rows) -> Iterator[Sighting]:
        """What is found in states at rest."""
        yield from self._projected(rows, AT_REST)
        for column in range(rows.shape[1]):
            numbers, places = np.unique(rows[:, column], return_index=True)
            for number, place in zip(numbers.tolist(), places.tolist(), strict=True):
                for arrangement, found in self._at_rest(column, number):
                    yield Sighting(place, arrangement, found)

    def looks_at_steps(self) -> bool:
        """Whether a property has to be judged on every step of the whole system."""
        return any(isinstance(each, StepProperty) and not each.alone for each in self._open)

    def steps(self, state: GlobalState) -> Iterator[tuple[Record, Found]]:
        """What is found in the steps of a state by what looks at the whole system."""
        system = self._world.system
        for following in system.successors(state):
            step = Step(system, state, following.record, following.state)
            for about in self._open:
                if isinstance(about, StepProperty) and not about.alone:
                    for found in self._found(about, step):
                        yield following.record, found

    def _at_rest(self, column: Column, number: int) -> Iterator[tuple[Arrangement, Found]]:
        """What is found in one part of a state at rest, if it was not met at rest before."""
        if column == self._actors.memory_column:
            yield from self._remembered(number, self._rested, AT_REST)
        elif column != self._actors.faults_column:
            engine, _ = self._actors.parts(column, number)
            if engine != NOTHING and (None, engine) not in self._rested:
                members = orbit(self._group, engine, self._images.engine)
                self._rested.update((None, each) for each in members)
                for each, arrangement in members.items():
                    for found in self._engine(self._actors.engines[each], AT_REST):
                        yield arrangement, found

    def _remembered(
        self, number: int, known: set[Any], kinds: frozenset[Kind]
    ) -> Iterator[tuple[Arrangement, Found]]:
        for place, memory in enumerate(self._actors.memories(number)):
            if (place, memory) not in known:
                members = orbit(self._group, memory, partial(self._image_of_memory, place))
                known.update((place, each) for each in members)
                about = self._actors.monitors[place]
                for each, arrangement in members.items():
                    if about.kind in kinds and about in self._open:
                        for found in self._found(about, self._actors.memory(place, each)):
                            yield arrangement, found

    def _image_of_memory(self, monitor: int, exchange: Exchange, memory: int) -> int:
        return self._images.memory(exchange, monitor, memory)

    def _projected(self, rows: Rows, kinds: frozenset[Kind]) -> Iterator[Sighting]:
        """What is found in the parts of states that properties look at, and in all these may become."""
        for about in self._open:
            if isinstance(about, StateProperty) and about.kind in kinds:
                parts = np.zeros_like(rows)
                for column in range(rows.shape[1]):
                    if self._is_about(about, column):
                        parts[:, column] = rows[:, column]
                faults = rows[:, self._actors.faults_column]
                yield from self._judged(about, parts, faults)

    def _judged(self, about: StateProperty, parts: Rows, faults: Rows) -> Iterator[Sighting]:
        orbits = self._orbits.setdefault(about.name, RowOrbits(self._tables, self._images))
        for members in orbits.members(parts):
            part = members.rows.copy()
            part[:, self._actors.faults_column] = faults[members.origins]
            for place, row in enumerate(part.tolist()):
                for found in self._found(about, self._actors.decode(tuple(row))):
                    arrangement = tuple(members.arrangements[place].tolist())
                    yield Sighting(int(members.origins[place]), arrangement, found)
                    return

    def _is_about(self, about: StateProperty, column: Column) -> bool:
        if self._actors.names[column] is None:
            return about.families is None and column == self._actors.faults_column
        return about.families is None or self._tables.family(column) in about.families

    def _engine(self, engine: Engine, kinds: frozenset[Kind]) -> Iterator[Found]:
        for about in self._open:
            mine = isinstance(about, EngineProperty) and engine.family in about.families
            if mine and about.kind in kinds:
                yield from self._found(about, engine)

    def _ask(
        self,
        of_type: type[ReactionProperty] | type[StepProperty],
        kinds: frozenset[Kind],
        subject: Any,
    ) -> Iterator[Found]:
        for about in self._open:
            if isinstance(about, of_type) and about.kind in kinds:
                yield from self._found(about, subject)

    def _found(self, about: Property, subject: Any) -> Iterator[Found]:
        try:
            evidence = about.judge(subject)
        except Exception as error:
            raise JudgeError(f"the judge of {about.name!r} raised {error!r}") from error
        if evidence is not None:
            self._open = tuple(each for each in self._open if each is not about)
            yield about, evidence
