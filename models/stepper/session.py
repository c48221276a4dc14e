"""A session: somebody steps through a model by hand, back and forth, on as many branches as they like.

Choices:
- All points that were met stay, in a tree. To go to one, however far away, is to look at it: nothing is taken again.
- What moves is a place in that tree: a branch, and a point on the way to its end. `undo` takes back a move, whatever
  it was; `back` goes to an earlier point of the branch, and the later ones stay.
- A choice that is not the branch's next step begins a new branch there, with a name of its own. So nothing is lost.
- Random steps change the state, or are refused, once in a row: what changes nothing could be taken for ever.
"""

from collections.abc import Iterable

from attrs import evolve, frozen
from pyrsistent import pmap

from models.errors import InputError
from models.model import World
from models.render import render_event
from models.schedulers.replay import ReplayError
from models.schedulers.uniform import Uniform
from models.search.judge import is_judged
from models.stepper.finding import Test
from models.stepper.place import MAIN, Place
from models.stepper.point import Point, back_from, run_to
from models.stepper.taking import Choice, Taking
from models.traces.document import Subject, Trace
from models.traces.judging import Sight
from models.traces.record import recorded
from properties.property import Kind, Property
from spec.formalism.errors import NotEnabledError
from spec.formalism.event import Event

FARTHEST = 10_000
"""How many steps a search for the next event of some kind goes at most."""


@frozen(repr=False)
class Walk:
    """Several steps taken at once."""

    points: tuple[Point, ...]
    """The points that they led to."""
    why: str
    """Why there are no more."""

    def __repr__(self) -> str:
        number = len(self.points)
        return f"{number} step{'' if number == 1 else 's'}: {self.why}"


@frozen(repr=False)
class Standing:
    """What the run so far says of a property."""

    about: Property
    """The property."""
    word: str
    """One of `WORDS`."""
    sight: Sight | None
    """What the run shows of it, and where it did first; nothing if it shows nothing."""

    def __repr__(self) -> str:
        where = "" if self.sight is None else f" (step {self.sight.step})"
        return f"{self.word}{where}: {self.about.name}"


WORDS = ("broken", "seen", "not seen", "not broken", "judged at rest", "not judged")
"""What a run may say of properties, in the order in which it is told."""


