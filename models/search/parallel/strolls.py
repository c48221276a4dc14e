"""Some of the walks of a search, taken by a helper, and what it has to say of them.

Choices:
- A helper that walks needs the rules, so it is told how to build the world: worlds are not sent.
- How many distinct states all helpers together have visited shows only if each state has one name
  everywhere: its digest. A statement about states that is never broken collects them.
"""

from collections.abc import Callable

import numpy as np
from attrs import evolve, frozen

from models.model import World
from models.schedulers.pct import Guarantee
from models.search.bounds import Bounds, Stop
from models.search.fingerprints import Fingerprints
from models.search.parallel.helper import Helper
from models.search.result import Coverage
from models.search.walks import Plan, WalksResult, walk
from properties.property import Evidence, Kind, StateProperty
from spec.formalism.canonical import digest
from spec.formalism.event import Event
from spec.formalism.rule import RuleId
from spec.formalism.state import GlobalState

Recipe = Callable[[], World]
"""How to build a world; it can be sent to other processes: a function of a module, or a `partial` of one."""

_DIGITS = 16
"""How many hexadecimal digits of a digest make a fingerprint."""

_RULE = RuleId("search.walks")
"""What demands that states are counted."""


@frozen
class Shown:
    """What some walks have found of one property."""

    property: str
    """Its name."""
    evidence: Evidence
    """What was found."""
    events: tuple[Event, ...]
    """The run that ends with it."""


@frozen
class Failed:
    """Some walks that could not be taken: the search has to see for itself why."""

    first: int
    """The number of the first of them."""


@frozen(eq=False)
class Walked:
    """What came of some walks."""

    first: int
    """The number of the first of them."""
    shown: tuple[Shown, ...]
    """What was found."""
    coverage: Coverage
    """Which rules they have seen at work."""
    stop: Stop | None
    """Why they ended early."""
    states: Fingerprints
    """The distinct states that they visited."""
    transitions: int
    """How many steps changed the state."""
    stutters: int
    """How many steps changed nothing."""
    depth: int
    """The length of the longest."""
    resting: tuple[GlobalState, ...]
    """The distinct states at rest, in the order in which they were met."""
    nodes: int
    """How many distinct pairs of a state and what monitors remember there were."""
    guarantee: Guarantee | None
    """How likely they were to find a bug."""


@frozen
class Stroll:
    """Some of the walks of a search."""

    search: str
    """For which search."""
    recipe: Recipe
    """How to build the world."""
    plan: Plan
    """Which walks."""
    bounds: Bounds
    """How far to go."""
    until: frozenset[str] | None
    """The names of the properties whose violation ends the search; if nothing, of all."""

    def done_by(self, helper: Helper) -> Walked | Failed:  # noqa: ARG002  # it needs no lessons
        """What comes of them."""
        try:
            return walked(self.recipe(), self.plan, self.bounds, self.until)
        except Exception:  # noqa: BLE001  # whatever it is, it is raised again where somebody sees it
            return Failed(self.plan.first)


def walked(world: World, plan: Plan, bounds: Bounds, until: frozenset[str] | None) -> Walked:
    """Take some walks."""
    states: set[int] = set()

    def collect(state: GlobalState) -> None:
        states.add(int(digest(state)[:_DIGITS], 16))

    counting = StateProperty("every state is counted", _RULE, Kind.ALWAYS, collect)
    # first of all, so that it sees a state also where another one ends the search
    seen = evolve(world, properties=(counting, *world.properties))
    return _told(plan.first, walk(seen, plan, bounds, until), states)


def _told(first: int, result: WalksResult, states: set[int]) -> Walked:
    shown = (
        Shown(each.property.name, each.evidence, each.events)
        for each in result.properties
        if each.evidence is not None
    )
    return Walked(
        first,
        tuple(shown),
        result.coverage,
        result.stop,
        np.array(sorted(states), dtype=np.uint64),
        result.transitions,
        result.stutters,
        result.depth,
        tuple(result.resting),
        result.nodes,
        result.guarantee,
    )
