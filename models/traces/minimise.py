"""Shortening a run that breaks a property, by delta debugging.

Choices:
- Events are left out, first many at a time, then fewer, down to one. What depended on one that is left out cannot
  happen any more: it is left out too, so that what remains is a run.
- A run that is to show something about rest is led to rest again, by the first step that changes something.
- A shorter run counts only if the judge that searches use finds the same property broken in it. The answer is
  judged once more, on its own.
- It ends where no single event can be left out, or after so many tries. There may be shorter runs still.
"""

from collections.abc import Sequence

from attrs import evolve, frozen

from models.model import World
from models.traces.judging import Play, Sight, Stage
from properties.property import Evidence, Kind, Property
from spec.formalism.event import Event

MOST_TRIES = 2_000
"""How many runs are tried at most if nothing else is said."""


class NotBrokenError(Exception):
    """A run does not show what it is to be shortened for."""


@frozen
class Minimised:
    """A shortened run."""

    events: tuple[Event, ...]
    """What happens in it; the last event shows the property, or leads to rest."""
    evidence: Evidence
    """What it shows."""
    tries: int
    """How many runs were tried."""
    complete: bool
    """Whether no single event can be left out any more, as far as it was asked."""


def minimised(
    world: World, events: Sequence[Event], about: Property, most_tries: int = MOST_TRIES
) -> Minimised:
    """The run of a world, shortened as long as it shows the same of a property.

    Raises:
        NotBrokenError: the run does not show it in the first place.
    """
    shortening = _Shortening(world, about, most_tries)
    first = shortening.shown(tuple(events))
    if first is None:
        raise NotBrokenError(f"the run does not show: {about.name}")
    found, complete = shortening.shortest(first)
    again = Stage(shortening.world).judged(found)
    evidence = next(each.evidence for each in again if each.property == about)
    return Minimised(found, evidence, shortening.tries, complete)


class _Shortening:
    """A run that is being shortened."""

    def __init__(self, world: World, about: Property, most_tries: int) -> None:
        self.world = evolve(world, properties=(about,))
        self.tries = 0
        self._about = about
        self._most = most_tries
        self._stage = Stage(self.world)

    def shortest(self, events: tuple[Event, ...]) -> tuple[tuple[Event, ...], bool]:
        """The shortest run that was found, and whether all was tried that is to be."""
        size = max(len(events) // 2, 1)
        while events:
            shorter = self._swept(events, size)
            if self.tries >= self._most:
                return shorter, False
            if size == 1 and len(shorter) == len(events):
                break
            events, size = shorter, max(size // 2, 1)
        return events, True

    def _swept(self, events: tuple[Event, ...], size: int) -> tuple[Event, ...]:
        """The run without so many events in a row, wherever it can do without; the last are tried first."""
        end = len(events)
        while end > 0 and self.tries < self._most:
            shorter = self.shown(events[: max(end - size, 0)] + events[end:])
            if shorter is not None and len(shorter) < len(events):
                events = shorter
            end = min(end - size, len(events))
        return events

    def shown(self, events: tuple[Event, ...]) -> tuple[Event, ...] | None:
        """The run of those of the events that can happen, up to where it shows the property; if it does."""
        self.tries += 1
        play = Play(self._stage)
        for event in events:
            if play.sights:
                break
            play.take(event)
        if not play.sights and self._about.kind is Kind.AT_REST:
            self._rest(play, len(events))
        sight: Sight | None = next(iter(play.sights), None)
        return None if sight is None else tuple(play.events[: sight.step])

    def _rest(self, play: Play, longest: int) -> None:
        """Lead a run to rest, unless it is as long as that by then, and judge it there."""
        while len(play.events) <= longest and play.go_on():
            pass
        play.end()
