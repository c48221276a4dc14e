"""What the models of Anoma share: their usual parameters, transactions out of text, and worlds."""

from collections.abc import Iterable, Mapping
from typing import Any

from pyrsistent import PMap, pmap

from models.model import Expected, Parameter, Value, World
from models.scenario.language import compile_program
from models.worlds import (
    Arrival,
    NamedCandidate,
    Setting,
    anoma_world,
    keys_of,
    spread,
    standard_properties,
)
from properties.anoma.claims import witnesses
from properties.property import Property
from spec.anoma.keyvalue import KVSDatum, KVSKey
from spec.anoma.label import TransactionCandidate, TransactionLabel
from spec.anoma.runnable import AnyRunnable
from spec.anoma.shard.behaviour import SHARD
from spec.formalism.delivery import AnyDiscipline, Fifo, Unordered
from spec.formalism.family import EngineFamily
from spec.formalism.state import Faults

Options = Mapping[str, Any]
"""A full set of parameters, by name."""

Genesis = PMap[KVSKey, KVSDatum]
"""The values of keys at the start."""

DELIVERY = Parameter(
    "delivery", "in which order a mailbox delivers", "unordered", ("unordered", "fifo")
)
"""The parameter that sets the discipline."""

DUPLICATES = Parameter(
    "duplicates", "how many messages may be delivered once more", 0, least=0, most=2
)
"""The parameter that sets the budget of duplications."""


def shards(default: int) -> Parameter:
    """The parameter that sets the number of shards."""
    sentence = "how many shards the keys are spread over"
    return Parameter("shards", sentence, default, least=1, most=8)


def arrival(default: Arrival) -> Parameter:
    """The parameter that sets in which order the requests reach the worker."""
    choices: tuple[Value, ...] = ("any", "given")
    sentence = "in which order requests reach the worker: every one, or as they stand"
    return Parameter("arrival", sentence, default.value, choices)


def transactions(default: int, most: int, sentence: str = "how many transactions") -> Parameter:
    """The parameter that sets the number of transactions."""
    return Parameter("transactions", sentence, default, least=1, most=most)


def seed(default: int = 0) -> Parameter:
    """The parameter that sets which transactions are drawn."""
    return Parameter("seed", "which transactions are drawn", default, least=0)


def network_parameters(of_shards: int, order: Arrival = Arrival.ANY) -> tuple[Parameter, ...]:
    """The parameters that nearly every model has: shards, arrival, delivery, duplicates."""
    return (shards(of_shards), arrival(order), DELIVERY, DUPLICATES)


def setting(
    chosen: tuple[NamedCandidate, ...],
    genesis: Genesis,
    options: Options,
    shard_family: EngineFamily = SHARD,
) -> Setting:
    """The setting of these transactions that the parameters ask for."""
    return Setting(
        chosen,
        spread(keys_of(chosen, genesis), options["shards"]),
        genesis,
        Arrival(options["arrival"]),
        discipline_of(options),
        Faults(duplicates=options["duplicates"]),
        shard_family,
    )


def discipline_of(options: Options) -> AnyDiscipline:
    """The discipline that the parameters ask for."""
    return Fifo if options["delivery"] == Fifo.name else Unordered


def world(chosen: Setting, own: tuple[Property, ...] = ()) -> World:
    """The world of a setting, judged on all that holds of Anoma, and on the model's own."""
    return anoma_world(chosen, (*standard_properties(chosen), *own, *claims(chosen)))


def claims(chosen: Setting) -> tuple[Property, ...]:
    """What some run is sure to show; of a pool that deadlocks, nothing is claimed."""
    if chosen.pool_size is not None:
        return ()
    return witnesses(tuple(each.candidate for each in chosen.transactions), chosen.genesis)


def label(
    eager: Iterable[str] = (),
    lazy: Iterable[str] = (),
    will: Iterable[str] = (),
    may: Iterable[str] = (),
) -> TransactionLabel:
    """The label with these eager reads, lazy reads, will writes and may writes."""
    return TransactionLabel(_keys(eager), _keys(lazy), _keys(will), _keys(may))


def transaction(
    name: str, declared: TransactionLabel, program: str | AnyRunnable
) -> NamedCandidate:
    """A transaction with this label; its program is given, or compiled from the text."""
    executable = compile_program(program, name) if isinstance(program, str) else program
    return NamedCandidate(name, TransactionCandidate(declared, executable))


def genesis_of(values: Mapping[str, int]) -> Genesis:
    """The genesis with these values."""
    return pmap({KVSKey(key): KVSDatum(values[key]) for key in sorted(values)})


def known(states: int, transitions: int, depth: int, **changed: Value) -> Expected:
    """What an exhaustive search finds where these parameters differ from their defaults."""
    return Expected(pmap(changed), states, transitions, depth)


def _keys(names: Iterable[str]) -> frozenset[KVSKey]:
    return frozenset(KVSKey(name) for name in names)
