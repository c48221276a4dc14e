"""Anoma's engines put together: the families, and closed networks of them."""

from attrs import frozen
from pyrsistent import PMap, pmap

from spec.anoma.client.behaviour import CLIENT
from spec.anoma.client.configuration import ClientConfiguration
from spec.anoma.client.environment import ClientState
from spec.anoma.executor.behaviour import EXECUTOR
from spec.anoma.keyvalue import KVSDatum, KVSKey
from spec.anoma.label import TransactionCandidate
from spec.anoma.placement import Placement, shard_of
from spec.anoma.pool.behaviour import POOL
from spec.anoma.pool.configuration import PoolConfiguration
from spec.anoma.pool.environment import PoolState
from spec.anoma.shard.behaviour import COLLECTING_SHARD, SHARD
from spec.anoma.shard.configuration import ShardConfiguration
from spec.anoma.shard.environment import ShardState
from spec.anoma.shard.timeline import new_timeline
from spec.anoma.worker.behaviour import POOLED_WORKER, WORKER
from spec.anoma.worker.configuration import PooledWorkerConfiguration, WorkerConfiguration
from spec.anoma.worker.environment import WorkerState
from spec.anoma.worker.messages import RequestNumber, TransactionRequest
from spec.formalism.engine import Engine
from spec.formalism.environment import Environment
from spec.formalism.family import EngineFamily
from spec.formalism.identity import EngineId, identity_of, on_local_node
from spec.formalism.message import DEFAULT_MAILBOX, Message

FAMILIES: PMap[str, EngineFamily] = pmap(
    {
        str(family.name): family
        for family in (
            CLIENT,
            WORKER,
            POOLED_WORKER,
            SHARD,
            COLLECTING_SHARD,
            EXECUTOR,
            POOL,
        )
    }
)
"""Anoma's engine families, by name."""

WORKER_ID = on_local_node("worker")
"""The worker of a network with one worker."""

POOL_ID = on_local_node("pool")
"""The pool of a network with one pool."""


@frozen
class Requests:
    """The transactions that one client asks for, in its order."""

    client: EngineId
    """The client."""
    candidates: tuple[TransactionCandidate, ...]
    """Its transactions; each but the first is sent after the answer to the one before."""


@frozen
class Network:
    """A closed world of engines before its first step."""

    engines: tuple[Engine, ...]
    """The engines there are."""
    in_flight: tuple[Message[TransactionRequest], ...]
    """The requests that are on their way, in the order in which they were sent."""


def network(
    requests: tuple[Requests, ...],
    placement: Placement,
    genesis: PMap[KVSKey, KVSDatum],
    shard_family: EngineFamily = SHARD,
) -> Network:
    """A worker that spawns executors, its shards, and clients with first requests in flight."""
    worker = Engine(
        identity_of(WORKER_ID),
        WORKER.name,
        WorkerConfiguration(placement),
        Environment(WorkerState()),
    )
    return _network((worker,), requests, placement, genesis, shard_family)


def pooled_network(
    requests: tuple[Requests, ...],
    placement: Placement,
    genesis: PMap[KVSKey, KVSDatum],
    pool_size: int,
) -> Network:
    """The same with a worker that leaves executors to a pool of this size."""
    worker = Engine(
        identity_of(WORKER_ID),
        POOLED_WORKER.name,
        PooledWorkerConfiguration(placement, POOL_ID),
        Environment(WorkerState()),
    )
    pool = Engine(
        identity_of(POOL_ID),
        POOL.name,
        PoolConfiguration(pool_size, placement),
        Environment(PoolState()),
    )
    return _network((worker, pool), requests, placement, genesis, SHARD)


def _network(
    ordering: tuple[Engine, ...],
    requests: tuple[Requests, ...],
    placement: Placement,
    genesis: PMap[KVSKey, KVSDatum],
    shard_family: EngineFamily,
) -> Network:
    shards = tuple(_shard(shard, placement, genesis, shard_family) for shard in placement.shards)
    numbered = tuple((each.client, _numbered(each.candidates)) for each in requests)
    clients = tuple(
        Engine(
            identity_of(client),
            CLIENT.name,
            ClientConfiguration(WORKER_ID),
            Environment(ClientState(mine[1:])),
        )
        for client, mine in numbered
    )
    in_flight = tuple(
        Message(client, WORKER_ID, DEFAULT_MAILBOX, first)
        for client, mine in numbered
        for first in mine[:1]
    )
    return Network((*ordering, *shards, *clients), in_flight)


def _numbered(candidates: tuple[TransactionCandidate, ...]) -> tuple[TransactionRequest, ...]:
    return tuple(
        TransactionRequest(RequestNumber(number), candidate)
        for number, candidate in enumerate(candidates, start=1)
    )


def _shard(
    shard: EngineId,
    placement: Placement,
    genesis: PMap[KVSKey, KVSDatum],
    family: EngineFamily,
) -> Engine:
    mine = {key: datum for key, datum in genesis.items() if shard_of(placement, key) == shard}
    timelines = pmap({key: new_timeline(datum) for key, datum in mine.items()})
    return Engine(
        identity_of(shard),
        family.name,
        ShardConfiguration((WORKER_ID,)),
        Environment(ShardState(timelines)),
    )
