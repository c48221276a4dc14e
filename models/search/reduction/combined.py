"""The reduced search for what it preserves, and the search of all states for the rest.

Preserved are statements about rest that look at states and engines, and what is said of single engines, of their
reactions and of steps that are judged alone: everything of that kind is met by the reduced search, or seen while triggers
wait. What was only seen may not happen in any run: a property that something was found of only there is left to the search
of all states. Left to it are also statements about whole states, histories and steps of the whole system.
"""

from typing import Any

import numpy as np
from attrs import evolve, fields, frozen

from models.model import World
from models.search.bounds import Bounds, Stop
from models.search.exhaustive import explore
from models.search.findings import judged_properties
from models.search.progress import Listener, nobody
from models.search.reduction.search import Irreducible, Reduced
from models.search.resting import Resting
from models.search.result import Judged, PropertyResult, SearchResult, Status
from properties.property import (
    EngineProperty,
    Kind,
    Property,
    ReactionProperty,
    StateProperty,
    StepProperty,
)
from spec.formalism.state import NO_FAULTS

FAULTS = "the network may duplicate or lose messages"
"""Why a world with faults is not reduced."""


@frozen
class Reduction:
    """How far the reduced search has got."""

    states: int
    """How many states its last pass has visited."""
    transitions: int
    """How many steps that has taken."""
    passes: int
    """How often it was repeated until it learned nothing more."""
    complete: bool
    """Whether it was completed: then it has visited all states at rest."""
    seconds: float
    """How long all passes took."""


@frozen
class CombinedResult(SearchResult):
    """What both searches have found; the counts are those of the search of all states, if there was one."""

    reduction: Reduction | None = None
    """How far the reduced search has got; nothing where there was none."""
    irreducible: str | None = None
    """Why there was none."""


def preserved(about: Property) -> bool:
    """Whether the reduced search shows all that a property looks at."""
    if isinstance(about, EngineProperty | ReactionProperty):
        return True
    if isinstance(about, StepProperty):
        return about.alone
    return isinstance(about, StateProperty) and about.kind is Kind.AT_REST


def explore_reduced(
    world: World,
    bounds: Bounds | None = None,
    until: frozenset[str] | None = None,
    listener: Listener = nobody,
) -> CombinedResult:
    """Judge what the reduction preserves by a reduced search, and the rest by that of all states.

    A run that the reduced search has found is not the shortest.

    Args:
        world: what is searched.
        bounds: how far each of the two searches may go.
        until: the names of the properties whose violation ends the search; if nothing, of all.
        listener: who is told from time to time how far the search is.
    """
    limits = bounds or Bounds()
    if (world.system.faults, world.state.faults) != (NO_FAULTS, NO_FAULTS):
        return _unreduced(world, limits, until, listener, FAULTS)
    kept = tuple(each for each in world.properties if preserved(each))
    search = Reduced(evolve(world, properties=kept), limits, until, listener)
    try:
        stop = search.run()
    except Irreducible as reason:
        return _unreduced(world, limits, until, listener, str(reason))
    except KeyboardInterrupt:
        stop = Stop.INTERRUPTED
    return _Combination(world, search, stop).result(limits, until, listener)


def _unreduced(
    world: World, bounds: Bounds, until: frozenset[str] | None, listener: Listener, reason: str
) -> CombinedResult:
    """What the search of all states alone has found."""
    found = explore(world, bounds, until, listener)
    return CombinedResult(**_fields(found), irreducible=reason)


class _Combination:
    """The results of both searches, put together."""

    def __init__(self, world: World, search: Reduced, stop: Stop | None) -> None:
        self._world = world
        self._search = search
        self._stop = stop
        self._reduction = Reduction(
            len(search.last.visited),
            search.transitions,
            search.passes,
            stop is None,
            search.seconds,
        )
        self._resting = Resting(search.actors)
        for row in search.last.resting:
            self._resting.add(np.array([row], dtype=np.int32))
        found = {each.property.name: each for each in search.findings.results(stop)}
        uncertain = search.only_seen() if stop is None else frozenset[str]()
        kept = {each.name for each in judged_properties(world) if preserved(each)} - uncertain
        self._decided = {
            name: evolve(each, judged=Judged.REDUCED)
            for name, each in found.items()
            if name in kept and (stop is None or each.status is not Status.INCONCLUSIVE)
        }

    def result(
        self, bounds: Bounds, until: frozenset[str] | None, listener: Listener
    ) -> CombinedResult:
        """What both searches have found."""
        open_ = tuple(each for each in self._world.properties if each.name not in self._decided)
        if self._stop in {Stop.VIOLATION, Stop.INTERRUPTED} or not open_:
            return self._alone()
        full = explore(evolve(self._world, properties=open_), bounds, until, listener)
        results = {each.property.name: each for each in full.properties} | self._decided
        parts: dict[str, Any] = {**_fields(full), "properties": self._in_order(results)}
        if self._reduction.complete:
            parts["resting"] = self._resting
        return CombinedResult(**parts, reduction=self._reduction)

    def _alone(self) -> CombinedResult:
        """What the reduced search alone has found."""
        open_ = {
            each.name: PropertyResult(each, Status.INCONCLUSIVE)
            for each in judged_properties(self._world)
        }
        search = self._search
        return CombinedResult(
            self._in_order(open_ | self._decided),
            search.coverage(),
            self._stop,
            False,  # noqa: FBT003  # a part of the states
            len(search.last.visited),
            search.transitions,
            0,
            search.depth,
            self._resting,
            len(search.last.visited),
            search.seconds,
            reduction=self._reduction,
        )

    def _in_order(self, results: dict[str, PropertyResult]) -> tuple[PropertyResult, ...]:
        """The results in the order of the world's properties."""
        return tuple(results[each.name] for each in judged_properties(self._world))


def _fields(found: SearchResult) -> dict[str, Any]:
    """What a result consists of, by name."""
    return {each.name: getattr(found, each.name) for each in fields(SearchResult)}
