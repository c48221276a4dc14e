"""How many states there are, before anybody has visited them all.

Choices:
- Random runs say how far away the states at rest are. A breadth-first search of some hundred thousand states, which
  judges nothing, gives the first levels exactly; a world that is no larger is counted, not estimated.
- What is missing are the levels between the last one and rest. Two guesses bracket nearly all graphs that were
  tried: levels stay as large for most of the way; or their logarithms follow the parabola that starts as
  steeply as they do and comes down to the states at rest. The likely number is the geometric mean.
- Capture and recapture on random runs, and trees of random probes, do worse: runs prefer some states to others by
  orders of magnitude, and an error in a level goes into all that come after it.
- Runs that go on, or end before the levels do, have no end in sight: then there is no estimate.
"""

import time
from collections.abc import Sequence
from math import exp, log, sqrt

from attrs import evolve, frozen

from models.model import World
from models.search.actors import Actors
from models.search.levels import Levels
from models.search.probes import Probed, probe
from models.search.tables import Tables

STATES = 200_000
"""How many states are visited, if there are so many, when nothing else is said."""

SECONDS = 0.8
"""How many seconds of the processor it may take if nothing else is said."""

_PROBES = 32
"""How many random runs are taken at most."""

_SHARE = 0.3
"""Which part of the time random runs may take."""

_CHUNK = 64
"""How many states are left at a time, at first."""

_BRIEF = 0.05
"""In which part of the time so many are to be left; more at a time if they are."""

_RECENT = 3
"""Over how many levels the slope is taken."""

_FLAT = 0.75
"""On which part of the way levels stay as large."""

_TALLEST = 300.0
"""The logarithm of the greatest level that makes a difference."""

_SPREAD = (1.5, 4.0)
"""By how much the guesses may be wrong: where nearly all is known, and where nearly nothing is."""


@frozen
class Extent:
    """How many states there are."""

    low: int
    """Hardly fewer than so many."""
    likely: int
    """About so many."""
    high: int
    """Hardly more than so many."""


@frozen
class Estimate:
    """What is known beforehand of how many states there are."""

    extent: Extent | None
    """How many there are; nothing where there is no end in sight."""
    exact: bool
    """Whether they were all visited, so that the number is no estimate."""
    visited: int
    """How many were visited to find out."""
    probed: Probed
    """What random runs have found; `extrapolated` can go on from it as a search advances."""
    spent: float
    """How many seconds of the processor it took."""


def estimate(world: World, states: int = STATES, seconds: float = SECONDS) -> Estimate:
    """Estimate how many states a world has, and how sure that is.

    Args:
        world: what would be searched.
        states: how many states may be visited, or a few more.
        seconds: how many seconds of the processor it may take, or a little more.
    """
    began = time.process_time()

    def spent() -> float:
        return time.process_time() - began

    bare = evolve(world, properties=())
    tables = Tables(Actors(bare))
    probed = probe(bare, tables, _PROBES, lambda: spent() > _SHARE * seconds)
    levels = Levels(bare, tables)
    chunk = _CHUNK
    while not levels.done and levels.states < states and spent() < seconds:
        before = spent()
        levels.advance(chunk)
        chunk = chunk * 2 if spent() - before < _BRIEF * seconds else max(chunk // 2, 1)
    met = levels.states
    extent = Extent(met, met, met) if levels.done else extrapolated(levels.sizes, probed)
    return Estimate(extent, levels.done, met, probed, spent())


def extrapolated(sizes: Sequence[int], probed: Probed) -> Extent | None:
    """How many states there are, if these are the sizes of the first levels; nothing if no end is in sight."""
    left = probed.longest - (len(sizes) - 1)
    if probed.endless or left <= 0:
        return None
    known, last = sum(sizes), sizes[-1]
    flat = _FLAT * left * last
    curved = _along_a_parabola(sizes, left, probed.ends)
    missing = sqrt(flat * curved)
    share = missing / (known + missing)
    spread = _SPREAD[0] + share * (_SPREAD[1] - _SPREAD[0])
    return Extent(
        int(known + min(flat, curved) / spread),
        int(known + missing),
        int(known + max(flat, curved) * spread),
    )


def _along_a_parabola(sizes: Sequence[int], left: int, ends: int) -> float:
    """How many states are missing if the logarithms of the levels go on smoothly, and end at rest."""
    recent = min(_RECENT, len(sizes) - 1)
    slope = (log(sizes[-1]) - log(sizes[-1 - recent])) / recent if recent else 0.0
    bend = (log(sizes[-1]) + slope * left - log(max(ends, 1))) / left**2
    heights = (log(sizes[-1]) + slope * step - bend * step**2 for step in range(1, left + 1))
    return sum(exp(min(height, _TALLEST)) for height in heights)
