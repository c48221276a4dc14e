"""What a search has found so far, and what that says of each property in the end."""

from collections.abc import Callable, Iterable

from models.model import World
from models.search.bounds import Stop
from models.search.judge import Found, is_judged
from models.search.outcomes import INDEPENDENT, Outcomes
from models.search.result import PropertyResult, Status
from properties.property import Evidence, Kind, Property
from spec.formalism.event import Event
from spec.formalism.state import GlobalState

Path = tuple[Event, ...]
"""The events of a run."""


def judged_properties(world: World) -> tuple[Property, ...]:
    """All that a search judges in a world: its properties, and where there are outcomes, theirs."""
    return (*world.properties, INDEPENDENT) if world.transactions else world.properties


class Findings:
    """The first thing that was found of each property, with the run that shows it."""

    def __init__(self, world: World, until: frozenset[str] | None) -> None:
        self._world = world
        self._until = until
        self._found: dict[str, tuple[Evidence, Path]] = {}
        self._outcomes = Outcomes()
        self.ending = False
        """Whether something was found that ends the search."""

    def add(self, found: Iterable[Found], path: Callable[[], Path]) -> None:
        """Take what was found at the end of a run."""
        for about, evidence in found:
            if about.name not in self._found:
                self._found[about.name] = (evidence, path())
                broken = about.kind is not Kind.SOMETIMES
                self.ending |= broken and (self._until is None or about.name in self._until)

    def add_resting(self, state: GlobalState, path: Callable[[], Path]) -> None:
        """Compare the outcome of one more resting state with those before."""
        if self._world.transactions and is_judged(self._world, INDEPENDENT):
            evidence = self._outcomes.disagreement(state)
            if evidence is not None:
                self.add([(INDEPENDENT, evidence)], path)

    def results(self, stop: Stop | None) -> tuple[PropertyResult, ...]:
        """What the search says of each property, if this is how it ended."""
        return tuple(self._result(each, stop) for each in judged_properties(self._world))

    def _result(self, about: Property, stop: Stop | None) -> PropertyResult:
        if about.name in self._found:
            evidence, events = self._found[about.name]
            seen = about.kind is Kind.SOMETIMES
            return PropertyResult(
                about, Status.HOLDS if seen else Status.VIOLATED, evidence, events
            )
        if not is_judged(self._world, about):
            return PropertyResult(about, Status.NOT_JUDGED)
        if stop is not None:
            return PropertyResult(about, Status.INCONCLUSIVE)
        unseen = about.kind is Kind.SOMETIMES
        return PropertyResult(about, Status.UNSEEN if unseen else Status.HOLDS)
