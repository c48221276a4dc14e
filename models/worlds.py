"""Worlds of Anoma's engines: everything that a run starts from, out of named transactions."""

from collections.abc import Iterable
from enum import Enum

from attrs import frozen
from pyrsistent import PMap, pmap

from models.model import Interchangeable, World
from properties.anoma.system import anoma_properties
from properties.engine_laws import ENGINE_LAWS
from properties.property import Property
from spec.anoma.keyvalue import KVSDatum, KVSKey
from spec.anoma.label import TransactionCandidate, touched
from spec.anoma.placement import Placement
from spec.anoma.shard.behaviour import SHARD
from spec.anoma.shard.environment import GENESIS_DATUM
from spec.anoma.system import FAMILIES, Network, Requests, network, pooled_network
from spec.anoma.worker.environment import RequestId
from spec.anoma.worker.messages import RequestNumber
from spec.formalism.delivery import AnyDiscipline, Unordered
from spec.formalism.family import EngineFamily
from spec.formalism.identity import EngineId, on_local_node
from spec.formalism.state import NO_FAULTS, Faults, initial_state
from spec.formalism.system import System


class Arrival(Enum):
    """In which order the requests reach the worker."""

    ANY = "any"
    """Every order: each transaction has a client of its own, and all requests are in flight at the start."""
    GIVEN = "given"
    """The order in which they stand: one client sends each after the answer to the one before."""


@frozen
class NamedCandidate:
    """A transaction and what people call it."""

    name: str
    """Its name, unlike every other one's."""
    candidate: TransactionCandidate
    """The transaction."""


@frozen
class Setting:
    """All that a closed world of Anoma's engines is made of."""

    transactions: tuple[NamedCandidate, ...]
    """The transactions, in the order in which they stand."""
    placement: Placement
    """The shards, and which of them keeps which key."""
    genesis: PMap[KVSKey, KVSDatum] = pmap()
    """The values at the start; other keys hold 0."""
    arrival: Arrival = Arrival.ANY
    """In which order the requests reach the worker."""
    discipline: AnyDiscipline = Unordered
    """How mailboxes deliver."""
    faults: Faults = NO_FAULTS
    """How many faults may happen in a run."""
    shard_family: EngineFamily = SHARD
    """Which shards: those that keep everything, or those that collect garbage."""
    pool_size: int | None = None
    """How many executors are shared by all transactions; nothing where each has one of its own."""


def anoma_world(setting: Setting, properties: tuple[Property, ...]) -> World:
    """The world of these transactions, judged on these properties."""
    families = {str(name): family for name, family in FAMILIES.items()}
    system = System(pmap(families), setting.discipline, setting.faults)
    start = _network(setting)
    return World(
        system,
        initial_state(system.discipline, start.engines, start.in_flight, system.faults),
        properties,
        request_names(setting),
        reported(setting),
        equal_clients(setting),
    )


def equal_clients(setting: Setting) -> tuple[Interchangeable, ...]:
    """The clients that ask for the same; the world stays what it is if they change places."""
    requests = _requests(setting)
    asked = dict.fromkeys(each.candidates for each in requests)
    groups = (tuple((each.client,) for each in requests if each.candidates == one) for one in asked)
    return tuple(Interchangeable(members) for members in groups if len(members) > 1)


def standard_properties(setting: Setting) -> tuple[Property, ...]:
    """What is judged of every world of Anoma's engines."""
    return (*ENGINE_LAWS, *anoma_properties(setting.genesis))


def request_names(setting: Setting) -> PMap[RequestId, str]:
    """The names of the transactions, by what tells their requests apart."""
    ids = (
        RequestId(each.client, RequestNumber(number))
        for each in _requests(setting)
        for number, _ in enumerate(each.candidates, start=1)
    )
    return pmap(zip(ids, (each.name for each in setting.transactions), strict=True))


def spread(keys: Iterable[KVSKey], shards: int) -> Placement:
    """The keys spread over this many shards: in sorted order, round robin."""
    ids = shard_ids(shards)
    return Placement(
        ids, pmap({key: ids[place % shards] for place, key in enumerate(sorted(set(keys)))})
    )


def shard_ids(shards: int) -> tuple[EngineId, ...]:
    """The ids of this many shards, 1 or more."""
    return tuple(on_local_node(f"shard.{number}") for number in range(1, shards + 1))


def keys_of(
    transactions: Iterable[NamedCandidate], genesis: PMap[KVSKey, KVSDatum]
) -> frozenset[KVSKey]:
    """The keys of the genesis and of all labels."""
    labels = (touched(each.candidate.label) for each in transactions)
    return frozenset(genesis).union(*labels)


def reported(setting: Setting) -> PMap[str, int]:
    """The keys of the genesis and of all labels, with their values at the start."""
    keys = sorted(keys_of(setting.transactions, setting.genesis))
    return pmap({str(key): int(setting.genesis.get(key, GENESIS_DATUM)) for key in keys})


def _network(setting: Setting) -> Network:
    requests = _requests(setting)
    if setting.pool_size is None:
        return network(requests, setting.placement, setting.genesis, setting.shard_family)
    return pooled_network(requests, setting.placement, setting.genesis, setting.pool_size)


def _requests(setting: Setting) -> tuple[Requests, ...]:
    if setting.arrival is Arrival.GIVEN:
        candidates = tuple(each.candidate for each in setting.transactions)
        return (Requests(on_local_node("client"), candidates),) if candidates else ()
    return tuple(
        Requests(on_local_node(f"client.{each.name}"), (each.candidate,))
        for each in setting.transactions
    )
