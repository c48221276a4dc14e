"""Models: closed systems with parameters, properties, and what is known of them."""

from collections.abc import Callable, Mapping
from typing import Any

from attrs import frozen
from pyrsistent import PMap, pmap

from properties.property import Property
from spec.anoma.worker.environment import RequestId
from spec.formalism.state import GlobalState
from spec.formalism.system import System

Value = int | str
"""The value of a parameter."""


@frozen
class Parameter:
    """Something that a user may set with `-p NAME=VALUE`."""

    name: str
    """Its name."""
    sentence: str
    """What it sets, and in which unit."""
    default: Value
    """Its value if none is given; it has the type of this."""
    choices: tuple[Value, ...] = ()
    """The values that it may have; any of its type if there are none."""
    least: int | None = None
    """The least value of a number."""
    most: int | None = None
    """The greatest value of a number."""


@frozen
class Interchangeable:
    """Things that may change places with each other, and the world stays what it is.

    A declaration is no promise: the search that makes use of it checks it.
    """

    members: tuple[tuple[Any, ...], ...]
    """The things, each with its names: an engine's id, a key, or several that change places together."""


@frozen
class World:
    """A model with its parameters set: what is searched."""

    system: System
    """What is fixed in a run."""
    state: GlobalState
    """Where every run starts."""
    properties: tuple[Property, ...]
    """What is judged."""
    transactions: PMap[RequestId, str] = pmap()
    """The names of the transactions, by what tells their requests apart; empty where there are none."""
    genesis: PMap[str, int] = pmap()
    """The keys whose values an outcome reports, with their values at the start."""
    symmetry: tuple[Interchangeable, ...] = ()
    """What may change places in it; whoever stands in one group stands in no other."""


@frozen
class Expected:
    """What is known of a model for some parameters, and checked again and again."""

    parameters: PMap[str, Value]
    """The parameters that differ from their defaults."""
    states: int
    """How many distinct states there are."""
    transitions: int
    """How many transitions there are."""
    depth: int
    """How many steps the farthest state is away."""


@frozen
class Model:
    """A closed system that anybody can check by its name."""

    name: str
    """Its name on the command line."""
    system: str
    """Whose engines it runs: "anoma", "voting", "commit", "soma"."""
    sentence: str
    """What it is about, in one sentence."""
    parameters: tuple[Parameter, ...]
    """What may be set."""
    build: Callable[[Mapping[str, Any]], World]
    """The world for a full set of parameters."""
    walks: int | None = None
    """How many random walks are the default for it; exhaustive search if nothing."""
    breaks: str | None = None
    """The name of the property that it breaks, for models that must fail."""
    expected: tuple[Expected, ...] = ()
    """What is known of it."""
