"""How an event that may not happen now comes to be possible: the shortest ways, as far as one looks."""

from collections import deque
from collections.abc import Iterable

from attrs import frozen

from models.search.course import Course
from models.stepper.point import Point
from spec.formalism.event import Event

MOST = 500
"""How many states are looked at."""

Way = tuple[Event, ...]
"""What has to happen first."""


@frozen
class Ahead:
    """What was found."""

    ways: dict[Event, Way]
    """For each event that was found, a shortest way to where it may happen."""
    complete: bool
    """Whether all states were looked at that can follow."""


class _Looking:
    """A search on its way, breadth first."""

    def __init__(self, point: Point, wanted: Iterable[Event]) -> None:
        memo = point.stage.memo
        self._course = Course(memo)
        self._course.go(point.row)
        self._wanted = {memo.events.number(event): event for event in wanted}
        self._met = {self._course.state}
        self._queue = deque[tuple[tuple[int, ...], Way]]([(point.row, ())])
        self.ways: dict[Event, Way] = {}

    def look(self, most: int) -> bool:
        """Look at so many states at most; whether these were all, or enough."""
        while self._queue and self._wanted:
            if len(self._met) > most:
                return False
            self._expand(*self._queue.popleft())
        return True

    def _expand(self, row: tuple[int, ...], way: Way) -> None:
        course = self._course
        course.go(row)
        options = tuple(course.options())
        for option in options:
            event = self._wanted.pop(option.event, None)
            if event is not None:
                self.ways[event] = way
        for option in options:
            if course.changes(option):
                course.take(option)
                if course.state not in self._met:
                    self._met.add(course.state)
                    self._queue.append((tuple(course.row), (*way, option.deed.event)))
                course.go(row)


def ways_to(point: Point, wanted: Iterable[Event], most: int = MOST) -> Ahead:
    """Shortest ways from a point to where each of some events may happen; only changes count as steps.

    What spends the faults that the network may still commit counts too: what a fault alone makes possible is found.
    """
    looking = _Looking(point, wanted)
    complete = looking.look(most)
    return Ahead(looking.ways, complete)
