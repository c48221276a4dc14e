"""What may still happen while some triggers wait: all that engines are known to do, from here on, taken together.

It is more than can happen in any one run: each engine is followed through all of its places with all messages that it
may get, whenever it may get them.
"""

from collections.abc import Iterable

from attrs import field, frozen

from models.search.actors import Column
from models.search.reduction.local import Act, Locals, Place, Trigger

Waiting = frozenset[Trigger]
"""Triggers of one engine that are not acted on meanwhile."""

LARGEST = 1_500
"""How many pairs of a place and a trigger of the engine that waits are looked at before it is given up."""


class Known:
    """What engines are known to do, by place and trigger.

    Attributes:
        acts: what they do.
        size: in how many pairs of a place and a trigger something is done.
    """

    def __init__(self) -> None:
        self.acts: dict[Place, dict[Trigger, Act]] = {}
        self.size = 0
        self._learned: dict[Place, int] = {}

    def add(self, place: Place, trigger: Trigger, act: Act) -> None:
        """Note what an engine does on a trigger."""
        acts = self.acts.setdefault(place, {})
        if trigger not in acts:
            acts[trigger] = act
            self.size += 1
            self._learned[place] = self.size

    def unchanged(self, places: Iterable[Place], since: int) -> bool:
        """Whether nothing was learned of these places since the size was this."""
        return all(self._learned.get(place, 0) <= since for place in places)


@frozen(eq=False)
class Prospect:
    """What may be meanwhile."""

    places: dict[Column, set[Place]] = field(factory=dict[Column, set[Place]])
    """Where each engine may be."""
    letters: dict[Column, set[int]] = field(factory=dict[Column, set[int]])
    """The messages that each engine may get."""
    spawned: set[Column] = field(factory=set[Column])
    """The engines that may be created."""


class TooMuch(Exception):  # noqa: N818  # no error: the engine is given up
    """There is too much to look at."""


def prospect(
    start: Iterable[tuple[Column, Place, frozenset[int]]],
    waiting: tuple[Column, Waiting],
    known: Known,
    local: Locals,
) -> Prospect:
    """What may be while triggers of one engine wait.

    The engine that waits is followed by what the rules say, the others by what is known of them.

    Args:
        start: the engines that there are, and what each has got.
        waiting: the engine that waits, and which of its triggers are not acted on.
        known: what engines are known to do.
        local: what they do, by the rules.

    Raises:
        TooMuch: the engine that waits may be in too many places, with too many triggers.
    """
    return _Spreading(waiting, known, local).over(start)


class _Spreading:
    """A prospect in the making."""

    def __init__(self, waiting: tuple[Column, Waiting], known: Known, local: Locals) -> None:
        self._column, self._waiting = waiting
        self._known = known.acts
        self._local = local
        self._found = Prospect()
        self._todo: list[tuple[Column, Place, Trigger]] = []
        self._looked = 0

    def over(self, start: Iterable[tuple[Column, Place, frozenset[int]]]) -> Prospect:
        for column, place, letters in start:
            for letter in letters:
                self._send(column, letter)
            if place:
                self._arrive(column, place)
        while self._todo:
            column, place, trigger = self._todo.pop()
            self._follow(column, place, trigger)
        return self._found

    def _arrive(self, column: Column, place: Place) -> None:
        """An engine may be in a place."""
        places = self._found.places.setdefault(column, set())
        if place in places:
            return
        places.add(place)
        letters = self._found.letters.get(column, set())
        if column == self._column:
            todo = (*letters, *self._local.timers(place))
            self._todo.extend((column, place, each) for each in todo if each not in self._waiting)
            return
        acts = self._known.get(place, {})
        self._todo.extend((column, place, each) for each in acts if each < 0 or each in letters)

    def _send(self, column: Column, letter: int) -> None:
        """An engine may get a message."""
        letters = self._found.letters.setdefault(column, set())
        if letter in letters:
            return
        letters.add(letter)
        places = self._found.places.get(column, set())
        if column == self._column:
            if letter not in self._waiting:
                self._todo.extend((column, place, letter) for place in places)
            return
        known = self._known
        self._todo.extend(
            (column, each, letter) for each in places if letter in known.get(each, {})
        )

    def _follow(self, column: Column, place: Place, trigger: Trigger) -> None:
        """An engine may act on a trigger."""
        if column == self._column:
            self._looked += 1
            if self._looked > LARGEST:
                raise TooMuch
            act = self._local.act(place, trigger)
        else:
            act = self._known[place][trigger]
        if act is None or act.refused:
            return
        for child, born in act.spawns:
            self._found.spawned.add(child)
            self._arrive(child, born)
        for target, messages in act.sends.items():
            for message in messages:
                self._send(target, message)
        self._arrive(column, act.after)
