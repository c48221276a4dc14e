"""What is known of a model's speed: the searches, and what they are compared with."""

from attrs import frozen
from pyrsistent import PMap

from models.bench.figures import Figures
from models.bench.task import Tool
from models.model import Value


@frozen
class Subject:
    """A model with parameters."""

    model: str
    """The name of the model."""
    parameters: PMap[str, Value]
    """The parameters that differ from their defaults."""

    def __str__(self) -> str:
        """As people write it."""
        return " ".join(
            (self.model, *(f"{name}={to}" for name, to in sorted(self.parameters.items())))
        )


@frozen
class Comparison:
    """The same model with another tool."""

    tool: Tool
    """The other tool."""
    figures: Figures | None
    """What it took; nothing where it was not measured."""
    factor: float | None
    """How many times as many states in a second Treadle visits, judging every property."""
    why: str | None
    """Why it was not measured."""


@frozen
class Measured:
    """What is known of one model."""

    subject: Subject
    """The model."""
    search: Figures | None
    """The exhaustive search, with nothing to judge; nothing of a model that is walked."""
    verdict: Figures | None
    """The exhaustive search, with every property; nothing of a model that is walked."""
    walks: Figures
    """Random walks, with every property."""
    against: tuple[Comparison, ...]
    """What it is compared with."""


@frozen
class Bench:
    """All that was measured, and where."""

    version: str
    """The version of Treadle."""
    python: str
    """The version of Python."""
    machine: str
    """The machine and its system, as Python names them."""
    processors: int
    """How many processors it has."""
    repeat: int
    """How often each thing was measured."""
    models: tuple[Measured, ...]
    """The models."""
