"""The ways in which a model can be searched, each with what its search can promise."""

from collections.abc import Mapping
from typing import ClassVar, Protocol

from attrs import frozen

from models.model import Model, Value, World
from models.schedulers.pct import Priorities
from models.schedulers.uniform import Uniformly
from models.search.bounds import Bounds
from models.search.depth_first import explore_depth_first
from models.search.exhaustive import explore
from models.search.keeper import Keeping
from models.search.parallel.cluster import explore_dask
from models.search.parallel.processes import explore_parallel
from models.search.progress import Listener
from models.search.reduction.combined import explore_reduced
from models.search.result import SearchResult
from models.search.symmetry.search import explore_symmetric
from models.search.walks import Plan, walk


@frozen
class Subject:
    """What is searched."""

    model: Model
    """The model."""
    options: Mapping[str, Value]
    """The values of all its parameters."""
    world: World
    """The model with these values."""


@frozen
class Limits:
    """How far a search goes, and whom it tells."""

    bounds: Bounds
    """How far the search may go."""
    until: frozenset[str] | None
    """The names of the properties whose violation ends it; if nothing, of all."""
    listener: Listener
    """Who is told from time to time how far it is."""


class Approach(Protocol):
    """A way to search a model."""

    shortest: ClassVar[bool]
    """Whether no run that shows something is shorter than the one that is told."""

    @property
    def words(self) -> str:
        """What the approach is called in a table."""
        ...

    def search(self, subject: Subject, limits: Limits) -> SearchResult:
        """Search a model in this way."""
        ...


@frozen
class BreadthFirst:
    """Visit all states, those that are near the start first."""

    shortest: ClassVar[bool] = True
    keeping: Keeping = Keeping()
    """In which file the search is kept, and from which one it goes on."""

    @property
    def words(self) -> str:
        """What the approach is called in a table."""
        return "exhaustive"

    def search(self, subject: Subject, limits: Limits) -> SearchResult:
        """Visit all states."""
        return explore(subject.world, limits.bounds, limits.until, limits.listener, self.keeping)


@frozen
class DepthFirst:
    """Visit all states, each as soon as it is met: with little memory, and long runs."""

    shortest: ClassVar[bool] = False

    @property
    def words(self) -> str:
        """What the approach is called in a table."""
        return "depth first"

    def search(self, subject: Subject, limits: Limits) -> SearchResult:
        """Visit all states."""
        return explore_depth_first(subject.world, limits.bounds, limits.until, limits.listener)


@frozen
class Reduced:
    """Judge what partial-order reduction preserves by a reduced search, and the rest on all states."""

    shortest: ClassVar[bool] = False

    @property
    def words(self) -> str:
        """What the approach is called in a table."""
        return "reduced"

    def search(self, subject: Subject, limits: Limits) -> SearchResult:
        """Search a part of the states first, then all."""
        return explore_reduced(subject.world, limits.bounds, limits.until, limits.listener)


@frozen
class Symmetric:
    """Visit one of the states that differ only in who is who."""

    shortest: ClassVar[bool] = True

    @property
    def words(self) -> str:
        """What the approach is called in a table."""
        return "symmetric"

    def search(self, subject: Subject, limits: Limits) -> SearchResult:
        """Visit one state of each orbit."""
        return explore_symmetric(subject.world, limits.bounds, limits.until, limits.listener)


@frozen
class Shared:
    """Visit all states, with the help of other processes."""

    shortest: ClassVar[bool] = True
    workers: int
    """How many other processes there are."""

    @property
    def words(self) -> str:
        """What the approach is called in a table."""
        return "exhaustive"

    def search(self, subject: Subject, limits: Limits) -> SearchResult:
        """Visit all states."""
        return explore_parallel(
            subject.world, self.workers, limits.bounds, limits.until, limits.listener
        )


@frozen
class OnDask:
    """Visit all states, with the help of the workers of a Dask cluster."""

    shortest: ClassVar[bool] = True
    address: str
    """Where its scheduler listens."""

    @property
    def words(self) -> str:
        """What the approach is called in a table."""
        return "exhaustive"

    def search(self, subject: Subject, limits: Limits) -> SearchResult:
        """Visit all states."""
        return explore_dask(
            subject.world, self.address, limits.bounds, limits.until, limits.listener
        )


@frozen
class AtRandom:
    """Take random walks."""

    shortest: ClassVar[bool] = False
    plan: Plan
    """Which walks to take."""

    @property
    def words(self) -> str:
        """What the approach is called in a table."""
        walks = f"{self.plan.walks} walks"
        match self.plan.scheduling:
            case Priorities() as priorities:
                return f"{walks}, {priorities.words}"
            case Uniformly():
                return walks

    def search(self, subject: Subject, limits: Limits) -> SearchResult:
        """Take the walks."""
        return walk(subject.world, self.plan, limits.bounds, limits.until, limits.listener)
