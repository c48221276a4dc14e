"""A helper of a search: takes all steps from some states, as far as it was taught, and leaves the rest.

Choices:
- A helper knows no rules and no properties. It looks up what the search has worked out before; where that does
  not suffice, it names the actors and the states that it leaves to the search.
- What it has told lately it does not tell again. So that nothing depends on who helped when, that goes only for
  what belongs to parts before the one that it is asked about.
"""

from typing import Protocol

import numpy as np
from attrs import evolve, frozen

from models.search.actors import REFUSED, Column
from models.search.fingerprints import Fingerprints, Flags, Places, Values
from models.search.parallel.lessons import Lesson
from models.search.parallel.mirror import Mirror
from models.search.parallel.recent import Recent
from models.search.tally import Counts
from models.search.vectorised import Expansion, Level, Rows, Steps, shortened


class Job(Protocol):
    """Something that a helper can do."""

    @property
    def search(self) -> str:
        """For which search."""
        ...

    def done_by(self, helper: "Helper") -> object:
        """What comes of it."""
        ...


@frozen(eq=False)
class Task:
    """Some states that steps are to be taken from."""

    search: str
    """For which search."""
    told: int
    """How many lessons come before these."""
    lessons: tuple[Lesson, ...]
    """What is to be learned first."""
    part: int
    """The number of this part of the search; later parts have higher ones."""
    level: Level
    """The states."""

    def done_by(self, helper: "Helper") -> "Answer | Lacking":
        """What the helper says of them."""
        return helper.help(self)


@frozen(eq=False)
class Reached:
    """What one actor's steps lead to, as far as it is worth telling."""

    column: Column
    """The actor."""
    rows: Rows
    """The states."""
    sums: Fingerprints
    """Of each, the sum that stands for it."""
    parents: Values
    """Of each, the place of the state that the step starts in, in order."""


@frozen(eq=False)
class Answer:
    """What a helper has to say of some states."""

    part: int
    """Which part of the search it is about."""
    reached: tuple[Reached, ...]
    """What the steps lead to, actor by actor."""
    changing: Flags
    """Of each state, whether a step changes it."""
    counts: Counts
    """What was counted."""
    left: dict[Column, Places]
    """By actor, the states whose steps are left to the search: nothing above is about them."""


@frozen
class Lacking:
    """A helper was not told everything that it has to know first."""

    part: int
    """Which part of the search it was asked about."""
    told: int
    """How many lessons it was told."""


class Helper:
    """Helps one search."""

    def __init__(self) -> None:
        self._mirror = Mirror()
        self._told = 0
        self._recent = Recent()
        self._part = -1

    def help(self, task: Task) -> Answer | Lacking:
        """Do what was asked."""
        if task.told > self._told:
            return Lacking(task.part, self._told)
        for lesson in task.lessons[self._told - task.told :]:
            self._mirror.learn(lesson)
            self._told += 1
        level = Level(task.level.rows.astype(np.int32), task.level.sums, task.level.firsts)
        return self._expand(task.part, level, self._told_before(task.part))

    def _told_before(self, part: int) -> Recent:
        """What was told lately, if all of it belongs to parts before this one."""
        if part <= self._part:
            return Recent()
        self._part = part
        return self._recent

    def _expand(self, part: int, level: Level, recent: Recent) -> Answer:
        expansion, counts = Expansion(self._mirror), Counts()
        changing = np.zeros(len(level.rows), dtype=np.bool_)
        reached: list[Reached] = []
        left: dict[Column, Places] = {}
        for everything in expansion.steps(level):
            steps, left_here = self._decided(expansion, level, everything)
            if left_here.size:
                left[steps.column] = left_here
            counts.count(level, steps)
            changing[steps.parents[steps.changes & steps.possible]] = True
            reached.append(self._reach(expansion, level, steps, recent))
        return Answer(
            part, tuple(each for each in reached if each.sums.size), changing, counts, left
        )

    def _decided(self, expansion: Expansion, level: Level, steps: Steps) -> tuple[Steps, Places]:
        """The steps from those states in which all of the actor's are known; and the other states."""
        unknown, expansion.fresh = [number for _, number in expansion.fresh], []
        undecided = steps.refused | (steps.memories == REFUSED)
        if not unknown and not undecided.any():
            return steps, np.zeros(0, dtype=np.int64)
        left = np.isin(level.rows[:, steps.column], unknown)
        left[steps.parents[undecided]] = True
        return chosen(steps, np.flatnonzero(~left[steps.parents])), np.flatnonzero(left)

    def _reach(self, expansion: Expansion, level: Level, steps: Steps, recent: Recent) -> Reached:
        """What some steps lead to, as far as it was not told before."""
        candidates = expansion.leading_on(level, steps)
        places = candidates[recent.add(steps.sums[candidates], steps.memories[candidates])]
        rows = expansion.reached(level.rows, steps, places)
        parents = steps.parents[places].astype(np.int32)
        return Reached(steps.column, shortened(rows), steps.sums[places], parents)


def chosen(steps: Steps, places: Places) -> Steps:
    """Some of the steps."""
    return evolve(
        steps,
        parents=steps.parents[places],
        moves=steps.moves[places],
        deeds=steps.deeds[places],
        sums=steps.sums[places],
        memories=steps.memories[places],
        changes=steps.changes[places],
        possible=steps.possible[places],
        refused=steps.refused[places],
    )
