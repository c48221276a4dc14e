"""Steps from any point of a tree: taken and judged on the remembered steps that searches use."""

from collections.abc import Iterator

from attrs import frozen

from models.model import World
from models.render import render_event
from models.search.actors import Number
from models.search.course import Course, Option
from models.search.judge import Found
from models.stepper.point import NOTHING_SHOWN, Point
from models.traces.judging import Sight, Stage, taken
from spec.formalism.errors import NotEnabledError
from spec.formalism.event import Event, Record
from spec.formalism.rule import RuleId
from spec.formalism.system import System

NOWHERE: tuple[Number, ...] = ()
"""The row of no state: the course is on its way."""


@frozen(repr=False)
class Choice:
    """Something that may happen next."""

    number: int
    """The number by which it is chosen, from 1."""
    event: Event
    """What may happen."""
    rules: tuple[RuleId, ...]
    """The rules that would take effect."""
    changes: bool
    """Whether it would change the state."""
    refused: bool
    """Whether the specification forbids the step, which would change nothing."""

    def __repr__(self) -> str:
        note = "" if self.changes else " (refused)" if self.refused else " (changes nothing)"
        place = f"[{self.number}]"
        return f"{place:>5} {render_event(self.event)}{note}"


class Taking:
    """Takes steps of a world from any point; points are numbered as they are made.

    Attributes:
        world: what is stepped through.
        start: where every run starts.
        count: how many points there are.
    """

    def __init__(self, world: World) -> None:
        self.world = world
        self.count = 0
        self._stage = Stage(world)
        # Remembered steps hold for systems in which a step does to the state what its record says, and nothing else.
        self._lawful = type(world.system).apply is System.apply
        self._children: dict[tuple[int, Event], Point] = {}
        course, says = self._stage.course, self._stage.judgements
        self.start = self._point(None, None, says.start(course))
        self._at = self.start.row

    def choices(self, point: Point) -> tuple[Choice, ...]:
        """What may happen at a point, in the order of `enabled`."""
        return tuple(self._choices(point))

    def moving(self, point: Point) -> list[Event]:
        """What may happen at a point that changes the state, or is refused; after a refusal, nothing more is."""
        self._go(point)
        course = self._stage.course
        refused = point.record is not None and point.record.refusal is not None
        return [
            each.deed.event
            for each in course.options()
            if course.changes(each) or (_is_refused(course, each) and not refused)
        ]

    def after(self, point: Point, event: Event) -> Point:
        """The point after an event; equal steps lead to one point.

        Raises:
            NotEnabledError: the event may not happen there.
        """
        known = self._children.get((point.number, event))
        if known is not None:
            return known
        self._go(point)
        number = self._stage.memo.events.number(event)
        for option in self._stage.course.options():
            if option.event == number:
                return self._take(point, option)
        raise NotEnabledError(f"not enabled: {event}")

    def _choices(self, point: Point) -> Iterator[Choice]:
        self._go(point)
        course = self._stage.course
        for number, option in enumerate(course.options(), start=1):
            record = option.deed.record
            refused = _is_refused(course, option)
            changes = course.changes(option)
            yield Choice(number, option.deed.event, record.fired, changes, refused)

    def _take(self, point: Point, option: Option) -> Point:
        self._at = NOWHERE  # until all is done: a judge may raise, or somebody interrupt
        record, found = taken(self._stage, option)
        course = self._stage.course
        if not self._lawful:
            self._correct(point, option.deed.event)
        found = (*found, *self._stage.judgements.node(course))
        after = self._point(point, record, found)
        self._children[point.number, option.deed.event] = after
        self._at = after.row
        return after

    def _correct(self, point: Point, event: Event) -> None:
        """Let the course be where the system says that a step leads, with what monitors remember of it."""
        memo, course = self._stage.memo, self._stage.course
        after, _ = self.world.system.step(point.state, event)
        memory = memo.actors.memory_column
        row = [*memo.actors.start(after)]
        row[memory] = course.row[memory]
        memo.widen()
        course.go(tuple(row))

    def _point(
        self, parent: Point | None, record: Record | None, found: tuple[Found, ...]
    ) -> Point:
        course = self._stage.course
        rests = course.is_at_rest()
        if rests:
            found = (*found, *self._stage.judgements.rest(course))
        step = 0 if parent is None else parent.step + 1
        shown, new = NOTHING_SHOWN if parent is None else parent.shown, list[Sight]()
        for about, evidence in found:
            if about.name not in shown:
                new.append(Sight(step, about, evidence))
                shown = shown.set(about.name, new[-1])
        number, self.count = self.count, self.count + 1
        stage, row = self._stage, tuple(course.row)
        return Point(number, step, parent, record, rests, tuple(new), shown, row, stage)

    def _go(self, point: Point) -> None:
        """Let the course be where a point is."""
        if self._at != point.row:
            self._at = NOWHERE
            self._stage.course.go(point.row)
            self._at = tuple(self._stage.course.row)


def _is_refused(course: Course, option: Option) -> bool:
    return option.deed.record.refusal is not None or course.is_refused(option)
