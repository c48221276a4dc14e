"""A point of a run: where it is, and how it came there. Points never change; those before one stay."""

from collections.abc import Iterator
from functools import cached_property

from attrs import frozen
from pyrsistent import PMap, pmap

from models.render import one_line
from models.search.actors import Number
from models.traces.judging import Sight, Stage
from models.traces.trace import TraceStep, step_lines, trace_step
from properties.property import Kind
from spec.formalism.event import Event, Record
from spec.formalism.state import GlobalState


@frozen(eq=False, repr=False, slots=False)
class Point:
    """A point of a run; points are the same only if they are one."""

    number: int
    """Its place among all points of a session, in the order in which they were met; the start is 0."""
    step: int
    """How many steps it is away from the start."""
    parent: "Point | None"
    """The point before; nothing at the start."""
    record: Record | None
    """What happened in the step that led here; nothing at the start."""
    rests: bool
    """Whether nothing can happen here that changes the state."""
    new: tuple[Sight, ...]
    """What the run first shows here."""
    shown: PMap[str, Sight]
    """What it has shown so far, by the names of the properties."""
    row: tuple[Number, ...]
    """The state, and what monitors remember, in the numbers of the stage."""
    stage: Stage
    """Where steps are taken."""

    @property
    def event(self) -> Event | None:
        """What happened in the step that led here; nothing at the start."""
        return None if self.record is None else self.record.event

    @cached_property
    def state(self) -> GlobalState:
        """The global state."""
        return self.stage.memo.actors.decode(self.row)

    @cached_property
    def shape(self) -> TraceStep | None:
        """The step that led here, as people read it, with what changed; nothing at the start."""
        if self.parent is None or self.record is None:
            return None
        return trace_step(self.step, self.parent.state, self.record, self.state)

    @property
    def broken(self) -> tuple[Sight, ...]:
        """What the run has broken so far, in the order in which it was shown."""
        sights = (each for each in self.shown.values() if is_breach(each))
        return tuple(sorted(sights, key=lambda each: (each.step, each.property.name)))

    def __repr__(self) -> str:
        """The step that led here, line by line."""
        return "\n".join(map(one_line, lines_of(self)))


NOTHING_SHOWN: PMap[str, Sight] = pmap()
"""Nothing is shown of any property."""


def is_breach(sight: Sight) -> bool:
    """Whether what a run shows is that a property is broken."""
    return sight.property.kind is not Kind.SOMETIMES


def back_from(point: Point) -> Iterator[Point]:
    """A point, the one before it, and so on to the start."""
    at: Point | None = point
    while at is not None:
        yield at
        at = at.parent


def run_to(point: Point) -> tuple[Point, ...]:
    """The points from the start to one."""
    return tuple(back_from(point))[::-1]


def lines_of(point: Point) -> Iterator[str]:
    """The step that led to a point, line by line."""
    shape = point.shape
    yield "the start" if shape is None else f"{shape.number:3} {shape.event}"
    if shape is not None:
        yield from (f"    {line}" for line in step_lines(shape))
    for sight in point.new:
        word = "broken" if is_breach(sight) else "seen"
        yield f"    {word}: {sight.property.name}: {sight.evidence.finding}"
    if point.rests:
        yield "    at rest"
