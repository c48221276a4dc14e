"""Where somebody is in a tree of points: on a branch, at a point on the way to its end."""

import re
from itertools import count

from attrs import evolve, frozen
from pyrsistent import PMap

from models.errors import InputError
from models.stepper.point import Point, back_from

MAIN = "main"
"""The branch on which a session begins."""

START, HERE, END = "start", "here", "end"
"""What points are called that have no need of a number."""

NAME = re.compile(r"[A-Za-z][A-Za-z0-9_-]{0,39}", re.ASCII)
"""What a branch may be called."""

LONGEST_NUMBER = 9
"""How many digits the number of a step has at most."""


@frozen
class Place:
    """Where somebody is in the tree."""

    branch: str
    """The branch that goes on when a step is taken at its end."""
    point: Point
    """A point on the way to its end."""
    ends: PMap[str, Point]
    """The ends of all branches."""

    @property
    def end(self) -> Point:
        """The end of the branch."""
        return self.ends[self.branch]

    def after(self, point: Point) -> "Place":
        """The place after a step: on a branch that leads over the point, or on a new one."""
        if self.point is self.end:
            return Place(self.branch, point, self.ends.set(self.branch, point))
        known = self.over(point)
        if known is not None:
            return known
        names = (f"branch-{number}" for number in count(2))
        name = next(name for name in names if name not in self.ends)
        return Place(name, point, self.ends.set(name, point))

    def over(self, point: Point, branch: str | None = None) -> "Place | None":
        """The place at a point, on a branch that leads over it: best this one; nothing if none does."""
        for name in (branch or self.branch, *sorted(self.ends)):
            if leads_over(self.ends[name], point):
                return evolve(self, branch=name, point=point)
        return None

    def named(self, name: str) -> Point:
        """The point that a name stands for: a step, `start`, `here`, `end`, a branch, or `BRANCH:STEP`.

        Raises:
            InputError: there is no such point.
        """
        if name == HERE:
            return self.point
        if name == END:
            return self.end
        branch, colon, step = name.rpartition(":")
        if name == START or colon or is_number(name):
            return self.step("0" if name == START else step, branch if colon else self.branch)
        return self.end_of(name)

    def step(self, step: str, branch: str) -> Point:
        """The point of a branch that is so many steps away from the start.

        Raises:
            InputError: there is no such branch, or it is shorter.
        """
        end = self.end_of(branch)
        if not is_number(step) or int(step) > end.step:
            raise InputError(f"no step {step} on branch {branch}; expected 0 to {end.step}")
        return next(point for point in back_from(end) if point.step == int(step))

    def end_of(self, branch: str) -> Point:
        """The end of the branch of this name.

        Raises:
            InputError: there is none.
        """
        if branch not in self.ends:
            there = ", ".join(sorted(self.ends))
            raise InputError(
                f"no branch {branch!r}; expected a step, {START}, {HERE}, {END}, {there}"
            )
        return self.ends[branch]

    def check_name(self, name: str) -> None:
        """Refuse what a new branch cannot be called.

        Raises:
            InputError: the name is taken, or no name of a branch.
        """
        if NAME.fullmatch(name) is None or name in {START, HERE, END}:
            raise InputError(
                f"{name!r} names no branch; expected a letter, then letters, digits, - or _"
            )
        if name in self.ends:
            raise InputError(f"there is a branch {name} already; to {name} goes to its end")


def leads_over(end: Point, point: Point) -> bool:
    """Whether the way from the start to one point leads over another one."""
    return next((each for each in back_from(end) if each.step <= point.step), None) is point


def is_number(text: str) -> bool:
    """Whether a text is the number of a step."""
    return text.isascii() and text.isdigit() and len(text) <= LONGEST_NUMBER
