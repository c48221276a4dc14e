"""Triggers of one engine that may go first: whatever else happens until one of them does commutes with them.

A set of enabled triggers of one engine is persistent (Godefroid, Partial-Order Methods, 1996) if in no run that
does without them anything happens that does not commute with each of them. Engines share nothing but messages, and a
message that is sent disables nothing: so what other engines do commutes with what this one does, unless both create the
same engine. What this one does on other triggers, now or once they have come, has to be looked at: in every place where
it may be meanwhile, both orders must lead to the same place, with the same for everybody else to see.
"""

from collections.abc import Iterator

from attrs import frozen

from models.search.actors import Column
from models.search.reduction.closure import Known, Prospect, TooMuch, Waiting, prospect
from models.search.reduction.local import Act, Locals, Place, Trigger


@frozen(eq=False)
class Actor:
    """An engine with what it has got."""

    column: Column
    """Whose column it is."""
    place: Place
    """Where it is; NOTHING where there is none yet."""
    letters: frozenset[int]
    """The messages that it has got."""
    ahead: dict[Trigger, tuple[int, ...]]
    """The triggers that it can act on now with a change; of each, the messages that stand before it in its line."""


@frozen(eq=False)
class First:
    """Triggers that may go first, and all that the engine was seen to do on its own meanwhile."""

    column: Column
    """Whose triggers."""
    triggers: Waiting
    """Which."""
    seen: tuple[tuple[Place, Trigger, Act], ...]
    """What the engine may do until one of them goes, wherever it may be."""
    places: frozenset[Place]
    """Where engines may be until then."""


class Persistent:
    """Finds triggers that may go first."""

    def __init__(self, local: Locals, known: Known) -> None:
        self._local = local
        self._known = known
        self._commuting: dict[tuple[Place, Trigger, Trigger], bool] = {}

    def find(self, actors: list[Actor]) -> First | None:
        """Triggers of one engine that may go first; nothing where all must be tried.

        Old messages are tried first: what they lead to decides what the younger ones can meet.
        """
        for actor in sorted(actors, key=_oldest):
            for trigger in sorted(actor.ahead):
                found = self._around(actor, trigger, actors)
                if found is not None:
                    return found
        return None

    def _around(self, actor: Actor, trigger: Trigger, actors: list[Actor]) -> First | None:
        """The triggers that may go first together with one of them."""
        waiting: Waiting = frozenset({trigger})
        while True:
            clash = self._clash_now(actor, waiting)
            found = None
            if clash is None:
                found = self._meanwhile(actor, waiting, actors)
                if isinstance(found, First):
                    return found
                clash = found
            if clash is None or clash in waiting or clash not in actor.ahead:
                return None
            waiting |= {clash}

    def _clash_now(self, actor: Actor, waiting: Waiting) -> Trigger | None:
        """A trigger that it has got and does not commute where the engine is now, if there is one."""
        others = (*actor.letters, *self._local.timers(actor.place))
        return self._clash(actor, {actor.place}, others, waiting)

    def _meanwhile(
        self, actor: Actor, waiting: Waiting, actors: list[Actor]
    ) -> First | Trigger | None:
        """All that was seen if the triggers may go first; else one that does not commute, or nothing."""
        start = ((each.column, each.place, each.letters) for each in actors)
        try:
            found = prospect(start, (actor.column, waiting), self._known, self._local)
        except TooMuch:
            return None
        places, letters = found.places[actor.column], found.letters.get(actor.column, set())
        triggers = (*sorted(letters), *sorted({t for p in places for t in self._local.timers(p)}))
        if self._creates_again(waiting, places, found, actors):
            return None
        if self._overtaken(actor, waiting, places):
            return None
        clash = self._clash(actor, places, triggers, waiting)
        if clash is not None:
            return clash
        everywhere = frozenset(each for places in found.places.values() for each in places)
        return First(actor.column, waiting, tuple(self._seen(places, triggers)), everywhere)

    def _clash(
        self,
        actor: Actor,
        places: set[Place],
        others: tuple[Trigger, ...],
        waiting: Waiting,
    ) -> Trigger | None:
        """A trigger that does not commute with those that are to go first, if there is one.

        Where one of those cannot go itself, and no other trigger can be blamed, it is the answer.
        """
        for place in sorted(places):
            for first in sorted(waiting):
                act = self._local.act(place, first)
                if act is None or act.refused:
                    return min(set(actor.ahead) - waiting, default=first)
                for other in others:
                    if other in waiting:
                        continue
                    if not self._commute(place, first, other):
                        return other
                    if self._local.ordered and self._wakes(place, act.after, other, others):
                        return other
        return None

    def _commute(self, place: Place, first: Trigger, other: Trigger) -> bool:
        """Whether both orders of two triggers come to the same in one place."""
        key = (place, first, other)
        if key not in self._commuting:
            self._commuting[key] = self._compared(*key)
        return self._commuting[key]

    def _compared(self, place: Place, first: Trigger, other: Trigger) -> bool:
        act, also = self._local.act(place, first), self._local.act(place, other)
        if act is None or act.refused:
            return False
        if also is None or also.refused:
            return True
        later, earlier = self._local.act(also.after, first), self._local.act(act.after, other)
        if later is None or earlier is None or later.refused or earlier.refused:
            return False
        same = later.after == earlier.after
        return same and self._local.total(also, later) == self._local.total(act, earlier)

    def _wakes(
        self, place: Place, after: Place, other: Trigger, others: tuple[Trigger, ...]
    ) -> bool:
        """Whether a message that may stand before another one in its line is acted on only afterwards."""
        if other < 0:
            return False
        line = self._local.line(other)
        return any(
            each != other
            and each > 0
            and self._local.line(each) == line
            and self._local.act(place, each) is None
            and self._local.act(after, each) is not None
            for each in others
        )

    def _overtaken(self, actor: Actor, waiting: Waiting, places: set[Place]) -> bool:
        """Whether a message that stands before one that is to go first may be acted on meanwhile."""
        return any(
            self._local.act(place, before) is not None
            for trigger in waiting
            for before in actor.ahead[trigger]
            for place in places
        )

    def _creates_again(
        self,
        waiting: Waiting,
        places: set[Place],
        found: Prospect,
        actors: list[Actor],
    ) -> bool:
        """Whether one that is to go first creates an engine that is there, or may be by then."""
        there = {each.column for each in actors if each.place} | set(found.spawned)
        acts = (self._local.act(place, trigger) for place in places for trigger in waiting)
        return any(child in there for act in acts if act is not None for child, _ in act.spawns)

    def _seen(
        self, places: set[Place], triggers: tuple[Trigger, ...]
    ) -> Iterator[tuple[Place, Trigger, Act]]:
        """All that the engine may do, wherever it may be."""
        for place in sorted(places):
            for trigger in triggers:
                act = self._local.act(place, trigger)
                if act is not None:
                    yield place, trigger, act


def _oldest(actor: Actor) -> tuple[int, Column]:
    """The message that was met first, of those that an engine may take."""
    return min(actor.ahead, default=0), actor.column
