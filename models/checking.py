"""Checking a model: build its world, search it, and say what the search means for the model."""

from enum import Enum

from attrs import frozen
from pyrsistent import PMap, pmap

from models.approach import Approach, AtRandom, BreadthFirst, Limits, Subject
from models.model import Model, Value, World
from models.search.bounds import Bounds
from models.search.progress import Listener, nobody
from models.search.result import PropertyResult, SearchResult, Status
from models.search.walks import Plan
from properties.property import Kind


class Verdict(Enum):
    """What is known of a model after a search."""

    HOLDS = "holds"
    """The search that was asked for was completed, and nothing is broken."""
    VIOLATED = "violated"
    """A property is broken, or something that must happen never does."""
    INCONCLUSIVE = "inconclusive"
    """The search ended early."""


class Exit(Enum):
    """The exit codes of `check`; of several models, the first of these that occurs counts."""

    USAGE = 2
    """The input is refused."""
    SAFETY = 12
    """An `always` is broken, or a `sometimes` of a built-in model never happens."""
    REST = 11
    """A property about rest is broken."""
    FAIR_CYCLE = 13
    """A run may go on for ever without getting anywhere."""
    INCONCLUSIVE = 20
    """The search ended early."""
    HOLDS = 0
    """Nothing is broken."""


@frozen
class Request:
    """How a model is to be checked."""

    parameters: PMap[str, Value] = pmap()
    """The parameters that are not to have their default values."""
    approach: Approach | None = None
    """How to search; if nothing, as the model says: by random walks, or exhaustively."""
    seed: int = 0
    """The seed of the walks that a model asks for."""
    bounds: Bounds = Bounds()
    """How far the search may go."""


@frozen
class Checked:
    """A model that has been checked."""

    model: Model
    """The model."""
    built_in: bool
    """Whether it is one of the catalogue: then what it declares as `sometimes` must happen."""
    world: World
    """What was searched."""
    approach: Approach
    """How it was searched."""
    result: SearchResult
    """What was found."""

    @property
    def verdict(self) -> Verdict:
        """What is known of the model."""
        if any(self.status(each) is Status.VIOLATED for each in self.result.properties):
            return Verdict.VIOLATED
        return Verdict.HOLDS if self.result.stop is None else Verdict.INCONCLUSIVE

    def status(self, found: PropertyResult) -> Status:
        """What the search means for one property of the model."""
        must = self.built_in and self.result.complete and found.status is Status.UNSEEN
        return Status.VIOLATED if must else found.status

    def violated(self) -> tuple[PropertyResult, ...]:
        """The properties that are violated: the one that is meant to be first, then by gravity and length."""
        found = [each for each in self.result.properties if self.status(each) is Status.VIOLATED]
        return tuple(sorted(found, key=self._gravity))

    def _gravity(self, found: PropertyResult) -> tuple[bool, bool, int]:
        about = found.property
        return about.name != self.model.breaks, about.kind is Kind.AT_REST, len(found.events)

    @property
    def fails_as_it_must(self) -> bool:
        """Whether the model is one that must fail, and fails in the property that it names."""
        return any(each.property.name == self.model.breaks for each in self.violated())

    @property
    def exit(self) -> Exit:
        """The exit code."""
        if self.model.breaks is not None:
            unknown = self.verdict is Verdict.INCONCLUSIVE
            failed = Exit.INCONCLUSIVE if unknown else Exit.SAFETY
            return Exit.HOLDS if self.fails_as_it_must else failed
        match self.verdict:
            case Verdict.VIOLATED:
                rest = all(each.property.kind is Kind.AT_REST for each in self.violated())
                return Exit.REST if rest else Exit.SAFETY
            case Verdict.INCONCLUSIVE:
                return Exit.INCONCLUSIVE
            case Verdict.HOLDS:
                return Exit.HOLDS


def check(
    model: Model,
    request: Request | None = None,
    listener: Listener = nobody,
    *,
    built_in: bool = False,
) -> Checked:
    """Build the world of a model, search it, and judge everything."""
    asked = request or Request()
    defaults: dict[str, Value] = {each.name: each.default for each in model.parameters}
    options = defaults | dict(asked.parameters)
    world = model.build(options)
    until = None if model.breaks is None else frozenset({model.breaks})
    approach = asked.approach or own_approach(model, asked.seed)
    limits = Limits(asked.bounds, until, listener)
    result = approach.search(Subject(model, options, world), limits)
    return Checked(model, built_in, world, approach, result)


def own_approach(model: Model, seed: int) -> Approach:
    """How a model is searched if nobody says how."""
    return BreadthFirst() if model.walks is None else AtRandom(Plan(model.walks, seed))


def exit_code(checked: tuple[Checked, ...]) -> int:
    """The exit code for several models: the first of `Exit` that occurs."""
    occurring = {each.exit for each in checked}
    return next((code.value for code in Exit if code in occurring), Exit.HOLDS.value)
