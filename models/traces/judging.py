"""Runs that are judged step by step, as walks judge theirs; steps and findings are worked out once for all runs."""

from collections.abc import Iterable

from attrs import frozen

from models.model import World
from models.search.course import Course, Memo, Option
from models.search.judge import Found
from models.search.judgements import Judgements, Sayings
from properties.property import Evidence, Property, Step
from spec.formalism.event import Event, Record


@frozen
class Sight:
    """Something that a run shows."""

    step: int
    """After how many steps it shows."""
    property: Property
    """The property that it is about."""
    evidence: Evidence
    """What was found."""


class Stage:
    """A world in which runs are taken, one after the other.

    Attributes:
        world: the world.
        memo: its steps, as far as they are known.
        judgements: what its properties say.
        course: where the present run is.
    """

    def __init__(self, world: World) -> None:
        self.world = world
        self.memo = Memo(world)
        self.judgements = Judgements(self.memo)
        self.course = Course(self.memo)

    def judged(self, events: Iterable[Event]) -> tuple[Sight, ...]:
        """What the run with these events shows, up to the first that is not enabled, and at rest after it."""
        play = Play(self)
        for event in events:
            if not play.take(event):
                break
        play.end()
        return tuple(play.sights)


class Play:
    """One run on its way; a stage has one at a time.

    Attributes:
        events: what has happened in it.
        sights: the first thing that it has shown of each property.
    """

    def __init__(self, stage: Stage) -> None:
        self.events: list[Event] = []
        self.sights: list[Sight] = []
        self._stage = stage
        self._numbers = stage.memo.events
        self._judgements = stage.judgements
        self._course = stage.course
        self._course.restart()
        self._see(self._judgements.start(self._course))

    def take(self, event: Event) -> bool:
        """Take a step, if the event is enabled; the answer says whether it is."""
        number = self._numbers.number(event)
        option = next((each for each in self._course.options() if each.event == number), None)
        if option is not None:
            self._go(option)
        return option is not None

    def go_on(self) -> bool:
        """Take the first step that changes the state, if there is one; the answer says whether there is."""
        option = next(filter(self._course.changes, self._course.options()), None)
        if option is not None:
            self._go(option)
        return option is not None

    def end(self) -> None:
        """Judge what is about rest, if the run has come to rest."""
        if self._course.is_at_rest():
            self._see(self._judgements.rest(self._course))

    def _go(self, option: Option) -> None:
        self.events.append(option.deed.event)
        self._see(taken(self._stage, option)[1])
        self._see(self._judgements.node(self._course))

    def _see(self, found: Iterable[Found]) -> None:
        known = {each.property.name for each in self.sights}
        for about, evidence in found:
            if about.name not in known:
                known.add(about.name)
                self.sights.append(Sight(len(self.events), about, evidence))


def taken(stage: Stage, option: Option) -> tuple[Record, Sayings]:
    """Take a step from where the course of a stage is: what happened, and what is said of the step alone."""
    course, says, system = stage.course, stage.judgements, stage.world.system
    if course.is_refused(option):
        before = course.decode()
        after, record = system.step(before, option.deed.event)
        step = Step(system, before, record, after)
        course.refuse(record)
        return record, (*says.refusal(option.deed, step), *says.step(step))
    if not says.looks_at_steps():
        course.take(option)
        return option.deed.record, says.deed(option.deed)
    before = course.decode()
    course.take(option)
    step = Step(system, before, option.deed.record, course.decode())
    return option.deed.record, (*says.deed(option.deed), *says.step(step))
