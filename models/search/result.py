"""What a search has found."""

from collections.abc import Sequence
from enum import Enum

from attrs import frozen
from pyrsistent import PMap, pmap

from models.search.bounds import Stop
from properties.property import Evidence, Kind, Property
from spec.formalism.event import Event
from spec.formalism.rule import RuleId
from spec.formalism.state import GlobalState


class Status(Enum):
    """What a search says of one property."""

    HOLDS = "holds"
    """All that was asked for was looked at; of a `sometimes`, it has happened."""
    VIOLATED = "violated"
    """The evidence shows that it is broken."""
    INCONCLUSIVE = "inconclusive"
    """The search ended early, and has found nothing until then."""
    UNSEEN = "unseen"
    """It is a `sometimes`, and has not happened."""
    NOT_JUDGED = "not judged"
    """It is about rest, and messages may be lost."""


class Judged(Enum):
    """What a property was judged on."""

    EVERYTHING = "all steps"
    """Whatever the search has visited."""
    REDUCED = "reduced search"
    """A part of the steps that shows all that the property looks at."""


@frozen
class PropertyResult:
    """What a search says of one property."""

    property: Property
    """The property."""
    status: Status
    """What the search says."""
    evidence: Evidence | None = None
    """What breaks it, or, of a `sometimes`, what has happened."""
    events: tuple[Event, ...] = ()
    """The run that ends with the evidence; the shortest there is if the search was exhaustive."""
    judged: Judged = Judged.EVERYTHING
    """What it was judged on."""


@frozen
class Coverage:
    """Which rules the search has seen at work."""

    fired: PMap[RuleId, int] = pmap()
    """In how many steps each rule has fired."""
    never: tuple[RuleId, ...] = ()
    """The rules of the engines that were there which have never fired, in order."""


@frozen
class SearchResult:
    """What a search has found."""

    properties: tuple[PropertyResult, ...]
    """What it says of each property, in the order of the world's."""
    coverage: Coverage
    """Which rules it has seen at work."""
    stop: Stop | None
    """Why it ended early; nothing if it did all that it was asked to."""
    complete: bool
    """Whether it has seen all there is."""
    states: int
    """How many distinct global states it has visited."""
    transitions: int
    """How many steps that change the global state: all of them, or, of walks, those that were taken."""
    stutters: int
    """How many steps that change nothing, in the same way."""
    depth: int
    """How many steps the farthest state is away; of walks, the length of the longest."""
    resting: Sequence[GlobalState]
    """The distinct states at rest, in the order in which they were met."""
    nodes: int
    """How many distinct pairs of a state and what the monitors remember of the way to it."""
    seconds: float
    """How long it took."""
    odds: float = 0.0
    """At most how likely it is that two different states were taken for one."""

    def broken(self, *kinds: Kind) -> tuple[PropertyResult, ...]:
        """The properties of these kinds that are violated; of all kinds if none is given."""
        wanted = kinds or tuple(Kind)
        return tuple(
            each
            for each in self.properties
            if each.status is Status.VIOLATED and each.property.kind in wanted
        )