class Session:
    """Somebody's way through a model.

    Attributes:
        world: what is stepped through.
        name: what its user calls it.
        subject: what traces say that they are of; nothing where none can be saved.
        seed: the seed of random steps for which no other is given.
        notice: what the last move did beside moving; empty if nothing.
    """

    def __init__(
        self,
        world: World,
        name: str = "",
        subject: Subject | None = None,
        seed: int = 0,
        events: Iterable[Event] = (),
    ) -> None:
        """A session at the start; the run of these events, as far as they may happen, lies ahead."""
        self.world = world
        self.name = name
        self.subject = subject
        self.seed = seed
        self.notice = ""
        self._taking = Taking(world)
        start = self._taking.start
        self._place = Place(MAIN, start, pmap({MAIN: start}))
        ahead = self._followed(events)[0]
        self._place = evolve(ahead, point=start)
        self._undone: list[Place] = []
        self._done: list[Place] = []
        self._draws = 0

    # -- where one is

    @property
    def here(self) -> Point:
        """The point that is looked at."""
        return self._place.point

    @property
    def branch(self) -> str:
        """The branch that it is on."""
        return self._place.branch

    @property
    def branches(self) -> dict[str, Point]:
        """The ends of all branches, by their names in order."""
        ends = self._place.ends
        return {name: ends[name] for name in sorted(ends)}

    @property
    def end(self) -> Point:
        """The end of the branch."""
        return self._place.end

    @property
    def size(self) -> int:
        """How many points were met."""
        return self._taking.count

    def run(self) -> tuple[Point, ...]:
        """The points from the start to here."""
        return run_to(self.here)

    def line(self) -> tuple[Point, ...]:
        """The points from the start to the end of the branch."""
        return run_to(self.end)

    def events(self) -> tuple[Event, ...]:
        """What happened from the start to here."""
        return tuple(point.event for point in self.run() if point.event is not None)

    def enabled(self, at: Point | None = None) -> tuple[Choice, ...]:
        """What may happen here, or at another point, numbered from 1."""
        return self._taking.choices(at or self.here)

    def standings(self) -> tuple[Standing, ...]:
        """What the run so far says of every property: first what it breaks."""
        found = (self._standing(each) for each in self.world.properties)
        return tuple(sorted(found, key=lambda each: WORDS.index(each.word)))

    def point(self, name: str) -> Point:
        """The point that a name stands for.

        Args:
            name: the number of a step of the branch; `start`, `here`, `end`; a branch, for its end; or
                `BRANCH:STEP`.

        Raises:
            InputError: there is no such point.
        """
        return self._place.named(name)

    # -- moves

    def choose(self, number: int) -> Point:
        """Take the step of this number.

        Raises:
            InputError: there is no such step.
        """
        choices = self.enabled()
        if not 1 <= number <= len(choices):
            there = f"1 to {len(choices)}" if choices else "nothing can happen here"
            raise InputError(f"no event {number} here; expected {there}")
        return self.happen(choices[number - 1].event)

    def happen(self, event: Event) -> Point:
        """Take the step that this event is.

        Raises:
            InputError: it may not happen here.
        """
        try:
            after = self._taking.after(self.here, event)
        except NotEnabledError:
            raise InputError(f"this cannot happen here: {render_event(event)}") from None
        self._move(self._place.after(after))
        return after

    def follow(self, events: Iterable[Event]) -> Walk:
        """Take the steps that these events are, up to the first that may not happen."""
        place, walk = self._followed(events)
        if walk.points:
            self._move(place)
        return walk

    def random(self, most: int = 1, seed: int | None = None) -> Walk:
        """Take so many steps at random, or as many as there are."""
        return self._walk(self._place, most, lambda _: False, self._scheduler(seed))

    def forward(self, steps: int = 1) -> Point:
        """Go so many steps on along the branch, or to its end."""
        return self.go(self._ahead(steps))

    def back(self, steps: int = 1) -> Point:
        """Go so many steps back, or to the start."""
        return self.go(self._place.step(str(max(self.here.step - steps, 0)), self.branch))

    def to(self, name: str | int) -> Point:
        """Go to a point; one that is called by another branch's name is looked at on that branch.

        Raises:
            InputError: there is no such point.
        """
        text = str(name)
        point, branch = self.point(text), text.rpartition(":")[0] or text
        return self.go(point, branch if branch in self._place.ends else self.branch)

    def go(self, point: Point, branch: str | None = None) -> Point:
        """Go to a point that was met, on a branch that it lies on: this one, or the first of all by name.

        Raises:
            InputError: no branch leads over it any more, as that was undone.
        """
        place = self._place.over(point, branch)
        if place is None:
            raise InputError(f"no branch leads over point {point.number}")
        self._move(place)
        return point

    def until(self, test: Test, most: int = FARTHEST, seed: int | None = None) -> Walk:
        """Go to the next point that passes a test: along the branch, then at random from its end."""
        passed = self._passed(test)
        if passed is not None:
            points = tuple(back_from(passed))[: passed.step - self.here.step][::-1]
            self.go(passed)
            return Walk(points, "found on the branch")
        at_end = evolve(self._place, point=self.end)
        return self._walk(at_end, most, test, self._scheduler(seed))

    def undo(self) -> Point:
        """Take back the last move.

        Raises:
            InputError: there is none.
        """
        if not self._done:
            raise InputError("there is nothing to undo")
        self._undone.append(self._place)
        self._place, self.notice = self._done.pop(), ""
        return self.here

    def redo(self) -> Point:
        """Take the last move again that was taken back.

        Raises:
            InputError: there is none, or something else was done since.
        """
        if not self._undone:
            raise InputError("there is nothing to redo")
        self._done.append(self._place)
        self._place, self.notice = self._undone.pop(), ""
        return self.here

    def new_branch(self, name: str) -> Point:
        """Begin a branch here.

        Raises:
            InputError: the name is taken, or no name of a branch.
        """
        self._place.check_name(name)
        ends = self._place.ends.set(name, self.here)
        self._move(Place(name, self.here, ends))
        return self.here

    def rename(self, name: str) -> None:
        """Give the branch another name.

        Raises:
            InputError: the name is taken, or no name of a branch.
        """
        self._place.check_name(name)
        ends = self._place.ends.remove(self.branch).set(name, self.end)
        self._move(evolve(self._place, branch=name, ends=ends))

    # -- what is left of it

    def trace(self) -> Trace:
        """The run to here, for a trace file.

        Raises:
            InputError: it is of a world that no file can name, or one whose rules are not pure.
        """
        if self.subject is None:
            raise InputError("this world has no name that a trace could give it")
        broken = self.here.broken
        found = None if not broken else (broken[-1].property, broken[-1].evidence)
        try:
            return recorded(self.subject, self.world, self.events(), found)
        except ReplayError as error:
            raise InputError(f"the run goes otherwise when it is taken again: {error}") from error

    # -- inside

    def _move(self, place: Place) -> None:
        before = self._place
        self._done.append(before)
        self._undone.clear()
        self._place = place
        self.notice = "" if place.branch == before.branch else f"on branch {place.branch}"

    def _standing(self, about: Property) -> Standing:
        sight = self.here.shown.get(about.name)
        happens = about.kind is Kind.SOMETIMES
        if sight is not None:
            return Standing(about, "seen" if happens else "broken", sight)
        if not is_judged(self.world, about):
            return Standing(about, "not judged", None)
        if about.kind is Kind.AT_REST and not self.here.rests:
            return Standing(about, "judged at rest", None)
        return Standing(about, "not seen" if happens else "not broken", None)

    def _followed(self, events: Iterable[Event]) -> tuple[Place, Walk]:
        place, points = self._place, list[Point]()
        for event in events:
            try:
                after = self._taking.after(place.point, event)
            except NotEnabledError:
                return place, Walk(tuple(points), "the next one may not happen")
            place = place.after(after)
            points.append(after)
        return place, Walk(tuple(points), "all taken")

    def _walk(self, place: Place, most: int, test: Test, scheduler: Uniform) -> Walk:
        points: list[Point] = []
        why = f"{most} taken"
        while len(points) < most:
            at = place.point
            events = self._taking.moving(at)
            if not events:
                why = "at rest"
                break
            event = events[scheduler.choose(Among(len(events)), len(points))]
            after = self._taking.after(at, event)
            place = place.after(after)
            points.append(after)
            if test(after):
                why = "found"
                break
        if place != self._place:
            self._move(place)
        return Walk(tuple(points), why)

    def _scheduler(self, seed: int | None) -> Uniform:
        """Random choices: each walk has its own, unless its seed is given."""
        self._draws += seed is None
        return Uniform(f"{self.seed}/{self._draws}" if seed is None else seed)

    def _ahead(self, steps: int) -> Point:
        return self._place.step(str(min(self.here.step + steps, self.end.step)), self.branch)

    def _passed(self, test: Test) -> Point | None:
        """The next point of the branch that passes a test."""
        ahead = tuple(back_from(self.end))[: self.end.step - self.here.step]
        return next((point for point in reversed(ahead) if test(point)), None)


@frozen
class Among:
    """So many things of which one is chosen."""

    count: int
    """How many there are."""

    def events(self) -> range:
        """Their numbers."""
        return range(self.count)
