"""What the properties of a world say of each distinct thing that runs meet: asked once, and remembered.

A statement about an engine, a reaction or a step that is judged alone is asked once per deed, one about states
once per distinct part that it looks at, a monitor once per value that it remembers. Whatever looks at a whole step is
asked every time. Nothing is forgotten when a property is broken, so all runs through a world may share what was said.
"""

from collections.abc import Collection, Iterable, Iterator
from typing import Any

from models.search.actors import Column, Deed
from models.search.course import FIELD, Course, Memo, Node
from models.search.judge import ALL_ALONG, AT_REST, Found, JudgeError, is_judged
from models.search.values import NOTHING
from properties.property import (
    EngineProperty,
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
from spec.formalism.family import FamilyName

Sayings = tuple[Found, ...]
"""What was found in one thing; mostly nothing."""

KINDS = EngineProperty | ReactionProperty | StepProperty | StateProperty | MonitorProperty
"""The types of properties, for telling them apart."""


class Part:
    """The part of states that some statements look at, and what they say of each that was met."""

    def __init__(self, families: frozenset[FamilyName] | None, about: list[Property]) -> None:
        self.families = families
        self.about = about
        self.mask = 0
        self.known: dict[Node, Sayings] = {}

    def looks_at(self, column: Column, memo: Memo) -> bool:
        """Whether the statements look at a column."""
        if memo.actors.names[column] is None:
            return self.families is None and column == memo.actors.faults_column
        return self.families is None or memo.families.get(column) in self.families


class Judgements:
    """What is said of the things that runs on one memo meet."""

    def __init__(self, memo: Memo) -> None:
        self._memo = memo
        self._actors = memo.actors
        self._judged = [each for each in memo.world.properties if is_judged(memo.world, each)]
        self._monitors = [
            (place, each)
            for place, each in enumerate(memo.actors.monitors)
            if is_judged(memo.world, each)
        ]
        steps = [each for each in self._judged if isinstance(each, StepProperty)]
        self._alone: list[Property] = [each for each in steps if each.alone]
        self._whole: list[Property] = [each for each in steps if not each.alone]
        self._reactions = self._those(ReactionProperty, ALL_ALONG)
        self._parts = self._new_parts()
        self._version = -1
        self._engines: dict[int, Sayings] = {}
        self._deeds: dict[int, Sayings] = {}
        self._refusals: dict[int, Sayings] = {}
        self._memories: dict[int, Sayings] = {}
        self._remembered: dict[tuple[int, int], Sayings] = {}
        self._rests: dict[Node, Sayings] = {}

    def looks_at_steps(self, but: Collection[str] = ()) -> bool:
        """Whether a property, but those of these names, has to be asked about every whole step."""
        return any(each.name not in but for each in self._whole)

    def start(self, course: Course) -> Sayings:
        """What is said of where every run starts."""
        engines = self._engines_in(course)
        return (*(found for each in engines for found in self._engine(each)), *self.node(course))

    def deed(self, deed: Deed) -> Sayings:
        """What is said of what an engine does, and of what it and its children become."""
        known = self._deeds.get(deed.serial)
        if known is None:
            known = self._deeds[deed.serial] = tuple(self._of_deed(deed))
        return known

    def refusal(self, deed: Deed, step: Step) -> Sayings:
        """What is said of a step that the system refuses."""
        known = self._refusals.get(deed.serial)
        if known is None and deed.before is not None:
            reacted = Reacted(deed.before, step.record, deed.before)
            found = (*self._ask(self._reactions, reacted), *self._ask(self._alone, step))
            known = self._refusals[deed.serial] = found
        return known or ()

    def step(self, step: Step) -> Iterator[Found]:
        """What is said of a step of the whole system by what cannot be judged alone."""
        return self._ask(self._whole, step)

    def node(self, course: Course) -> Sayings:
        """What is said of a state, and of what the monitors remember there."""
        if self._version != self._memo.version:
            self._widen()
        found: Sayings = ()
        for part in self._parts:
            key = course.node & part.mask
            known = part.known.get(key)
            if known is None:
                known = part.known[key] = self._of_part(part, course)
            if known:
                found += known
        memory = course.row[self._actors.memory_column]
        of_memory = self._memories.get(memory)
        if of_memory is None:
            of_memory = self._memories[memory] = tuple(self._of_memory(memory, ALL_ALONG))
        return found + of_memory if of_memory else found

    def rest(self, course: Course) -> Sayings:
        """What is said of a state at rest, and of what the monitors remember there."""
        known = self._rests.get(course.node)
        if known is None:
            known = self._rests[course.node] = tuple(self._at_rest(course))
        return known

    def _at_rest(self, course: Course) -> Iterator[Found]:
        yield from self._ask(self._those(StateProperty, AT_REST), course.decode())
        for number in self._engines_in(course):
            yield from self._of_engine(self._actors.engines[number], AT_REST)
        yield from self._of_memory(course.row[self._actors.memory_column], AT_REST)

    def _engines_in(self, course: Course) -> Iterator[int]:
        """The numbers of the engines in a state, in the order of their names."""
        for column in self._memo.order:
            if self._actors.names[column] is not None:
                engine, _ = self._actors.parts(column, course.row[column])
                if engine != NOTHING:
                    yield engine

    def _engine(self, number: int) -> Sayings:
        known = self._engines.get(number)
        if known is None:
            found = self._of_engine(self._actors.engines[number], ALL_ALONG)
            known = self._engines[number] = tuple(found)
        return known

    def _of_engine(self, engine: Engine, kinds: frozenset[Kind]) -> Iterator[Found]:
        about = (each for each in self._judged if isinstance(each, EngineProperty))
        mine = (each for each in about if each.kind in kinds and engine.family in each.families)
        yield from self._ask(mine, engine)

    def _of_deed(self, deed: Deed) -> Iterator[Found]:
        before, after = deed.alone
        if deed.before is not None and deed.after is not None:
            reacted = Reacted(deed.before, deed.record, deed.after)
            yield from self._ask(self._reactions, reacted)
            yield from self._engine(deed.number)
            for name in deed.record.spawned:
                yield from self._engine(self._actors.engines.number(after.engines[name]))
        yield from self._ask(self._alone, Step(self._actors.system, before, deed.record, after))

    def _of_part(self, part: Part, course: Course) -> Sayings:
        looked_at = {
            column for column in range(len(course.row)) if part.looks_at(column, self._memo)
        }
        looked_at.add(self._actors.faults_column)
        row = (each if at in looked_at else NOTHING for at, each in enumerate(course.row))
        return tuple(self._ask(part.about, self._actors.decode(tuple(row))))

    def _of_memory(self, memory: int, kinds: frozenset[Kind]) -> Iterator[Found]:
        numbers = self._actors.memories(memory)
        for monitor, about in self._monitors:
            if about.kind in kinds:
                key = (monitor, numbers[monitor])
                if key not in self._remembered:
                    found = self._ask((about,), self._actors.memory(*key))
                    self._remembered[key] = tuple(found)
                yield from self._remembered[key]

    def _widen(self) -> None:
        """Take note of columns and families that are new."""
        for part in self._parts:
            columns = range(len(self._actors.configurations))
            mine = [column for column in columns if part.looks_at(column, self._memo)]
            part.mask = sum(((1 << FIELD) - 1) << FIELD * column for column in mine)
        self._version = self._memo.version

    def _new_parts(self) -> tuple[Part, ...]:
        """The parts of states that are looked at, in the order of the properties."""
        parts: dict[frozenset[FamilyName] | None, Part] = {}
        for each in self._those(StateProperty, ALL_ALONG):
            families = each.families if isinstance(each, StateProperty) else None
            parts.setdefault(families, Part(families, [])).about.append(each)
        return tuple(parts.values())

    def _those(self, of_type: type[Property], kinds: frozenset[Kind]) -> list[Property]:
        return [each for each in self._judged if isinstance(each, of_type) and each.kind in kinds]

    @staticmethod
    def _ask(about: Iterable[Any], subject: object) -> Iterator[Found]:
        for each in about:
            try:
                evidence = each.judge(subject)
            except Exception as error:
                raise JudgeError(f"the judge of {each.name!r} raised {error!r}") from error
            if evidence is not None:
                yield each, evidence
