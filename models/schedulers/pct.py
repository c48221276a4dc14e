"""Probabilistic concurrency testing: random priorities, and a few random places where one drops.

After Burckhardt et al., "A randomized scheduler with probabilistic guarantees of finding bugs" (ASPLOS 2010), in
the form for message passing of Ozkan et al., "Randomized testing of distributed systems with probabilistic
guarantees" (OOPSLA 2018): what has priorities are chains of events, each made possible by the one before it.

Choices:
- What a step makes possible is caused by that step. The first event that it makes possible goes on with its
  chain, every other one begins a chain. So causes form a forest, and there are as many chains as it has leaves: no two
  leaves are ordered, so no decomposition needs fewer. (Where causes are no forest, the paper needs up to w(w+1)/2
  chains for a width of w, hence its w squared.)
- An event that was taken and is still possible, as where messages persist, comes after everything else.
- Plain PCT gives priorities to threads. An engine is none: which of its messages it takes next is the question.
"""

from collections.abc import Callable, Sequence
from math import expm1, log1p
from random import Random

from attrs import frozen

from models.schedulers.scheduler import Possible

Draw = Callable[[int], int]
"""Draws a number below another one, each with the same probability."""


class Pct:
    """Takes the event of the chain with the highest priority.

    A new chain gets a place among all chains, dead or alive, at random. Of the numbers of the first n events, depth - 1
    different ones are drawn: where the event with the i-th of them becomes possible, its chain drops below all
    others, and below those that dropped for an earlier one. To be found is a bug of some depth d: there are d events,
    such that every run shows it that takes each of them only when nothing else is possible than it and those
    after it.

    One run finds a bug of depth d or less with a probability of at least 1 / (k n^(d-1)), under these conditions:
    - no run has more than n events, nor more than k chains;
    - in all runs that put the d events off so, the same steps make the first of them possible, one by one: its
      chain is always the same one;
    - no event is possible again after it was taken.

    For: the chain of the first event comes last of all chains with probability 1 / k or more, as each chain is
    put at a random place. Let the others be in any order. Then the run is determined up to where the second event
    becomes possible, and so is the number of that event, which is the first one drawn with probability 1 / n or more;
    and so on. With these draws, the run puts all of them off.

    Attributes:
        events: how many events have become possible so far.
        chains: how many chains they form.
    """

    def __init__(self, depth: int, events: int, draw: Draw) -> None:
        """Draw where priorities drop.

        Args:
            depth: the depth of the bugs that the guarantee is for, 1 or more.
            events: how many events a run has at most.
            draw: draws numbers.
        """
        self.events = 0
        self.chains = 0
        self._draw = draw
        self._drops = _different(depth - 1, max(events, depth - 1), draw)
        self._order: list[int] = []
        self._levels: dict[int, int] = {}
        self._waiting: dict[int, int] = {}
        self._again: dict[int, int] = {}
        self._taken: int | None = None
        self._going_on: int | None = None

    def choose(self, possible: Possible, step: int) -> int:
        """The event whose chain has the highest priority; of those that were taken before, the oldest."""
        events = possible.events()
        places = self._meet(events, step)
        chain = self._highest(places)
        if chain is None:
            place = min(range(len(events)), key=lambda each: self._again[events[each]])
            self._again[events[place]] = step
            self._taken = None
        else:
            place = places[chain]
            self._taken = events[place]
            del self._waiting[self._taken]
        self._going_on = chain
        return place

    def _highest(self, places: dict[int, int]) -> int | None:
        """The chain with the highest priority among those whose events are possible."""
        for chain in self._order:
            if chain in places and chain not in self._levels:
                return chain
        return min(places, key=self._levels.__getitem__) if places else None

    def _meet(self, events: Sequence[int], step: int) -> dict[int, int]:
        """The places of what is possible, by its chain, but for what was taken before."""
        waiting: dict[int, int] = {}
        again: dict[int, int] = {}
        places: dict[int, int] = {}
        for place, event in enumerate(events):
            if event in self._again:
                again[event] = self._again[event]
            elif event == self._taken:
                again[event] = step
            else:
                chain = self._waiting.get(event)
                if chain is None:
                    chain = self._chain()
                waiting[event] = chain
                places[chain] = place
        self._waiting, self._again = waiting, again
        return places

    def _chain(self) -> int:
        """The chain of an event that has just become possible."""
        chain = self._going_on
        if chain is None:
            chain = self.chains
            self._order.insert(self._draw(chain + 1), chain)
            self.chains += 1
        if self.events in self._drops:
            self._levels[chain] = self._drops[self.events]
        self.events += 1
        self._going_on = None
        return chain


@frozen
class Priorities:
    """Random priorities for chains of events, with a guarantee for bugs up to some depth."""

    depth: int
    """The depth of the bugs that the guarantee is for, 1 or more."""
    events: int | None = None
    """How many events a run has at most; if nothing, as many as the longest of some trial runs."""

    @property
    def words(self) -> str:
        """What it is called."""
        return f"PCT of depth {self.depth}"


@frozen
class Guarantee:
    """How likely runs by random priorities were to find a bug, if there is one."""

    depth: int
    """The depth of the bug at most."""
    events: int
    """For runs of so many events at most."""
    chains: int
    """And of so many chains at most."""
    walks: int
    """How many runs there were."""
    most: int
    """How many events the longest of them had."""

    @property
    def one(self) -> float:
        """The least probability with which one run finds it; 0 where runs have more events than was thought."""
        kept = self.most <= self.events
        return 1 / (max(self.chains, 1) * self.events ** (self.depth - 1)) if kept else 0.0

    @property
    def all(self) -> float:
        """The least probability with which one of the runs finds it."""
        return -expm1(self.walks * log1p(-self.one)) if self.one < 1 else 1.0

    @property
    def words(self) -> str:
        """The guarantee as a sentence."""
        runs = f"runs of at most {self.events} events in {self.chains} chains"
        if self.most > self.events:
            return f"no guarantee: a walk had {self.most} events, more than the {self.events} that were planned for"
        return (
            f"a bug of depth {self.depth} shows in one walk with probability {self.one:.2g} at least, "
            f"in one of {self.walks} with {self.all:.2g} ({runs})"
        )


def seeded(seed: str, depth: int, events: int) -> Pct:
    """The scheduler of one run; the same seed chooses the same, in every process."""
    return Pct(depth, events, Random(seed).randrange)  # noqa: S311  # reproducible, and no secret


def _different(count: int, below: int, draw: Draw) -> dict[int, int]:
    """So many different numbers, each with its place among them."""
    left = list(range(below))
    return {left.pop(draw(len(left))): place for place in range(count)}
