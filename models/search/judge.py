"""Judges the properties of a world: each where its type and kind say, and equal things once."""

from collections.abc import Iterable, Iterator
from functools import lru_cache
from typing import Any

from models.model import World
from models.search.codes import Code
from models.search.monitors import Memory, Monitors
from models.search.moves import Move, Moves
from properties.property import (
    EngineProperty,
    Evidence,
    Kind,
    MonitorProperty,
    Property,
    Reacted,
    ReactionProperty,
    StateProperty,
    Step,
    StepProperty,
)
from spec.formalism.engine import Engine
from spec.formalism.state import GlobalState

Found = tuple[Property, Evidence]
"""A property, and what was found: that it is broken, or, of a `sometimes`, that it has happened."""

ALL_ALONG = frozenset({Kind.ALWAYS, Kind.SOMETIMES})
"""The kinds that are judged at every step and in every state."""

AT_REST = frozenset({Kind.AT_REST})
"""The kinds that are judged in states at rest."""

_KEPT = 1 << 15
"""How many decoded states are kept."""


class JudgeError(Exception):
    """The judge of a property raised, where it should have answered."""


def is_judged(world: World, about: Property) -> bool:
    """Whether a property is judged in a world: none about rest is where messages may be lost.

    Nothing happens at rest, so no statement about a reaction or a step is about rest.
    """
    if about.kind is not Kind.AT_REST:
        return True
    return world.system.faults.losses == 0 and not isinstance(
        about, ReactionProperty | StepProperty
    )


class Judge:
    """Judges what a search shows to it; a property of which something was found is judged no more."""

    def __init__(self, world: World, moves: Moves, monitors: Monitors) -> None:
        self._system = world.system
        self._moves = moves
        self._monitors = monitors
        self._open = tuple(each for each in world.properties if is_judged(world, each))
        self._engines: set[Engine] = set()
        self._reactions: set[int] = set()
        self._memories: set[Memory] = set()
        self._decoded = lru_cache(maxsize=_KEPT)(moves.codes.decode)
        self._steps_matter = any(isinstance(each, StepProperty) for each in self._open)
        self._states_matter = any(
            isinstance(each, StateProperty) and each.kind in ALL_ALONG for each in self._open
        )

    def start(self, code: Code, memory: Memory) -> Iterator[Found]:
        """What is found where every run starts."""
        state = self._decoded(code)
        for name in sorted(state.engines):
            yield from self._engine(state.engines[name])
        yield from self.state(code)
        yield from self.memory(memory)

    def move(self, move: Move) -> Iterator[Found]:
        """What is found in what one engine does, and in what it and its children become."""
        if move.serial in self._reactions or move.before is None or move.after is None:
            return
        self._reactions.add(move.serial)
        reacted = Reacted(move.before, move.record, move.after)
        yield from self._ask(ReactionProperty, ALL_ALONG, reacted)
        for engine in (move.after, *move.spawned):
            yield from self._engine(engine)

    def step(self, before: Code, move: Move, after: Code) -> Iterator[Found]:
        """What is found in one step of the whole system."""
        if self._steps_matter:
            states = self._decoded(before), self._decoded(after)
            step = Step(self._system, states[0], move.record, states[1])
            yield from self._ask(StepProperty, ALL_ALONG, step)

    def state(self, code: Code) -> Iterator[Found]:
        """What is found in a state that was not met before."""
        if self._states_matter:
            yield from self._ask(StateProperty, ALL_ALONG, self._decoded(code))

    def memory(self, memory: Memory) -> Iterator[Found]:
        """What is found in what the monitors remember."""
        if memory not in self._memories:
            self._memories.add(memory)
            yield from self._remembered(memory, ALL_ALONG)

    def rest(self, state: GlobalState, memory: Memory) -> Iterator[Found]:
        """What is found in a state at rest."""
        yield from self._ask(StateProperty, AT_REST, state)
        for name in sorted(state.engines):
            yield from self._about(state.engines[name], AT_REST)
        yield from self._remembered(memory, AT_REST)

    def _engine(self, engine: Engine) -> Iterator[Found]:
        if engine not in self._engines:
            self._engines.add(engine)
            yield from self._about(engine, ALL_ALONG)

    def _about(self, engine: Engine, kinds: frozenset[Kind]) -> Iterator[Found]:
        mine = [each for each in self._open if isinstance(each, EngineProperty)]
        for each in mine:
            if each.kind in kinds and engine.family in each.families:
                yield from self._found(each, engine)

    def _remembered(self, memory: Memory, kinds: frozenset[Kind]) -> Iterator[Found]:
        for each, remembered in self._monitors.memories(memory):
            if each in self._open and each.kind in kinds:
                yield from self._found(each, remembered)

    def _ask(
        self,
        of_type: type[ReactionProperty] | type[StepProperty] | type[StateProperty],
        kinds: frozenset[Kind],
        subject: Any,
    ) -> Iterator[Found]:
        for each in self._open:
            if isinstance(each, of_type) and each.kind in kinds:
                yield from self._found(each, subject)

    def _found(
        self,
        about: EngineProperty | ReactionProperty | StepProperty | StateProperty | MonitorProperty,
        subject: Any,
    ) -> Iterable[Found]:
        try:
            evidence = about.judge(subject)
        except Exception as error:
            raise JudgeError(f"the judge of {about.name!r} raised {error!r}") from error
        if evidence is None:
            return ()
        self._open = tuple(each for each in self._open if each is not about)
        return ((about, evidence),)
